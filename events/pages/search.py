"""The posts of an event in which the words stand that somebody asked for."""

from dataclasses import replace
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from events import search, text
from events.arguments import QUESTION, Search
from events.models import Event, Post
from events.pages.event import window
from events.pages.page import PAGE, shared
from events.templatetags import newsroom


def search_page(event: Event, asked: Search) -> str:
    """What was found, newest first, with the hits marked; or how to ask."""
    asked = replace(asked, question=text.line(asked.question))
    terms = search.terms(asked.question)
    with translation.override(event.language):
        found = search.matching(event, terms)
        posts = list(window(found, asked.cursor).for_readers()[: PAGE + 1]) if terms else []
        more, posts = len(posts) > PAGE, posts[:PAGE]
        context = {
            "event": event,
            "asked": asked,
            "longest": QUESTION,
            "total": found.count() if posts else 0,
            "hits": _hits(event, posts, terms),
            "older": replace(asked, cursor=posts[-1].order).query if more else "",
            "first": replace(asked, cursor="").query if asked.cursor else "",
            **shared(event),
        }
        return render_to_string("reader/search.html", context)


def _hits(event: Event, posts: list[Post], terms: list[str]) -> list[dict[str, Any]]:
    """Each post with its label, an excerpt and its sources, the hits marked in all three."""
    rows = [part for post in posts for part in _parts(post)]
    marked = search.marked(event, rows, terms)
    hits = []
    for number, post in enumerate(posts):
        label, words, sources = marked[number * 3 : number * 3 + 3]
        # Who said it is told where that is what was asked for.
        told = search.shown(search.excerpt(sources)) if search.has_hit(sources) else ""
        hits.append(
            {"post": post, "label": search.shown(label), "words": search.shown(search.excerpt(words)), "sources": told}
        )
    return hits


def _parts(post: Post) -> tuple[str, str, str]:
    """Of a post in plain text: its label, what it says, and who says so."""
    named = list(post.attributions.all())
    said = [*(row.quote for row in named if row.quote), text.plain(post.html)]
    said += [note.note for note in post.corrections.all() if note.note]
    sources = [newsroom.sentence(row, post) for row in named]
    label = post.headline or newsroom.label(post)
    return label, _one_line(said), _one_line([*sources, post.byline])


def _one_line(parts: list[str]) -> str:
    return " · ".join(" ".join(part.split()) for part in parts if part)
