"""The only writer: whatever readers can see changes here and nowhere else.

Every verb takes its noun, then keywords: `by` (a user, or None for a command), `key` (the
idempotency key of what the editor did; the same key again answers with the first result),
and answers with `Done`. What the rules of the trade forbid raises `Refused`; a text that
somebody else changed meanwhile raises `Conflict`. Whether *this user* may is asked before,
in `events.permissions`.
"""

from events.publishing.beats import CLOCK, beat, is_beating
from events.publishing.carrying import carry, facts_of_source, posts_naming
from events.publishing.changing import hold, remove, restore, retract, undo, withdraw
from events.publishing.cleaning import clean_again, needs_cleaning
from events.publishing.clocks import instant
from events.publishing.correcting import correct
from events.publishing.drafts import delete_draft, save_draft
from events.publishing.earlier import both_texts, digest, imprint, is_same, words_of_revision
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
from events.publishing.freezing import freeze_all, frozen_by_site, unfreeze_all
from events.publishing.handing import claim, note, send_back, unclaim
from events.publishing.ledger import importing
from events.publishing.marking import mark, move, stand
from events.publishing.meanwhile import marks_of
from events.publishing.pictures import remove_picture, take_in
from events.publishing.pinning import lapse, pin, unpin
from events.publishing.posts import pin_end, publish, revise
from events.publishing.scheduling import publish_due, schedule, send, unschedule
from events.publishing.second import barred
from events.publishing.taking_back import can_take_back, forget_before, takeback
from events.publishing.waited import Asks, Composed
from events.publishing.words import Conflict, Done, Line, Marks, Named, Refused, Words, of_row

__all__ = [
    "CLOCK",
    "Asks",
    "Composed",
    "Conflict",
    "Done",
    "Line",
    "Marks",
    "Named",
    "Refused",
    "Words",
    "barred",
    "beat",
    "both_texts",
    "can_take_back",
    "carry",
    "change",
    "claim",
    "clean_again",
    "correct",
    "create_event",
    "delete_draft",
    "digest",
    "empty_rehearsal",
    "end",
    "facts_of_source",
    "forget_before",
    "freeze_all",
    "frozen_by_site",
    "hold",
    "importing",
    "imprint",
    "instant",
    "is_beating",
    "is_same",
    "lapse",
    "mark",
    "marks_of",
    "move",
    "needs_cleaning",
    "note",
    "of_row",
    "open",
    "pause",
    "pin",
    "pin_end",
    "posts_naming",
    "publish",
    "publish_due",
    "remove",
    "remove_picture",
    "renew_epoch",
    "restore",
    "retract",
    "revise",
    "save_draft",
    "schedule",
    "send",
    "send_back",
    "stand",
    "summarise",
    "take_in",
    "takeback",
    "unclaim",
    "undo",
    "unfreeze_all",
    "unpin",
    "unschedule",
    "withdraw",
    "words_of_revision",
]
