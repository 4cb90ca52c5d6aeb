"""The last updates of one event, kept ready for readers who come back."""

from collections.abc import Iterable
from typing import Any

Frame = dict[str, Any]

#: What a ring may hold at most: updates, and bytes of their text.
LENGTH = 256
SIZE = 1 << 20


class Ring:
    """Update frames by sequence, compacted: the newest words of a post drop its earlier ones.

    `floor` is the lowest `after` that the ring can answer: everything beyond it is here,
    or has been replaced by something newer that is.
    """

    def __init__(self, floor: int) -> None:
        self.floor = floor
        self._frames: dict[int, Frame] = {}
        self._sizes: dict[int, int] = {}
        self._post_at: dict[str, int] = {}
        self._part_at: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def size(self) -> int:
        """Bytes of text held."""
        return sum(self._sizes.values())

    def add(self, frame: Frame, size: int) -> None:
        """Keep an update frame whose `sequence` is beyond all others; `size` is its bytes of text."""
        sequence = frame["sequence"]
        frame = {key: value for key, value in frame.items() if key != "after"}
        if post := frame.get("post"):
            self._drop_words(post)
            self._post_at[post] = sequence
        for name in frame.get("parts", ()):
            self._drop_part(name)
            self._part_at[name] = sequence
        self._frames[sequence] = frame
        self._sizes[sequence] = size
        while len(self._frames) > LENGTH or self.size > SIZE:
            self._drop_oldest()

    def fill(self, updates: Iterable[Frame], parts: dict[str, str]) -> None:
        """Complete frames that were too small for their html or parts, from an answer of the present moment."""
        for item in updates:
            sequence = self._post_at.get(item["post"])
            if sequence is not None and sequence == item["sequence"] and "html" not in self._frames[sequence]:
                self._frames[sequence] = {**self._frames[sequence], "html": item["html"]}
                self._sizes[sequence] += len(item["html"].encode())
        if parts and self._frames:
            last = next(reversed(self._frames))
            for name in parts:
                if self._part_at.get(name) != last:
                    self._drop_part(name)
                self._part_at[name] = last
            self._frames[last] = {**self._frames[last], "parts": {**self._frames[last].get("parts", {}), **parts}}
            self._sizes[last] += sum(len(html.encode()) for html in parts.values())
        while self.size > SIZE:
            self._drop_oldest()

    def since(self, after: int) -> Iterable[Frame] | None:
        """The frames beyond `after`, oldest first, or None when the ring does not reach back so far."""
        if after < self.floor:
            return None
        return [_as_seen(frame, after) for sequence, frame in self._frames.items() if sequence > after]

    def _drop_words(self, post: str) -> None:
        """Forget the earlier state of a post: its words are never sent again."""
        sequence = self._post_at.pop(post, None)
        if sequence is None:
            return
        earlier = self._frames[sequence]
        if earlier.get("parts"):
            kept: Frame = {key: earlier[key] for key in ("type", "sequence", "at", "parts") if key in earlier}
            self._frames[sequence] = kept | {"action": "event"}
        elif not earlier.get("reset"):
            del self._frames[sequence], self._sizes[sequence]

    def _drop_part(self, name: str) -> None:
        """Forget the earlier state of a part."""
        sequence = self._part_at.pop(name, None)
        if sequence is None:
            return
        earlier = self._frames[sequence]
        parts = {key: value for key, value in earlier["parts"].items() if key != name}
        self._frames[sequence] = {**earlier, "parts": parts}
        if not parts and "post" not in earlier and not earlier.get("reset"):
            del self._frames[sequence], self._sizes[sequence]

    def _drop_oldest(self) -> None:
        sequence = next(iter(self._frames))
        frame = self._frames.pop(sequence)
        del self._sizes[sequence]
        self.floor = sequence
        if post := frame.get("post"):
            del self._post_at[post]
        for name in frame.get("parts", ()):
            if self._part_at.get(name) == sequence:
                del self._part_at[name]


def _as_seen(frame: Frame, after: int) -> Frame:
    """The frame as a reader at `after` needs it: `publish` what they never saw, `revise` what they know.

    The sequence of a post's first publication is the end of its `order`.
    """
    if frame["action"] not in ("publish", "revise"):
        return frame
    action = "publish" if int(frame["order"].rpartition("-")[2]) > after else "revise"
    return frame if action == frame["action"] else {**frame, "action": action}
