"""The public notes on what was wrong, unclear or added."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CorrectionKind(models.TextChoices):
    """What a note says about the text that it stands on."""

    ADDITION = "addition", _("Addition")
    CLARIFICATION = "clarification", _("Clarification")
    CORRECTION = "correction", _("Correction")
    RETRACTION = "retraction", _("Retraction")


class Correction(models.Model):
    """A dated, public note on a post. Notes are all that is public of a post's past."""

    post = models.ForeignKey("events.Post", on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(_("kind"), max_length=16, choices=CorrectionKind)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    entry = models.OneToOneField(
        "events.Post",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="entry_of",
        help_text=_("The post of its own that tells readers of it."),
    )

    class Meta:
        ordering = ("at", "id")
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="addition") | ~models.Q(note=""), name="correction_says_what"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.note[:60]}"
