"""`manage.py serve`: the production server."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from liveblog import server


class Command(BaseCommand):
    """Serves the site on HOST and PORT until it is told to end."""

    help = "The production server, on HOST and PORT (127.0.0.1:8000)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Serve; a port that is taken, or files that were not collected, are one sentence and exit code 2."""
        if not settings.DEBUG and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
            raise CommandError("The static files are not collected: run manage.py collectstatic first.", returncode=2)
        self.stdout.write(f"Serving on http://{settings.HOST}:{settings.PORT}")
        try:
            server.serve(settings.HOST, settings.PORT)
        except server.CannotListen as error:
            raise CommandError(str(error), returncode=2) from error
