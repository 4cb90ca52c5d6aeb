"""What the plain form of a post can do, by the state that the post is in."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from events.models import Post
from events.models.post import PostState, Withdrawal

Deeds = list[tuple[str, Any]]

REVISIONS: Deeds = [
    ("typo", _("Revise: spelling only, readers are told nothing")),
    ("addition", _("Revise: new facts, readers see “Added”")),
    ("clarification", _("Clarify: a sentence above the text")),
    ("correction", _("Correct: a sentence above the text and an entry of its own")),
]
#: These store nothing of what was typed above.
MOVE: Deeds = [("move", _("Move in time: its place in the column, and nothing else"))]
HOLD: Deeds = [("hold", _("Hold: readers see that we are checking it; nothing typed above is stored"))]
RESTORE: Deeds = [("restore", _("Restore: show it again as it was; nothing typed above is stored"))]
DOWN: Deeds = [
    ("withdraw", _("Withdraw: the sentence stands in its place; nothing typed above is stored")),
    ("retract", _("Retract: we no longer stand by it, and the sentence says why; nothing typed above is stored")),
]
NOTE: Deeds = [("note", _("Keep the private note; nothing else is stored"))]
PUBLISH: Deeds = [("publish", _("Publish now"))]
SCHEDULE: Deeds = [("schedule", _("Schedule: it goes out by itself at the time below"))]
DRAFT: Deeds = [("draft", _("Save as a draft"))]
SUBMIT: Deeds = [("submit", _("Submit to the editors"))]
BACK: Deeds = [("send_back", _("Send back to its author, who reads the reason; nothing typed above is stored"))]


def is_held(post: Post) -> bool:
    """Whether readers see that we are checking it."""
    return post.withdrawal == Withdrawal.HOLD


def deeds_for(post: Post, *, publisher: bool) -> Deeds:
    """What can be done to the post, new or stored; the first is what is meant mostly."""
    if post.state == PostState.PUBLISHED:
        return [*REVISIONS, *MOVE, *HOLD, *DOWN, *NOTE]
    if is_held(post):
        return [*REVISIONS, *RESTORE, *DOWN, *NOTE]
    note = [] if post._state.adding else NOTE
    if not publisher:
        return [*SUBMIT, *DRAFT, *note]
    back = BACK if post.state == PostState.SUBMITTED else []
    return [*PUBLISH, *SCHEDULE, *DRAFT, *SUBMIT, *back, *note]


def fields_for(post: Post, *, publisher: bool) -> list[str]:
    """The fields of the form beside the words and the deed itself."""
    fields = []
    if post.state == PostState.PUBLISHED or is_held(post):
        fields += ["sentence", "instead"]
    elif publisher:
        fields += ["due_at", *(["sentence"] if post.state == PostState.SUBMITTED else [])]
    if post.state == PostState.PUBLISHED:
        fields.append("sort_at")
    return fields if post._state.adding else [*fields, "private"]
