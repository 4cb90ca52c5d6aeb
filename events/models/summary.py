"""What we know so far."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Knowing(models.TextChoices):
    """How much a line of the summary claims."""

    KNOWN = "known", _("Known")
    NOT_KNOWN = "not_known", _("Not known")
    DISPUTED = "disputed", _("Disputed")


class SummaryLine(models.Model):
    """One line of the living summary, resting on a post where it can."""

    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="summary_lines")
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("text"), max_length=300)
    knowing = models.CharField(_("says what is"), max_length=12, choices=Knowing, default=Knowing.KNOWN)
    post = models.ForeignKey(
        "events.Post", on_delete=models.SET_NULL, null=True, blank=True, related_name="summary_lines"
    )

    class Meta:
        ordering = ("event", "position")
        verbose_name = _("summary line")
        verbose_name_plural = _("summary lines")
        constraints = (
            models.UniqueConstraint(fields=("event", "position"), name="summary_one_line_a_place"),
            models.CheckConstraint(condition=~models.Q(text=""), name="summary_line_says_something"),
        )

    def __str__(self) -> str:
        return self.text
