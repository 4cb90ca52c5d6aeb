"""The exact text of every message to a reader: on the socket, and in the catch-up answer.

`docs/contract.md` names the fields. A frame is a dict of JSON's own types until `dump`
makes it text.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.utils import timezone

from events import headers, render, steady
from events.models import Event, Post, Stream, Update
from events.models.post import Kind, PostState

Frame = dict[str, Any]

#: Version of the contract, in `hello`.
VERSION = 1
#: Bytes beyond which an update goes without its html, and the client fetches.
MAX_FRAME = 16 * 1024
#: Posts in one catch-up answer, and how many answers behind a page is taken again instead.
PAGE = 200
PAGES = 5


def dump(frame: Frame) -> str:
    """Return a frame as JSON text."""
    return orjson.dumps(frame).decode()


def stamp(moment: datetime | None) -> str:
    """Return an instant as the wire writes it: ISO 8601, UTC, with `Z`; empty for none."""
    return moment.isoformat().replace("+00:00", "Z") if moment else ""


def hello(epoch: str, sequence: int) -> Frame:
    """The first frame on every socket; `pulse` is in seconds, `at` is the server's clock."""
    return {
        "type": "hello",
        "v": VERSION,
        "epoch": epoch,
        "sequence": sequence,
        "at": stamp(timezone.now()),
        "pulse": settings.PULSE_SECONDS,
        "release": settings.RELEASE,
    }


def pulse(epoch: str, sequence: int) -> Frame:
    """A frame that carries only where the event is."""
    return {"type": "pulse", "epoch": epoch, "sequence": sequence}


def behind(epoch: str, sequence: int) -> Frame:
    """For a reader who was too slow for frames: fetch."""
    return {"type": "behind", "epoch": epoch, "sequence": sequence}


def bye(after_ms: int) -> Frame:
    """Before a deploy: come back after so many milliseconds."""
    return {"type": "bye", "after_ms": after_ms}


def gone() -> Frame:
    """The event is no longer public: stop."""
    return {"type": "gone"}


def flags(post: Post) -> list[str]:
    """What a client must know of a post without reading its html."""
    marks = []
    if post.key_event and post.is_public:
        marks.append("key")
    if post.kind == Kind.BACKGROUND:
        marks.append("quiet")
    if post.has_tombstone:
        marks.append("tombstone")
    return marks


def update(row: Update, post: Post | None, parts: dict[str, str], *, total: int, reset: bool = False) -> Frame:
    """The frame of one update, from the post's present state.

    `post` comes from ``for_readers()``. `parts` are those that changed, `total` is how many posts
    can be read then. With `reset` the client takes the page again.
    """
    frame: Frame = {
        "type": "update",
        "after": row.sequence - 1,
        "sequence": row.sequence,
        "action": row.action,
        "at": stamp(row.at),
    }
    if post is not None:
        frame |= _of_post(post, total)
    if parts:
        frame["parts"] = parts
    if reset:
        frame["reset"] = True
    if post is not None and len(orjson.dumps(frame)) > MAX_FRAME:
        # They are fetched together. What is about the event alone has nothing but its parts, and goes whole.
        del frame["html"]
        frame.pop("parts", None)
    return frame


def is_bare(frame: Frame) -> bool:
    """Whether a post's update went without its words: readers fetch them."""
    return "post" in frame and "html" not in frame


def _of_post(post: Post, total: int) -> Frame:
    """What a frame says of a post: its place, its marks, its whole html; and how many there are with it."""
    shown = post.is_public or post.has_tombstone
    return {
        "post": post.pk,
        "version": post.version,
        "order": post.order,
        "published": stamp(post.published_at),
        "kind": post.kind,
        "flags": flags(post),
        "html": render.post_html(post) if shown else "",
        "total": total,
    }


def _in_answer(post: Post, after: int, total: int) -> Frame:
    """One post in a catch-up answer: its latest state, as an update without `after`."""
    if post.state == PostState.WITHDRAWN:
        action = "withdraw"
    else:
        action = "publish" if (post.first_sequence or 0) > after else "revise"
    at = post.withdrawn_at if action == "withdraw" else (post.revised_at or post.published_at)
    return {"type": "update", "sequence": post.sequence, "action": action, "at": stamp(at), **_of_post(post, total)}


def answer(
    *,
    epoch: str,
    after: int,
    sequence: int,
    updates: Iterable[Frame] = (),
    parts: dict[str, str] | None = None,
    more: bool = False,
    reset: bool = False,
) -> Frame:
    """The `updates` frame: all that a page at `after` needs to be a page at `sequence`."""
    return {
        "type": "updates",
        "epoch": epoch,
        "after": after,
        "sequence": sequence,
        "updates": list(updates),
        "parts": parts or {},
        "more": more,
        "reset": reset,
    }


def tag(given: Frame, epoch: str) -> str:
    """The ETag of a catch-up answer to a page that stands at `epoch`."""
    return headers.tag(given["epoch"], given["sequence"], given["after"], settings.RELEASE, epoch)


def catch_up(event_pk: int, after: int, epoch: str) -> Frame:
    """The answer for a page at `after` in `epoch`, from the database.

    Each post changed since, once, in its latest state, by its sequence, at most `PAGE`.
    `reset` when the epoch differs, when the page is too old, or when the event's zone or
    language changed. Raises ``Stream.DoesNotExist`` for an event that is not there.
    """
    return steady.read(event_pk, lambda stream: _answer_at(stream, after, epoch))[1]


def _answer_at(stream: Stream, after: int, epoch: str) -> Frame:
    if stream.epoch != epoch or after < stream.reset_sequence:
        return answer(epoch=stream.epoch, after=after, sequence=stream.sequence, reset=True)
    if after >= stream.sequence:
        return answer(epoch=epoch, after=after, sequence=after)
    return _read_changes(stream, after)


def _read_changes(stream: Stream, after: int) -> Frame:
    """The answer as of `stream`: what was published while it is read belongs to a later one."""
    changed = Post.objects.filter(event=stream.event_id, sequence__lte=stream.sequence).changed_since(after)
    posts = list(changed.for_readers()[: PAGE + 1])
    more = len(posts) > PAGE
    if more and changed.count() > PAGE * PAGES:
        return answer(epoch=stream.epoch, after=after, sequence=stream.sequence, reset=True)
    posts = posts[:PAGE]
    sequence = posts[-1].sequence if more else stream.sequence
    parts = {}
    if stream.parts_sequence > after:
        parts = render.parts_html(posts[0].event if posts else Event.objects.get(pk=stream.event_id))
    return answer(
        epoch=stream.epoch,
        after=after,
        sequence=sequence or stream.sequence,
        updates=(_in_answer(post, after, stream.readable) for post in posts),
        parts=parts,
        more=more,
    )


def merge(ring: Iterable[Frame], *, after: int, sequence: int, epoch: str) -> Frame | None:
    """The same answer made of update frames with `sequence` > `after`, oldest first.

    None when it cannot be: a frame went without its html, or asks for a reset.
    """
    latest: dict[str, Frame] = {}
    parts: dict[str, str] = {}
    for frame in ring:
        if frame["sequence"] <= after:
            continue
        if frame.get("reset") or is_bare(frame):
            return None
        parts |= frame.get("parts", {})
        if "post" in frame:
            latest.pop(frame["post"], None)
            latest[frame["post"]] = {key: frame[key] for key in frame if key not in ("after", "parts")}
    return answer(epoch=epoch, after=after, sequence=sequence, updates=latest.values(), parts=parts)
