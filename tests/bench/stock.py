"""The other side: readers as the Channels tutorial has them, under Uvicorn.

`python -m tests.bench.stock PORT REDIS_URL`. Each reader is an AsyncWebsocketConsumer in
a group of `RedisPubSubChannelLayer`. A POST to /publish hands its body to the group. No
sessions, no pings, no database: all of that is left out in its favour.
"""

import json
import sys
import time
from typing import Any

import uvicorn
from django.conf import settings

from tests.bench.machine import raise_open_files

GROUP = "event.1"


def _configure(redis_url: str) -> None:
    # Without timeouts: while its loop is busy with thousands of readers, redis-py's own would cut its subscription.
    host = {"address": redis_url, "socket_timeout": None, "socket_connect_timeout": None}
    layer = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [host]}}
    settings.configure(CHANNEL_LAYERS={"default": layer})


def _application() -> Any:
    from channels.generic.websocket import AsyncWebsocketConsumer
    from channels.layers import get_channel_layer

    class Reader(AsyncWebsocketConsumer):
        async def connect(self):
            await self.channel_layer.group_add(GROUP, self.channel_name)
            await self.accept()

        async def disconnect(self, code):
            await self.channel_layer.group_discard(GROUP, self.channel_name)

        async def live_update(self, event):
            await self.send(text_data=event["frame"])

    consumer = Reader.as_asgi()

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await consumer(scope, receive, send)
            return
        text = (await receive())["body"].decode()
        handed = time.monotonic()
        await get_channel_layer().group_send(GROUP, {"type": "live.update", "frame": text})
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps({"handed": handed}).encode()})

    return application


if __name__ == "__main__":
    raise_open_files()
    _configure(sys.argv[2])
    uvicorn.run(
        _application(),
        port=int(sys.argv[1]),
        lifespan="off",
        log_level="error",
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        backlog=4096,
        # A connection closed just as the next POST comes would have that published twice.
        timeout_keep_alive=600,
    )
