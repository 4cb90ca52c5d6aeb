"""The fixed cast of the tests: who publishes what, about whom."""

from typing import Any

from django.contrib.auth.models import User

from events import publishing
from events.models import Event, Source
from events.publishing import Done, Named, Words


def editor() -> User:
    """Ada, who may do everything at the desk."""
    user, _made = User.objects.get_or_create(
        username="ada", defaults={"is_staff": True, "is_superuser": True, "email": "ada@example.org"}
    )
    return user


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
