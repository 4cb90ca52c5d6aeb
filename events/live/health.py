"""What operators and load balancers ask, answered before Django's stack."""

from collections.abc import Awaitable, Callable
from typing import Any

from events.live import hub as hubs

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


def healthy(application: Application) -> Application:
    """Answer `/healthz` (this process lives) and `/readyz` (its database answers); pass on the rest."""

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["path"] == "/healthz":
            await _say(send, 200, b"ok\n")
        elif scope["path"] == "/readyz":
            ready = await hubs.current().is_ready()
            await _say(send, 200 if ready else 503, b"ready\n" if ready else b"not ready\n")
        else:
            await application(scope, receive, send)

    return answer


async def _say(send: Any, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
