"""The plain admin's form of a post: one form, one deed."""

import secrets
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import text
from events.forms.choices import deeds_for, fields_for, is_held
from events.forms.fields import AdminBodyWidget, BodyField, directed
from events.models import Attribution, Event, Post
from events.models.post import PostState
from events.publishing import Asks, Conflict, Marks, Named, Refused, Words, imprint

#: Posts that the form offers to be read instead of a withdrawn one.
OFFERED = 100

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

#: Those that others may have changed without a new revision.
MARKS = ("standing", "key_event", "key_label")

NAMED = (
    "source", "basis", "verb", "medium", "place", "said_at", "said_precision", "link", "quote", "quote_form",
    "language", "translated_by", "as_named", "as_role", "as_organisation", "speaker_type", "described_as",
    "reason_unnamed",
)  # fmt: skip


def _new_key() -> str:
    return f"form-{secrets.token_hex(12)}"


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
    instead = forms.ModelChoiceField(
        Post.objects.none(), label=_("To be read instead"), required=False, help_text=_("For a withdrawal.")
    )
    due_at = forms.SplitDateTimeField(label=_("Goes out at"), required=False, widget=AdminSplitDateTime())
    sort_at = forms.SplitDateTimeField(label=_("Place in time"), required=False, widget=AdminSplitDateTime())
    private = forms.CharField(
        label=_("Private note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For the desk; no reader sees it. Never write who an unnamed source is."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    began = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    asked = forms.BooleanField(widget=forms.HiddenInput, required=False)
    held = forms.BooleanField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    class Meta:
        model = Post
        fields = ("event", *WORDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "headline" not in self.fields:
            # Only to be read: the admin has taken the words out, and there is nothing to be done.
            return
        # What has an end on the server keeps it here too, with our sentence and not the browser's silent cut.
        self.fields["headline"].widget.attrs.pop("maxlength", None)
        deeds = self.deeds()
        self.fields["deed"].choices = deeds  # type: ignore[attr-defined]
        self.fields["deed"].initial = deeds[0][0]
        self.fields["revision"].initial = self.instance.revision
        self.fields["began"].initial = "" if self.instance._state.adding else imprint(self.instance)
        self.fields["held"].initial = is_held(self.instance)
        for name in MARKS:
            self.fields[name].show_hidden_initial = True
        self.fields["key"].initial = _new_key()
        if not self.instance._state.adding:
            self.fields["event"].disabled = True
        self._fit()
        event = self.instance.event if self.instance.event_id else None
        directed(self.fields, event, ("headline", "body", "byline", "key_label", "sentence"), ("private",))

    def _fit(self) -> None:
        """Keep the fields that belong to the post's state, filled with what is stored."""
        post = self.instance
        wanted = fields_for(post, publisher=self.publisher)
        for name in ("sentence", "instead", "due_at", "sort_at", "private"):
            if name not in wanted:
                del self.fields[name]
        for name, value in (("due_at", post.due_at), ("sort_at", post.sort_at), ("private", post.note)):
            if name in self.fields:
                self.fields[name].initial = value
        if "instead" in self.fields:
            ids = post.event.posts.published().exclude(pk=post.pk).newest().values("pk")[:OFFERED]
            self.fields["instead"].queryset = Post.objects.filter(pk__in=ids).newest()  # type: ignore[attr-defined]
        if post.state == PostState.SUBMITTED and "sentence" in self.fields:
            self.fields["sentence"].label = _("Reason")
            self.fields["sentence"].help_text = _("Its author reads why it comes back.")

    def deeds(self) -> list[tuple[str, Any]]:
        """What this user may do with a post in this state."""
        return deeds_for(self.instance, publisher=self.publisher)

    def clean(self) -> dict[str, Any]:
        """Add what publishing has said to the field that it is about."""
        cleaned = super().clean() or {}
        if self.refused is None:
            return cleaned
        message = self.refused.message
        if self.refused.field == "change":
            # The same form asks: nothing is chosen for the editor, who has been asked from here on.
            self.data = {name: value for name, value in self.data.items() if name != "deed"} | {"asked": "true"}
        elif isinstance(self.refused, Asks):
            known = {"held": {"held": "true"}, "repeated": {"key": _new_key()}}
            self.data = dict(self.data.items()) | known.get(self.refused.reason, {"asked": "true"})
            message = gettext("%(question)s Press again to publish all the same.") % {"question": message}
        names = {"note": "sentence", "reason": "sentence", "change": "deed", "replaced_by": "instead"}
        field = names.get(self.refused.field, self.refused.field)
        self.add_error(field if field in self.fields else None, message)
        return cleaned

    @property
    def conflict(self) -> Conflict | None:
        """The words as they stand, when somebody else changed them meanwhile."""
        return self.refused if isinstance(self.refused, Conflict) else None

    @property
    def mine(self) -> str:
        """The typed body, safe to show beside the other."""
        return text.clean(self.cleaned_data.get("body", ""))

    def was(self) -> Marks | None:
        """What the form was loaded with beside the words; None where it came without."""
        if self["standing"].html_initial_name not in self.data:
            return None
        loaded = {name: self.data.get(self[name].html_initial_name, "") for name in MARKS}
        return Marks(**loaded | {"key_event": self.fields["key_event"].to_python(loaded["key_event"])})

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

    def __init__(self, *args: Any, event: Event | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = ("quote", "medium", "place", "described_as", "reason_unnamed")
        directed(self.fields, event, words, ("as_named", "as_role", "as_organisation", "translated_by"))

    def validate_constraints(self) -> None:
        """Leave it to `clean`, which has sentences; the database has the constraint."""

    def clean(self) -> dict[str, Any]:
        """Say what an unnamed or a named source lacks; a new source brings its own name and role."""
        cleaned = super().clean() or {}
        for field, sentence in Named(**{name: cleaned[name] for name in NAMED if name in cleaned}).flaws():
            self.add_error(field, sentence)
        if "source" in self.changed_data and cleaned.get("source"):
            for field in ("as_named", "as_role", "as_organisation", "speaker_type"):
                if field not in self.changed_data:
                    cleaned[field] = ""
        return cleaned

    def named(self) -> Named:
        """What was typed, for publishing."""
        return Named(**{name: self.cleaned_data[name] for name in NAMED})
