"""The plain admin's form of an event."""

import json
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import uploads
from events.forms.fields import ZonesField, directed
from events.models import Event, Picture, Post
from events.publishing import Refused, take_in
from events.publishing.pictures import PICTURE_WORDS

FIELDS = (
    "title", "slug", "short_title", "standfirst", "language", "visibility", "starts_at", "zone", "zone_name", "zones",
    "lead_picture", "picture_alt", "picture_caption", "picture_credit", "notice", "team_line", "coming_up", "continues",
    "indexed", "frozen", "embargo_until", "send_delay", "second_editor", "only_named", "handover",
)  # fmt: skip


def _as_text(value: Any) -> str:
    """One field of an event as text: two that an editor cannot tell apart are the same."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0).isoformat()
    if isinstance(value, (Event, Picture)):
        return str(value.pk)
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _pin(event: Event) -> dict[str, str]:
    """What is on top, and until when."""
    return {"pinned": event.pinned_id or "", "pinned_until": _as_text(event.pinned_until)}


def _read(text: str) -> dict[str, str]:
    """What `seen` holds; nothing where a browser sent nonsense."""
    try:
        given = json.loads(text)
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


class EventForm(forms.ModelForm):
    """An event's own fields; its state has buttons of its own."""

    refused: Refused | None = None
    #: Who fills it in.
    by: User | None = None

    zones = ZonesField(
        label=_("Further zones"),
        required=False,
        help_text=_(
            "Up to three, one a line, each with its name: Asia/Kolkata in India. The top of the page says what time "
            "it is there when the event begins: “7:30 pm in India”."
        ),
    )

    lead_picture = forms.ModelChoiceField(Picture.objects.none(), widget=forms.HiddenInput, required=False)
    picture_file = forms.FileField(
        label=_("Another picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": uploads.MEDIA_TYPES}),
        help_text=_("JPEG, PNG, WebP, GIF or AVIF, at least 640 pixels wide. Where it was taken is not kept."),
    )
    picture_away = forms.BooleanField(label=_("Take the picture away"), required=False)

    pinned_until = forms.SplitDateTimeField(
        label=_("Pinned until"),
        required=False,
        widget=AdminSplitDateTime(),
        help_text=_("When the post on top is no longer held there; empty for no end."),
    )

    #: The fields as they stood when the form was opened.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Event
        fields = FIELDS
        labels = {"slug": _("Web address")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = None if self.instance._state.adding else self.instance
        words = ("title", "short_title", "standfirst", "notice", "team_line", "coming_up", *PICTURE_WORDS)
        directed(self.fields, stored, words, ("zone_name", "zones", "handover"))
        if "pinned_until" in self.fields:
            self.fields["pinned_until"].initial = self.instance.pinned_until
            self.fields["pinned_until"].disabled = self.instance.pinned_id is None

        if "seen" in self.fields and not self.instance._state.adding:
            self.fields["seen"].initial = json.dumps(self._present())

        if stored is not None:
            self.fields["lead_picture"].queryset = stored.pictures.filter(removed_at=None)  # type: ignore[attr-defined]

    def clean_picture_file(self) -> Any:
        """Take a picture in; where the form comes back for another reason, it comes back with it."""
        upload = self.cleaned_data.get("picture_file")
        if not isinstance(upload, UploadedFile) or self.instance._state.adding:
            return None
        try:
            picture = take_in(self.instance, upload, by=self.by)
        except Refused as refused:
            raise ValidationError(refused.message) from refused
        self._hold(picture)
        return picture

    def _hold(self, picture: Picture | None) -> None:
        """Be as if this picture had been sent, which a browser cannot."""
        given: Any = self.data
        self.data = shown = given.copy()
        shown["lead_picture"] = str(picture.pk) if picture is not None else ""
        self.cleaned_data["lead_picture"] = picture

    def _present(self) -> dict[str, str]:
        stored = Event.objects.get(pk=self.instance.pk)
        return {name: _as_text(getattr(stored, name)) for name in FIELDS} | _pin(stored)

    def changes(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What this editor has changed, and what they began from, for `publishing.change`."""
        stored, began = Event.objects.get(pk=self.instance.pk), _read(self.cleaned_data.get("seen", ""))
        changed = {name: self.cleaned_data[name] for name in self.changed_data if name in FIELDS}
        # What they left as they found it is not theirs to set back.
        mine = {name: value for name, value in changed.items() if began.get(name) != _as_text(value)}
        seen = {
            name: getattr(stored, name) if began[name] == _as_text(getattr(stored, name)) else object()
            for name in mine
            if name in began
        }
        return mine, seen

    def pin(self) -> tuple[Post, datetime | None] | None:
        """What is on top and the end that this editor has given it; None where they have not touched it.

        Raises Refused, at `seen`, when something else is there by now, or its end is another.
        """
        began = _read(self.cleaned_data.get("seen", ""))
        if "pinned_until" not in self.changed_data or self._left("pinned_until", began):
            return None
        stored = Event.objects.select_related("pinned").get(pk=self.instance.pk)
        if any(began.get(name, now) != now for name, now in _pin(stored).items()):
            raise Refused(gettext("Somebody else has changed this meanwhile."), "seen")
        return (stored.pinned, self.cleaned_data["pinned_until"]) if stored.pinned is not None else None

    def _left(self, name: str, began: dict[str, str]) -> bool:
        """Whether this editor has left a field as they found it."""
        return began.get(name) == _as_text(self.cleaned_data.get(name))

    def _show_theirs(self) -> None:
        """Say at each field what somebody else has made of it meanwhile; saved once more, ours is stored over it."""
        began, present = _read(self.data.get("seen", "")), self._present()
        if "pinned_until" in self.changed_data and not self._left("pinned_until", began):
            self._show_their_pin(began, present)
        for name in set(self.changed_data) & set(began) & set(present):
            # What they left as they found it stays so: it goes on being what they began from.
            if began[name] != present[name] and not self._left(name, began):
                sentence = gettext("Somebody else has changed this meanwhile: “%(theirs)s”. Save again to store yours.")
                self.add_error(name, sentence % {"theirs": present[name]})
                began[name] = present[name]
        if not self.errors:
            self.add_error(None, self.refused.message if self.refused else "")
        given: Any = self.data
        self.data = shown = given.copy()
        shown["seen"] = json.dumps(began)

    def _show_their_pin(self, began: dict[str, str], present: dict[str, str]) -> None:
        """Say which post somebody else has put on top; saved once more, the end is that one's."""
        if began.get("pinned", present["pinned"]) != present["pinned"]:
            theirs = Post.objects.filter(pk=present["pinned"]).first()
            sentence = gettext("Another post is on top by now: “%(theirs)s”. Save again to give that one this end.")
            self.add_error("pinned_until", sentence % {"theirs": str(theirs)[:60]})
            began |= {name: present[name] for name in ("pinned", "pinned_until")}

    def clean(self) -> dict[str, Any]:
        """Add what publishing has said to the field that it is about."""
        cleaned = super().clean() or {}
        if cleaned.get("picture_away") and not cleaned.get("picture_file"):
            self._hold(None)
        if self.refused is not None and self.refused.field == "seen":
            self._show_theirs()
        elif self.refused is not None:
            self.add_error(self.refused.field if self.refused.field in self.fields else None, self.refused.message)
        return cleaned
