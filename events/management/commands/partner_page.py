"""An example of a partner's page, served from a host of its own."""

import signal
import sys
from argparse import ArgumentParser
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.template.loader import render_to_string

from events.models import Event

HOST = "localhost"
CSS = "embed/partner.css"


class Command(BaseCommand):
    """Serve the page until Ctrl-C or SIGTERM; exit with 2 when the port is taken."""

    help = "Serves an example of a partner's page, with one event embedded in three ways, from another host."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which event, and where."""
        parser.add_argument("--event", default="trump-putin-call-demo", help="the event's slug in its address")
        parser.add_argument("--port", type=int, default=settings.PARTNER_PORT, help="default: PARTNER_PORT")
        parser.add_argument("--site", default=settings.SITE_URL, help="where the event is; default: SITE_URL")

    def handle(self, *args: Any, event: str, port: int, site: str, **options: Any) -> None:
        """Serve."""
        try:
            server = PartnerServer(port, slug=event, site=site.rstrip("/"))
        except OSError:
            self.stderr.write(
                f"Port {port} is in use: the partner's example page cannot be served there. "
                "Give it another with PARTNER_PORT."
            )
            sys.exit(2)
        except OverflowError:
            self.stderr.write(f"{port} is no port: it should be a number from 1 to 65535.")
            sys.exit(2)
        signal.signal(signal.SIGTERM, _stop)
        self.stdout.write(f"The partner's example page: http://{HOST}:{port}/")
        self.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            server.server_close()


def _stop(signum: int, frame: FrameType | None) -> None:
    """End on SIGTERM as on Ctrl-C."""
    raise KeyboardInterrupt


class PartnerServer(ThreadingHTTPServer):
    """The page's server: a thread for each connection, since browsers keep idle ones open."""

    daemon_threads = True

    def __init__(self, port: int, *, slug: str, site: str) -> None:
        """Bind to `port` of the loopback address; raise OSError when it is taken."""
        super().__init__((HOST, port), PartnerHandler)
        self.slug = slug
        self.site = site


class PartnerHandler(BaseHTTPRequestHandler):
    """The page and its stylesheet."""

    server: PartnerServer
    server_version = "Partner"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer the two addresses that there are."""
        path = urlsplit(self.path).path
        if path == "/":
            self._send(page(self.server.slug, self.server.site), "text/html; charset=utf-8")
        elif path == "/partner.css":
            self._send(render_to_string(CSS), "text/css; charset=utf-8")
        else:
            self._send("There is no such page.\n", "text/plain; charset=utf-8", HTTPStatus.NOT_FOUND)

    do_HEAD = do_GET

    def _send(self, text: str, content_type: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        """One whole answer, under the strictest policy that a partner could have."""
        body = text.encode()
        site = self.server.site
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header(
            "Content-Security-Policy",
            f"default-src 'none'; script-src {site}; style-src 'self'; frame-src {site}; base-uri 'none'; "
            "form-action 'none'; require-trusted-types-for 'script'",
        )
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of each request: the terminal belongs to the newsroom's server."""


def page(slug: str, site: str) -> str:
    """Return the page's HTML for the event at `slug` of `site`, an origin such as https://live.example.org."""
    close_old_connections()
    try:
        event = Event.objects.readable().filter(slug=slug).first()
    except DatabaseError:
        # A partner's page stands whatever happens to the newsroom's database.
        event = None
    finally:
        close_old_connections()
    return render_to_string(
        "embed/partner.html",
        {
            "site": site,
            "site_name": settings.SITE_NAME,
            "event_url": f"{site}/events/{slug}/",
            "embed_url": f"{site}/embed/{slug}/",
            "found": event is not None,
            "title": event.title if event else "Follow it live",
            "standfirst": event.standfirst if event else "",
        },
    )
