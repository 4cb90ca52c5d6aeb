"""Partners: who may show our events on their own pages."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from events.forms.fields import OriginsField, ThemeField
from events.models import Partner, themes


class PartnerForm(forms.ModelForm):
    """A partner, its origins one a line."""

    origins = OriginsField(
        label=_("Origins"), required=False, help_text=_("Where their pages are, one a line: https://www.example.org")
    )

    theme = ThemeField(
        label=_("Theme"),
        required=False,
        help_text=_(
            "Their own colours for the embed at their address, one a line, such as: paper #ffffff. Names: %(names)s; "
            "words serif or sans. What is not named is as everywhere."
        )
        % {"names": ", ".join(name for name in themes.NAMES if name != "words")},
    )

    class Meta:
        model = Partner
        fields = ("name", "key", "origins", "theme", "active")


@admin.register(Partner)
class PartnerAdmin(admin.ModelAdmin):
    """Organisations that embed us."""

    form = PartnerForm
    list_display = ("name", "key", "where", "active")
    list_filter = ("active",)
    search_fields = ("name", "key")
    date_hierarchy = "created_at"

    @admin.display(description=_("origins"))
    def where(self, partner: Partner) -> str:
        """The origins on one line."""
        origins: list[Any] = partner.origins
        return ", ".join(str(origin) for origin in origins)
