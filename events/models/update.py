"""The change log: one row for each public change of an event."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Update(models.Model):
    """At sequence 413 this post was revised: facts only, never words."""

    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="updates")
    sequence = models.PositiveBigIntegerField(_("sequence"))
    action = models.CharField(_("action"), max_length=12)
    verb = models.CharField(_("verb"), max_length=16)
    post = models.ForeignKey("events.Post", on_delete=models.CASCADE, null=True, related_name="updates")
    version = models.PositiveIntegerField(_("version"), null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ("event", "sequence")
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        constraints = (models.UniqueConstraint(fields=("event", "sequence"), name="update_sequence_once"),)

    def __str__(self) -> str:
        return f"{self.event_id}:{self.sequence} {self.verb}"
