"""The sentence of a withdrawn post leads to what replaces it, as long as readers can read that."""

from events.models import Post
from events.publishing.ledger import Ledger


def tell_replaced(ledger: Ledger, post: Post) -> None:
    """Give the withdrawn posts that lead to `post` a new version, in the same deed: it came to be readable, or ceased.

    A page that holds their sentence must lose the link, or have it back, without being loaded again.
    """
    if post.sequence is None:
        return
    for told in Post.objects.filter(event=ledger.event, replaced_by=post.pk).order_by("sequence"):
        if told.has_tombstone:
            ledger.record("lead", told)
