"""Form fields of our own: rich text, further zones, lines."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget, ProseEditorWidget
from js_asset import Media, Script

from events.models import Event

#: What the one policy in `events.text` lets through. Lists and headings need their companions.
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Heading": {"levels": [4]},
    "HardBreak": True,
    "History": True,
    # A newsroom wants the browser's spelling marks.
    "NoSpellCheck": False,
}


def _with_ours(media: Media) -> Media:
    # Ours first: it waits for the editor to be ready.
    return Media(js=[Script("js/desk-editor.js", type="module")], css={"all": ["css/desk-editor.css"]}) + media


class BodyWidget(ProseEditorWidget):
    """The editor at the desk."""

    @property
    def media(self) -> Media:
        """The editor's files and ours; render it with the request's nonce."""
        return _with_ours(super().media)


class AdminBodyWidget(AdminProseEditorWidget):
    """The editor in the plain admin."""

    @property
    def media(self) -> Media:
        """The editor's files and ours; render it with the request's nonce."""
        return _with_ours(super().media)


class BodyField(ProseEditorFormField):
    """A post's body. It is cleaned where it is published, by the one policy."""

    def __init__(self, *, widget: forms.Widget, **kwargs: Any) -> None:
        super().__init__(widget=widget, config={"extensions": EXTENSIONS}, **kwargs)


def directed(fields: dict[str, forms.Field], event: Event | None, words: Iterable[str], names: Iterable[str]) -> None:
    """Let fields begin at the side of what is written in them.

    `words` are in the event's language; `names`, and all before the event is chosen, in any.
    """
    tongue = {"lang": event.language, "dir": event.direction} if event is not None else {"dir": "auto"}
    for given, attrs in ((words, tongue), (names, {"dir": "auto"})):
        for name in given:
            if name in fields:
                fields[name].widget.attrs |= attrs


class ZonesField(forms.CharField):
    """Further zones, one a line: ``Asia/Kolkata in India``."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        """Stored rows as lines; what was typed as it was."""
        if isinstance(value, list):
            return "\n".join(f"{row['zone']} {row['name']}" for row in value)
        return value

    def to_python(self, value: Any) -> Any:
        """Lines as rows ``{"zone": …, "name": …}``."""
        rows = []
        for line in (super().to_python(value) or "").splitlines():
            if line.strip():
                zone, _space, name = line.strip().partition(" ")
                rows.append({"zone": zone, "name": name.strip()})
        return rows

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the lines say something else."""
        return bool((initial or []) != self.to_python(data))


class OriginsField(forms.CharField):
    """Origins of a partner's pages, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})
    default_error_messages = {
        "origin": _(
            "“%(line)s” is no origin: write https:// and the host, without a path, such as https://www.example.org."
        ),
    }

    def prepare_value(self, value: Any) -> Any:
        """A stored list as lines; what was typed as it was."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Lines as a list of origins; raise ValidationError for anything else."""
        origins = []
        for line in (super().to_python(value) or "").split():
            origin = line.rstrip("/").lower()
            if not _is_origin(origin):
                raise forms.ValidationError(self.error_messages["origin"], code="origin", params={"line": line})
            origins.append(origin)
        return origins

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the lines name other origins."""
        try:
            return bool((initial or []) != self.to_python(data))
        except forms.ValidationError:
            return True


class ThemeField(forms.CharField):
    """A partner's own colours, one a line: ``paper #ffffff``."""

    widget = forms.Textarea(attrs={"rows": 6})

    def prepare_value(self, value: Any) -> Any:
        """Stored colours as lines; what was typed as it was."""
        return "\n".join(f"{name} {colour}" for name, colour in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        """Lines as ``{"paper": "#ffffff"}``; what is in them is the record's to check."""
        theme = {}
        for line in (value or "").splitlines():
            name, _space, colour = line.replace(":", " ").strip("; ").lower().partition(" ")
            if name:
                # As in CSS, #fff is #ffffff.
                short = re.fullmatch("#([0-9a-f])([0-9a-f])([0-9a-f])", colour.strip())
                theme[name] = "#" + "".join(part * 2 for part in short.groups()) if short else colour.strip()
        return theme

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the lines say something else."""
        return bool((initial or {}) != self.to_python(data))


def _is_origin(origin: str) -> bool:
    # A semicolon or a comma would end the directive that the origin goes into.
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return False
    rebuilt = f"{parts.scheme}://{parts.hostname or ''}{f':{port}' if port else ''}"
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and rebuilt == origin
        and not set(origin) & set(";,'\"*")
    )
