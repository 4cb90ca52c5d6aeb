"""Half-written words, kept apart from posts."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

#: The composer of the posts that somebody left out of the article: it holds no words.
ARTICLE = "article"


class Autosave(models.Model):
    """What somebody has in a composer right now.

    A table of its own, so that a half-written revise never touches `Post`, its locks
    or its bytes.
    """

    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="autosaves")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="autosaves")
    composer = models.CharField(_("composer"), max_length=40, help_text=_("The window in which it is written."))
    content = models.JSONField(_("content"), default=dict)
    at = models.DateTimeField(_("at"), auto_now=True)

    class Meta:
        verbose_name = _("autosave")
        verbose_name_plural = _("autosaves")
        constraints = (models.UniqueConstraint(fields=("event", "by", "composer"), name="autosave_one_a_composer"),)

    def __str__(self) -> str:
        return f"{self.composer} by {self.by_id}"
