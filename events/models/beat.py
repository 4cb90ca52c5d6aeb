"""Signs of life of what works without being asked."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Beat(models.Model):
    """When a process of this name last did its round."""

    name = models.CharField(_("name"), max_length=20, primary_key=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        return f"{self.name} {self.at:%H:%M:%S}"
