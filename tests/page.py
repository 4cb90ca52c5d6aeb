"""A reader's page as data: the client's whole rule of the contract, in Python."""

from dataclasses import dataclass, field
from typing import Any

Frame = dict[str, Any]


@dataclass
class Page:
    """What a page shows, and how far it has come."""

    epoch: str
    have: int = 0
    posts: dict[str, Frame] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    total: int = 0

    def take(self, frame: Frame) -> bool:
        """Take a frame or an answer; return False when the page must fetch."""
        if frame["type"] in ("hello", "pulse", "behind"):
            return frame["sequence"] <= self.have and frame.get("epoch", self.epoch) == self.epoch
        if frame.get("reset"):
            return False
        if frame["sequence"] <= self.have:
            return True
        if frame["after"] > self.have:
            return False
        for row in frame["updates"] if frame["type"] == "updates" else [frame]:
            if "post" in row and "html" not in row:
                return False
            self._apply(row)
        self.parts |= frame.get("parts", {})
        self.have = frame["sequence"]
        return True

    def _apply(self, row: Frame) -> None:
        self.total = row.get("total", self.total)
        known = self.posts.get(row.get("post", ""))
        if "post" in row and (known is None or row["version"] >= known["version"]):
            self.posts[row["post"]] = row

    def shown(self) -> list[tuple[str, str, int, str]]:
        """What a reader sees: (order, id, version, html), newest first."""
        rows = [(row["order"], row["post"], row["version"], row["html"]) for row in self.posts.values() if row["html"]]
        return sorted(rows, reverse=True)
