"""Search and filters of the desk's timeline."""

from html import escape
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Func, OuterRef, Q, TextField, Value
from django.db.models.lookups import IContains
from django.http import HttpRequest

from events import text
from events.models import Attribution, Event, Post
from events.models.post import Kind, PostQuerySet, PostState
from events.views.desk.door import scrubbed

#: Words of a search that count.
MAX_WORDS = 6


def narrowed(column: PostQuerySet, event: Event, request: HttpRequest, *, states: bool = True) -> PostQuerySet:
    """Posts of the event that have every word of `q` in headline, text, source or quotation, and pass the filters.

    `author` is a user's number, `source` part of a name, `kind` and `state` values of the post, ``key=1`` key
    events only. What is no value of its field filters nothing; without `states` none of the states does.
    """
    given = {name: scrubbed(value) for name, value in request.GET.items()}
    for word in given.get("q", "")[:200].split()[:MAX_WORDS]:
        column = column.filter(Q(headline__icontains=word) | _reads(event, word) | _says(word))
    if name := given.get("source", "").strip()[:120]:
        column = column.filter(_names(name))
    author = given.get("author", "")
    if author.isascii() and author.isdigit() and len(author) < 10:
        column = column.filter(created_by=int(author))
    if given.get("kind") in Kind.values:
        column = column.filter(kind=given["kind"])
    if states and given.get("state") in (PostState.PUBLISHED, PostState.WITHDRAWN):
        column = column.filter(state=given["state"])
    if given.get("key") == "1":
        column = column.filter(key_event=True)
    return column


def _names(name: str) -> Q:
    said = Attribution.objects.filter(post=OuterRef("pk"))
    found = Q(as_named__icontains=name) | Q(as_organisation__icontains=name) | Q(described_as__icontains=name)
    return Q(Exists(said.filter(found)))


def _reads(event: Event, word: str) -> Q:
    """Those whose text has it, as it is read: tags and addresses of links are no words."""
    if connection.vendor == "postgresql":
        plain = Func(
            F("html"), Value("<[^>]*>"), Value(""), Value("g"), function="regexp_replace", output_field=TextField()
        )
        return Q(IContains(plain, escape(word, quote=False)))
    written = Post.objects.filter(event=event).values_list("pk", "html")
    return Q(pk__in=[pk for pk, html in written if word.casefold() in text.plain(html).casefold()])


def _says(word: str) -> Q:
    quoted = Attribution.objects.filter(post=OuterRef("pk"), quote__icontains=word)
    return _names(word) | Q(Exists(quoted))


def authors(event: Event) -> list[dict[str, Any]]:
    """Who has made posts of this event: ``{id, name}``, by name."""
    made = event.posts.filter(created_by__isnull=False).order_by("created_by__username")
    return [{"id": pk, "name": name} for pk, name in made.values_list("created_by", "created_by__username").distinct()]
