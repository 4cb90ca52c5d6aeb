"""What a post was before: its words, and whether it was so."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.post import Post, Standing


class Revision(models.Model):
    """A post's words as they stood, written by every publish and revise."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    headline = models.CharField(_("headline"), max_length=200, blank=True)
    body = models.TextField(_("body"), blank=True)
    attributions = models.JSONField(_("attributions"), default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ("post", "number")
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = (models.UniqueConstraint(fields=("post", "number"), name="revision_number_once"),)

    def __str__(self) -> str:
        return f"{self.post_id} revision {self.number}"


class StandingChange(models.Model):
    """Each change of a public post's standing: not confirmed 14:10, confirmed 14:32."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="standing_changes")
    standing = models.CharField(_("standing"), max_length=14, choices=Standing)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ("at", "id")
        verbose_name = _("change of standing")
        verbose_name_plural = _("changes of standing")

    def __str__(self) -> str:
        return f"{self.standing} {self.at:%H:%M}"
