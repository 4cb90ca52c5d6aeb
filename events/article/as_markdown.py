"""An article as Markdown (CommonMark): every character of the text stays itself."""

import re
import unicodedata
from dataclasses import dataclass, field
from html.parser import HTMLParser

from events.article.blocks import Article, Block, What

#: What would mean something anywhere in a line, and what would at its beginning.
_SPECIAL = re.compile(r"([\\`*_\[\]<~|#])")
_ENTITY = re.compile(r"&(?=#?[0-9A-Za-z]+;)")
_AT_START = re.compile(r"^(?:([+\-=>])|(\d{1,9})([.)]))", re.MULTILINE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
#: Inline elements and their marks. What has none stays html, which Markdown allows.
_MARKS = {"strong": "**", "em": "*", "s": "~~"}
_BLOCKS = {"p", "h4", "ul", "ol", "li", "blockquote"}


def markdown(article: Article) -> str:
    """Return the whole article; blocks are parted by empty lines."""
    parts = [f"# {_escaped(article.title)}"]
    if article.standfirst:
        parts.append(_text(article.standfirst))
    parts += [part for block in article.blocks if (part := _block(block))]
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    if block.what is What.DAY:
        return f"## {_escaped(block.text)}"
    if block.what is What.BREAK:
        return "***"
    if block.what is What.HEADLINE:
        return f"### {_escaped(block.text)}"
    if block.what is What.WORDS:
        return "\n\n".join(_blocks(_parsed(block.text).children))
    if block.what is What.QUOTE:
        cite = _linked(_escaped(block.cite), block.link)
        return _quoted(f"{_lines(block.text)}\n\n— {cite}")
    if block.what is What.TIME:
        return _text(f"{block.text} · {block.label}" if block.label else block.text)
    if block.what is What.PICTURE:
        return f"!{_linked(_escaped(block.text), block.link)}" + (f"\n\n{_text(block.cite)}" if block.cite else "")
    if block.what is What.SOURCE and block.link:
        return _linked(_escaped(block.text), block.link)
    label = f"**{_escaped(block.label)}**" if block.label else ""
    return f"{label} {_escaped(block.text)}".strip() if label else _text(block.text)


# Text


def _escaped(text: str) -> str:
    """One line of text in which nothing is a mark, wherever it stands but at the beginning of a line."""
    return _ENTITY.sub(r"\\&", _SPECIAL.sub(r"\\\1", _SPACE.sub(" ", text).strip(" ")))


def _text(text: str) -> str:
    """A paragraph of one line."""
    return _started(_escaped(text))


def _lines(text: str) -> str:
    """A paragraph that keeps its line breaks."""
    return _started("\\\n".join(_escaped(line) for line in text.splitlines() if line.strip()))


def _started(text: str) -> str:
    """The same with the beginnings of lines made harmless."""
    return _AT_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _linked(text: str, link: str) -> str:
    """`[text](<address>)`, in which an address may have brackets and anything but these."""
    if not link:
        return text
    safe = re.sub(r"[<>\\\s]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), link)
    return f"[{text}](<{_ENTITY.sub('&amp;', safe)}>)"


# A post's body, from the few tags that `events.text` lets through


@dataclass
class _Node:
    tag: str
    link: str = ""
    children: list["_Node | str"] = field(default_factory=list)


class _Tree(HTMLParser):
    """Builds the tree of clean html: every tag is closed, but `br`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [_Node("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = _Node(tag, dict(attrs).get("href") or "")
        self.open[-1].children.append(node)
        if tag != "br":
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def _parsed(html: str) -> _Node:
    tree = _Tree()
    tree.feed(html)
    tree.close()
    return tree.open[0]


def _blocks(children: list["_Node | str"]) -> list[str]:
    """The blocks among these, in their order; loose words between them are paragraphs."""
    found: list[str] = []
    loose: list[_Node | str] = []
    # Two lists in a row are one, unless their marks differ.
    last, other = "", False
    for child in [*children, _Node("p")]:
        if isinstance(child, str) or child.tag not in _BLOCKS:
            loose.append(child)
            continue
        if words := _paragraph(loose):
            found.append(words)
            last = ""
        loose = []
        other = child.tag == last and not other
        if text := _of_block(child, other):
            found.append(text)
            last = child.tag
    return found


def _of_block(node: _Node, other: bool) -> str:
    if node.tag in ("ul", "ol"):
        return _list(node, other)
    if node.tag == "blockquote":
        return _quoted("\n\n".join(_blocks(node.children)))
    if node.tag == "h4":
        return f"#### {words}" if (words := _paragraph(node.children).replace("\\\n", " ")) else ""
    if node.tag == "li" or any(isinstance(child, _Node) and child.tag in _BLOCKS for child in node.children):
        return "\n\n".join(_blocks(node.children))
    return _paragraph(node.children)


def _list(node: _Node, other: bool) -> str:
    items = [child for child in node.children if isinstance(child, _Node) and child.tag == "li"]
    lines = []
    for number, item in enumerate(items, 1):
        mark = f"{number}{')' if other else '.'}" if node.tag == "ol" else "*" if other else "-"
        text = "\n\n".join(_blocks(item.children))
        indented = text.replace("\n", "\n" + " " * (len(mark) + 1))
        lines.append(re.sub(r"\n +(?=\n)", "\n", f"{mark} {indented}"))
    return "\n".join(lines)


def _paragraph(children: list["_Node | str"]) -> str:
    """Inline words as one paragraph; empty for none."""
    lines = [_SPACE.sub(" ", line).strip(" ") for line in _inline(children).split("\\\n")]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return _started("\\\n".join(lines))


def _inline(children: list["_Node | str"]) -> str:
    """Words with their marks."""
    written = ""
    for at, child in enumerate(children):
        if isinstance(child, str):
            # Spaces at the edges part words from their neighbours.
            text = _SPACE.sub(" ", child)
            written += " " * text.startswith(" ") + _escaped(text) + " " * (text.endswith(" ") and len(text) > 1)
        elif child.tag == "br":
            written += "\\\n"
        elif child.tag == "code":
            written += _code(_words(child))
        elif child.tag == "a":
            inside = _inline(child.children)
            written += _linked(inside, child.link) if inside.strip() else inside
        else:
            written += _marked(child, written[-1:], _first(children[at + 1 :]))
    return written


def _marked(node: _Node, before: str, after: str) -> str:
    """An inline element with its marks, or as html where the neighbours would make the marks mean nothing."""
    inside = _inline(node.children)
    core = inside.strip(" ")
    if not core or core == "\\\n":
        return inside
    lead = " " * (len(inside) - len(inside.lstrip(" ")))
    trail = " " * (len(inside) - len(inside.rstrip(" ")))
    mark = _MARKS.get(node.tag)
    holds = mark and _holds(core[0], lead or before) and _holds(core[-1], trail or after) and "\\\n" not in core
    whole = f"{mark}{core}{mark}" if holds else f"<{node.tag}>{core}</{node.tag}>"
    return f"{lead}{whole}{trail}"


def _holds(edge: str, neighbour: str) -> bool:
    """Whether a mark between these two opens or closes there (CommonMark: flanking runs)."""
    if edge in "*~" or neighbour in ("*", "~", "\\"):
        return False
    return not _is_sign(edge) or not neighbour or neighbour.isspace() or _is_sign(neighbour)


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _first(children: list["_Node | str"]) -> str:
    """The first character of what comes next; a mark's for an element that has one."""
    for child in children:
        if isinstance(child, str):
            if child:
                return " " if child[0].isspace() else child[0]
        elif child.tag == "br":
            return " "
        else:
            return "*" if child.tag in _MARKS else "["
    return ""


def _code(words: str) -> str:
    """Words in backticks, more of them than there are within."""
    words = _SPACE.sub(" ", words)
    if not words.strip():
        return words
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", words)), default=0))
    room = " " if words[0] in "` " or words[-1] in "` " else ""
    return f"{fence}{room}{words}{room}{fence}"


def _words(node: _Node) -> str:
    return "".join(child if isinstance(child, str) else _words(child) for child in node.children)
