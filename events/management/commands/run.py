"""`manage.py run`: all that there is to try out, on one machine, in one command."""

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from events import seeding
from events.management.children import Children, Died, why_not
from events.management.plainly import plainly
from events.models import Event

PARTNER_HOST = "localhost"
EVENT = "trump-putin-call"
EDITOR = "editor"


class Command(BaseCommand):
    """Migrates, seeds what is absent, starts the server, the clock, the partner's page and the rehearsal."""

    help = "Starts everything for trying it out, and ends it on Ctrl-C. Only with DEBUG; `serve` is for production."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run until told to end. Exit code 1: a part has ended by itself; 2: cannot start."""
        if not settings.DEBUG:
            raise CommandError(
                "“run” is for trying out: it makes a login and a rehearsal. "
                "Set DEBUG=1, or use “manage.py serve” in production.",
                returncode=2,
            )
        _check_ports()
        with plainly():
            call_command("migrate", verbosity=0, interactive=False)
            call_command("seed", stdout=self.stdout)
            shown = _shown()
            login = _demo_login()
        # The children have connections of their own.
        connections.close_all()
        with Children(_environment()).household() as children:
            try:
                self._start(children, shown, login)
                children.watch()
            except Died as died:
                raise CommandError(f"{died} Everything else is ended too.", returncode=1) from None
        self.stdout.write("Ended.")

    def _start(self, children: Children, shown: Event, login: str) -> None:
        children.start("server", "serve")
        if not children.await_port(_near(settings.HOST), settings.PORT):
            return
        children.start("clock", "clock")
        if settings.DEMO:
            children.start("rehearsal", "demo")
        children.start("partner's page", "partner_page", "--event", shown.slug, "--site", _site())
        if children.await_port(PARTNER_HOST, settings.PARTNER_PORT):
            self.stdout.write(_where_to_look(shown, login))
            self.stdout.flush()


def _check_ports() -> None:
    """Raise CommandError before anything starts when a port cannot be had."""
    wanted = (("PORT", settings.HOST, settings.PORT), ("PARTNER_PORT", PARTNER_HOST, settings.PARTNER_PORT))
    if settings.PORT == settings.PARTNER_PORT:
        raise CommandError(f"PORT and PARTNER_PORT are both {settings.PORT}: give one of them another.", returncode=2)
    for name, host, port in wanted:
        reason = why_not(host, port)
        if reason:
            raise CommandError(f"{reason} Stop what runs there, or choose another with {name}=….", returncode=2)


def _demo_login() -> str:
    """Make the demo's editor where there is none; return how to log in, in words.

    The password is made here, once, and kept beside the demo's secret key, readable to
    its owner alone: a fixed one would open the admin to whoever knows this file. A
    password that somebody has set since is left alone.
    """
    file: Path = settings.BASE_DIR / "run" / "demo_login"
    kept = file.read_text().strip() if file.exists() else ""
    user = User.objects.filter(username=EDITOR).first()
    if user is None:
        kept = kept or secrets.token_urlsafe(9)
        file.parent.mkdir(exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(f"{kept}\n")
        user = User.objects.create_superuser(EDITOR, password=kept)
    if kept and user.check_password(kept):
        return f"log in as {EDITOR}, password {kept}"
    return f"log in as {EDITOR}, with the password that you gave it"


def _near(host: str) -> str:
    """The address at which this machine reaches a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104


def _site() -> str:
    """The site's origin as a browser on this machine has it."""
    host = _near(settings.HOST)
    return f"http://[{host}]:{settings.PORT}" if ":" in host else f"http://{host}:{settings.PORT}"


def _environment() -> dict[str, str]:
    """What the children are told beside what we were: where the site is, unless somebody said so."""
    given = settings.SITE_URL != "http://127.0.0.1:8000"
    return {"PYTHONUNBUFFERED": "1"} | ({} if given else {"SITE_URL": _site()})


def _shown() -> Event:
    """The event to look at: the rehearsal, made here so that it has an address, or the replay."""
    if not settings.DEMO:
        return Event.objects.get(slug=EVENT)
    made = Event.objects.filter(slug=f"{EVENT}-demo").first()
    return made or seeding.rehearsal(seeding.read(settings.BASE_DIR / "seeds" / f"{EVENT}.yaml"))


def _where_to_look(event: Event, login: str) -> str:
    """The addresses to open, a line each."""
    site = _site()
    playing = (
        "posts keep arriving; each start begins it anew"
        if settings.DEMO
        else "a replay; no rehearsal plays, since DEMO=0"
    )
    return (
        "\n"
        f"  Live page        {site}{event.get_absolute_url()}   ({playing})\n"
        f"  All events       {site}/\n"
        f"  Admin            {site}/admin/   ({login})\n"
        f"  Desk             {site}/admin/events/event/{event.pk}/desk/\n"
        f"  Partner's page   http://{PARTNER_HOST}:{settings.PARTNER_PORT}/\n"
        "\n"
        "  Ctrl-C ends everything.\n"
    )
