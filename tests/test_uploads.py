"""What becomes of a file that an editor sends as a picture."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

from events import uploads
from tests.drawn import drawing, sent


def kept(upload: SimpleUploadedFile) -> Image.Image:
    return Image.open(io.BytesIO(uploads.picture(upload).read()))


def near(colour: tuple[int, ...], name: str) -> bool:
    wanted = {"red": (255, 0, 0), "white": (255, 255, 255), "brown": (139, 69, 19), "green": (0, 255, 0)}[name]
    return sum(abs(a - b) for a, b in zip(colour, wanted, strict=True)) < 60


@pytest.mark.parametrize("form", uploads.FORMATS)
def test_every_allowed_format_becomes_a_jpeg(form):
    picture = kept(sent(drawing(), form))
    assert (picture.format, picture.size, picture.mode) == ("JPEG", (1500, 1000), "RGB")
    assert near(picture.getpixel((40, 40)), "red") and near(picture.getpixel((700, 900)), "brown")


def test_where_it_was_taken_and_all_else_beside_it_is_gone():
    exif = Image.Exif()
    exif[0x010F] = "A camera of mine"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 30.0)
    upload = sent(drawing(), exif=exif, comment=b"by Jane Roe")
    assert b"A camera of mine" in upload.read()
    upload.seek(0)
    content = uploads.picture(upload).read()
    assert b"camera" not in content and b"Roe" not in content and b"Exif" not in content
    assert not Image.open(io.BytesIO(content)).getexif()


@pytest.mark.parametrize(
    ("orientation", "corner"), [(3, (1460, 960)), (6, (960, 40)), (8, (40, 1460))], ids=["turned", "right", "left"]
)
def test_it_stands_upright(orientation, corner):
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = kept(sent(drawing(), exif=exif))
    assert picture.size == ((1500, 1000) if orientation == 3 else (1000, 1500))
    assert near(picture.getpixel(corner), "red")


def test_one_sees_through_it_to_white():
    image = drawing(mode="RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 1500, 500))
    assert near(kept(sent(image, "PNG")).getpixel((700, 100)), "white")
    palette = Image.new("P", (800, 600), 0)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    assert near(kept(sent(palette, "PNG", transparency=0)).getpixel((10, 10)), "white")


def test_colours_of_another_space_become_those_of_the_web():
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (swapped, b"no profile at all"):
        # A profile that does not fit is as none.
        assert near(kept(sent(drawing(), icc_profile=profile)).getpixel((40, 40)), "red")
    assert kept(sent(drawing().convert("CMYK"))).mode == "RGB"
    assert kept(sent(drawing().convert("L"), "PNG")).mode == "RGB"


def test_a_large_one_is_kept_smaller():
    assert kept(sent(drawing(4000, 3000))).size == (2560, 1920)
    assert max(kept(sent(drawing(700, 4000), "PNG")).size) == 2560
    # However narrow, it has its smallest size.
    assert kept(sent(drawing(640, 5120), "PNG")).size == (320, 2560)
    assert kept(sent(drawing(640, 100))).size == (640, 100)


def test_of_a_moving_one_the_first_frame_is_kept():
    frames = [Image.new("RGB", (700, 500), colour) for colour in ("lime", "red", "blue")]
    upload = sent(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert near(kept(upload).getpixel((10, 10)), "green")


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"><script>alert(1)</script></svg>'
POLYGLOT = b"<html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"<?php echo 1 ?>", "no picture that we can read"),
        (SVG, "no picture that we can read"),
        (b"%PDF-1.7 and so on", "no picture that we can read"),
        (sent(drawing(), "BMP").read(), "no picture that we can read"),
        (sent(drawing(), "TIFF").read(), "no picture that we can read"),
        (sent(drawing()).read()[:9000], "damaged or cut off"),
        (sent(drawing(), "PNG").read()[:900], "damaged or cut off"),
        (sent(drawing(500, 500)).read(), "500 pixels wide, and 640 are needed"),
        (sent(drawing(650, 5300), "PNG").read(), "too narrow"),
        (sent(drawing(7000, 700), "PNG").read(), "too narrow"),
        (bomb(), "too many pixels"),
        (bomb(9000, 9000), "too many pixels"),
        (b"\xff\xd8\xff" + b"x" * (uploads.MAX_BYTES + 1), "at most|may have 15 MB"),
    ],
    ids=[
        "empty",
        "php",
        "svg",
        "pdf",
        "bmp",
        "tiff",
        "cut",
        "cut-png",
        "small",
        "tall",
        "flat",
        "bomb",
        "large",
        "heavy",
    ],
)
def test_what_is_no_picture_for_us_gets_a_sentence(content, sentence):
    with pytest.raises(uploads.Unfit, match=sentence):
        uploads.picture(SimpleUploadedFile("picture.jpg", content))


def test_what_is_hidden_behind_a_picture_is_gone():
    upload = SimpleUploadedFile("picture.jpg", sent(drawing()).read() + POLYGLOT)
    assert b"script" not in uploads.picture(upload).read()
