"""The ASGI entry: readers' sockets to the live floor, everything else to Django."""

import os
from typing import Any

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
# Django must be set up before anything that imports models.
_django = get_asgi_application()

from events import publishing  # noqa: E402
from events.live import hub as hubs  # noqa: E402
from events.live.doors import router  # noqa: E402
from events.live.health import healthy  # noqa: E402
from events.live.reads import from_memory  # noqa: E402
from events.models import Event  # noqa: E402


def _renew(event_pk: int, seen: str) -> None:
    """Begin a new epoch, from a hub that found an older backup restored."""
    publishing.renew_epoch(Event.objects.get(pk=event_pk), seen=seen)


async def lifespan(_scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Start the hub with the server and end it with it."""
    await receive()
    hub = hubs.current(_renew)
    hub.held = True
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await hub.stop()
    await send({"type": "lifespan.shutdown.complete"})


application = ProtocolTypeRouter({"http": healthy(from_memory(_django)), "websocket": router, "lifespan": lifespan})
