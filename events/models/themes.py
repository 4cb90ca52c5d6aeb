"""A partner's own colours for the embed: names that we know, hex colours, and nothing that cannot be read."""

import base64
import hashlib
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: Our own values by day and by night, those of static/css/tokens.css: what a partner names replaces them.
DAY = {
    "paper": "#fdfcf9", "raised": "#f4f1e8", "ink": "#17191d", "quiet": "#565960",
    "hair": "#dcd8cd", "edge": "#85817a", "live": "#c4122f", "good": "#1d6b45",
}  # fmt: skip
NIGHT = {
    "paper": "#121417", "raised": "#1d2126", "ink": "#e9e6df", "quiet": "#aeaba4",
    "hair": "#33373d", "edge": "#83858a", "live": "#ff6b7d", "good": "#6fcf9b",
}  # fmt: skip
#: What may be named: each colour by day, and by night as `night-paper`; and the face of the words.
NAMES = (*DAY, *(f"night-{name}" for name in NIGHT), "words")
FACES = ("serif", "sans")
#: The least contrast with both papers: text 4.5 (WCAG 2.2, 1.4.3), what marks a control 3 (1.4.11).
LEAST = {"ink": 4.5, "quiet": 4.5, "live": 4.5, "good": 4.5, "edge": 3.0}
_HEX = re.compile(r"#[0-9a-f]{6}", re.ASCII)


def contrast(one: str, other: str) -> float:
    """The ratio of two colours `#rrggbb`, from 1 to 21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def check(theme: Any) -> None:
    """Raise ValidationError, a sentence, for what is no theme: ``{"paper": "#ffffff", "words": "sans"}``."""
    if not isinstance(theme, dict):
        raise ValidationError(_("A theme is names and their values."))
    for name, value in theme.items():
        if name not in NAMES:
            raise ValidationError(
                _("A theme has no “%(name)s”. It has: %(names)s.") % {"name": name, "names": ", ".join(NAMES)}
            )
        if not _fits(name, value):
            wanted = _("serif or sans") if name == "words" else _("a colour such as #10222e")
            raise ValidationError(
                _("“%(value)s” cannot be %(name)s: write %(wanted)s.")
                % {"value": value, "name": name, "wanted": wanted}
            )
    for night in (False, True):
        _check_contrast(_scheme(theme, night=night), "night-" if night else "")


def _check_contrast(colours: dict[str, str], prefix: str) -> None:
    for name, least in LEAST.items():
        for paper in ("paper", "raised"):
            found = contrast(colours[name], colours[paper])
            if found < least:
                raise ValidationError(
                    _(
                        "%(name)s (%(one)s) on %(paper)s (%(other)s) cannot be read well: "
                        "its contrast is %(found).1f, and %(least).1f is the least."
                    )
                    % {
                        "name": prefix + name, "one": colours[name], "paper": prefix + paper, "other": colours[paper],
                        # Rounded down, so that 4.46 is not said to be 4.5.
                        "found": int(found * 10) / 10, "least": least,
                    }
                )  # fmt: skip


def _fits(name: str, value: Any) -> bool:
    if name == "words":
        return value in FACES
    return isinstance(value, str) and _HEX.fullmatch(value) is not None


def _scheme(theme: dict[str, str], *, night: bool) -> dict[str, str]:
    """All colours of one scheme: the partner's, else ours."""
    own = NIGHT if night else DAY
    return {name: theme.get(f"night-{name}" if night else name, colour) for name, colour in own.items()}


def style(theme: Any) -> str:
    """The style sheet of a theme, for the embed's `<style>`; empty for none. What does not fit never gets into it."""
    if not isinstance(theme, dict):
        return ""
    known = {name: theme[name] for name in NAMES if name in theme and _fits(name, theme[name])}
    face = ":root{--words:var(--labels)}" if known.get("words") == "sans" else ""
    day, night = (
        "".join(
            f"--{name}:{known[prefix + name]};" + (f"--halo:{known[prefix + name]}2e;" if name == "live" else "")
            for name in DAY
            if prefix + name in known
        )
        for prefix in ("", "night-")
    )
    # More specific than ours, which stand before it; whoever asked for more contrast has it.
    colours = _rules("light", "not all and (prefers-color-scheme:dark)", day) + _rules(
        "dark", "(prefers-color-scheme:dark)", night
    )
    more = "@media (prefers-contrast:more){:root[data-theme]{--quiet:var(--ink);--hair:var(--edge)}}" if colours else ""
    return face + colours + more


def _rules(scheme: str, media: str, colours: str) -> str:
    """The colours where the embed shows this scheme: because it was asked to, or because the reader does."""
    if not colours:
        return ""
    return f"@media {media}{{:root[data-theme=auto]{{{colours}}}}}:root[data-theme={scheme}]{{{colours}}}"


def source(style: str) -> str:
    """What lets a policy's style-src take this style and no other; empty for none."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" if style else ""
