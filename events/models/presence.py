"""Who is at the desk, and what they hold open."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Presence(models.Model):
    """One open tab of the desk, as it last said; one that has fallen silent counts no more."""

    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    tab = models.CharField(_("tab"), max_length=24)
    #: The post in its composer, empty for a new one.
    post = models.CharField(_("post"), max_length=16, blank=True)
    writing = models.BooleanField(_("writing"), default=False)
    at = models.DateTimeField(_("last heard of"))

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = (models.UniqueConstraint(fields=("event", "user", "tab"), name="presence_once_a_tab"),)

    def __str__(self) -> str:
        return f"{self.user_id} at {self.event_id}"
