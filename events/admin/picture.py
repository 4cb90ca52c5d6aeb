"""Pictures: all that were taken in, and their removal for good."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events import permissions, publishing
from events.admin.deeds import DeedsAdmin
from events.admin.roles import ByEventAdmin
from events.models import Picture


def thumbnail(picture: Picture, alt: str) -> str:
    """The picture in small, from the desk's own address: readers may not see it yet, or any more."""
    address = reverse("admin:events_event_desk_picture", args=[picture.event_id, picture.pk])
    return format_html('<img src="{}" alt="{}" width="160" loading="lazy">', address, alt)


@admin.register(Picture)
class PictureAdmin(ByEventAdmin, DeedsAdmin):
    """Pictures come by the event's form or its desk; here they are looked at, and removed."""

    list_display = ("shown", "event", "stands", "added_by", "added_at", "removed_at")
    list_display_links = None
    list_filter = (("event", admin.RelatedOnlyFieldListFilter), ("removed_at", admin.EmptyFieldListFilter))
    list_select_related = ("event", "added_by")
    date_hierarchy = "added_at"
    # Nothing here says a sentence.
    action_form = ActionForm  # type: ignore[assignment]
    actions = ("remove_pictures",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Picture]:
        """Those of the events that this user may enter."""
        inside = super().get_queryset(request).filter(event__in=permissions.events_for(request.user))
        return inside.prefetch_related("leading")

    @admin.display(description=_("picture"), empty_value="—")
    def shown(self, picture: Picture) -> str | None:
        """The picture, until it is removed."""
        return thumbnail(picture, str(picture)) if picture.removed_at is None else None

    @admin.display(description=_("on the page"), boolean=True)
    def stands(self, picture: Picture) -> bool:
        """Whether it is its event's lead picture now."""
        return bool(picture.leading.all())

    def has_view_permission(self, request: HttpRequest, obj: Picture | None = None) -> bool:
        """Whoever has a place at the desk."""
        return permissions.may_enter(request.user, obj.event if obj is not None else None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They come in where they are to stand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """There is nothing to change: what is said of one belongs to the event."""
        return False

    def has_remove_permission(self, request: HttpRequest) -> bool:
        """Who may remove for law, safety or privacy."""
        return permissions.may_remove(request.user)

    @admin.action(description=_("Remove for law, safety or privacy (no file stays)"), permissions=["remove"])
    def remove_pictures(self, request: HttpRequest, rows: QuerySet[Picture]) -> None:
        """Delete the files, and take them off the page; the ledger of removals remembers it."""
        self.each(
            request,
            rows,
            lambda picture: publishing.remove_picture(picture, by=permissions.member(request.user)),
            lambda count: ngettext("%(count)d picture is removed.", "%(count)d pictures are removed.", count),
            permissions.may_remove,
        )
