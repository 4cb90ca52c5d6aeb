"""What is kept of an event for good: every public record as JSON, and the same to be read as one page.

Nothing here that no reader could see: no drafts, no notes, no words that were withdrawn or
removed, and not who did it. The same records make the same bytes. `docs/archive.md` has the
form of the JSON.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from events import article, steady
from events.article import Block, What
from events.frames import stamp
from events.models import Attribution, Event, Post
from events.templatetags import headings, newsroom, summary

#: What a program looks for first. The version rises when what stood here before is said otherwise.
FORMAT, VERSION = "liveblog-archive", 1
#: The names of the files; the picture is there where the event has one.
JSON, PAGE, PICTURE = "archive.json", "archive.html", "lead-picture.jpg"
#: Zip files know no zone and nothing before 1980: one moment for all, so that the bytes are the same.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 38rem; padding: 1.5rem 1rem; font: 1.05rem/1.55 Georgia, "Noto Serif", serif; }
h1, h2, h3, h4 { line-height: 1.25; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid; padding-bottom: 0.3rem; font-size: 1.1rem; }
h3 { margin: 2rem 0 0.3rem; }
time, small, figcaption { font: 0.85rem/1.4 system-ui, sans-serif; }
p { margin: 0.4rem 0; overflow-wrap: anywhere; }
figure { margin: 0.8rem 0; padding-inline-start: 1rem; border-inline-start: 3px solid; }
blockquote { margin: 0; font-size: 1.15rem; }
figure:has(> img) { padding: 0; border: 0; }
img { max-width: 100%; height: auto; }
"""


def files(event: Event) -> dict[str, bytes]:
    """Return the files by their names, as of one moment of an event that may be moving."""
    return steady.read(event.pk, lambda _stream: _read(event.pk))[1]


def _read(event_pk: int) -> dict[str, bytes]:
    event = Event.objects.select_related("continues", "lead_picture").get(pk=event_pk)
    posts = list(event.posts.visible().oldest().for_readers())
    media = _media(event)
    return {JSON: _dump(_records(event, posts)), PAGE: _page(event, posts).encode(), **media}


def _media(event: Event) -> dict[str, bytes]:
    """The lead picture as readers had it; one that the storage has lost is none."""
    if event.lead_picture is None:
        return {}
    try:
        return {PICTURE: event.lead_picture.content(event.lead_picture.whole)}
    except OSError:
        event.lead_picture = None
        return {}


def zipped(event: Event) -> bytes:
    """Return the files in a zip file."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files(event).items():
            about = zipfile.ZipInfo(f"{event.slug}/{name}", _ZIP_TIME)
            about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            packed.writestr(about, content)
    return held.getvalue()


def _dump(records: dict[str, Any]) -> bytes:
    return orjson.dumps(records, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


# JSON


def _records(event: Event, posts: list[Post]) -> dict[str, Any]:
    shown = {post.pk for post in posts}
    return {
        "format": FORMAT,
        "version": VERSION,
        "event": _event(event, shown),
        "summary": [
            {"text": line.text, "knowing": line.knowing, "post": _among(line.post_id, shown)}
            for line in event.summary_lines.order_by("position")
        ],
        "posts": [_post(post, shown) for post in posts],
        "updates": [
            {
                "sequence": row.sequence,
                "action": row.action,
                # One that left no trace keeps its number, so that there is no hole, and no name.
                "post": _among(row.post_id, shown),
                "at": stamp(row.at),
            }
            for row in event.updates.order_by("sequence")
        ],
    }


def _among(post: str | None, shown: set[str]) -> str | None:
    """The post's id where readers know the post."""
    return post if post in shown else None


def _event(event: Event, shown: set[str]) -> dict[str, Any]:
    before = event.continues
    words = ("slug", "title", "short_title", "standfirst", "language", "zone", "zone_name", "state", "notice")
    return {
        **{name: getattr(event, name) for name in words},
        "zones": event.zones,
        "address": settings.SITE_URL + event.get_absolute_url(),
        "team_line": event.team_line,
        "coming_up": event.coming_up,
        "pause_note": event.pause_note,
        "starts_at": stamp(event.starts_at),
        "opened_at": stamp(event.opened_at),
        "ended_at": stamp(event.ended_at),
        "summary_at": stamp(event.summary_at),
        "lead_picture": _lead_picture(event),
        "pinned": _among(event.pinned_id, shown),
        "continues": before.slug if before is not None and event.may_name(before) else None,
        "continued_in": [one.slug for one in event.continued_in.order_by("slug") if event.may_name(one)],
    }


def _lead_picture(event: Event) -> dict[str, Any] | None:
    if event.lead_picture is None:
        return None
    whole = event.lead_picture.whole
    words = {"alt": event.picture_alt, "caption": event.picture_caption, "credit": event.picture_credit}
    return {"file": PICTURE, "width": whole.width, "height": whole.height, **words}


def _post(post: Post, shown: set[str]) -> dict[str, Any]:
    """One post as readers see it: its words, or the sentence in their place."""
    record: dict[str, Any] = {
        "id": post.pk,
        "address": settings.SITE_URL + post.get_absolute_url(),
        "state": post.state,
        "kind": post.kind,
        "order": post.order,
        "version": post.version,
        "sequence": post.sequence,
        "first_sequence": post.first_sequence,
        "published_at": stamp(post.published_at),
    }
    if post.has_tombstone:
        withdrawn = {
            "because": post.withdrawal,
            "at": stamp(post.withdrawn_at),
            "note": post.withdrawn_note,
            "replaced_by": _among(post.replaced_by_id, shown),
        }
        return record | {"withdrawn": withdrawn}
    words = ("headline", "html", "byline", "standing", "key_event", "key_label")
    return {
        **record,
        **{name: getattr(post, name) for name in words},
        "revised_at": stamp(post.revised_at) if newsroom.is_edited(post) else "",
        "significant_at": stamp(post.significant_at),
        "occurred_at": stamp(post.occurred_at),
        "occurred_precision": post.occurred_precision if post.occurred_at else "",
        "attributions": [_attribution(row, post) for row in post.attributions.all()],
        "corrections": [
            {"kind": row.kind, "note": row.note, "at": stamp(row.at), "entry": _among(row.entry_id, shown)}
            for row in post.corrections.all()
        ],
        "standing_changes": [{"standing": row.standing, "at": stamp(row.at)} for row in post.standing_changes.all()],
    }


def _attribution(row: Attribution, post: Post) -> dict[str, Any]:
    """Who said so, as it was shown, and the sentence that readers had."""
    facts = row.facts()
    del facts["position"]
    with translation.override(post.event.language):
        return facts | {"said_at": stamp(row.said_at), "sentence": newsroom.sentence(row, post)}


# The page


def _page(event: Event, posts: list[Post]) -> str:
    """All posts, oldest first, under what stood at the top: a page that needs no network and no script."""
    whole = article.of(event, posts, picture=PICTURE)
    with translation.override(event.language):
        top = tuple(_top(event, posts))
    return article.document(replace(whole, blocks=(*top, *whole.blocks)), style=_STYLE)


def _top(event: Event, posts: list[Post]) -> Iterator[Block]:
    for said in (event.notice, event.team_line):
        if said:
            yield Block(What.FACT, said)
    if event.ended_at:
        ended = f"{newsroom.clock(event.ended_at, event)}{_(', ')}{newsroom.date(event.ended_at, event)}"
        yield Block(What.FACT, ended, label=_("Coverage ended"))
    if lines := list(event.summary_lines.select_related("post")):
        yield Block(What.DAY, _("What we know"))
        for line in lines:
            yield Block(What.FACT, summary.line_words(line), label=summary.line_label(line))
    if keys := [post for post in posts if post.key_event and post.is_public]:
        yield Block(What.DAY, _("Key events"))
        for post in keys:
            assert post.sort_at is not None
            when = f"{newsroom.clock(post.sort_at, event)}{_(', ')}{newsroom.date(post.sort_at, event)}"
            yield Block(What.FACT, headings.key_label(post), label=when)
