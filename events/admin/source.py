"""Sources: who a post's facts come from."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from events.models import Source


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    """People, outlets and bodies. Changing one changes no post: posts keep what was shown."""

    list_display = ("name", "role", "organisation", "speaker_type")
    list_filter = ("speaker_type",)
    formfield_overrides: ClassVar[dict[type[models.Field], Any]] = {models.URLField: {"assume_scheme": "https"}}
    search_fields = ("name", "role", "organisation")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Posts rest on sources; none is deleted."""
        return False
