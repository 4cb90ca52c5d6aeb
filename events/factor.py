"""Whether a session has shown all that its user must show: the password, and for those who publish a code too."""

from enum import Enum

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from events import permissions
from events.permissions import User

#: In the session: the second factor was set up in it.
SET_UP = "second_factor_set_up"


class Lacks(Enum):
    """What is still to be done before anything else."""

    NOTHING = 0
    #: There is no second factor yet.
    FACTOR = 1
    #: There is one, and this session has not shown it: it began before.
    CODE = 2


def is_asked_of(user: User) -> bool:
    """Whether this user must have a second factor: whoever may publish or steer anywhere, where the setting says so."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    return permissions.may_publish(user) or permissions.may_steer(user)


def has(user: User) -> bool:
    """Whether the user has set one up."""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def lacking(user: User, session: SessionBase) -> Lacks:
    """What stands between this session and the desk."""
    if not is_asked_of(user):
        return Lacks.NOTHING
    if not has(user):
        return Lacks.FACTOR
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY) or []
    shown = session.get(SET_UP) or any(record.get("method") == "mfa" for record in records)
    return Lacks.NOTHING if shown else Lacks.CODE
