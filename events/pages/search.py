"""The posts of an event in which the words stand that somebody asked for."""

from dataclasses import replace
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from events import search, text
from events.arguments import QUESTION, Search
from events.models import Event, Post
from events.pages.event import place_of
from events.pages.page import PAGE, quiet_since, shared
from events.templatetags import newsroom


def search_page(event: Event, asked: Search) -> str:
    """What was found, newest first, with the hits marked; or how to ask."""
    asked = replace(asked, question=text.line(asked.question))
    terms = search.terms(asked.question)
    try:
        found, is_slow = search.found(event, terms) if terms else [], False
    except search.TooSlow:
        found, is_slow = [], True
    with translation.override(event.language):
        posts, more = _page(event, found, asked.cursor)
        context = {
            "event": event,
            "asked": asked,
            "quiet": quiet_since(event, event.posts.last_said().first(), timezone.now()),
            "longest": QUESTION,
            "total": len(found),
            "is_slow": is_slow,
            "hits": _hits(event, posts, terms),
            "older": replace(asked, cursor=posts[-1].order).query if more and posts else "",
            "first": replace(asked, cursor="").query if asked.cursor else "",
            **shared(event),
        }
        return render_to_string("reader/search.html", context)


def _page(event: Event, found: list[search.Found], cursor: str) -> tuple[list[Post], bool]:
    """The posts of one page beyond a cursor, and whether there are more."""
    if place := place_of(cursor):
        found = [row for row in found if row[:2] < place]
    by_id = event.posts.published().for_readers().in_bulk([pk for *_place, pk in found[:PAGE]])
    # What was withdrawn in between is not there any more.
    return [by_id[pk] for *_place, pk in found[:PAGE] if pk in by_id], len(found) > PAGE


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
    return newsroom.label(post), _one_line(said), _one_line([*sources, post.byline])


def _one_line(parts: list[str]) -> str:
    return " · ".join(" ".join(part.split()) for part in parts if part)
