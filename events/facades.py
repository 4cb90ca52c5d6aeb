"""What stands for a link that is alone on its line: what it is and where, in words of ours, leading there.

Nothing of the other site is loaded, stored or asked, so nothing of it can vanish. Made anew whenever a post's
stored html is shown, in the active language: what is stored keeps the plain link.
"""

import re
from dataclasses import dataclass
from html import escape, unescape
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from events import text

#: Characters of an address, of a link's own text and of an address that stands for anything.
SHORT, WORDS, MOST = 60, 160, 2000

What = Literal["video", "post", "page"]


@dataclass(frozen=True)
class Link:
    """What is known of a link by its address alone; `who` is a name with its “@”, empty where the address has none."""

    what: What
    #: The site as readers call it, or its host.
    place: str
    host: str
    #: From the host on, without what says nothing.
    address: str
    who: str = ""


# What clean html says of a link alone in its paragraph, and of what paragraphs can stand in.
_ATTRS = r'(?:\s[\w-]+="[^"]*")*'
_BLANK = r"(?:\s|&nbsp;|<br>)*"
_BLOCK = re.compile(
    rf"<(?P<ends>/?)(?:ul|ol|blockquote){_ATTRS}>"
    rf"|<p{_ATTRS}>{_BLANK}<a(?P<attrs>{_ATTRS})>(?P<words>(?:(?!</?[ap][\s>]).)*)</a>{_BLANK}</p>",
    re.DOTALL,
)
_HREF = re.compile(r'\shref="([^"]*)"')
#: What browsers and we might read in two ways, or what turns the direction of a line.
_DOUBTFUL = re.compile(r"[\s\\<>\"'`{}|^\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
#: Letters of other scripts could pass for Latin ones: such a host counts as the network writes it, “xn--…”.
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
#: A link's text that is an address itself says nothing more than the address, or something else than it.
_IS_ADDRESS = re.compile(r"(?:https?://|www\.)\S*|[\w-]+(?:\.[\w-]+)+(?:[/?#:]\S*)?", re.IGNORECASE)

_ID = r"[\w-]{11}"
_NUMBER = r"\d{5,20}"
#: Where it is, what it is, host and path, and a part that the query must have.
_ROUTES: tuple[tuple[str, What, str, str], ...] = (
    ("YouTube", "video", r"youtube\.com/watch", f"v={_ID}"),
    ("YouTube", "video", rf"youtube(?:-nocookie)?\.com/(?:live|shorts|embed)/{_ID}", ""),
    ("YouTube", "video", rf"youtu\.be/{_ID}", ""),
    ("Vimeo", "video", r"vimeo\.com/(?:video/|channels/[\w-]{1,60}/)?\d{1,12}(?:/[0-9a-f]{6,16})?", ""),
    ("X", "post", r"(?:x|twitter)\.com/i/(?:web/)?status/\d{1,20}", ""),
    ("X", "post", r"(?:x|twitter)\.com/(?P<who>\w{1,15})/status/\d{1,20}(?:/(?:photo|video)/\d)?", ""),
    ("Bluesky", "post", r"bsky\.app/profile/(?P<who>[a-z0-9-]+(?:\.[a-z0-9-]+)+)/post/[a-z0-9]{10,20}", ""),
    ("Bluesky", "post", r"bsky\.app/profile/did:[a-z]{1,10}:[\w.:-]{1,100}/post/[a-z0-9]{10,20}", ""),
    ("Instagram", "post", r"instagram\.com/(?:[\w.]{1,30}/)?p/[\w-]{5,40}", ""),
    ("Instagram", "video", r"instagram\.com/(?:[\w.]{1,30}/)?(?:reels?|tv)/[\w-]{5,40}", ""),
    ("TikTok", "video", rf"tiktok\.com/@(?P<who>[\w.]{{2,24}})/video/{_NUMBER}", ""),
    ("TikTok", "post", rf"tiktok\.com/@(?P<who>[\w.]{{2,24}})/photo/{_NUMBER}", ""),
    ("TikTok", "video", r"v[mt]\.tiktok\.com/\w{5,15}", ""),
    ("Facebook", "video", rf"facebook\.com/(?:[\w.-]{{1,80}}/)?videos/(?:[\w.-]{{1,100}}/)?{_NUMBER}", ""),
    ("Facebook", "video", r"facebook\.com/watch", f"v={_NUMBER}"),
    ("Facebook", "video", rf"facebook\.com/reel/{_NUMBER}|facebook\.com/share/[rv]/\w{{5,20}}", ""),
    ("Facebook", "video", r"fb\.watch/[\w-]{5,20}", ""),
    ("Facebook", "post", r"facebook\.com/[\w.-]{1,80}/posts/(?:[\w.-]{1,100}/)?\w{5,100}", ""),
    ("Facebook", "post", r"facebook\.com/(?:permalink|story)\.php", r"story_fbid=\w{5,100}"),
    ("Facebook", "post", r"facebook\.com/share/p/\w{5,20}", ""),
    ("Telegram", "post", r"(?:t|telegram)\.me/(?:s/)?(?P<who>[A-Za-z]\w{3,31})/\d{1,10}", ""),
)  # fmt: skip
_PATTERNS = tuple(
    (place, what, re.compile(path, re.ASCII), re.compile(query, re.ASCII)) for place, what, path, query in _ROUTES
)
_SITES = frozenset((
    "youtube.com", "youtube-nocookie.com", "youtu.be", "vimeo.com", "x.com", "twitter.com", "bsky.app", "instagram.com",
    "tiktok.com", "vm.tiktok.com", "vt.tiktok.com", "facebook.com", "fb.watch", "t.me", "telegram.me",
))  # fmt: skip
_WWW = re.compile(r"^www\.(?=.*\.)")
_BEFORE = re.compile(r"^(?:www|m|mobile|web|music|player)\.")
#: The form that Mastodon and its kin give to a post, on any host.
_FEDERATED = re.compile(r"/@(?P<who>\w{1,30}(?:@[a-z0-9-]+(?:\.[a-z0-9-]+)+)?)/\d{5,20}", re.ASCII)


def shown(html: str) -> str:
    """Return clean html with each paragraph that is one link to a web address as a facade.

    Links in lists and quotations stay: there they are somebody's text.
    """
    if "<a " not in html:
        return html
    depth = 0

    def block(found: re.Match[str]) -> str:
        nonlocal depth
        if found["attrs"] is None:
            depth += -1 if found["ends"] else 1
            return found[0]
        href = _HREF.search(found["attrs"])
        link = of(unescape(href[1])) if href and not depth else None
        return _facade(link, unescape(href[1]), text.plain(found["words"])) if link and href else found[0]

    return _BLOCK.sub(block, html)


def of(address: str) -> Link | None:
    """What an address leads to; None for what is no web address, or could be read in two ways."""
    parts = _parts(address)
    if parts is None:
        return None
    host = _WWW.sub("", parts.hostname or "")
    rest = f"{parts.path}{f'?{parts.query}' if parts.query else ''}".rstrip("/")
    port = f":{parts.port}" if parts.port is not None else ""
    short = f"{host}{port}{rest if len(rest) <= SHORT else f'{rest[: SHORT - 1]}…'}"
    if port:
        return Link("page", host, host + port, short)
    what, place, who = _known(parts, host)
    return Link(what, place, host, short, who)


def _parts(address: str) -> SplitResult | None:
    if len(address) > MOST or _DOUBTFUL.search(address):
        return None
    try:
        parts = urlsplit(address)
        _port = parts.port  # Raises, too.
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not _HOST.fullmatch(parts.hostname or ""):
        return None
    return parts


def _known(parts: SplitResult, host: str) -> tuple[What, str, str]:
    """What it is, where, and whose."""
    bare, path = _BEFORE.sub("", host), parts.path.rstrip("/")
    if bare not in _SITES:
        found = _FEDERATED.fullmatch(path)
        return ("post", host, f"@{found['who']}") if found else ("page", host, "")
    for place, what, pattern, query in _PATTERNS:
        found = pattern.fullmatch(bare + path)
        if found and (not query.pattern or any(map(query.fullmatch, parts.query.split("&")))):
            who = found.groupdict().get("who")
            return what, place, f"@{who}" if who else ""
    return "page", host, ""


def _facade(link: Link, href: str, words: str) -> str:
    words = "" if _IS_ADDRESS.fullmatch(words) else text.short(text.line(words), WORDS)
    is_page = link.what == "page"
    title = format_html('<bdi dir="ltr">{}</bdi>', link.host) if is_page else _title(link)
    # The host is not said twice.
    address = link.address.removeprefix(link.host) if is_page and not words else link.address
    about = [format_html('<bdi dir="ltr">{}</bdi>', address)] if address else []
    if words:
        about, title = about if is_page else [title, *about], format_html("<bdi>{}</bdi>", words)
    small = f" <span>{' · '.join(about)}</span>" if about else ""
    return (
        f'<p class="facade" data-what="{link.what}" dir="{"rtl" if get_language_bidi() else "ltr"}">'
        f'<a href="{escape(href)}" rel="noopener nofollow" target="_blank"><b>{title}</b>{small}</a></p>'
    )


def _title(link: Link) -> SafeString:
    """What it is and where, in the active language."""
    place = format_html("<bdi>{}</bdi>", link.place)
    if not link.who:
        return format_html(_("Video on {place}") if link.what == "video" else _("Post on {place}"), place=place)
    who = format_html('<bdi dir="ltr">{}</bdi>', link.who)
    sentence = _("Video by {who} on {place}") if link.what == "video" else _("Post by {who} on {place}")
    return format_html(sentence, who=who, place=place)
