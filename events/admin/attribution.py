"""Who said so, in a post's form in the plain admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events import permissions
from events.forms.post import AttributionForm
from events.models import Attribution


class AttributionInline(admin.StackedInline):
    """Who said so. Read by `PostAdmin.save_related`; saves nothing itself."""

    model = Attribution
    form = AttributionForm
    extra = 0
    autocomplete_fields = ("source",)
    fieldsets = (
        (None, {"fields": (("source", "basis"), ("verb", "medium", "place"), ("said_at", "said_precision"), "link")}),
        (_("Quotation"), {"fields": ("quote", ("quote_form", "language", "translated_by"))}),
        (
            _("Shown otherwise than the source says, or unnamed"),
            {
                "classes": ("collapse",),
                "fields": (
                    ("as_named", "as_role"),
                    ("as_organisation", "speaker_type"),
                    ("described_as", "reason_unnamed"),
                ),
            },
        ),
    )

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """A new post begins with room for one source."""
        return 0 if obj else 1

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever writes in the event; which posts of it, the post's own form asks."""
        return permissions.may_submit(request.user, obj.event if obj is not None else None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever writes in the event."""
        return self.has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever writes in the event."""
        return self.has_add_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever has a place at the event's desk."""
        return permissions.may_enter(request.user, obj.event if obj is not None else None)
