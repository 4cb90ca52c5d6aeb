"""Posts in the plain admin: one form, one deed."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events import permissions, publishing, text
from events.admin.deeds import take_over
from events.admin.roles import ByEventAdmin
from events.admin.taking_back import TakingBackAdmin
from events.forms.post import WORDS, AttributionForm, PostForm
from events.forms.words import words_of
from events.models import Attribution, Post
from events.models.post import PostState
from events.publishing import Done, Named


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


@admin.register(Post)
class PostAdmin(ByEventAdmin, TakingBackAdmin):
    """Posts of every state, with what may be done to them."""

    form = PostForm
    inlines = (AttributionInline,)
    change_form_template = "admin/events/post/change_form.html"
    object_history_template = "admin/events/post/object_history.html"
    list_display = ("title", "event", "published_at", "state", "due", "kind", "standing", "key_event")
    list_filter = (
        "state",
        WaitingFilter,
        "kind",
        "standing",
        "key_event",
        ("event", admin.RelatedOnlyFieldListFilter),
        "attributions__source",
    )
    list_select_related = ("event",)
    search_fields = ("headline", "body", "id", "attributions__as_named", "attributions__quote")
    date_hierarchy = "published_at"
    autocomplete_fields = ("event",)
    actions = (
        "publish_posts",
        "unschedule_posts",
        "hold_posts",
        "withdraw_posts",
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
        (_("What to do"), {"fields": ("deed", "sentence", "revision", "asked", "key")}),
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
        """No public sentence for what is not public yet."""
        if obj is not None and obj.state == PostState.PUBLISHED:
            return self.fieldsets
        *others, (name, options) = self.fieldsets
        return [*others, (name, {"fields": ("deed", "revision", "asked", "key")})]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Editors change every post that is not withdrawn; contributors their own unpublished ones."""
        if obj is None:
            return permissions.may_submit(request.user)
        return obj.state != PostState.WITHDRAWN and permissions.may_edit(request.user, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever has a place at the event's desk."""
        return permissions.may_enter(request.user, obj.event if obj is not None else None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever writes in any event; in which, the form's deed asks."""
        return permissions.may_submit(request.user)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Make the one publishing call, with the post's fields and all its attributions."""
        named: list[Named] = []
        for formset in formsets:
            # Only so that the admin's log can say what changed.
            formset.save(commit=False)
            named += [
                row.named()
                for row in formset.forms
                if row.cleaned_data and not row.cleaned_data.get("DELETE") and (row.instance.pk or row.has_changed())
            ]
        done = self._do(request, form, form.words(tuple(named)), change)
        if done.post is not None:
            take_over(form.instance, done.post)

    def _do(self, request: HttpRequest, form: Any, words: publishing.Words, change: bool) -> Done:
        post, given, by = form.instance, form.cleaned_data, permissions.member(request.user)
        deed, key = given["deed"], given["key"]
        if not permissions.may_submit(by, post.event):
            raise publishing.Refused(gettext("You may not write in this event."), "event")
        if deed in ("draft", "submit"):
            draft = post if change else None
            return publishing.save_draft(post.event, words=words, by=by, post=draft, submit=deed == "submit", key=key)
        if not permissions.may_publish(by, post.event):
            raise publishing.Refused(gettext("You may submit this post; an editor publishes it."), "deed")
        if deed == "publish":
            return publishing.publish(post.event, words=words, by=by, post=post if change else None, key=key)
        # Ticked below the two texts: the editor has read the other one.
        over = request.POST.get("over", "")
        revision, note = int(over) if over.isdecimal() else given["revision"] or 0, given["sentence"]
        if deed == "withdraw":
            return publishing.withdraw(post, note=given["sentence"], by=by, key=key)
        if deed == "retract":
            return publishing.retract(post, note=given["sentence"], by=by, key=key)
        if deed == "correction":
            return publishing.correct(post, words=words, revision=revision, note=note, by=by, key=key)
        return publishing.revise(
            post, words=words, revision=revision, by=by, key=key, change=deed, note=note, asked=given["asked"]
        )

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The post's past: its words as they stood, the public notes, and who did what."""
        post = self.get_object(request, object_id)
        if post is not None:
            extra_context = {
                "revisions": post.revisions.select_related("by").order_by("-number"),
                "notes": post.corrections.select_related("by"),
                "deeds": post.deeds.select_related("by"),
            } | (extra_context or {})
        return super().history_view(request, object_id, extra_context)

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """Who may change the top of the page."""
        return permissions.may_steer(request.user)

    def has_remove_permission(self, request: HttpRequest) -> bool:
        """Who may remove for law, safety or privacy."""
        return permissions.may_remove(request.user)

    @admin.action(description=_("Publish now"), permissions=["publish"])
    def publish_posts(self, request: HttpRequest, rows: QuerySet[Post]) -> None:
        """Publish drafts, submissions and what is scheduled as they are."""
        self.each(
            request,
            rows,
            lambda post: publishing.publish(
                post.event,
                words=words_of(post),
                by=permissions.member(request.user),
                post=post,
                pin=post.pin_when_out,
            ),
            lambda count: ngettext("%(count)d post is public.", "%(count)d posts are public.", count),
        )

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
