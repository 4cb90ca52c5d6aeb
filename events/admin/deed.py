"""The audit log: who did what to which post when. Nobody writes here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events import permissions
from events.models import Deed
from events.templatetags import newsroom


@admin.register(Deed)
class DeedAdmin(admin.ModelAdmin):
    """Deeds, append-only and read-only."""

    list_display = ("at", "by", "verb", "title", "detail", "event")
    list_filter = (
        "verb",
        ("event", admin.RelatedOnlyFieldListFilter),
        ("by", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("post", "event", "by")
    search_fields = ("post__headline", "about", "by__username", "key", "detail")
    date_hierarchy = "at"
    show_full_result_count = False

    @admin.display(description=_("post"), empty_value="—")
    def title(self, deed: Deed) -> str | None:
        """The post in a few words, as long as there is one, and its id."""
        return (
            f"{newsroom.label(deed.post)[:80]} ({deed.about})".strip() if deed.post is not None else deed.about or None
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deed]:
        """Those of the events in which this user publishes."""
        events = permissions.events_for(request.user, permissions.PUBLISH)
        return super().get_queryset(request).filter(event__in=events).prefetch_related("post__attributions")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever may see them."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Deed | None = None) -> bool:
        """Whoever publishes, by group or by role; of other events there is nothing to see."""
        return permissions.may_publish(request.user, obj.event if obj is not None else None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Deeds are written by publishing."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Append-only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Append-only."""
        return False
