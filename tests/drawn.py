"""Pictures for the tests, drawn here: as a camera, a drawing program and somebody with bad intentions send them."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from events import publishing
from events.models import Event, Picture
from tests import cast


def drawing(width: int = 1500, height: int = 1000, mode: str = "RGB") -> Image.Image:
    """A desk under a sky, with a red corner at the top left by which one sees what is upright."""
    image = Image.new(mode, (width, height), "skyblue")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 2 // 3, width, height), fill="saddlebrown")
    draw.rectangle((0, 0, width // 5, height // 5), fill="red")
    return image


def sent(image: Image.Image, form: str = "JPEG", name: str = "IMG_0042.jpg", **how: Any) -> SimpleUploadedFile:
    """The picture as a browser sends it."""
    held = io.BytesIO()
    image.save(held, form, **how)
    return SimpleUploadedFile(name, held.getvalue(), content_type=Image.MIME[form])


def taken_in(event: Event, **how: Any) -> Picture:
    """A picture that waits to be put on the page."""
    return publishing.take_in(event, sent(drawing(**how)), by=cast.editor())


def put_up(event: Event, **words: str) -> Picture:
    """The same at the top of the page."""
    picture = taken_in(event)
    given = {"picture_alt": "Two desks", "picture_caption": "As seen on Tuesday", "picture_credit": "Roe/Agency"}
    publishing.change(event, by=cast.editor(), lead_picture=picture, **(given | words))
    event.refresh_from_db()
    return picture
