"""The plain admin's form of a source."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events import publishing
from events.models import Source


class SourceForm(forms.ModelForm):
    """A source, and whether a change of it goes into the posts that name it."""

    link = forms.URLField(
        label=_("Link"), required=False, max_length=500, assume_scheme="https", help_text=_("A public web address.")
    )
    carry = forms.BooleanField(label=_("Carry the change into its posts"), required=False)

    class Meta:
        model = Source
        fields = ("name", "speaker_type", "role", "organisation", "link")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, example in (("role", _("spokesperson")), ("organisation", _("the Kremlin"))):
            if name in self.fields:
                self.fields[name].widget.attrs["placeholder"] = example
        if "carry" not in self.fields or self.instance.pk is None:
            return
        count = publishing.posts_naming(self.instance).count()
        self.fields["carry"].help_text = ngettext(
            "%(count)d post shows this source. Without the tick it keeps what it shows; with it, it is revised.",
            "%(count)d posts show this source. Without the tick they keep what they show; with it, each is revised.",
            count,
        ) % {"count": count}
