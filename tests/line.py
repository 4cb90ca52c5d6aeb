"""An open socket on a real connection, and the reader at its other end."""

import asyncio
import socket
import struct

from events.live.opened import OpenSocket
from events.live.sockets import Message

MASK = b"\x01\x02\x03\x04"


def frame(opcode, payload=b"", *, fin=True, mask=True):
    """A frame as a client sends it."""
    size = len(payload)
    lengths = struct.pack("!H", size) if size < 65536 else struct.pack("!Q", size)
    short, lengths = (size, b"") if size < 126 else (126 if size < 65536 else 127, lengths)
    head = bytes([opcode | (0x80 if fin else 0), short | (0x80 if mask else 0)]) + lengths
    if not mask:
        return head + payload
    return head + MASK + bytes(byte ^ MASK[place % 4] for place, byte in enumerate(payload))


class Line:
    """An open socket and its reader, with a small kernel buffer between them."""

    async def __aenter__(self):
        loop = asyncio.get_running_loop()
        ours, self.reader = socket.socketpair()
        for end in (ours, self.reader):
            end.setblocking(False)
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.transport, _protocol = await loop.create_connection(asyncio.Protocol, sock=ours)
        self.connections, self.left = set(), []
        self.open = OpenSocket(self.transport, self.connections, lambda: Message("behind"))
        self.open.on_gone = lambda: self.left.append(True)
        return self

    async def __aexit__(self, *_error):
        self.open.abort()
        self.reader.close()
        await asyncio.sleep(0)

    async def say(self, data):
        """Send bytes as the reader."""
        await asyncio.get_running_loop().sock_sendall(self.reader, data)

    async def hear(self, size=65536, seconds=2):
        """Some bytes, as the reader; nothing at the end."""
        async with asyncio.timeout(seconds):
            return await asyncio.get_running_loop().sock_recv(self.reader, size)

    async def hear_out(self, seconds=2):
        """All bytes until the end."""
        heard = b""
        while data := await self.hear(seconds=seconds):
            heard += data
        return heard

    async def clog(self):
        """Offer messages until the reader counts as slow."""
        while self.open.slow_since is None:
            self.open.offer(Message("x" * 8000))
            await asyncio.sleep(0)

    async def drain(self):
        """Read until the reader counts as well again, and what comes then; return all of it."""
        heard = b""
        while self.open.slow_since is not None or b"behind" not in heard[-20:]:
            heard += await self.hear()
        return heard
