"""The fonts of the pictures: which of them can write a text, and how large.

Each comes as a package under the Open Font License (docs/parts.md), so that every machine draws
the same. One that is not installed is left out, and with it what it alone can write.
"""

import threading
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PIL import ImageFont

#: Which font writes words and labels, in the order in which they are tried: package and file.
WORDS = (
    ("fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf"),
    ("fontpkg_amiri", "Amiri-Bold.ttf"),
    ("fontpkg_noto_sans_devanagari", "NotoSansDevanagari[wdth,wght].ttf"),
)
LABELS = (
    ("fontpkg_source_sans_3", "SourceSans3[wght].ttf"),
    ("fontpkg_amiri", "Amiri-Regular.ttf"),
    ("fontpkg_noto_sans_devanagari", "NotoSansDevanagari[wdth,wght].ttf"),
)
#: What is no letter needs no glyph: joiners, marks of direction.
_INVISIBLE = ("Cf", "Cc", "Zs", "Zl", "Zp")
#: No font has a letter there.
_NOWHERE = "\U0010fffe"

_asking = threading.Lock()

Family = tuple[tuple[str, str], ...]


@lru_cache(16)
def _path(package: str, name: str) -> Path | None:
    found = find_spec(package)
    path = Path(found.origin).parent / "files" / name if found and found.origin else None
    return path if path and path.exists() else None


def open_font(family: Family, text: str, size: int, weight: int) -> ImageFont.FreeTypeFont | None:
    """The first font of a family that can write the whole text, at so many pixels; None when there is none.

    A font of its own for each picture: FreeType's are not for several threads at once.
    """
    for package, name in family:
        path = _path(package, name)
        if path and all(_writes(path, char) for char in set(text)):
            return _at(path, size, weight)
    return None


def can_write(family: Family, text: str) -> bool:
    """Whether any font of the family has all letters of the text."""
    paths = [path for package, name in family if (path := _path(package, name))]
    return any(all(_writes(path, char) for char in set(text)) for path in paths)


def _at(path: Path, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.RAQM)
    try:
        axes = font.get_variation_axes()
    except OSError:
        # A font for each weight.
        return font
    wanted = {b"Weight": weight, b"Optical Size": size}
    font.set_variation_by_axes([_between(axis, wanted.get(axis["name"] or b"")) for axis in axes])
    return font


def _between(axis: Any, wanted: int | None) -> float:
    """What is wanted of an axis as far as the font goes, else its usual value."""
    return axis["default"] if wanted is None else min(max(wanted, axis["minimum"]), axis["maximum"])


@lru_cache(16)
def _asked(path: Path) -> ImageFont.FreeTypeFont:
    """The font that is asked which letters it has, by one thread at a time."""
    return ImageFont.truetype(path, 40, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(4096)
def _writes(path: Path, char: str) -> bool:
    """Whether the font has a glyph of its own for a character: what it has not is drawn as a box."""
    if unicodedata.category(char) in _INVISIBLE:
        return True
    with _asking:
        font = _asked(path)
        box, glyph = font.getmask(_NOWHERE), font.getmask(char)
    return (glyph.size, bytes(glyph)) != (box.size, bytes(box))
