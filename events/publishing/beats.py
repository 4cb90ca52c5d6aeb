"""Signs of life of what works without being asked, so that nothing is left to somebody who is not there."""

from datetime import timedelta

from django.utils import timezone

from events.models import Beat

#: The process that publishes scheduled posts.
CLOCK = "clock"
#: How long after its last sign of life a process counts as running.
SILENCE = timedelta(seconds=10)


def beat(name: str) -> None:
    """Say that the process of this name has just done its round."""
    Beat.objects.bulk_create(
        [Beat(name=name, at=timezone.now())], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )


def is_beating(name: str) -> bool:
    """Whether a process of this name has given a sign of life lately."""
    return Beat.objects.filter(name=name, at__gt=timezone.now() - SILENCE).exists()
