"""The fixed cast of the tests: who publishes what, about whom."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.backends.db import SessionStore

from events import publishing
from events.models import Event, Source
from events.publishing import Done, Named, Words


def editor() -> User:
    """Ada, who may do everything at the desk."""
    user, _made = User.objects.get_or_create(
        username="ada", defaults={"is_staff": True, "is_superuser": True, "email": "ada@example.org"}
    )
    return user


def member(name: str, group: str = "") -> User:
    """One of the staff, in a group or in none."""
    user, made = User.objects.get_or_create(username=name, defaults={"is_staff": True})
    if made and group:
        user.groups.add(_group(group))
    return user


def session(user: User) -> str:
    """The key of a session of theirs, as the login page makes one."""
    made = SessionStore()
    made.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0]})
    made[HASH_SESSION_KEY] = user.get_session_auth_hash()
    made.save()
    return str(made.session_key)


def _group(name: str) -> Group:
    """A group as the migration made it; tests that commit empty its table at their end."""
    group, made = Group.objects.get_or_create(name=name)
    if made:
        codenames = import_module("events.migrations.0006_together").GROUPS[name]
        group.permissions.set(Permission.objects.filter(content_type__app_label="events", codename__in=codenames))
    return group


def event(slug: str = "call", **fields: Any) -> Event:
    """A live, public event about a telephone call, with its first sequence given to going live."""
    given = {
        "title": "Two presidents on the phone",
        "zone": "Europe/London",
        "zone_name": "GMT",
        "zones": [{"zone": "Asia/Kolkata", "name": "in India"}],
        "visibility": "public",
    }
    made = publishing.create_event(by=None, slug=slug, **(given | fields))
    publishing.open(made, by=None)
    made.refresh_from_db()
    return made


def scavino() -> Source:
    """An official who writes on X."""
    return Source.objects.get_or_create(
        name="Dan Scavino",
        role="deputy chief of staff",
        organisation="White House",
        defaults={"speaker_type": "official"},
    )[0]


def bloomberg() -> Source:
    """An outlet."""
    return Source.objects.get_or_create(name="Bloomberg", defaults={"speaker_type": "outlet"})[0]


def words(headline: str = "The call begins", **fields: Any) -> Words:
    """Words that can be published."""
    return Words(headline=headline, **({"body": "<p>The two are on the line.</p>"} | fields))


def post(event: Event, headline: str = "The call begins", *, key: str = "", **fields: Any) -> Done:
    """Publish something."""
    return publishing.publish(event, words=words(headline, **fields), by=None, key=key)


def quote() -> Words:
    """A quotation with its speaker, role and medium."""
    return Words(
        kind="quote",
        attributions=(Named(source=scavino(), verb="wrote", medium="on X", quote="The call is going well."),),
    )


def full(**fields: Any) -> Event:
    """An event with 24 posts, each with a link; the third is pinned, and every sixth is a key event."""
    made = event(**fields)
    body = '<p>They said so in <a href="https://agency.example/wire">a long statement</a>.</p>'
    for number in range(24):
        done = post(made, f"Post {number}", body=body, key_event=number % 6 == 0)
        if number == 22:
            publishing.pin(made, post=done.post, by=None)
    return made
