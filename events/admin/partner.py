"""Partners: who may show our events on their own pages."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from events.forms.fields import OriginsField
from events.models import Partner


class PartnerForm(forms.ModelForm):
    """A partner, its origins one a line."""

    origins = OriginsField(
        label=_("Origins"), required=False, help_text=_("Where their pages are, one a line: https://www.example.org")
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
