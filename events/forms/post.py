"""The plain admin's form of a post: one form, one deed."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events import text
from events.forms.fields import AdminBodyWidget, BodyField
from events.models import Attribution, Post
from events.models.attribution import Basis
from events.models.post import PostState
from events.publishing import Conflict, Named, Refused, Words

REVISIONS = [
    ("typo", _("Revise: spelling only, readers are told nothing")),
    ("addition", _("Revise: new facts, readers see “Added”")),
    ("clarification", _("Clarify: a sentence above the text")),
    ("correction", _("Correct: a sentence above the text and an entry of its own")),
    ("withdraw", _("Withdraw: the sentence stands in its place; nothing typed above is stored")),
    ("retract", _("Retract: we no longer stand by it, and the sentence says why; nothing typed above is stored")),
]
WORDS = (
    "headline",
    "body",
    "kind",
    "byline",
    "standing",
    "key_event",
    "key_label",
    "occurred_at",
    "occurred_precision",
)

NAMED = (
    "source", "basis", "verb", "medium", "place", "said_at", "said_precision", "link", "quote", "quote_form",
    "language", "translated_by", "as_named", "as_role", "as_organisation", "speaker_type", "described_as",
    "reason_unnamed",
)  # fmt: skip


class PostForm(forms.ModelForm):
    """A post's words, and what is to be done with them.

    The admin sets `refused` on a subclass when publishing has said no, so that the same
    form comes back with the sentence and with all that was typed.
    """

    refused: Refused | None = None
    publisher = False

    body = BodyField(widget=AdminBodyWidget(), label=_("Body"), required=False, strip=False)
    deed = forms.ChoiceField(label=_("What to do"), widget=forms.RadioSelect)
    sentence = forms.CharField(
        label=_("Public sentence"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For a clarification or a correction: what we said, and what is right. For a withdrawal: why."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    asked = forms.BooleanField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    class Meta:
        model = Post
        fields = ("event", *WORDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What has an end on the server keeps it here too, with our sentence and not the browser's silent cut.
        self.fields["headline"].widget.attrs.pop("maxlength", None)
        deeds = self.deeds()
        self.fields["deed"].choices = deeds  # type: ignore[attr-defined]
        self.fields["deed"].initial = deeds[0][0]
        self.fields["revision"].initial = self.instance.revision
        self.fields["key"].initial = f"form-{secrets.token_hex(12)}"
        if self.instance.created_at is not None:
            self.fields["event"].disabled = True
        if self.instance.state != PostState.PUBLISHED:
            del self.fields["sentence"]

    def deeds(self) -> list[tuple[str, Any]]:
        """What this user may do with a post in this state."""
        if self.instance.state == PostState.PUBLISHED:
            return REVISIONS
        drafts = [("submit", _("Submit to the editors")), ("draft", _("Save as a draft"))]
        return [("publish", _("Publish now")), *reversed(drafts)] if self.publisher else drafts

    def clean(self) -> dict[str, Any]:
        """Add what publishing has said to the field that it is about."""
        cleaned = super().clean() or {}
        if self.refused is not None:
            if self.refused.field == "change":
                # The same form asks: nothing is chosen for the editor, who has been asked from here on.
                self.data = {name: value for name, value in self.data.items() if name != "deed"} | {"asked": "true"}
            field = {"note": "sentence", "change": "deed"}.get(self.refused.field, self.refused.field)
            self.add_error(field if field in self.fields else None, self.refused.message)
        return cleaned

    @property
    def conflict(self) -> Conflict | None:
        """The words as they stand, when somebody else changed them meanwhile."""
        return self.refused if isinstance(self.refused, Conflict) else None

    @property
    def mine(self) -> str:
        """The typed body, safe to show beside the other."""
        return text.clean(self.cleaned_data.get("body", ""))

    def words(self, attributions: tuple[Named, ...]) -> Words:
        """What was typed, for publishing."""
        return Words(**{name: self.cleaned_data[name] for name in WORDS}, attributions=attributions)


class AttributionForm(forms.ModelForm):
    """How a source said it, and where."""

    link = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = Attribution
        fields = NAMED
        widgets = {"quote": forms.Textarea(attrs={"rows": 2})}

    def validate_constraints(self) -> None:
        """Leave it to `clean`, which has sentences; the database has the constraint."""

    def clean(self) -> dict[str, Any]:
        """Say what an unnamed or a named source lacks; a new source brings its own name and role."""
        cleaned = super().clean() or {}
        if cleaned.get("basis") == Basis.UNNAMED:
            if cleaned.get("source") or cleaned.get("as_named"):
                self.add_error("source", _("An unnamed source is described, never named: take the name out."))
            for field in ("described_as", "reason_unnamed"):
                if not cleaned.get(field):
                    self.add_error(field, _("An unnamed source needs a description and a reason."))
            return cleaned
        for field in ("described_as", "reason_unnamed"):
            if cleaned.get(field):
                self.add_error(field, _("Only an unnamed source is described: choose that basis, or take this out."))
        if "source" in self.changed_data and cleaned.get("source"):
            for field in ("as_named", "as_role", "as_organisation", "speaker_type"):
                if field not in self.changed_data:
                    cleaned[field] = ""
        if not (
            cleaned.get("source")
            or cleaned.get("as_named")
            or cleaned.get("basis") in (Basis.WITNESSED, Basis.DOCUMENT)
        ):
            self.add_error("source", _("Choose the source, or write the name to show."))
        return cleaned

    def named(self) -> Named:
        """What was typed, for publishing."""
        return Named(**{name: self.cleaned_data[name] for name in NAMED})
