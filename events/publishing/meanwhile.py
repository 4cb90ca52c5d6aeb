"""What others did to a public post while an editor had it open."""

from django.utils.translation import gettext as _

from events.models import Post
from events.models.post import Withdrawal
from events.publishing.earlier import both_texts
from events.publishing.waited import Asks


def check_current(post: Post, revision: int) -> None:
    """Raise Conflict unless `revision` is the present one."""
    if revision != post.revision:
        raise both_texts(post, revision)


def check_hold_known(post: Post, held: bool) -> None:
    """Raise Asks where a post is on hold and its editor, who would show it again, had not `held` it for so."""
    if held or post.withdrawal != Withdrawal.HOLD:
        return
    last = post.deeds.filter(verb="hold").select_related("by").order_by("-id").first()
    at = post.withdrawn_at.astimezone(post.event.tz) if post.withdrawn_at else None
    raise Asks(
        _("%(name)s put this post on hold at %(time)s: readers see that we are checking it. These words show it again.")
        % {"name": (last and last.by) or _("Somebody"), "time": f"{at:%H:%M}" if at else "—"},
        "held",
    )
