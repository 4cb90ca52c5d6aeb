"""One page with all pictures side by side: run/screenshots/index.html."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

STYLE = """
:root { color-scheme: light dark; font: 400 15px/1.4 system-ui, sans-serif; }
body { margin: 1.5rem; }
section { border-top: 2px solid; margin-top: 2rem; }
div { display: flex; gap: 1rem; overflow-x: auto; align-items: start; padding-bottom: 1rem; }
figure { flex: none; margin: 0; }
figcaption { padding-bottom: .3rem; }
img { display: block; height: 26rem; border: 1px solid #8888; }
nav a { display: inline-block; padding: .2rem .6rem .2rem 0; }
"""


@dataclass(frozen=True)
class Picture:
    """The first screen of a page as somebody sees it, and the whole of it where that was taken."""

    page: str
    how: str
    first: Path
    whole: Path | None = None


def write(path: Path, pictures: Iterable[Picture]) -> None:
    """Write the page beside its pictures: a row a page, the first screens; the whole page is a click away."""
    rows: dict[str, list[Picture]] = {}
    for picture in pictures:
        rows.setdefault(picture.page, []).append(picture)
    nav = " ".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name in rows)
    body = "\n".join(_row(name, row) for name, row in rows.items())
    path.write_text(
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Screens</title>\n<style>{STYLE}</style>\n'
        f"<h1>Screens</h1>\n<nav>{nav}</nav>\n{body}\n</html>\n",
        encoding="utf-8",
    )


def _row(name: str, row: list[Picture]) -> str:
    figures = "".join(_figure(picture) for picture in row)
    return f'<section id="{escape(name)}"><h2>{escape(name)}</h2><div>{figures}</div></section>'


def _figure(picture: Picture) -> str:
    image = f'<img src="{picture.first.name}" alt="{escape(picture.page)}, {escape(picture.how)}" loading="lazy">'
    linked = f'<a href="{picture.whole.name}">{image}</a>' if picture.whole else image
    return f"<figure><figcaption>{escape(picture.how)}</figcaption>{linked}</figure>"
