"""The plain admin's form of an event."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.translation import gettext_lazy as _

from events.forms.fields import ZonesField
from events.models import Event
from events.publishing import Refused

FIELDS = (
    "title", "slug", "short_title", "standfirst", "language", "visibility", "starts_at", "zone", "zone_name", "zones",
    "notice", "team_line", "coming_up", "continues", "indexed", "frozen", "embargo_until", "send_delay",
    "second_editor", "only_named", "handover",
)  # fmt: skip


class EventForm(forms.ModelForm):
    """An event's own fields; its state has buttons of its own."""

    refused: Refused | None = None

    zones = ZonesField(
        label=_("Further zones"), required=False, help_text=_("Up to three, one a line: Asia/Kolkata in India")
    )

    pinned_until = forms.SplitDateTimeField(
        label=_("Pinned until"),
        required=False,
        widget=AdminSplitDateTime(),
        help_text=_("When the post on top is no longer held there; empty for no end."),
    )

    class Meta:
        model = Event
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "pinned_until" in self.fields:
            self.fields["pinned_until"].initial = self.instance.pinned_until
            self.fields["pinned_until"].disabled = self.instance.pinned_id is None

    def clean(self) -> dict[str, Any]:
        """Add what publishing has said to the field that it is about."""
        cleaned = super().clean() or {}
        if self.refused is not None:
            self.add_error(self.refused.field if self.refused.field in self.fields else None, self.refused.message)
        return cleaned
