"""Reading an event that moves: what belongs together is read as of one sequence, without a transaction."""

from collections.abc import Callable
from typing import TypeVar

from events.models import Stream

T = TypeVar("T")

#: How often an event is read again that moved while it was read.
TRIES = 3


def read(event_pk: int, build: Callable[[Stream], T]) -> tuple[Stream, T]:
    """Return the event's stream and what `build` made at it. Raises ``Stream.DoesNotExist``.

    Sequence, rows, sequence again; if the event moved, again. One that never stands still
    is taken as it is: it is stamped with the sequence before the first row, so that what
    came later is told once more, and the higher version makes that harmless.
    """
    for _try in range(TRIES):
        stream = Stream.objects.get(event=event_pk)
        built = build(stream)
        if (stream.epoch, stream.sequence) == Stream.objects.values_list("epoch", "sequence").get(event=event_pk):
            break
    return stream, built
