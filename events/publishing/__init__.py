"""The only writer: whatever readers can see changes here and nowhere else.

Every verb takes its noun, then keywords: `by` (a user, or None for a command), `key` (the
idempotency key of what the editor did; the same key again answers with the first result),
and answers with `Done`. What the rules of the trade forbid raises `Refused`; a text that
somebody else changed meanwhile raises `Conflict`. Whether *this user* may is asked before,
in `events.permissions`.
"""

from events.publishing.changing import correct, hold, remove, restore, retract, undo, withdraw
from events.publishing.drafts import delete_draft, save_draft
from events.publishing.event import (
    change,
    create_event,
    empty_rehearsal,
    end,
    open,
    pause,
    renew_epoch,
    summarise,
)
from events.publishing.ledger import importing
from events.publishing.marking import mark, move, pin, stand, unpin
from events.publishing.posts import publish, revise
from events.publishing.words import Conflict, Done, Line, Named, Refused, Words

__all__ = [
    "Conflict",
    "Done",
    "Line",
    "Named",
    "Refused",
    "Words",
    "change",
    "correct",
    "create_event",
    "delete_draft",
    "empty_rehearsal",
    "end",
    "hold",
    "importing",
    "mark",
    "move",
    "open",
    "pause",
    "pin",
    "publish",
    "remove",
    "renew_epoch",
    "restore",
    "retract",
    "revise",
    "save_draft",
    "stand",
    "summarise",
    "undo",
    "unpin",
    "withdraw",
]
