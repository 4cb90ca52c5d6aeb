"""Frames, messages of the layer, and sockets that note what they hear."""

import asyncio

from events import frames
from events.live.sockets import Message, Socket


def frame(sequence, post="a", html="words", action="revise", born=0, **fields):
    """An update frame of a post first published at `born`, or of the event when `post` is empty."""
    made = {"type": "update", "after": sequence - 1, "sequence": sequence, "action": action, "at": "", **fields}
    order = f"{1:017}-{sequence if action == 'publish' else born:010}"
    return made | ({"post": post, "version": sequence, "order": order, "html": html} if post else {})


def message(one, epoch="e"):
    """What the layer brings."""
    return {"type": "live.update", "event": 1, "epoch": epoch, "sequence": one["sequence"], "frame": frames.dump(one)}


class Ear(Socket):
    """A socket that notes what it is offered, and can be slow."""

    def __init__(self, behind=lambda: Message("behind")):
        super().__init__(behind)
        self.release()
        self.heard, self.slow = [], False

    async def first(self, message):
        """Nobody greets an ear."""

    def offer(self, message):
        """Note it, or miss it."""
        if self.ending is not None or not self._put(message):
            self.missed = True

    def _put(self, offered):
        if not self.slow:
            self.heard.append(offered.text)
        return not self.slow

    def abort(self):
        """There is nothing to cut."""

    def _end(self, code, last):
        ended = asyncio.get_running_loop().create_future()
        ended.set_result(None)
        return ended
