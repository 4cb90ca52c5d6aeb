"""Who a post's facts come from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SpeakerType(models.TextChoices):
    """Who speaks. "Official" is no verification."""

    OFFICIAL = "official", _("Official")
    WITNESS = "witness", _("Witness")
    EXPERT = "expert", _("Expert")
    OUTLET = "outlet", _("Outlet or agency")
    ORGANISATION = "organisation", _("Organisation")


class Source(models.Model):
    """A person, organisation, outlet, agency or official body.

    Holds no contact data, and no unnamed source ever: an unnamed source is words on
    an `Attribution`, with no identity anywhere.
    """

    name = models.CharField(_("name"), max_length=120)
    speaker_type = models.CharField(_("speaker type"), max_length=16, choices=SpeakerType, default=SpeakerType.OFFICIAL)
    role = models.CharField(_("role"), max_length=120, blank=True, help_text=_("As readers should see it."))
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True, help_text=_("A public web address."))

    class Meta:
        ordering = ("name", "id")
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = (
            models.UniqueConstraint(fields=("name", "role", "organisation"), name="source_told_apart"),
            models.CheckConstraint(condition=~models.Q(name=""), name="source_has_a_name"),
        )

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.role, self.organisation) if part)
