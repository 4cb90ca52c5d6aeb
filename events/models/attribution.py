"""A post's tie to a source, as it was shown."""

from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.post import Post, Precision
from events.models.source import SpeakerType


class Basis(models.TextChoices):
    """How we know it."""

    ON_RECORD = "on_record", _("On the record")
    WITNESSED = "witnessed", _("We saw it")
    DOCUMENT = "document", _("A document")
    OUTLET = "outlet", _("Another outlet")
    SOCIAL = "social", _("Social media")
    UNNAMED = "unnamed", _("An unnamed source")


class Verb(models.TextChoices):
    """What the source did with the words."""

    SAID = "said", _("said")
    TOLD = "told", _("told")
    WROTE = "wrote", _("wrote")
    ANNOUNCED = "announced", _("announced")
    DENIED = "denied", _("denied")
    REPORTED = "reported", _("reported")


class QuoteForm(models.TextChoices):
    """How near a quotation is to what was said."""

    VERBATIM = "verbatim", _("Word for word")
    PARTIAL = "partial", _("In part")
    TRANSLATED = "translated", _("Translated")


class Attribution(models.Model):
    """A post's tie to a source: what was shown when it was published.

    Name, role and organisation are copies. Changing a `Source` later changes no post.
    An unnamed source has no `Source` row: `described_as` is all that is kept.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="attributions")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    source = models.ForeignKey(
        "events.Source", on_delete=models.SET_NULL, null=True, blank=True, related_name="attributions"
    )
    basis = models.CharField(_("basis"), max_length=10, choices=Basis, default=Basis.ON_RECORD)
    as_named = models.CharField(_("name shown"), max_length=120, blank=True)
    as_role = models.CharField(_("role shown"), max_length=120, blank=True)
    as_organisation = models.CharField(_("organisation shown"), max_length=120, blank=True)
    speaker_type = models.CharField(_("speaker type"), max_length=16, choices=SpeakerType, blank=True)
    verb = models.CharField(_("verb"), max_length=10, choices=Verb, default=Verb.SAID)
    medium = models.CharField(
        _("on or to"), max_length=80, blank=True, help_text=_("“on X”, “reporters”, “state television”")
    )
    place = models.CharField(_("place"), max_length=80, blank=True)
    said_at = models.DateTimeField(_("said at"), null=True, blank=True)
    said_precision = models.CharField(_("known"), max_length=6, choices=Precision, default=Precision.MINUTE)
    link = models.URLField(_("link"), max_length=500, blank=True)
    quote = models.TextField(_("quotation"), max_length=2000, blank=True)
    quote_form = models.CharField(_("quoted"), max_length=10, choices=QuoteForm, default=QuoteForm.VERBATIM)
    language = models.CharField(_("language"), max_length=10, blank=True)
    translated_by = models.CharField(_("translated by"), max_length=80, blank=True)
    described_as = models.CharField(
        _("described as"),
        max_length=160,
        blank=True,
        help_text=_("For an unnamed source: “a diplomat briefed on the talks”."),
    )
    reason_unnamed = models.CharField(_("reason for no name"), max_length=160, blank=True)

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("attribution")
        verbose_name_plural = _("attributions")
        constraints = (
            models.CheckConstraint(
                name="attribution_unnamed_stays_so",
                condition=(
                    Q(basis="unnamed", source__isnull=True, as_named="") & ~Q(described_as="") & ~Q(reason_unnamed="")
                )
                | (~Q(basis="unnamed") & Q(described_as="", reason_unnamed="")),
            ),
        )

    def __str__(self) -> str:
        return self.as_named or self.described_as or self.get_basis_display()

    def facts(self) -> dict[str, Any]:
        """What a revision keeps of it: all that was shown, as JSON's own types."""
        skipped = ("id", "post_id", "source_id")
        values = {field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields}
        return {
            name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
            for name, value in values.items()
            if name not in skipped
        }
