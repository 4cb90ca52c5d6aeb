"""Sources: who a post's facts come from."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events import permissions, publishing
from events.forms.source import SourceForm
from events.models import Source
from events.publishing import Refused


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    """People, outlets and bodies. Changing one changes no post, unless that is asked for."""

    form = SourceForm
    list_display = ("name", "role", "organisation", "speaker_type", "named_in")
    list_filter = ("speaker_type",)
    search_fields = ("name", "role", "organisation")
    # Grouped by the counts, the model's own order is not used.
    ordering = ("name", "pk")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever may see them."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever has a place at any desk, by group or by role."""
        return super().has_view_permission(request, obj) or permissions.may_enter(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever writes anywhere, as at the desk."""
        return super().has_add_permission(request) or permissions.may_submit(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """Sources with the number of posts that name them, in one query."""
        return super().get_queryset(request).annotate(count_posts=Count("attributions__post", distinct=True))

    @admin.display(description=gettext_lazy("posts"), ordering="count_posts")
    def named_in(self, source: Source) -> int:
        """How many posts name it."""
        return int(source.count_posts)  # type: ignore[attr-defined]

    def get_fields(self, request: HttpRequest, obj: Source | None = None) -> Any:
        """The offer to carry a change into posts where there are any."""
        fields = ["name", "speaker_type", "role", "organisation", "link"]
        return [*fields, "carry"] if obj is not None and publishing.posts_naming(obj).exists() else fields

    def save_model(self, request: HttpRequest, obj: Source, form: forms.ModelForm, change: bool) -> None:
        """Store the source; what it was is kept for the posts, which follow when this is whole."""
        if change:
            was = publishing.facts_of_source(Source.objects.get(pk=obj.pk))
            if was != publishing.facts_of_source(obj):
                request.carried = (obj, was, form.cleaned_data.get("carry", False))  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save; then, each under the lock of its own event, carry the change into the posts that show it."""
        answer = super().changeform_view(request, *args, **kwargs)
        if carried := getattr(request, "carried", None):
            self._follow(request, *carried)
        return answer

    def _follow(self, request: HttpRequest, source: Source, was: dict[str, str], wanted: bool) -> None:
        by = permissions.member(request.user)
        posts = publishing.posts_naming(source).select_related("event").order_by("event", "pk")
        mine = posts.filter(event__in=permissions.events_for(by, permissions.PUBLISH))
        if not wanted:
            count = posts.count()
            kept = ngettext("%(count)d post keeps what it shows.", "%(count)d posts keep what they show.", count)
            self.message_user(request, kept % {"count": count}, messages.INFO)
            return
        count = 0
        for post in mine:
            try:
                count += publishing.carry(post, source=source, was=was, by=by)
            except Refused as refused:
                text = _("“%(row)s”: %(reason)s") % {"row": str(post)[:60], "reason": refused.message}
                self.message_user(request, text, messages.WARNING)
        carried = ngettext("Carried into %(count)d post.", "Carried into %(count)d posts.", count)
        self.message_user(request, carried % {"count": count}, messages.SUCCESS)
        if others := posts.exclude(pk__in=mine.values("pk")).count():
            text = ngettext(
                "%(count)d post is in an event in which you do not publish, and keeps what it shows.",
                "%(count)d posts are in events in which you do not publish, and keep what they show.",
                others,
            )
            self.message_user(request, text % {"count": others}, messages.WARNING)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Posts rest on sources; none is deleted."""
        return False
