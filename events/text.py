"""Words on their way in: from what somebody typed or pasted to what a page may show.

One policy for every door. The editor's own cleaning happens in the browser and in forms;
importers, commands and the API go round those, so the writing path cleans once more.
"""

import html as html_module
import re

import nh3

#: Noted with each post whose html is made anew (`manage.py clean_posts`); raise it with every change of the policy.
POLICY_VERSION = 2
#: Bytes of UTF-8 that a body may have.
MAX_BODY = 100 * 1024

_TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "h4", "s", "sub", "sup", "code"}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href", "hreflang"}, "blockquote": {"lang", "dir"}, "p": {"lang", "dir"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener nofollow",
    clean_content_tags={"script", "style", "svg", "math", "iframe", "object", "template", "noscript", "title"},
    strip_comments=True,
)
_NO_TAGS = nh3.Cleaner(tags=set(), clean_content_tags={"script", "style"})
_HEADING = re.compile(r"<(/?)h[1-356](?=[\s>])", re.IGNORECASE)
_BOLD = re.compile(r"<(/?)(?:b)(?=[\s>])", re.IGNORECASE)
_ITALIC = re.compile(r"<(/?)(?:i)(?=[\s>])", re.IGNORECASE)
_BLOCK_END = re.compile(r"</(?:p|li|blockquote|h4|ul|ol)>|<br\s*/?>", re.IGNORECASE)
_EMPTY_BLOCK = re.compile(r"<(p|h4|blockquote)>(?:\s|&nbsp;|<br>)*</\1>")
#: A link to "www.example.org/page" as it was typed: without a scheme it would lead to a page of ours.
_BARE_LINK = re.compile(r'(<a [^>]*?href=")((?:[\w-]+\.)+[^\W\d_]{2,}(?:[:/?#][^"]*)?")', re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
#: Opening and closing quotation marks, as they are typed.
_MARKS = (("“", "”"), ('"', '"'), ("«", "»"), ("„", "“"), ("„", "”"), ("”", "”"))
# Marks that turn the direction of what follows (Unicode TR9) and other controls that a line of text never needs.
_INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]")


def clean(html: str) -> str:
    """Return `html` with nothing left in it that could run, load, style or frame.

    Headings of any level become `h4`, since a post stands under an `h3`; `b` and `i`
    become `strong` and `em`, and a link that begins with a host is one to
    that host. Idempotent: cleaning clean html changes nothing.
    """
    html = _HEADING.sub(r"<\1h4", html.replace("\x00", ""))
    html = _ITALIC.sub(r"<\1em", _BOLD.sub(r"<\1strong", html))
    cleaned = _BARE_LINK.sub(r"\1https://\2", _CLEANER.clean(html))
    # Empty blocks may nest; each pass takes out one layer.
    while (fewer := _EMPTY_BLOCK.sub("", cleaned)) != cleaned:
        cleaned = fewer
    return cleaned.strip()


def paragraphs(plain_text: str) -> str:
    """Return plain text as html: blank lines part paragraphs, single ones break lines, an address alone is a link."""
    blocks = re.split(r"\n\s*\n", plain_text.replace("\r\n", "\n").strip())
    return "".join(f"<p>{_paragraph(block.strip())}</p>" for block in blocks if block.strip())


def _paragraph(block: str) -> str:
    words = html_module.escape(block, quote=False).replace("\n", "<br>")
    return f'<a href="{html_module.escape(block)}">{words}</a>' if _ADDRESS.fullmatch(block) else words


def plain(html: str) -> str:
    """Return the words of `html`, a line for each block, without marks or entities."""
    spaced = _BLOCK_END.sub(lambda match: f"{match[0]}\n", html)
    text = html_module.unescape(_NO_TAGS.clean(spaced))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def line(text: str) -> str:
    """Return one line of text as it may be shown: no controls, no turned direction, no double spaces."""
    return " ".join(strip_bidi(text).split())


def short(words: str, length: int) -> str:
    """Return one line of at most `length` characters, cut between two words and with a sign that there was more."""
    words = " ".join(words.split())
    if len(words) <= length:
        return words
    head = words[:length]
    return f"{head.rpartition(' ')[0] or head[:-1]}…"


def after(sentence: str, said: str) -> str:
    """Return what `said` adds to a sentence that stands before it: without that sentence, where it was typed again."""
    said, begun = line(said), sentence.rstrip(" .।")
    if not said.casefold().startswith(begun.casefold()) or said[len(begun) : len(begun) + 1].isalnum():
        return said
    rest = said[len(begun) :].lstrip(" .,:;।–—-")
    return rest[:1].upper() + rest[1:]


def unquoted(quote: str) -> str:
    """Return a quotation without the marks that somebody typed around all of it: pages set their own."""
    words = quote.strip()
    for opening, closing in _MARKS:
        inner = words[len(opening) : -len(closing)]
        if len(words) > 2 and words.startswith(opening) and words.endswith(closing):
            # “One” and “two” keep theirs.
            return words if opening in inner or closing in inner else inner.strip()
    return words


def strip_bidi(text: str) -> str:
    """Return `text` without marks that turn its direction or that nobody can see."""
    return _INVISIBLE.sub("", text)
