"""Stored html made anew, when the policy that cleans it has changed (`events.text`)."""

from django.contrib.auth.models import User

from events import text
from events.models import Post
from events.publishing.ledger import Ledger, perform
from events.publishing.posts import parts_of, post_now
from events.publishing.words import Done


def needs_cleaning(post: Post) -> bool:
    """Whether the policy makes something else of its body than what is stored."""
    return text.clean(post.body) != post.html


def clean_again(post: Post, *, by: User | None = None) -> Done:
    """Store what the policy makes of a post's body now; readers who have it are sent it, as no edit of anybody's.

    Done in a frozen event too: what may not be shown any more must not wait.
    """

    def act(ledger: Ledger) -> Done:
        present = post_now(ledger, post)
        if not needs_cleaning(present):
            return Done(present, None)
        present.html = text.clean(present.body)
        ledger.detail = f"policy {text.POLICY_VERSION}"
        if not present.is_public:
            present.save(update_fields=["html"])
            return Done(present, None)
        return Done(present, ledger.record("clean", present, parts=parts_of(ledger.event, present)))

    return perform(post.event_id, "clean", by=by, key="", act=act)
