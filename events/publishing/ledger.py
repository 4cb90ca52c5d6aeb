"""The mechanism under every verb: one lock, one deed, and a sequence and a frame for each update.

The first statement of the transaction takes the event's `Stream` row, so the writes of
one event queue up and commit order is sequence order. NO KEY, because plain FOR UPDATE
deadlocks against the foreign-key checks of inserts. SQLite ignores row locks; its
IMMEDIATE transactions order the writers.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import frames, render
from events.batch import Batch
from events.compiled import Compiled
from events.live import channel
from events.models import Attribution, Deed, Event, Post, Stream, Update
from events.publishing.verbs import ACTIONS, PROTECTIVE, WRITING
from events.publishing.waited import repeated
from events.publishing.words import Busy, Done, Refused

#: The lock, and the event as it is under it: never the one that the caller read before.
_LOCKED = Compiled(lambda event: Stream.objects.select_for_update(no_key=True).filter(event=event))
_PRESENT = Compiled(lambda event: Event.objects.filter(pk=event))

_importing: ContextVar[bool] = ContextVar("importing", default=False)


@contextmanager
def importing() -> Iterator[None]:
    """Within, nothing is announced: for loading what happened long ago."""
    token = _importing.set(True)
    try:
        yield
    finally:
        _importing.reset(token)


@dataclass
class _Line:
    """One update to be told of when the deed is whole."""

    row: Update
    post: Post | None
    parts: frozenset[str]
    reset: bool
    new: Sequence[Attribution] | None
    #: How many posts of the event can be read then.
    readable: int


@dataclass
class Ledger:
    """The open book of one event while a deed is done. Made by `perform` alone."""

    event: Event
    stream: Stream
    by: User | None
    now: datetime
    #: What was there before, for `taking_back`; stored with the deed.
    before: dict[str, Any] | None = None
    #: What is stored with the deed, all at once; nobody asks for it before.
    batch: Batch = field(default_factory=Batch)
    #: For the audit: the post, where the deed leaves none, and what exactly was done. Never words of a post.
    about: str = ""
    detail: str = ""
    was_readable: bool = True
    #: What stood on top, where another post has taken its place.
    unpinned: Post | None = None
    _lines: list[_Line] = field(default_factory=list)

    def record(
        self,
        verb: str,
        post: Post | None = None,
        *,
        parts: frozenset[str] = frozenset(),
        reset: bool = False,
        new: Sequence[Attribution] | None = None,
    ) -> int:
        """Give the next sequence to what `verb` has just done, and return it.

        `post`, where there is one, is saved here, with its sequence and version. `parts`
        are the pieces of the page that change with it. `new` are the attributions of a post
        that was never stored before.
        """
        self.stream.sequence += 1
        sequence = self.stream.sequence
        if parts:
            self.stream.parts_sequence = sequence
        if reset:
            self.stream.reset_sequence = sequence
        if post is not None:
            was_public = new is None and Post.objects.published().filter(pk=post.pk).exists()
            self._keep(post, sequence, stored=new is None)
            self.stream.readable += post.is_public - was_public
        row = Update(
            event=self.event,
            sequence=sequence,
            action=ACTIONS[verb],
            verb=verb,
            post=post,
            version=post.version if post else None,
            by=self.by,
            at=self.now,
        )
        self.batch.insert(row)
        self._lines.append(_Line(row, post, parts, reset, new, self.stream.readable))
        return sequence

    def _keep(self, post: Post, sequence: int, *, stored: bool) -> None:
        """Save a post with its sequence and version; one never stored before waits for the end of the deed."""
        post.sequence = sequence
        post.version += 1
        if post.first_sequence is None:
            post.first_sequence = sequence
        if stored:
            post.save()
        else:
            self.batch.insert(post)

    def keep_pin(self) -> None:
        """Keep what stands on top, for whoever takes the deed back."""
        event = self.event
        at, until = (moment.isoformat() if moment else None for moment in (event.pinned_at, event.pinned_until))
        pin = {"post": event.pinned_id, "at": at, "until": until} if event.pinned_id else None
        self.before = (self.before or {}) | {"pin": pin}

    def put_on_top(self, post: Post | None, *, at: datetime | None = None, until: datetime | None = None) -> None:
        """Hold a post at the top, in the place of the one before, as of `at` (now); None holds nothing there."""
        if post is not None and self.event.pinned_id not in (None, post.pk):
            self.unpinned = self.event.pinned
        self.event.pinned, self.event.pinned_until = post, until if post is not None else None
        self.event.pinned_at = (at or self.now) if post is not None else None
        self.event.save(update_fields=["pinned", "pinned_at", "pinned_until"])

    def close(self) -> None:
        """Store all that waits, build each frame once from the present state, announce on commit."""
        if self._lines:
            self.batch.update(self.stream, "sequence", "parts_sequence", "reset_sequence", "readable")
        self.batch.send()
        if not self._lines:
            transaction.on_commit(partial(channel.signal, self.event.pk, "inbox"), robust=True)
            return
        if not (self.was_readable and self.event.is_readable):
            # Where there is no reader's socket, or was none, the desk hears of public deeds by its own.
            transaction.on_commit(partial(channel.signal, self.event.pk, "timeline"), robust=True)
        if _importing.get():
            return
        for written in self._lines:
            post = written.post and _as_shown(written.post, written.new)
            event = post.event if post else Event.objects.get(pk=self.event.pk)
            parts = render.parts_html(event, written.parts)
            frame = frames.update(written.row, post, parts, total=written.readable, reset=written.reset)
            transaction.on_commit(
                partial(channel.announce, self.event.pk, frames.dump(frame), self.stream.epoch, written.row.sequence),
                robust=True,
            )


def _as_shown(post: Post, new: Sequence[Attribution] | None) -> Post:
    """The post as ``for_readers()`` gives it.

    We hold the event's lock and every editor of it waits: what cannot be there yet, of a
    `new` post, is not asked for. A copy, since whoever did the deed goes on with the post itself.
    """
    if new is None:
        return Post.objects.for_readers().get(pk=post.pk)
    shown = copy(post)
    shown.known_to_be_new(new)
    return shown


def perform(
    event_pk: int, verb: str, *, by: User | None, key: str, act: Callable[[Ledger], Done], digest: str = ""
) -> Done:
    """Do one deed under the event's lock, once for each `key`.

    `act` does it and answers; a key that was used before answers with the first result
    and does nothing. `digest` is that of what is to be stored: Asks is raised where the key has
    stored something else. Raises Refused when the lock cannot be had in time, when the event
    is frozen or under embargo, or when the key belongs to another deed.
    """
    if len(key) > 80:
        raise Refused(_("The key of this request is too long."))
    # Not under the lock, where all editors of the event wait for each other.
    if key and (done := _answered(event_pk, verb, key, digest)):
        return done
    try:
        with transaction.atomic():
            return _perform_locked(event_pk, verb, by, key or f"auto-{secrets.token_hex(12)}", act, digest)
    except (IntegrityError, Refused):
        # Pressed twice at once, and the other was first: it is undone here, and has the same answer.
        if key and (done := _answered(event_pk, verb, key, digest)):
            return done
        raise
    except OperationalError as error:
        if "lock timeout" in str(error) or "database is locked" in str(error):
            raise Busy(_("The event is busy: somebody else's post is being stored. Press again.")) from error
        raise


def _answered(event_pk: int, verb: str, key: str, digest: str) -> Done | None:
    """The result of the deed that used this key. Raises Refused for another verb, Asks for another content."""
    if not Deed.objects.filter(event=event_pk, key=key).exists():
        return None
    before = Deed.objects.select_related("post").get(event=event_pk, key=key)
    if before.verb != verb and not {before.verb, verb} <= WRITING:
        raise Refused(_("This was already used for something else. Load the page again and press once more."))
    if before.verb != verb or (digest and before.digest and digest != before.digest):
        # Its answer was lost, and whoever sent it went on writing: that must not vanish in the first result.
        raise repeated(verb, before.post_id)
    entry = Deed.objects.filter(event=event_pk, key=f"{key}/entry").select_related("post").first()
    return Done(before.post, before.sequence, repeated=True, entry=entry.post if entry else None)


def _perform_locked(
    event_pk: int, verb: str, by: User | None, key: str, act: Callable[[Ledger], Done], digest: str
) -> Done:
    stream, event = _LOCKED.first(event_pk), _PRESENT.first(event_pk)
    if stream is None or event is None:
        raise Event.DoesNotExist
    ledger = Ledger(event=event, stream=stream, by=by, now=timezone.now(), was_readable=event.is_readable)
    check_open(event, verb, ledger.now)
    done = act(ledger)
    # The key is unique in the event: whoever used it meanwhile was first.
    ledger.batch.insert(
        Deed(
            event=event,
            key=key,
            verb=verb,
            post=done.post,
            about=ledger.about or (done.post.pk if done.post else ""),
            detail=ledger.detail[:200],
            sequence=done.sequence,
            by=by,
            at=ledger.now,
            before=ledger.before,
            digest=digest,
        )
    )
    if done.entry is not None:
        ledger.batch.insert(
            Deed(
                event=event,
                key=f"{key}/entry",
                verb="publish",
                post=done.entry,
                about=done.entry.pk,
                sequence=done.entry.sequence,
                by=by,
                at=ledger.now,
            )
        )
    ledger.close()
    return replace(done, unpinned=ledger.unpinned) if ledger.unpinned else done


def check_open(event: Event, verb: str, now: datetime) -> None:
    """Raise Refused when a freeze or an embargo forbids the verb."""
    if verb in PROTECTIVE:
        return
    if event.frozen:
        raise Refused(
            _("“%(event)s” is frozen: only hold, withdraw and remove work until it is unfrozen.") % {"event": event}
        )
    if event.embargo_until and event.embargo_until > now:
        raise Refused(
            _("“%(event)s” is under embargo until %(until)s: nothing goes out before.")
            % {"event": event, "until": f"{event.embargo_until.astimezone(event.tz):%H:%M on %d %B}"}
        )
