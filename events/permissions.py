"""Who may do what: asked on the server for every deed, at the admin and at the desk.

Groups carry the permissions (see the migration that makes them). `event` is taken by every
predicate so that rights for one event alone can come later without touching a caller.
"""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.auth.models import User as Member

from events.models import Event, Post
from events.models.post import PostState

User = AbstractBaseUser | AnonymousUser

#: States of a post that no reader has ever seen.
UNPUBLISHED = (PostState.DRAFT, PostState.SUBMITTED, PostState.SCHEDULED)


def _has(user: User, permission: str) -> bool:
    """Whether an active member of the staff holds `permission`."""
    return bool(
        user.is_active
        and getattr(user, "is_staff", False)
        and getattr(user, "has_perm", lambda _name: False)(permission)
    )


def member(user: User) -> Member:
    """The user as one whose name can stand under a deed; a stranger has been sent away before."""
    assert isinstance(user, Member)
    return user


def may_enter(user: User, event: Event | None = None) -> bool:
    """See the desk: those who write, and those who look on."""
    return _has(user, "events.view_event") or _has(user, "events.add_post")


def may_submit(user: User, event: Event | None = None) -> bool:
    """Save drafts and hand them to the editors."""
    return _has(user, "events.add_post")


def may_publish(user: User, event: Event | None = None) -> bool:
    """Change what readers see of a post: publish, revise, correct, hold, withdraw, mark."""
    return _has(user, "events.publish_post")


def may_steer(user: User, event: Event | None = None) -> bool:
    """Change the event itself: open, pause, end, pin, summary."""
    return _has(user, "events.publish_event")


def may_remove(user: User, event: Event | None = None) -> bool:
    """Remove a post for law, safety or privacy."""
    return _has(user, "events.remove_post")


def may_edit(user: User, post: Post) -> bool:
    """Write to this post: an editor to any, a contributor to their own while it is unpublished."""
    if may_publish(user, post.event):
        return True
    return may_submit(user, post.event) and post.state in UNPUBLISHED and post.created_by_id == user.pk
