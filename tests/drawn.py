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


def tram() -> Image.Image:
    """A tram on a bridge in the evening, for pictures of the product; drawn large, and made smaller to be smooth."""
    image = Image.new("RGB", (3000, 2000))
    draw = ImageDraw.Draw(image)
    for y in range(2000):
        draw.line((0, y, 3000, y), fill=(250 - y // 16, 214 - y // 14, 178 - y // 40))
    draw.ellipse((2050, 420, 2450, 820), fill="#ffe9b8")
    draw.polygon(
        [(0, 1250), (700, 820), (1500, 1180), (2300, 780), (3000, 1150), (3000, 1500), (0, 1500)], fill="#7d6f86"
    )
    draw.rectangle((0, 1500, 3000, 2000), fill="#3f5468")
    draw.rectangle((0, 1350, 3000, 1450), fill="#2c2f3a")
    for x in range(0, 3200, 640):
        draw.pieslice((x - 320, 1400, x + 320, 2040), 180, 360, fill="#2c2f3a")
        draw.pieslice((x - 260, 1460, x + 260, 1980), 180, 360, fill="#3f5468")
    draw.line((0, 930, 3000, 930), fill="#2c2f3a", width=8)
    draw.line((1500, 930, 1420, 1010), fill="#2c2f3a", width=14)
    draw.rounded_rectangle((650, 1010, 2350, 1320), 60, fill="#c4122f")
    for x in range(720, 2250, 220):
        draw.rounded_rectangle((x, 1060, x + 170, 1190), 20, fill="#fdf0d0")
    draw.rectangle((650, 1240, 2350, 1262), fill="#fdfcf9")
    for x in (850, 1080, 1850, 2080):
        draw.ellipse((x, 1290, x + 90, 1380), fill="#17191d")
    return image.resize((1500, 1000), Image.Resampling.LANCZOS)


def sent(image: Image.Image, form: str = "JPEG", name: str = "IMG_0042.jpg", **how: Any) -> SimpleUploadedFile:
    """The picture as a browser sends it."""
    held = io.BytesIO()
    image.save(held, form, **how)
    return SimpleUploadedFile(name, held.getvalue(), content_type=Image.MIME[form])


def taken_in(event: Event, **how: Any) -> Picture:
    """A picture that waits to be put on the page."""
    return publishing.take_in(event, sent(drawing(**how)), by=cast.editor())


def put_up(event: Event, image: Image.Image | None = None, **words: str) -> Picture:
    """A picture at the top of the page."""
    picture = publishing.take_in(event, sent(image or drawing()), by=cast.editor())
    given = {"picture_alt": "Two desks", "picture_caption": "As seen on Tuesday", "picture_credit": "Roe/Agency"}
    publishing.change(event, by=cast.editor(), lead_picture=picture, **(given | words))
    event.refresh_from_db()
    return picture
