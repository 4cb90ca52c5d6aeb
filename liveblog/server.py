"""The production server: the only place that knows its flags."""

import asyncio
import logging
import socket

import uvicorn
from django.conf import settings

from events.live import hub as hubs

log = logging.getLogger(__name__)

#: Bytes of the kernel's send buffer for each connection: beyond it, slowness shows.
SEND_BUFFER = 32 * 1024
#: Bytes of a message from a reader, who has nothing to say.
MAX_MESSAGE = 1024
#: Milliseconds over which readers come back after `bye`.
BYE_MS = 2000


class CannotListen(Exception):
    """The address cannot be had. The message is a sentence for whoever started us."""


class Server(uvicorn.Server):
    """Uvicorn's server, which tells its readers before it goes."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, say `bye`, then end as Uvicorn does (sockets close with 1012)."""
        for server in self.servers:
            server.close()
        await hubs.current().say_bye(BYE_MS)
        await asyncio.sleep(0.1)
        await super().shutdown(sockets)
        # We have ended in good order: the signal is not raised a second time, the exit code is 0.
        self._captured_signals.clear()


def listen(host: str, port: int) -> socket.socket:
    """Return our own listening socket; accepted ones inherit its send buffer.

    Raises CannotListen with a sentence.
    """
    try:
        family, kind, proto, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise CannotListen(f"HOST should be an address of this machine; “{host}” is none.") from error
    listener = socket.socket(family, kind, proto)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    try:
        listener.bind(address)
        listener.listen(4096)
    except OSError as error:
        listener.close()
        raise CannotListen(
            f"Port {port} on {host} cannot be had ({error.strerror}): "
            "end what listens there, or choose another with PORT."
        ) from error
    listener.setblocking(False)
    return listener


def config() -> uvicorn.Config:
    """Every flag of the server."""
    return uvicorn.Config(
        "liveblog.asgi:application",
        interface="asgi3",
        lifespan="on",
        ws="events.live.protocol:ReaderProtocol",
        # Compression's memory for each socket is what sinks Python servers.
        ws_per_message_deflate=False,
        ws_max_size=MAX_MESSAGE,
        ws_ping_interval=15,
        ws_ping_timeout=10,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=20,
        backlog=4096,
        server_header=False,
        access_log=False,
        # Whose forwarded headers count is the proxy setting's business; ours are Django's.
        proxy_headers=False,
        log_config=None,
    )


def serve(host: str = settings.HOST, port: int = settings.PORT) -> None:
    """Serve until a signal ends it. Raises CannotListen."""
    listener = listen(host, port)

    Server(config()).run(sockets=[listener])
