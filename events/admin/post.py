"""Posts in the plain admin: one form, one deed."""

from datetime import datetime, tzinfo
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events import permissions, publishing, text
from events.admin.attribution import AttributionInline
from events.admin.deeds import take_over
from events.admin.handing import HandingAdmin
from events.admin.past import PastAdmin
from events.admin.roles import ByEventAdmin
from events.admin.taking_back import TakingBackAdmin
from events.forms.choices import fields_for, is_held
from events.forms.doing import do, publish_as_it_is
from events.forms.post import WORDS, PostForm
from events.models import Attribution, Event, Post
from events.models.post import PostState
from events.publishing import Named, Refused


class WaitingFilter(admin.SimpleListFilter):
    """What waits for its time, and what has missed it."""

    title = _("schedule")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The two of them."""
        return [("yes", _("Goes out at its time")), ("missed", _("Missed its time"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        """Scheduled posts, with or without a missed time; all posts when nothing is chosen."""
        if self.value() not in ("yes", "missed"):
            return queryset
        return queryset.filter(state=PostState.SCHEDULED, missed_at__isnull=self.value() == "yes")


def _number(value: str) -> int:
    """A key as a browser sent it; 0, which no row has, for nonsense."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else 0


@admin.register(Post)
class PostAdmin(ByEventAdmin, PastAdmin, HandingAdmin, TakingBackAdmin):
    """Posts of every state, with what may be done to them."""

    form = PostForm
    inlines = (AttributionInline,)
    change_form_template = "admin/events/post/change_form.html"
    list_display = ("title", "event", "published_at", "state", "due", "kind", "standing", "key_event")
    list_filter = (
        "state",
        WaitingFilter,
        "kind",
        "standing",
        "key_event",
        ("event", admin.RelatedOnlyFieldListFilter),
        ("created_by", admin.RelatedOnlyFieldListFilter),
        ("attributions__source", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("event",)
    search_fields = ("headline", "body", "id", "attributions__as_named", "attributions__quote")
    date_hierarchy = "published_at"
    autocomplete_fields = ("event",)
    actions = (
        "publish_posts",
        "unschedule_posts",
        "claim_posts",
        "send_back_posts",
        "delete_drafts",
        "hold_posts",
        "withdraw_posts",
        "retract_posts",
        "restore_posts",
        "pin_post",
        "mark_key",
        "unmark_key",
        "remove_posts",
    )
    fieldsets = (
        (None, {"fields": ("event", "headline", "body", "kind")}),
        (_("How it stands"), {"fields": ("standing", ("key_event", "key_label"))}),
        (_("Time and byline"), {"classes": ("collapse",), "fields": (("occurred_at", "occurred_precision"), "byline")}),
        (_("What to do"), {"fields": ("deed", "revision", "began", "asked", "held", "key")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        """Every post that this user may see, with who is quoted: what a post without a headline is listed by."""
        inside = super().get_queryset(request).filter(pk__in=permissions.posts_for(request.user))
        return inside.prefetch_related("attributions")

    @admin.display(description=_("post"), ordering="headline")
    def title(self, post: Post) -> str:
        """The headline, or the first words."""
        words = post.headline or text.plain(post.html or post.body)[:80]
        return words or next((row.quote[:80] for row in post.attributions.all() if row.quote), gettext("(empty)"))

    @admin.display(description=_("due"), ordering="due_at")
    def due(self, post: Post) -> datetime | None:
        """When it goes out by itself, or should have."""
        return post.due_at if post.state == PostState.SCHEDULED else None

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        """Return the form with the deeds that this user may do."""
        # Not fields of the model: the factory must not look for them.
        kwargs.setdefault("fields", ("event", *WORDS))
        form = super().get_form(request, obj, change=change, **kwargs)
        form.publisher = permissions.may_publish(request.user, obj.event if obj else None)  # type: ignore[attr-defined]
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What belongs to the post's state; all times are those of the event's own clocks."""
        event = obj.event if obj is not None else None
        publisher = permissions.may_publish(request.user, event)
        *others, (name, _options) = self.fieldsets
        if obj is not None and not self.has_change_permission(request, obj):
            return others
        more = fields_for(obj if obj is not None else Post(), publisher=publisher)
        zone = event.zone_name or event.zone if event is not None else gettext("the event’s zone")
        told = gettext("Times are those of %(zone)s.") % {"zone": zone}
        return [
            *others,
            (name, {"fields": ("deed", *more, "revision", "began", "asked", "held", "key"), "description": told}),
        ]

    def get_zone(self, request: HttpRequest, object_id: str | None) -> tzinfo:
        """The zone of the post's event, or of the one that was chosen for a new post."""
        chosen = request.POST.get("event", "") or request.GET.get("event", "")
        events = Event.objects.filter(posts=object_id) if object_id else Event.objects.filter(pk=_number(chosen))
        event = events.first()
        return event.tz if event is not None else super().get_zone(request, object_id)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only events in which this user writes."""
        if db_field.name == "event":
            kwargs["queryset"] = permissions.events_for(request.user, permissions.SUBMIT)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """The sources' words run as the event's language does."""
        given: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        return given | {"form_kwargs": {"event": obj.event if obj and obj.event_id else None}}

    def view_on_site(self, obj: Post) -> str | None:
        """The permalink, where a reader finds anything."""
        return obj.get_absolute_url() if obj.is_public and obj.event.has_page else None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Editors change every post that is not withdrawn for good; contributors their own unpublished ones."""
        if obj is None:
            return permissions.may_submit(request.user)
        return (obj.state != PostState.WITHDRAWN or is_held(obj)) and permissions.may_edit(request.user, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever has a place at the event's desk."""
        return permissions.may_enter(request.user, obj.event if obj is not None else None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever writes in any event; in which, the form's deed asks."""
        return permissions.may_submit(request.user)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Make the one publishing call, with the post's fields and all its attributions."""
        if not any(formset.model is Attribution for formset in formsets):
            # Without them the post would lose every source that it has.
            raise Refused(gettext("The form came without the sources of this post: load it again."))
        named: list[Named] = []
        for formset in formsets:
            # Only so that the admin's log can say what changed.
            formset.save(commit=False)
            named += [
                row.named()
                for row in formset.forms
                if row.cleaned_data and not row.cleaned_data.get("DELETE") and (row.instance.pk or row.has_changed())
            ]
        by = permissions.member(request.user)
        done = do(form, form.words(tuple(named)), by, over=request.POST.get("over", ""))
        if done.post is not None:
            take_over(form.instance, done.post)
            if done.post.sending:
                said = gettext(
                    "It goes out in %(seconds)d s; until then “Back to drafts” in the list of posts stops it."
                )
                self.message_user(request, said % {"seconds": done.post.event.send_delay})

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """Who may change the top of the page."""
        return permissions.may_steer(request.user)

    def has_remove_permission(self, request: HttpRequest) -> bool:
        """Who may remove for law, safety or privacy."""
        return permissions.may_remove(request.user)

    @admin.action(description=_("Publish now"), permissions=["publish"])
    def publish_posts(self, request: HttpRequest, rows: QuerySet[Post]) -> None:
        """Publish drafts, submissions and what is scheduled as they are."""
        held_back: list[Post] = []

        def put_out(post: Post) -> None:
            done = publish_as_it_is(post, permissions.member(request.user))
            if done.sequence is None:
                held_back.append(post)

        def said(count: int) -> str:
            if held_back:
                return ngettext(
                    "%(count)d post goes out after the send delay; “Back to drafts” stops it until then.",
                    "%(count)d posts go out after the send delay; “Back to drafts” stops them until then.",
                    count,
                )
            return ngettext("%(count)d post is public.", "%(count)d posts are public.", count)

        self.each(request, rows, put_out, said)

    @admin.action(description=_("Back to drafts (scheduled posts)"), permissions=["publish"])
    def unschedule_posts(self, request: HttpRequest, rows: QuerySet[Post]) -> None:
        """Keep scheduled posts from going out by themselves."""
        self.each(
            request,
            rows,
            lambda post: publishing.unschedule(post, by=permissions.member(request.user)),
            lambda count: ngettext("%(count)d post is a draft again.", "%(count)d posts are drafts again.", count),
        )

    @admin.action(description=_("Pin to the top"), permissions=["steer"])
    def pin_post(self, request: HttpRequest, rows: QuerySet[Post]) -> None:
        """Hold it at the top of its event; of several the last is held."""
        self.each(
            request,
            rows,
            lambda post: publishing.pin(post.event, post=post, by=permissions.member(request.user)),
            lambda count: ngettext(
                "%(count)d post is pinned.", "%(count)d posts were pinned, one after another.", count
            ),
            permissions.may_steer,
        )

    @admin.action(description=_("Mark as key event"), permissions=["publish"])
    def mark_key(self, request: HttpRequest, rows: QuerySet[Post]) -> None:
        """List them on top."""
        self._mark(request, rows, True)

    @admin.action(description=_("Unmark as key event"), permissions=["publish"])
    def unmark_key(self, request: HttpRequest, rows: QuerySet[Post]) -> None:
        """List them no longer."""
        self._mark(request, rows, False)

    def _mark(self, request: HttpRequest, rows: QuerySet[Post], key_event: bool) -> None:
        self.each(
            request,
            rows,
            lambda post: publishing.mark(
                post, by=permissions.member(request.user), key_event=key_event, key_label=post.key_label
            ),
            lambda count: ngettext("%(count)d post is changed.", "%(count)d posts are changed.", count),
        )

    @admin.action(description=_("Remove for law, safety or privacy (no words stay)"), permissions=["remove"])
    def remove_posts(self, request: HttpRequest, rows: QuerySet[Post]) -> None:
        """Blank the words in the post and its history; nothing is left to read."""
        self.each(
            request,
            rows,
            lambda post: publishing.remove(post, by=permissions.member(request.user)),
            lambda count: ngettext("%(count)d post is removed.", "%(count)d posts are removed.", count),
            permissions.may_remove,
        )
