"""One entry in an event, who its facts come from, and its past."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# Without 0, O, 1, l and I: an id is read out on the telephone one day.
ALPHABET = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_post_id() -> str:
    """An opaque id of 10 URL-safe characters (58 bits) that tells nothing of order."""
    return "".join(secrets.choice(ALPHABET) for _i in range(10))


def order_of(at: datetime, number: int) -> str:
    """A string that sorts by time in µs, then by number; padded, so that text order is theirs (until the year 5138)."""
    return f"{(at - EPOCH) // timedelta(microseconds=1):017d}-{number:010d}"


class Kind(models.TextChoices):
    """What sort of thing a post tells."""

    NEWS = "news", _("News")
    QUOTE = "quote", _("Quote")
    ELSEWHERE = "elsewhere", _("Reported elsewhere")
    BACKGROUND = "background", _("Background")
    ANALYSIS = "analysis", _("Analysis")
    CORRECTION = "correction", _("Correction")


class Standing(models.TextChoices):
    """Whether it is so, as far as we know."""

    REPORTED = "reported", _("Reported")
    CONFIRMED = "confirmed", _("Confirmed by us")
    NOT_CONFIRMED = "not_confirmed", _("Not confirmed by us")
    DISPUTED = "disputed", _("Disputed")
    FALSE = "false", _("False")


class PostState(models.TextChoices):
    """Where a post is on its way to the readers."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Precision(models.TextChoices):
    """How exactly we know when something happened."""

    MINUTE = "minute", _("to the minute")
    HOUR = "hour", _("to the hour")
    DAY = "day", _("to the day")


class Withdrawal(models.TextChoices):
    """Why a post's words are not shown."""

    NONE = "", "—"
    HOLD = "hold", _("Being checked")
    WITHDRAW = "withdraw", _("Withdrawn")
    UNDO = "undo", _("Taken back at once")
    RETRACTION = "retraction", _("Retracted")
    REMOVE = "remove", _("Removed")


class Missed(models.TextChoices):
    """Why a post did not go out at its time."""

    LATE = "late", _("No clock ran at its time.")
    UPCOMING = "upcoming", _("The event was not live yet at its time.")
    PAUSED = "paused", _("The event was paused at its time.")
    ENDED = "ended", _("The event had ended at its time.")
    FROZEN = "frozen", _("The event was frozen at its time.")
    EMBARGO = "embargo", _("The event was under embargo at its time.")
    REFUSED = "refused", _("It was refused at its time: publish it to read why.")


#: Withdrawals that leave no sentence in the column.
TRACELESS = (Withdrawal.UNDO, Withdrawal.REMOVE)


class PostQuerySet(models.QuerySet["Post"]):
    """Posts as sentences."""

    def visible(self) -> "PostQuerySet":
        """Those with a place in the column: published ones, and the tombstones of withdrawn ones."""
        return self.filter(state__in=(PostState.PUBLISHED, PostState.WITHDRAWN)).exclude(withdrawal__in=TRACELESS)

    def published(self) -> "PostQuerySet":
        """Those whose words readers see."""
        return self.filter(state=PostState.PUBLISHED)

    def last_said(self) -> models.QuerySet["Post", datetime | None]:
        """When the newest came out that is not background; nothing, or one moment."""
        return self.published().exclude(kind=Kind.BACKGROUND).newest().values_list("published_at", flat=True)[:1]

    def newest(self) -> "PostQuerySet":
        """Newest first, as readers see them."""
        return self.order_by("-sort_at", "-first_sequence")

    def oldest(self) -> "PostQuerySet":
        """Oldest first."""
        return self.order_by("sort_at", "first_sequence")

    def above(self, post: "Post") -> "PostQuerySet":
        """Those with a later place in the column than a post's."""
        return self.filter(
            Q(sort_at__gt=post.sort_at) | Q(sort_at=post.sort_at, first_sequence__gt=post.first_sequence)
        )

    def below(self, post: "Post") -> "PostQuerySet":
        """Those with an earlier place in the column than a post's."""
        return self.filter(
            Q(sort_at__lt=post.sort_at) | Q(sort_at=post.sort_at, first_sequence__lt=post.first_sequence)
        )

    def keys(self) -> "PostQuerySet":
        """The key events among them."""
        return self.filter(key_event=True)

    def changed_since(self, sequence: int) -> "PostQuerySet":
        """Every post with a public change after `sequence`, withdrawn ones too, by its sequence."""
        return self.filter(sequence__gt=sequence).order_by("sequence")

    def for_readers(self) -> "PostQuerySet":
        """With all that a rendered post shows, in a fixed number of queries."""
        return self.select_related("event", "entry_of", "replaced_by").prefetch_related(
            "attributions", "corrections", "standing_changes"
        )


class Post(models.Model):
    """One entry in an event: `body` as written, `html` rendered and safe."""

    id = models.CharField(primary_key=True, max_length=16, default=new_post_id, editable=False)
    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="posts")
    state = models.CharField(_("state"), max_length=10, choices=PostState, default=PostState.DRAFT)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.NEWS)
    headline = models.CharField(_("headline"), max_length=200, blank=True)
    body = models.TextField(_("body"), blank=True)
    html = models.TextField(_("rendered body"), blank=True, editable=False)
    byline = models.CharField(_("byline"), max_length=200, blank=True)
    standing = models.CharField(_("standing"), max_length=14, choices=Standing, default=Standing.REPORTED)
    key_event = models.BooleanField(_("key event"), default=False)
    key_label = models.CharField(_("label in the list of key events"), max_length=60, blank=True)

    version = models.PositiveIntegerField(_("version"), default=0)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    sequence = models.PositiveBigIntegerField(_("sequence of the last public change"), null=True)
    first_sequence = models.PositiveBigIntegerField(_("sequence of the first publication"), null=True)

    published_at = models.DateTimeField(_("published"), null=True)
    revised_at = models.DateTimeField(_("revised"), null=True)
    significant_at = models.DateTimeField(_("last significant change"), null=True)
    sort_at = models.DateTimeField(_("place in time"), null=True)
    occurred_at = models.DateTimeField(_("happened"), null=True, blank=True)
    occurred_precision = models.CharField(_("known"), max_length=6, choices=Precision, default=Precision.MINUTE)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    missed_at = models.DateTimeField(_("missed"), null=True, blank=True)
    missed_because = models.CharField(
        _("missed because"), max_length=8, choices=Missed, blank=True, default="", db_default=""
    )
    sending = models.BooleanField(_("held back by the send delay"), default=False, db_default=False)
    pin_when_out = models.BooleanField(_("pinned when it goes out"), default=False, db_default=False)
    pin_minutes = models.PositiveIntegerField(
        _("minutes on top"), default=0, db_default=0, help_text=_("0: until somebody unpins it.")
    )
    composed_at = models.DateTimeField(_("composed"), null=True, blank=True)

    withdrawal = models.CharField(_("withdrawal"), max_length=10, choices=Withdrawal, blank=True, default="")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_note = models.CharField(_("public sentence"), max_length=300, blank=True)
    replaced_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaces")

    sent_back_reason = models.CharField(_("sent back because"), max_length=300, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    handed_at = models.DateTimeField(_("submitted or sent back"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("For the desk; never public."))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="posts")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ("-sort_at", "-first_sequence", "-created_at")
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        permissions = (("publish_post", "Can publish posts"), ("remove_post", "Can remove posts for legal reasons"))
        indexes = (
            models.Index(fields=("event", "sequence"), name="post_by_sequence"),
            # The column, the newest that is not background, the key events: none costs more with more posts.
            models.Index(fields=("event", "-sort_at", "-first_sequence"), name="post_by_place"),
            models.Index(fields=("event", "-significant_at", "-first_sequence"), name="post_by_significance"),
            models.Index(
                fields=("event", "-sort_at", "-first_sequence"), name="post_keys_by_place", condition=Q(key_event=True)
            ),
            # What the clock asks for twice a second.
            models.Index(
                fields=("due_at",), name="post_by_due", condition=Q(due_at__isnull=False, missed_at__isnull=True)
            ),
            # For their number alone, which then is counted without the posts.
            models.Index(
                fields=("event",),
                name="post_visible",
                condition=Q(state__in=("published", "withdrawn")) & ~Q(withdrawal__in=TRACELESS),
            ),
        )
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="post_kind_known"),
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="post_standing_known"),
            models.CheckConstraint(
                name="post_state_whole",
                condition=Q(
                    state__in=("draft", "submitted"),
                    published_at__isnull=True,
                    sequence__isnull=True,
                    first_sequence__isnull=True,
                    withdrawal="",
                )
                | Q(state="scheduled", due_at__isnull=False, published_at__isnull=True, sequence__isnull=True)
                | Q(
                    state="published",
                    published_at__isnull=False,
                    sort_at__isnull=False,
                    significant_at__isnull=False,
                    sequence__isnull=False,
                    first_sequence__isnull=False,
                    version__gte=1,
                    revision__gte=1,
                    withdrawal="",
                )
                | Q(
                    state="withdrawn",
                    published_at__isnull=False,
                    sort_at__isnull=False,
                    sequence__isnull=False,
                    first_sequence__isnull=False,
                    withdrawn_at__isnull=False,
                    withdrawal__in=("hold", "withdraw", "undo", "retraction", "remove"),
                ),
            ),
            models.UniqueConstraint(fields=("event", "sequence"), name="post_sequence_once"),
            models.UniqueConstraint(fields=("event", "first_sequence"), name="post_first_sequence_once"),
        )

    def __str__(self) -> str:
        return self.headline or self.body[:60] or self.id

    def get_absolute_url(self) -> str:
        """The permalink's path."""
        return reverse("reader:post", args=[self.event.slug, self.id])

    def wait_no_more(self) -> None:
        """Forget what belongs to waiting for a time; `due_at` stays, for whoever schedules it anew."""
        self.missed_at, self.missed_because = None, ""
        self.sending, self.pin_when_out, self.pin_minutes = False, False, 0

    def known_to_be_new(self, attributions: Sequence[Any]) -> None:
        """Take for known that nothing refers to this post yet but these, as ``for_readers()`` would find out."""
        self.known_to_have({"attributions": attributions, "corrections": (), "standing_changes": ()}, None)

    def known_to_have(self, related: Mapping[str, Sequence[Any]], entry_of: Any) -> None:
        """Take these rows for all that refers to this post, and `entry_of` for the correction that it tells of."""
        found: dict[str, models.QuerySet[Any]] = {}
        for name, rows in related.items():
            found[name] = self._meta.get_field(name).related_model.objects.none()  # type: ignore[union-attr]
            found[name]._result_cache, found[name]._prefetch_done = list(rows), True  # type: ignore[attr-defined]
        self._prefetched_objects_cache = found
        self._meta.get_field("entry_of").set_cached_value(self, entry_of)  # type: ignore[union-attr]

    @property
    def order(self) -> str:
        """A string that sorts the event's posts: place in time, then first sequence."""
        assert self.sort_at is not None and self.first_sequence is not None
        return order_of(self.sort_at, self.first_sequence)

    @property
    def has_tombstone(self) -> bool:
        """Whether readers see a sentence in the place of its words."""
        return self.state == PostState.WITHDRAWN and self.withdrawal not in TRACELESS

    @property
    def is_public(self) -> bool:
        """Whether readers see its words now."""
        return self.state == PostState.PUBLISHED
