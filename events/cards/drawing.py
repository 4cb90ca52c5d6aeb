"""From words to a PNG: a serif headline on paper, and who says so under it. No red, which would mean LIVE."""

import io
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont, features

from events.cards import fonts
from events.cards.facts import HEIGHT, WIDTH, Card

#: The colours of `static/css/tokens.css`, in the light.
PAPER, INK, QUIET, HAIR = "#fdfcf9", "#17191d", "#565960", "#dcd8cd"
MARGIN = 72
#: Sizes of the headline, the largest at which it fits in its lines; and the lines at most.
SIZES = (76, 66, 58, 50, 44)
LINES = 5
#: Where the headline begins and where the foot stands.
TOP, FOOT = 158, HEIGHT - 82
#: Scripts that are written by joining or reordering letters: without a shaper they would be wrong.
_SHAPED = ((0x0590, 0x08FF), (0x0900, 0x0DFF), (0x0E00, 0x109F), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF))


@lru_cache(256)
def can_draw(card: Card) -> bool:
    """Whether there is a font for every word on it, and a shaper for what must be shaped."""
    if not features.check("raqm") and any(_is_shaped(char) for part in card.words for char in part):
        return False
    labels = (card.house, card.live, card.source, card.standing, card.foot)
    return fonts.can_write(fonts.WORDS, card.headline) and all(fonts.can_write(fonts.LABELS, part) for part in labels)


def draw(card: Card, width: int = WIDTH) -> bytes:
    """The picture as PNG, `width` pixels wide. Ask `can_draw` before."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = _Pen(picture, card)
    pen.rule(0, 14, INK)
    end = pen.line(card.house, 62, 32, 650, INK)
    if card.live:
        pen.line(card.live, 62, 32, 400, QUIET, end + 34)
    # An event's notice has the room in which a post says its source.
    most = 1 if card.source else 2
    below = pen.headline(pen.count(card.standing, 32, 650, most) if card.standing else 0) + 18
    if card.standing:
        below = pen.block(card.standing, below + 10, 32, 650, INK, most)
    if card.source:
        pen.block(card.source, below + 8, 30, 400, QUIET, 2)
    pen.rule(FOOT - 26, 2, HAIR, MARGIN)
    pen.block(card.foot, FOOT, 28, 400, QUIET, 1)
    if width != WIDTH:
        picture = picture.resize((width, HEIGHT * width // WIDTH), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    # Few colours, many greys between them: a fourth of the bytes, and nobody sees it.
    picture.quantize(128, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def _is_shaped(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _SHAPED)


class _Pen:
    """Writes on one picture, from the edge at which the card's language begins."""

    def __init__(self, picture: Image.Image, card: Card) -> None:
        self.on = ImageDraw.Draw(picture)
        self.card = card
        has_raqm = features.check("raqm")
        self.way: dict[str, Any] = (
            {"direction": "rtl" if card.right_to_left else "ltr", "language": card.language} if has_raqm else {}
        )

    def rule(self, y: int, height: int, colour: str, inset: int = 0) -> None:
        self.on.rectangle((inset, y, WIDTH - inset, y + height - 1), fill=colour)

    def line(self, text: str, y: int, size: int, weight: int, colour: str, at: float = MARGIN) -> float:
        """Write one line `at` pixels from the edge; return where it ends, from that edge."""
        font = fonts.open_font(fonts.LABELS, text, size, weight)
        return at + self._write(text, font, at, y, colour) if font else at

    def headline(self, standing: int) -> int:
        """Write the headline as large as it fits above so many lines on how it stands; return where it ends."""
        text = f"“{self.card.headline}”" if self.card.is_quote and not self.card.right_to_left else self.card.headline
        if self.card.is_quote and self.card.right_to_left:
            text = f"«{text}»"
        room = FOOT - 56 - TOP - (8 + 42 * standing if standing else 0) - (84 if self.card.source else 0)
        for size in SIZES:
            font = fonts.open_font(fonts.WORDS, text, size, 650)
            if font is None:
                return TOP
            height = int(size * 1.18)
            most = min(LINES, room // height)
            lines = list(self._wrapped(text, font))
            if len(lines) <= most:
                break
        assert font is not None
        # As even as the lines can be: no word by itself in the last one.
        for width in range(WIDTH - 2 * MARGIN - 40, WIDTH // 2, -40):
            evener = list(self._wrapped(text, font, width))
            if len(evener) > len(lines):
                break
            lines = evener
        return self._lines(_cut(lines, most), font, TOP, height, INK)

    def count(self, text: str, size: int, weight: int, most: int) -> int:
        """How many lines a block will have."""
        font = fonts.open_font(fonts.LABELS, text, size, weight)
        return min(most, len(list(self._wrapped(text, font)))) if font else 0

    def block(self, text: str, y: int, size: int, weight: int, colour: str, most: int) -> int:
        """Write so many lines at most; return where they end."""
        font = fonts.open_font(fonts.LABELS, text, size, weight)
        if font is None:
            return y
        return self._lines(_cut(list(self._wrapped(text, font)), most), font, y, int(size * 1.3), colour)

    def _lines(self, lines: list[str], font: ImageFont.FreeTypeFont, y: int, height: int, colour: str) -> int:
        for text in lines:
            self._write(text, font, MARGIN, y, colour)
            y += height
        return y

    def _write(self, text: str, font: ImageFont.FreeTypeFont, at: float, y: int, colour: str) -> float:
        x, anchor = (WIDTH - at, "ra") if self.card.right_to_left else (at, "la")
        self.on.text((x, y), text, colour, font, anchor, **self.way)
        return font.getlength(text, **self.way)

    def _wrapped(self, text: str, font: ImageFont.FreeTypeFont, width: int = WIDTH - 2 * MARGIN) -> Iterator[str]:
        """The text in lines of so many pixels; a word that is wider than a line is cut."""
        line = ""
        for word in text.split():
            while font.getlength(word, **self.way) > width and len(word) > 1:
                word = word[: len(word) * 9 // 10]
            longer = f"{line} {word}".strip()
            if line and font.getlength(longer, **self.way) > width:
                yield line
                longer = word
            line = longer
        if line:
            yield line


def _cut(lines: list[str], most: int) -> list[str]:
    """So many lines, with a sign that there was more."""
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    return [*lines[: most - 1], f"{last.rpartition(' ')[0] or last}…"]
