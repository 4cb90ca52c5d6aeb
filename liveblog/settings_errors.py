"""Configuration mistakes as one clear sentence instead of a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured


@contextmanager
def speak_plainly() -> Iterator[None]:
    """End the process with exit code 2 and one sentence when a setting makes no sense.

    Anything but ``ImproperlyConfigured`` passes through untouched: a fault of ours
    deserves its traceback, a typing mistake in the environment does not.
    """
    try:
        yield
    except ImproperlyConfigured as error:
        print(f"Configuration: {error}", file=sys.stderr)
        raise SystemExit(2) from None
