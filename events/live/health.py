"""What operators and load balancers ask, answered before Django's stack."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from events.live import database, metrics
from events.live import hub as hubs
from events.live.hub import Hub

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


def healthy(application: Application) -> Application:
    """Answer `/healthz` (this process lives) and `/readyz` (it may be sent readers) and `/metrics`; pass on the rest.

    While the process drains, every answer closes its connection: the next request opens
    one to a process that stays, and a proxy is left with none that ends under a request.
    """

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        hub = hubs.held()
        if hub is not None and hub.draining:
            send = _closing(send)
        if scope["path"] == "/healthz":
            await _say(send, 200, "ok")
        elif scope["path"] == "/readyz":
            why_not = await why_not_ready(hubs.current())
            await _say(send, 503 if why_not else 200, f"not ready: {why_not}" if why_not else "ready")
        elif scope["path"] == "/metrics":
            await metrics.answer(send)
        else:
            await application(scope, receive, send)

    return answer


async def why_not_ready(hub: Hub) -> str:
    """Why a process should not be sent readers, in a word; empty when it may be. The database has two seconds.

    Once it has answered, its silence is no reason: it is every process's, and a balancer that
    sent nobody to any of them would take from readers what they hold in memory.
    """
    if hub.draining and not hub.relieved:
        return "draining"
    if hub.was_ready:
        return ""
    try:
        async with asyncio.timeout(2):
            await hub.questions.once(("ready",), partial(hub.looked.ask, database.is_ready))
    except Exception:  # noqa: BLE001 - whatever is wrong with it, we are not ready
        return "database"
    hub.was_ready = True
    return ""


def _closing(send: Any) -> Any:
    """The same `send`, whose answers end their connection."""

    async def closing(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), (b"connection", b"close")]}
        await send(message)

    return closing


async def _say(send: Any, status: int, words: str) -> None:
    body = f"{words}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
