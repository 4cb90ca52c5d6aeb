"""What goes wrong in a command, as one sentence and an exit code.

Exit code 1: the deed was refused, or could not be done. Exit code 2: what was asked for
does not exist or makes no sense.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError, OperationalError, ProgrammingError

from events.models import Event
from events.publishing import Refused


@contextmanager
def plainly() -> Iterator[None]:
    """Turn a refusal or a database that cannot be used into a CommandError."""
    try:
        yield
    except Refused as refused:
        raise CommandError(refused.message, returncode=1) from refused
    except (OperationalError, ProgrammingError) as error:
        if "no such table" in str(error) or 'relation "' in str(error):
            raise CommandError("The database has no tables yet: run “manage.py migrate” first.") from error
        raise CommandError(f"The database cannot be used: {first_line(error)}. Check DATABASE_URL.") from error
    except DatabaseError as error:
        raise CommandError(f"The database refused this: {first_line(error)}") from error


def first_line(error: Exception) -> str:
    """What an exception says, without the lines that are for programmers."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def event_at(slug: str) -> Event:
    """The event at an address, a former one too. Raises CommandError (2)."""
    event = Event.objects.filter(slug=slug).first() or Event.objects.filter(addresses__slug=slug).first()
    if event is None:
        known = ", ".join(Event.objects.values_list("slug", flat=True)[:5])
        there_are = f"there are: {known}" if known else "there is none yet"
        raise CommandError(f"There is no event “{slug}”; {there_are}.", returncode=2)
    return event
