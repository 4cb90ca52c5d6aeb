"""What an editor did: the idempotency key and the audit line in one."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Deed(models.Model):
    """One deed at the desk. A repeated key answers with the first result, if the same was to be stored."""

    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="deeds")
    key = models.CharField(_("key"), max_length=80)
    verb = models.CharField(_("verb"), max_length=16)
    #: What was thrown away takes no line of the audit with it: `about` still says which it was.
    post = models.ForeignKey("events.Post", on_delete=models.SET_NULL, null=True, related_name="deeds")
    about = models.CharField(_("post's id"), max_length=16, blank=True, default="", db_default="")
    detail = models.CharField(
        _("detail"), max_length=200, blank=True, default="", db_default="", help_text=_("Never a post's words.")
    )
    sequence = models.PositiveBigIntegerField(
        _("sequence"), null=True, help_text=_("Empty when nothing public changed.")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="deeds")
    at = models.DateTimeField(_("at"))
    digest = models.CharField(
        _("digest of what it stored"), max_length=32, blank=True, default="", db_default="", editable=False
    )
    before = models.JSONField(
        _("before"), null=True, editable=False, help_text=_("What is needed to take it back within its window.")
    )

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = _("log entry")
        verbose_name_plural = _("log")
        constraints = (models.UniqueConstraint(fields=("event", "key"), name="deed_key_once"),)

    def __str__(self) -> str:
        return f"{self.verb} {self.about}".strip()
