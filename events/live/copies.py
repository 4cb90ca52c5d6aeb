"""Answers to readers, made once and handed out as bytes.

A copy is a whole answer: headers and body, plain, in gzip and in Brotli. An event's copies
lie on its shelf, and each is good for as long as the event has not moved beyond it.
"""

import gzip
from collections import OrderedDict
from functools import lru_cache
from typing import Any

import brotli
from django.utils.http import parse_etags

Headers = list[tuple[bytes, bytes]]

#: Bytes of an event's copies; beyond it those that were asked for longest ago go.
SHELF = 4 << 20
#: Bytes that a copy takes beside its bodies, about: headers, tables, its place on the shelf.
AROUND = 4096
#: Bytes below which compressing a body costs more than it saves.
SMALL = 500
#: Bytes of an Accept-Encoding header that are read: it is remembered.
LONG = 200
#: Of Brotli's 0 to 11: half the time of gzip at its default, and smaller.
QUALITY = 5


class Copy:
    """One public answer, ready to be sent; `epoch` and `sequence` say what it shows."""

    def __init__(self, text: str, content_type: str, headers: dict[str, str], epoch: str, sequence: int) -> None:
        self.epoch, self.sequence = epoch, sequence
        self.etag = headers["ETag"]
        #: The only address at which this may be handed out, for pages; elsewhere Django answers. Empty: any.
        self.slug = ""
        common = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        #: What a 304 says: all but the body's own headers.
        self.unchanged: Headers = common
        common = [*common, (b"content-type", content_type.encode())]
        self._forms = {coding: _form(common, coding, body) for coding, body in _bodies(text.encode()).items()}

    @property
    def size(self) -> int:
        """Bytes held, about."""
        return AROUND + sum(len(body) for _headers, body in self._forms.values())

    def is_good(self, epoch: str, sequence: int) -> bool:
        """Whether an event that stands there has not moved beyond it."""
        return self.epoch == epoch and self.sequence >= sequence

    def form(self, accepted: bytes) -> tuple[Headers, bytes]:
        """Headers and body in the best coding that an Accept-Encoding header allows."""
        return self._forms.get(best_coding(accepted[:LONG])) or self._forms[""]

    def is_known(self, if_none_match: bytes) -> bool:
        """Whether the reader has it already (RFC 9110, weak comparison)."""
        known = parse_etags(if_none_match.decode("latin-1"))
        return "*" in known or any(tag.removeprefix("W/") == self.etag.removeprefix("W/") for tag in known)


def _bodies(body: bytes) -> dict[str, bytes]:
    """The body in each coding; the empty name is for none."""
    if len(body) < SMALL:
        return {"": body}
    return {
        "": body,
        # A fixed time, so that the same page gives the same bytes in every process.
        "gzip": gzip.compress(body, compresslevel=6, mtime=0),
        "br": brotli.compress(body, quality=QUALITY),
    }


def _form(common: Headers, coding: str, body: bytes) -> tuple[Headers, bytes]:
    headers = [*common, (b"content-length", str(len(body)).encode())]
    if coding:
        headers.append((b"content-encoding", coding.encode()))
    return headers, body


@lru_cache(256)
def best_coding(accepted: bytes) -> str:
    """`br`, `gzip` or, for none, the empty name: what an Accept-Encoding header (RFC 9110) likes best of ours."""
    weights: dict[str, float] = {}
    for part in accepted.decode("latin-1").lower().split(","):
        name, _semicolon, parameter = (piece.strip() for piece in part.partition(";"))
        try:
            weights[name] = float(parameter.removeprefix("q=")) if parameter else 1.0
        except ValueError:
            weights[name] = 0.0
    others = weights.get("*", 0.0)
    # Of equals the first wins, and Brotli is smaller.
    best = max(("br", "gzip"), key=lambda name: weights.get(name, others))
    return best if weights.get(best, others) > 0 else ""


class Shelf:
    """The copies of one event by what they show, the latest asked for last."""

    def __init__(self) -> None:
        self._copies: OrderedDict[Any, Copy] = OrderedDict()
        self._size = 0

    def get(self, name: Any, epoch: str, sequence: int) -> Copy | None:
        """The copy, unless the event at `epoch` and `sequence` has moved beyond it."""
        copy = self._copies.get(name)
        if copy is None:
            return None
        if not copy.is_good(epoch, sequence):
            self._drop(name)
            return None
        self._copies.move_to_end(name)
        return copy

    def put(self, name: Any, copy: Copy) -> None:
        """Keep a copy; the oldest give way."""
        self._drop(name)
        self._copies[name] = copy
        self._size += copy.size
        while self._size > SHELF:
            self._drop(next(iter(self._copies)))

    def _drop(self, name: Any) -> None:
        copy = self._copies.pop(name, None)
        if copy is not None:
            self._size -= copy.size
