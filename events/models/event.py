"""A happening that we cover, its counter, and its former addresses."""

import secrets
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

#: Languages written from right to left (ISO 639-1).
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "sd", "ug", "ur", "yi"})

#: How long a post at the desk may be held back, in seconds.
SEND_DELAYS = ((0, _("None")), (5, _("5 seconds")), (10, _("10 seconds")), (20, _("20 seconds")))


class EventState(models.TextChoices):
    """The state of the *coverage*, not of the happening."""

    UPCOMING = "upcoming", _("Upcoming")
    LIVE = "live", _("Live")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


class Visibility(models.TextChoices):
    """Who can read the event."""

    PRIVATE = "private", _("Private")
    REHEARSAL = "rehearsal", _("Rehearsal")
    UNLISTED = "unlisted", _("Unlisted")
    PARTNERS = "partners", _("Partners only")
    PUBLIC = "public", _("Public")


#: The names of the tz database; to look for them walks through all of its folders.
zone_names = cache(available_timezones)


def check_zone(name: str) -> None:
    """Raise ValidationError unless `name` is a zone of the tz database."""
    if name not in zone_names():
        raise ValidationError(_("“%(name)s” is no time zone, such as Europe/Kyiv or UTC."), params={"name": name})


def check_zones(zones: object) -> None:
    """Raise ValidationError unless `zones` is at most three of ``{"zone": …, "name": …}``."""
    if not isinstance(zones, list) or len(zones) > 3:
        raise ValidationError(_("Up to three further zones, each with a zone and a name."))
    for row in zones:
        if not isinstance(row, dict) or set(row) != {"zone", "name"} or not row["name"]:
            raise ValidationError(_("Each further zone needs a zone and a name, such as “in India”."))
        check_zone(row["zone"])


class SecondEditor(models.TextChoices):
    """Which posts go out only when somebody else than their author publishes them."""

    NEVER = "never", _("None")
    UNNAMED = "unnamed", _("Those with an unnamed source")
    ALWAYS = "always", _("All")


class EventQuerySet(models.QuerySet["Event"]):
    """Events as sentences."""

    def readable(self) -> "EventQuerySet":
        """Those whose address answers a stranger."""
        return self.exclude(visibility=Visibility.PRIVATE)

    def listed(self) -> "EventQuerySet":
        """Those that the home page may name."""
        return self.filter(visibility=Visibility.PUBLIC)


class Event(models.Model):
    """A happening that we cover. Its counter lives in `Stream`."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    short_title = models.CharField(_("short title"), max_length=60, blank=True)
    standfirst = models.TextField(_("standfirst"), max_length=600, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[check_zone])
    zone_name = models.CharField(
        _("name of the zone"), max_length=40, blank=True, help_text=_("As the house writes it: “GMT”, “in Delhi”.")
    )
    zones = models.JSONField(_("further zones"), default=list, blank=True, validators=[check_zones])
    state = models.CharField(_("state"), max_length=8, choices=EventState, default=EventState.UPCOMING)
    visibility = models.CharField(_("visibility"), max_length=10, choices=Visibility, default=Visibility.PRIVATE)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    opened_at = models.DateTimeField(_("coverage began"), null=True, blank=True)
    ended_at = models.DateTimeField(_("coverage ended"), null=True, blank=True)
    pause_note = models.CharField(_("why it is paused"), max_length=200, blank=True)
    notice = models.CharField(
        _("notice"),
        max_length=300,
        blank=True,
        help_text=_("A line that always stands on the page, such as “A rehearsal”."),
    )
    indexed = models.BooleanField(_("for search engines"), default=True)
    team_line = models.CharField(_("team line"), max_length=200, blank=True)
    coming_up = models.CharField(_("coming up"), max_length=300, blank=True)
    lead_picture = models.ForeignKey(
        "events.Picture",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="leading",
        verbose_name=_("lead picture"),
    )
    picture_alt = models.CharField(
        _("what it shows"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=_("In words, for whoever does not see it."),
    )
    picture_caption = models.CharField(_("caption"), max_length=300, blank=True, default="", db_default="")
    picture_credit = models.CharField(
        _("credit"), max_length=120, blank=True, default="", db_default="", help_text=_("Such as “Jane Roe/Agency”.")
    )
    continues = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="continued_in")
    pinned = models.ForeignKey("events.Post", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    pinned_at = models.DateTimeField(_("pinned since"), null=True, blank=True)
    pinned_until = models.DateTimeField(_("pinned until"), null=True, blank=True)
    summary_at = models.DateTimeField(_("summary changed"), null=True, blank=True)
    frozen = models.BooleanField(
        _("frozen"), default=False, help_text=_("Nothing public changes but hold, withdraw and remove.")
    )
    embargo_until = models.DateTimeField(_("embargo until"), null=True, blank=True)
    send_delay = models.PositiveSmallIntegerField(
        _("send delay"),
        choices=SEND_DELAYS,
        default=0,
        help_text=_("What is published at the desk can be stopped for so long before anybody sees it."),
    )
    second_editor = models.CharField(
        _("posts that need a second editor"), max_length=7, choices=SecondEditor, default=SecondEditor.UNNAMED
    )
    only_named = models.BooleanField(
        _("only those named below"), default=False, help_text=_("Whoever has no role in this event has no desk here.")
    )
    handover = models.TextField(_("handover note"), blank=True, help_text=_("For the desk; never public."))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_at", "-id")
        verbose_name = _("event")
        verbose_name_plural = _("events")
        permissions = (("publish_event", "Can publish in an event"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=EventState.values), name="event_state_known"),
            models.CheckConstraint(condition=models.Q(visibility__in=Visibility.values), name="event_visibility_known"),
            models.CheckConstraint(condition=~models.Q(title=""), name="event_has_a_title"),
        )

    def __str__(self) -> str:
        return self.short_title or self.title

    def get_absolute_url(self) -> str:
        """The live page's path."""
        return reverse("reader:event", args=[self.slug])

    @property
    def tz(self) -> ZoneInfo:
        """The event's own time zone."""
        return ZoneInfo(self.zone)

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, for the `dir` attribute."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    def may_name(self, other: "Event") -> bool:
        """Whether this event's readers may be led to the other: what is listed for all, or kept for the same few."""
        if other.visibility == Visibility.PUBLIC:
            return True
        return other.visibility == self.visibility and other.visibility in (Visibility.REHEARSAL, Visibility.UNLISTED)

    @property
    def is_readable(self) -> bool:
        """Whether its address answers a stranger."""
        return self.visibility != Visibility.PRIVATE

    @property
    def has_page(self) -> bool:
        """Whether it has a page of its own, and not only a partner's frame."""
        return self.visibility not in (Visibility.PRIVATE, Visibility.PARTNERS)


def new_epoch() -> str:
    """A name for a history that no earlier history had: 12 URL-safe characters."""
    return secrets.token_hex(6)


class Stream(models.Model):
    """The event's counter: a row of its own, written by `publishing` alone.

    On `Event` a stale ``save()`` would set it back.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, primary_key=True, related_name="stream")
    epoch = models.CharField(_("epoch"), max_length=12, default=new_epoch)
    sequence = models.PositiveBigIntegerField(_("sequence"), default=0)
    parts_sequence = models.PositiveBigIntegerField(_("sequence of the last change of a part"), default=0)
    reset_sequence = models.PositiveBigIntegerField(_("sequence before which pages are of no use"), default=0)
    #: Counted as they come and go: to count them anew would cost the more, the longer the night.
    readable = models.PositiveIntegerField(_("posts that can be read"), default=0, db_default=0)

    class Meta:
        verbose_name = _("stream")
        verbose_name_plural = _("streams")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(parts_sequence__lte=models.F("sequence"))
                & models.Q(reset_sequence__lte=models.F("sequence")),
                name="stream_parts_not_ahead",
            ),
        )

    def __str__(self) -> str:
        return f"{self.event_id} at {self.sequence}"


class EventAddress(models.Model):
    """A slug that an event once had; it goes on leading there."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="addresses")

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")

    def __str__(self) -> str:
        return self.slug
