"""What somebody may do in one event, whatever their groups say."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Part(models.TextChoices):
    """The parts that there are at a desk."""

    EDITOR = "editor", _("Editor: publishes")
    CONTRIBUTOR = "contributor", _("Contributor: submits")
    VIEWER = "viewer", _("Viewer: looks on")


class Role(models.Model):
    """One member of the staff in one event."""

    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="roles")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="event_roles")
    part = models.CharField(_("part"), max_length=11, choices=Part, default=Part.EDITOR)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = (
            models.UniqueConstraint(fields=("event", "user"), name="role_once_an_event"),
            models.CheckConstraint(condition=models.Q(part__in=Part.values), name="role_part_known"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_part_display()}"
