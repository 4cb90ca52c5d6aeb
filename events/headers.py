"""The headers of everything that is public, from one place.

Used by views and middleware and by whatever answers without them, so that the same bytes
carry the same headers by every way. Nothing here depends on a request.
"""

import hashlib
from typing import Literal

from django.conf import settings

Kind = Literal["page", "updates", "short", "search", "data", "picture"]

#: Seconds: a shared cache may hold a page so long, and hand it out so long when the origin is away (RFC 5861).
_PAGE = {
    "Cache-Control": "public, max-age=0, s-maxage=2, must-revalidate",
    "CDN-Cache-Control": "max-age=2, stale-while-revalidate=10, stale-if-error=60",
}
_CACHING = {
    "page": _PAGE,
    # No stale-while-revalidate: a browser's own cache would answer with the past.
    "updates": {"Cache-Control": "public, max-age=0, s-maxage=1"},
    "short": {"Cache-Control": "public, max-age=0, s-maxage=2"},
    # Feeds and the like: for machines, which may read them from any page.
    "data": _PAGE,
    # Its address changes with its words: whoever has it may keep it. A cache between us and them may not, since what
    # is withdrawn must be out of it.
    "picture": {**_PAGE, "Cache-Control": "public, max-age=86400, s-maxage=2, immutable"},
    # What somebody looks for is nobody's but theirs.
    "search": {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"},
}


def tag(*facts: object) -> str:
    """A weak ETag (RFC 9110) of whatever an answer depends on."""
    return f'W/"{hashlib.sha256("|".join(map(str, facts)).encode()).hexdigest()[:20]}"'


def policy(*, ancestors: str = "'none'", style: str = "") -> str:
    """The Content-Security-Policy of a public page: our own files, no inline script, Trusted Types.

    `style` is the hash of an inline style, where there is one.
    """
    socket = settings.SITE_URL.replace("http", "ws", 1)
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' {style}".strip(),
            "img-src 'self' data:",
            "media-src 'self'",
            "font-src 'self'",
            f"connect-src 'self' {settings.SITE_URL} {socket}",
            "frame-src 'none'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {ancestors}",
            "require-trusted-types-for 'script'",
            "trusted-types liveblog",
        )
    )


def everywhere() -> dict[str, str]:
    """What Django's own middleware puts on every answer: the same for those that never pass it."""
    given = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
    }
    if settings.SECURE_HSTS_SECONDS:
        given["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return given


def embed(etag: str, ancestors: str, style: str = "") -> dict[str, str]:
    """The headers of an embed that `ancestors` (sources of a policy) may frame; `style` as for `policy`."""
    given = public("page", etag)
    del given["X-Frame-Options"]
    # In a sandbox the origin is opaque, and some engines match 'self' with nothing then.
    given["Content-Security-Policy"] = policy(ancestors=ancestors, style=style).replace(
        "'self'", f"'self' {settings.SITE_URL}"
    )
    # A page whose history was replaced is fetched again by its own script, from an opaque origin.
    given["Access-Control-Allow-Origin"] = "*"
    return given


def public(kind: Kind, etag: str = "") -> dict[str, str]:
    """The headers of a public answer of this kind."""
    headers = {"Vary": "Accept-Encoding", **_CACHING[kind], **everywhere(), "X-Frame-Options": settings.X_FRAME_OPTIONS}
    if etag:
        headers["ETag"] = etag
    if kind in ("updates", "data", "picture"):
        # In a sandboxed frame the origin is opaque; the answer is public and knows no cookie.
        headers["Access-Control-Allow-Origin"] = "*"
        # The page's clock is the server's, there too.
        headers["Access-Control-Expose-Headers"] = "Date, Retry-After"
        # Nothing to load and nothing to show, should somebody open it as a page.
        headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    else:
        headers["Content-Security-Policy"] = policy()
    return headers
