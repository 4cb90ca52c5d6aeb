"""A connection on its way from Uvicorn's protocol to an open socket."""

import asyncio
import gc
import weakref
from contextlib import asynccontextmanager

import pytest
import uvicorn
import websockets

from events.live.sockets import EXTENSION, Message
from tests.services import free_port
from tests.test_hub import until


@asynccontextmanager
async def served(application):
    """Our protocol on a port, with an application of the test's own."""
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(
            application, port=port, ws="events.live.protocol:ReaderProtocol", lifespan="off", log_config=None
        )
    )
    serving = asyncio.create_task(server._serve())
    await until(lambda: server.started)
    server.url = f"ws://127.0.0.1:{port}/"
    try:
        yield server
    finally:
        server.should_exit = True
        await asyncio.wait_for(serving, 10)


async def test_a_connection_that_is_handed_over_needs_no_task():
    opened = []

    async def application(scope, receive, send):
        await receive()
        assert scope["extensions"][EXTENSION].hand_over(lambda: Message("behind")) is None, "not yet open"
        await send({"type": "websocket.accept"})
        opened.append(scope["extensions"][EXTENSION].hand_over(lambda: Message("behind")))
        opened[0].release()

    async with served(application) as server, websockets.connect(server.url, compression=None) as reader:
        await until(lambda: not server.server_state.tasks)
        assert server.server_state.connections == set(opened)
        opened[0].offer(Message("live"))
        assert await asyncio.wait_for(reader.recv(), 2) == "live"
        server.should_exit = True
        with pytest.raises(websockets.ConnectionClosed):
            await asyncio.wait_for(reader.recv(), 5)
        assert reader.close_code == 1012


@pytest.fixture
def no_collector():
    """The garbage collector comes seldom: what must go soon goes without it."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("let_in", [True, False])
async def test_what_a_handshake_needed_is_let_go(no_collector, let_in):
    kept, opened = [], []

    async def application(scope, receive, send):
        await receive()
        protocol = scope["extensions"][EXTENSION]
        kept.extend(map(weakref.ref, (protocol, protocol.conn, protocol.request)))
        await send({"type": "websocket.accept"})
        if let_in:
            opened.append(protocol.hand_over(lambda: Message("behind")))
        else:
            await send({"type": "websocket.close", "code": 4429})

    async with served(application) as server:
        async with websockets.connect(server.url, compression=None) as reader:
            await until(lambda: kept and not server.server_state.tasks)
            if not let_in:
                await asyncio.wait_for(reader.wait_closed(), 5)
            await until(lambda: [one() for one in kept] == [None] * 3)
        assert bool(opened) is let_in
