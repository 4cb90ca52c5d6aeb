"""A picture that stands on an event's pages."""

import logging
import secrets
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from pictures.models import PictureField

log = logging.getLogger(__name__)

#: Where pictures are kept, below MEDIA_ROOT.
FOLDER = "pictures"
#: Pixels across that a page has room for, in CSS pixels; half of it, and twice as much for dense screens, are made too.
ROOM = 640


class Rendition(NamedTuple):
    """One size of a picture: its address, where its bytes are kept, and its pixels."""

    url: str
    path: str
    width: int
    height: int


def path_of(name: str) -> str:
    """Where the picture of this name is kept."""
    return f"{FOLDER}/{name}.jpg"


def random_name(_picture: "Picture", _given: str) -> str:
    """A name that nobody guesses and that says nothing of the picture: what a camera calls it is not kept."""
    return path_of(secrets.token_hex(12))


class Picture(models.Model):
    """A picture as `uploads` has made it: nothing of what was sent is kept but what can be seen.

    `file` is for us; readers get its renditions. What is said of it (alt text, caption, credit)
    belongs to the place where it stands.
    """

    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="pictures")
    file = PictureField(
        _("picture"),
        upload_to=random_name,
        width_field="width",
        height_field="height",
        container_width=ROOM,
        grid_columns=2,
        pixel_densities=[1, 2],
        file_types=["WEBP", "JPEG"],
    )
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    class Meta:
        ordering = ("-added_at", "-pk")
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return f"{self.file.name.removeprefix(f'{FOLDER}/')}, {self.width} × {self.height}"

    @property
    def name(self) -> str:
        """The random part of its address."""
        return self.file.name.removeprefix(f"{FOLDER}/").removesuffix(".jpg")

    def renditions(self, kind: str) -> list[Rendition]:
        """Its sizes as `WEBP` or `JPEG`, the smallest first."""
        made = self.file.aspect_ratios[None][kind]
        return [
            Rendition(one.url, one.name, width, round(width * self.height / self.width))
            for width, one in sorted(made.items())
        ]

    def content(self, rendition: Rendition) -> bytes:
        """The bytes of one of its sizes. Raises OSError where the storage has lost it, and says so in the log."""
        try:
            with self.file.storage.open(rendition.path) as file:
                content: bytes = file.read()
        except OSError:
            log.error("%s is not in MEDIA_ROOT.", rendition.path)
            raise
        return content

    def largest(self, across: int, down: int) -> Rendition | None:
        """The largest JPEG that fits into so many pixels; None where none does."""
        fitting = [one for one in self.renditions("JPEG") if one.width <= across and one.height <= down]
        return fitting[-1] if fitting else None

    @property
    def webp(self) -> str:
        """The WebP renditions for `srcset`."""
        return _srcset(self.renditions("WEBP"))

    @property
    def jpeg(self) -> str:
        """The JPEG renditions for `srcset`."""
        return _srcset(self.renditions("JPEG"))

    @property
    def usual(self) -> Rendition:
        """The JPEG for an engine that knows no `srcset`."""
        return self.renditions("JPEG")[0]

    @property
    def whole(self) -> Rendition:
        """The largest JPEG: for whoever wants to see more, and for other sites."""
        return self.renditions("JPEG")[-1]


def _srcset(renditions: list[Rendition]) -> str:
    return ", ".join(f"{one.url} {one.width}w" for one in renditions)
