"""Events, and the way to the desk."""

from datetime import tzinfo
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.contrib import admin
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events import permissions, publishing
from events.admin.deeds import DeedsAdmin, take_over
from events.admin.picture import thumbnail
from events.admin.roles import ByEventAdmin, RoleInline, let_in
from events.admin.summary import SummaryInline, summarise
from events.forms.event import FIELDS, EventForm
from events.live import channel
from events.models import Event, SummaryLine
from events.models.post import PostState
from events.publishing.pictures import PICTURE_WORDS
from events.views import desk

#: Events that begin last first; one without a time is new, and stands on top.
NEWEST = (F("starts_at").desc(nulls_first=True), "-pk")


@admin.register(Event)
class EventAdmin(ByEventAdmin, DeedsAdmin):
    """Events. Each row leads to its desk."""

    form = EventForm
    inlines = (SummaryInline, RoleInline)
    may_each = staticmethod(permissions.may_steer)
    change_form_template = "admin/events/event/change_form.html"
    list_display = ("title", "to_desk", "state", "visibility", "starts_at", "posts_out", "waiting")
    list_filter = ("state", "visibility", "frozen", "language")
    search_fields = ("title", "short_title", "slug")
    date_hierarchy = "starts_at"
    # Grouped by the counts, the model's own order is not used.
    ordering = NEWEST
    autocomplete_fields = ("continues",)
    actions = ("open_events", "pause_events", "end_events", "unpin_events", "freeze_events", "unfreeze_events")
    fieldsets = (
        (None, {"fields": ("title", "slug", "standfirst", "visibility", ("zone", "zone_name"))}),
        (
            _("Time and language"),
            {
                "classes": ("collapse",),
                "description": _("When it starts is read on the event’s own clocks."),
                "fields": ("starts_at", "zones", "language"),
            },
        ),
        (
            _("On the page"),
            {
                "classes": ("collapse",),
                "fields": ("short_title", "notice", "team_line", "coming_up", "continues", "pinned_until", "indexed"),
            },
        ),
        (
            _("For the desk"),
            {
                "classes": ("collapse",),
                "description": _("The embargo ends by the event’s own clocks."),
                "fields": ("frozen", "embargo_until", "send_delay", "second_editor", "only_named", "handover"),
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Event | None = None) -> Any:
        """For whoever changes an event, with what they began from."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        changing = self.has_change_permission(request, obj)
        choosing = ("picture_file", "picture_away") if changing else ()
        picture = {"classes": ("collapse",), "fields": ("shown_picture", *choosing, *PICTURE_WORDS)}
        hidden = [(None, {"fields": ("seen", "lead_picture")})] if changing else []
        return [*fieldsets[:3], (_("Lead picture"), picture), *fieldsets[3:], *hidden]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        """Return the form's class, knowing who fills it in: under a picture stands who took it in."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = permissions.member(request.user)  # type: ignore[attr-defined]
        return form

    def get_prepopulated_fields(self, request: HttpRequest, obj: Event | None = None) -> dict[str, Any]:
        """An address is proposed once; a public one does not follow the title."""
        return {} if obj else {"slug": ("title",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """Events with their numbers of posts, in one query."""
        states = Count("posts", filter=Q(posts__state=PostState.PUBLISHED))
        waiting = Count("posts", filter=Q(posts__state=PostState.SUBMITTED))
        inside = super().get_queryset(request).filter(pk__in=permissions.events_for(request.user))
        return inside.annotate(count_out=states, count_waiting=waiting)

    def get_urls(self) -> list[URLPattern]:
        """The desk's addresses before the admin's own, which end in a catch-all."""
        ours = [
            path("<int:pk>/desk/", desk.page, name="events_event_desk"),
            path("<int:pk>/desk/timeline/", desk.timeline, name="events_event_desk_timeline"),
            path("<int:pk>/desk/posts/<str:post_id>/", desk.words, name="events_event_desk_words"),
            path("<int:pk>/desk/posts/<str:post_id>/history/", desk.history, name="events_event_desk_history"),
            path("<int:pk>/desk/sources/", desk.sources, name="events_event_desk_sources"),
            path("<int:pk>/desk/autosave/", desk.autosave, name="events_event_desk_autosave"),
            path("<int:pk>/desk/preview/", desk.preview, name="events_event_desk_preview"),
            path("<int:pk>/desk/lines/", desk.lines, name="events_event_desk_lines"),
            path("<int:pk>/desk/presence/", desk.presence, name="events_event_desk_presence"),
            path("<int:pk>/desk/pictures/", desk.take_in, name="events_event_desk_pictures"),
            path("<int:pk>/desk/pictures/<int:number>/", desk.picture, name="events_event_desk_picture"),
            path("<int:pk>/desk/article/", desk.article_page, name="events_event_article"),
            path("<int:pk>/desk/article/<slug:form>/", desk.article_file, name="events_event_article_file"),
            path("<int:pk>/desk/archive/", desk.archive_file, name="events_event_archive"),
            path("<int:pk>/desk/deeds/<str:verb>/", desk.deed, name="events_event_desk_deed"),
        ]
        return [*ours, *super().get_urls()]

    @admin.display(description=_("desk"))
    def to_desk(self, event: Event) -> str:
        """One click to the desk."""
        label = gettext("Open the desk").replace(" ", "\N{NO-BREAK SPACE}")
        return format_html(
            '<a class="button" href="{}">{}</a>', reverse("admin:events_event_desk", args=[event.pk]), label
        )

    @admin.display(description=_("lead picture"), empty_value="—")
    def shown_picture(self, event: Event) -> str | None:
        """The picture as it stands on the page."""
        return thumbnail(event.lead_picture, event.picture_alt) if event.lead_picture is not None else None

    @admin.display(description=_("published"), ordering="count_out")
    def posts_out(self, event: Event) -> int:
        """How many posts readers see."""
        return int(event.count_out)  # type: ignore[attr-defined]

    @admin.display(description=_("submitted"), ordering="count_waiting")
    def waiting(self, event: Event) -> int:
        """How many wait for an editor."""
        return int(event.count_waiting)  # type: ignore[attr-defined]

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """Make the one call: a new event, or the fields that this form has changed."""
        if not change:
            made = publishing.create_event(
                by=permissions.member(request.user),
                **{name: form.cleaned_data[name] for name in FIELDS if name in form.cleaned_data},
            )
            take_over(form.instance, made)
            self._save_inlines(request, form.instance, formsets)
            return
        fields, seen = form.changes()  # type: ignore[attr-defined]
        by = permissions.member(request.user)
        publishing.change(form.instance, by=by, seen=seen, **fields)
        # Under the event's lock, which the change has taken.
        if pinned := form.pin():  # type: ignore[attr-defined]
            publishing.pin(form.instance, post=pinned[0], by=by, until=pinned[1])
        self._save_inlines(request, form.instance, formsets)

    def _save_inlines(self, request: HttpRequest, event: Event, formsets: Any) -> None:
        for formset in formsets:
            if formset.model is SummaryLine:
                summarise(event, formset, by=permissions.member(request.user))
            elif formset.has_changed():
                formset.save()
                let_in(request, [*formset.new_objects, *(role for role, _fields in formset.changed_objects)])
                # Whoever has no place here any more leaves their desk at once.
                transaction.on_commit(partial(channel.signal, event.pk, channel.DOOR), robust=True)
            else:
                formset.save()

    def response_add(self, request: HttpRequest, obj: Event, post_url_continue: str | None = None) -> HttpResponse:
        """A new event is there to be covered: go to its desk, unless the form was asked for once more."""
        if {"_addanother", "_continue", "_popup"} & set(request.POST):
            return super().response_add(request, obj, post_url_continue)
        return redirect("admin:events_event_desk", obj.pk)

    def get_inlines(self, request: HttpRequest, obj: Event | None) -> Any:
        """A summary is of an event that is there."""
        return self.inlines if obj is not None else (RoleInline,)

    def get_zone(self, request: HttpRequest, object_id: str | None) -> tzinfo:
        """The event's own, or the one that is typed for a new one; a change of zone moves no instant."""
        if object_id:
            event = Event.objects.filter(pk=int(object_id)).first() if object_id.isdecimal() else None
            return event.tz if event is not None else super().get_zone(request, object_id)
        typed = request.POST.get("zone", "")
        return ZoneInfo(typed) if typed in available_timezones() else super().get_zone(request, object_id)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only events that this user may enter."""
        if db_field.name == "continues":
            kwargs["queryset"] = permissions.events_for(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def view_on_site(self, obj: Event) -> str | None:
        """The live page, where there is one for strangers."""
        return obj.get_absolute_url() if obj.has_page else None

    def get_readonly_fields(self, request: HttpRequest, obj: Event | None = None) -> tuple[str, ...]:
        """Who may come in at all is for those who hand out the roles: nobody locks themselves out."""
        return ("shown_picture",) if permissions.is_administrator(request.user) else ("shown_picture", "only_named")

    def has_view_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """Whoever has a place at the desk."""
        return permissions.may_enter(request.user, obj)

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """Whoever steers the event."""
        return permissions.may_steer(request.user, obj)

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """Who may change an event's state."""
        return permissions.may_steer(request.user)

    @admin.action(description=_("Go live"), permissions=["steer"])
    def open_events(self, request: HttpRequest, rows: QuerySet[Event]) -> None:
        """Open or resume the coverage."""
        self.each(
            request,
            rows,
            lambda event: publishing.open(event, by=permissions.member(request.user)),
            lambda count: ngettext("%(count)d event is live.", "%(count)d events are live.", count),
        )

    @admin.action(description=_("Pause (readers see the sentence)"), permissions=["steer"])
    def pause_events(self, request: HttpRequest, rows: QuerySet[Event]) -> None:
        """Pause, with the public sentence that was typed beside the actions."""
        note = self.sentence(request)
        self.each(
            request,
            rows,
            lambda event: publishing.pause(event, by=permissions.member(request.user), note=note),
            lambda count: ngettext("%(count)d event is paused.", "%(count)d events are paused.", count),
        )

    @admin.action(description=_("End"), permissions=["steer"])
    def end_events(self, request: HttpRequest, rows: QuerySet[Event]) -> None:
        """End the coverage."""
        self.each(
            request,
            rows,
            lambda event: publishing.end(event, by=permissions.member(request.user)),
            lambda count: ngettext("%(count)d event has ended.", "%(count)d events have ended.", count),
        )

    @admin.action(description=_("Unpin"), permissions=["steer"])
    def unpin_events(self, request: HttpRequest, rows: QuerySet[Event]) -> None:
        """Hold nothing at the top."""
        self.each(
            request,
            rows,
            lambda event: publishing.unpin(event, by=permissions.member(request.user)),
            lambda count: ngettext(
                "%(count)d event holds nothing on top.", "%(count)d events hold nothing on top.", count
            ),
        )

    @admin.action(description=_("Freeze: only hold, withdraw and remove work"), permissions=["steer"])
    def freeze_events(self, request: HttpRequest, rows: QuerySet[Event]) -> None:
        """Freeze; with all events chosen this is the site's freeze."""
        self._freeze(request, rows, True)

    @admin.action(description=_("Unfreeze (publishes nothing)"), permissions=["steer"])
    def unfreeze_events(self, request: HttpRequest, rows: QuerySet[Event]) -> None:
        """Lift it; nothing goes out by that."""
        self._freeze(request, rows, False)

    def _freeze(self, request: HttpRequest, rows: QuerySet[Event], frozen: bool) -> None:
        self.each(
            request,
            rows,
            lambda event: publishing.change(event, by=permissions.member(request.user), frozen=frozen),
            lambda count: (
                ngettext("%(count)d event is frozen.", "%(count)d events are frozen.", count)
                if frozen
                else ngettext("%(count)d event is not frozen.", "%(count)d events are not frozen.", count)
            ),
        )
