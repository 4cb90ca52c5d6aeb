"""Who may do what: asked on the server for every deed, at the admin and at the desk.

Groups carry permissions for all events (see the migrations that make them). In an event where
somebody has a role, the role counts and not the group; where the event is only for those who are
named, whoever has no role has nothing. Superusers and administrators, who hand out the roles,
may everything everywhere. Without an event each predicate says whether there is any in which
the user may.
"""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.auth.models import User as Member
from django.db.models import Q, QuerySet

from events.models import Event, Post, Role
from events.models.post import PostState
from events.models.role import Part

User = AbstractBaseUser | AnonymousUser

#: States of a post that no reader has ever seen.
UNPUBLISHED = (PostState.DRAFT, PostState.SUBMITTED, PostState.SCHEDULED)

#: What may be done -> the permissions any of which allows it everywhere, and the parts that allow it in their event.
ENTER = (("view_event", "add_post"), (Part.EDITOR, Part.CONTRIBUTOR, Part.VIEWER))
SUBMIT = (("add_post",), (Part.EDITOR, Part.CONTRIBUTOR))
PUBLISH = (("publish_post",), (Part.EDITOR,))
STEER = (("publish_event",), (Part.EDITOR,))

Right = tuple[tuple[str, ...], tuple[Part, ...]]


def _works_here(user: User) -> bool:
    """Whether this is an active member of the staff."""
    return bool(user.is_active and getattr(user, "is_staff", False))


def _has(user: User, permission: str) -> bool:
    """Whether an active member of the staff holds a permission of ours, by a group or their own."""
    return _works_here(user) and member(user).has_perm(f"events.{permission}")


def member(user: User) -> Member:
    """The user as one whose name can stand under a deed; a stranger has been sent away before."""
    assert isinstance(user, Member)
    return user


def is_administrator(user: User) -> bool:
    """Whether the user hands out roles, and so is bound by none."""
    return _has(user, "change_role")


def _parts(user: User) -> dict[int, str]:
    """The user's part in each event where they have one; asked once, as Django asks for permissions."""
    known: dict[int, str] | None = getattr(user, "_event_parts", None)
    if known is None:
        known = dict(Role.objects.filter(user=member(user)).values_list("event_id", "part"))
        user._event_parts = known  # type: ignore[union-attr]
    return known


def _may(user: User, event: Event | None, right: Right) -> bool:
    codenames, parts = right
    if not _works_here(user):
        return False
    everywhere = any(_has(user, name) for name in codenames)
    if is_administrator(user):
        return everywhere
    if event is None:
        return everywhere or any(part in parts for part in _parts(user).values())
    part = _parts(user).get(event.pk)
    if part is not None:
        return part in parts
    return everywhere and not event.only_named


def may_enter(user: User, event: Event | None = None) -> bool:
    """See the desk: those who write, and those who look on."""
    return _may(user, event, ENTER)


def may_submit(user: User, event: Event | None = None) -> bool:
    """Save drafts and hand them to the editors."""
    return _may(user, event, SUBMIT)


def may_publish(user: User, event: Event | None = None) -> bool:
    """Change what readers see of a post: publish, revise, correct, hold, withdraw, mark."""
    return _may(user, event, PUBLISH)


def may_steer(user: User, event: Event | None = None) -> bool:
    """Change the event itself: open, pause, end, pin, summary."""
    return _may(user, event, STEER)


def may_remove(user: User, event: Event | None = None) -> bool:
    """Remove a post for law, safety or privacy: by permission, where the user may publish."""
    return _has(user, "remove_post") and may_publish(user, event)


def may_edit(user: User, post: Post) -> bool:
    """Write to this post: an editor to any, a contributor to their own until an editor publishes or schedules it."""
    if may_publish(user, post.event):
        return True
    mine = post.created_by_id == user.pk and post.state in (PostState.DRAFT, PostState.SUBMITTED)
    return mine and may_submit(user, post.event)


def events_for(user: User, right: Right = ENTER) -> QuerySet[Event]:
    """The events in which the user may enter, or whatever `right` says."""
    codenames, parts = right
    if not _works_here(user):
        return Event.objects.none()
    everywhere = any(_has(user, name) for name in codenames)
    if is_administrator(user):
        return Event.objects.all() if everywhere else Event.objects.none()
    given = Q(pk__in=[pk for pk, part in _parts(user).items() if part in parts])
    if everywhere:
        given |= Q(only_named=False) & ~Q(pk__in=list(_parts(user)))
    return Event.objects.filter(given)


def posts_for(user: User) -> QuerySet[Post]:
    """The posts that the user may see: what was never public only where they publish, or where it is their own."""
    inside = Post.objects.filter(event__in=events_for(user))
    return inside.filter(
        Q(event__in=events_for(user, PUBLISH)) | ~Q(state__in=UNPUBLISHED) | Q(created_by=member(user))
    )
