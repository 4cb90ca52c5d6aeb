"""Organisations that show our events on their own pages."""

import secrets

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models import themes


def new_partner_key() -> str:
    """A key for addresses: 12 URL-safe characters, no secret."""
    return secrets.token_hex(6)


class Partner(models.Model):
    """An organisation that embeds us, and the origins on which it may."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    key = models.SlugField(_("key"), max_length=32, unique=True, default=new_partner_key)
    origins = models.JSONField(_("origins"), default=list, help_text=_("Such as https://www.example.org, one a line."))
    theme = models.JSONField(_("theme"), default=dict, blank=True)
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("partner")
        verbose_name_plural = _("partners")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise ValidationError, at `theme`, for one that cannot be read."""
        try:
            themes.check(self.theme)
        except ValidationError as error:
            raise ValidationError({"theme": error}) from error
