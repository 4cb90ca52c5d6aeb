"""The open socket of one reader: a connection and nothing else.

Most of what a server keeps for a websocket serves conversations: a task, a queue of
received messages, a parser for whatever may come, timers. A reader says nothing, so once
the door has let them in, this small protocol takes the connection over, and all of that
is let go. Of what comes in it understands pong, ping and close; whoever says more is closed.
"""

import asyncio
import struct
from collections.abc import Callable
from functools import lru_cache
from os import write
from typing import Any

from websockets.frames import Close, Opcode

from events.live import metrics, sockets
from events.live.codes import RESTART, TALKED
from events.live.sockets import Message, Socket, wire_frame

#: Bytes of the process's own buffer for one socket beyond which its reader counts as too slow,
#: and those at which they are well again. Half of asyncio's default: with the largest message
#: that we push (64 KB) on top, a slow socket stays below 100 KB. Not less, since a burst of
#: full frames (16 KB) is no slowness; the kernel has taken 64 KB more before this fills.
HIGH, LOW = 32 * 1024, 8 * 1024
#: Bytes of the longest payload of a control frame (RFC 6455, 5.5).
_CONTROL = 125
#: Frames that a reader may send between two pings of ours. A browser answers each ping with one pong;
#: others may ping us now and then, and send pongs unasked (5.5.2 and 5.5.3). Once they are being closed
#: they may send as many again, which may be on the way; beyond that we listen no more.
FRAMES = 10
#: More bytes to ignore than anybody sends before the connection is cut.
_ALL = 1 << 64
_NORMAL, _PROTOCOL_ERROR = 1000, 1002


@lru_cache(16)
def close_frame(code: int) -> bytes:
    """The wire form of a close (RFC 6455, 5.5.1)."""
    return wire_frame(Opcode.CLOSE, Close(code, "").serialize())


class OpenSocket(Socket, asyncio.Protocol):
    """A reader's connection after the handshake, owned by no task."""

    __slots__ = (
        "_clear", "_connections", "_descriptor", "_frames", "_pending", "_ready", "_skip", "_transport",
        "answered", "group", "on_gone",
    )  # fmt: skip

    alone = True

    def __init__(self, transport: asyncio.Transport, connections: set[Any], behind: Callable[[], Message]) -> None:
        super().__init__(behind)
        self._transport = transport
        self._connections = connections
        self._descriptor = _descriptor_of(transport)
        #: Whether the transport is known to hold nothing: then we may write past it.
        self._clear = False
        #: Whether a message may be written now: let in, keeping up, and not about to end.
        self._ready = False
        #: The beginning of a frame (131 bytes at most), and how many bytes are still to be ignored.
        self._pending, self._skip = b"", 0
        #: Frames heard since our last ping.
        self._frames = 0
        #: Whether the last ping was answered (`pings.py`).
        self.answered = True
        #: Its group among those that are pinged together.
        self.group = 0
        #: Called once when the connection is lost.
        self.on_gone: Callable[[], None] | None = None
        transport.set_write_buffer_limits(HIGH, LOW)
        transport.set_protocol(self)
        connections.add(self)

    # What we say

    async def first(self, message: Message) -> None:
        """Send one of the messages before the live ones, in order; none after a close."""
        if self.ending is None:
            self._write(message.wire)

    def release(self) -> bool:
        """Let live messages through from now on; return whether some were missed meanwhile."""
        self._ready = self.slow_since is None and self.ending is None
        return super().release()

    def offer(self, message: Message) -> None:
        """Write a message, or remember that it was missed.

        Straight into the kernel while the transport holds nothing: of 8,000 writes its way
        costs a tenth more, and a full kernel is rare.
        """
        if not self._ready:
            self.missed = True
            return
        wire = message.wire
        if self._clear or self._found_clear():
            try:
                written = write(self._descriptor, wire)
            except OSError:
                # Full, or gone: either is the transport's business.
                written = 0
            if written == len(wire):
                return
            wire = wire[written:]
        self._write(wire)

    def _found_clear(self) -> bool:
        """Whether nothing waits in the transport that would have to go first."""
        self._clear = self._descriptor >= 0 and self._transport.get_write_buffer_size() == 0
        return self._clear

    def ping(self, frame: bytes) -> None:
        """Ask for a sign of life."""
        if self.ending is None:
            self.answered = False
            self._frames = 0
            self._write(frame)

    def cut_if_silent(self) -> None:
        """Cut who has not answered the last ping: a close would wait for them as well."""
        if not self.answered:
            metrics.slow_closed.labels("silent").inc()
            self.abort()

    def abort(self) -> None:
        """Cut the connection at once, if it is still there."""
        # Asyncio's transport fails when it is cut after it has closed behind its last bytes.
        if self in self._connections:
            self._transport.abort()

    def shutdown(self) -> None:
        """Close, as a server that ends tells each of its connections."""
        self.end(RESTART)

    def _write(self, data: bytes) -> None:
        self._clear = False
        if not self._transport.is_closing():
            self._transport.write(data)

    def _end(self, code: int, last: str) -> asyncio.Future[None]:
        self._ready = False
        loop = asyncio.get_running_loop()
        if last:
            self._write(Message(last).wire)
        self._write(close_frame(code))
        # A reader who does not read never takes the close, and ``transport.close`` would wait for it.
        loop.call_later(sockets.CLOSE_SECONDS, self.abort)
        gone: asyncio.Future[None] = loop.create_future()
        if self not in self._connections:
            gone.set_result(None)
        return gone

    # What we hear

    def data_received(self, data: bytes) -> None:
        """Take what the reader sends."""
        self.answered = True
        data, at = self._pending + data, 0
        while at < len(data):
            if self._skip:
                size = min(self._skip, len(data) - at)
                self._skip -= size
            elif size := self._take(data, at):
                self._count()
            else:
                break
            at += size
        self._pending = data[at:]

    def _take(self, data: bytes, at: int) -> int:
        """Take one frame of `data`, or the header of one to ignore; return its bytes, 0 when some are missing."""
        if len(data) - at < 2:
            return 0
        first, second = data[at], data[at + 1]
        opcode, length = first & 0x0F, second & 0x7F
        if opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            self.end(TALKED)
            return self._pass_over(data, at, length)
        is_control = opcode in (Opcode.CLOSE, Opcode.PING, Opcode.PONG) and length <= _CONTROL
        # Whole, without reserved bits, and masked.
        if not is_control or first & 0xF0 != 0x80 or not second & 0x80:
            # Where the next frame would begin is anybody's guess (RFC 6455, 7.1.7).
            self.end(_PROTOCOL_ERROR)
            self._skip = _ALL
            return 1
        size = 6 + length
        if len(data) - at < size:
            return 0
        self._obey(opcode, data[at + 2 : at + size])
        return size

    def _obey(self, opcode: int, masked: bytes) -> None:
        """Do what a control frame asks for; `masked` is its mask and its payload."""
        if opcode == Opcode.CLOSE:
            # They go, or agree to our going; nothing may follow (RFC 6455, 5.5.1).
            self.end(_NORMAL)
            self._transport.close()
            self._skip = _ALL
        # No pong for who does not read: those would pile up.
        elif opcode == Opcode.PING and self.slow_since is None and self.ending is None:
            self._write(wire_frame(Opcode.PONG, _unmask(masked[:4], masked[4:])))

    def _count(self) -> None:
        """Close who sends frame after frame: each costs time that others wait for."""
        self._frames += 1
        if self._frames > FRAMES:
            self.end(TALKED)
        if self._frames > 2 * FRAMES:
            self._skip = _ALL

    def _pass_over(self, data: bytes, at: int, length: int) -> int:
        """Ignore a frame of talk, to hear the close behind it; return the bytes of its header."""
        header = {126: 8, 127: 14}.get(length, 6)
        if len(data) - at < header:
            return 0
        if length > _CONTROL:
            (length,) = struct.unpack_from("!H" if length == 126 else "!Q", data, at + 2)
        self._skip = length
        return header

    # What the transport says

    def pause_writing(self) -> None:
        """The reader does not keep up: the buffer is over its mark."""
        self._ready = False
        self._found_slow()

    def resume_writing(self) -> None:
        """The reader has caught up with the buffer."""
        self._ready = not self._held and self.ending is None
        self._drained()

    def connection_lost(self, _exc: Exception | None) -> None:
        """Leave, once."""
        self._ready = False
        # Its number may be another connection's in a moment.
        self._descriptor, self._clear = -1, False
        self._connections.discard(self)
        if self.ending is not None and not self.ending.done():
            self.ending.set_result(None)
        on_gone, self.on_gone = self.on_gone, None
        if on_gone is not None:
            on_gone()


def _descriptor_of(transport: asyncio.Transport) -> int:
    """The number under which the kernel takes what the reader is to get as it is; -1 where that is encrypted first."""
    sock = transport.get_extra_info("socket")
    return -1 if sock is None or transport.get_extra_info("sslcontext") is not None else sock.fileno()


def _unmask(mask: bytes, payload: bytes) -> bytes:
    return bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
