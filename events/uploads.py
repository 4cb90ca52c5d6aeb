"""From what an editor's browser sent to a picture of ours.

Nothing that was sent is kept as it was: what can be seen is drawn anew, upright, in sRGB, as a
JPEG without a word beside it. So the place where it was taken, a name in its metadata, and whatever
else a file can carry (scripts, archives, other formats) are gone. There is no SVG.
"""

import io
import threading

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

#: Bytes, and pixels, that a picture may have.
MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 60_000_000
#: Pixels: the least across, so that no screen shows it blurred, and the longest side that we keep.
LEAST, MOST = 640, 2560
#: How many times the shorter side the longer may be, so that its smallest size is there even of the narrowest.
NARROW = 8
#: What is read. Of a picture that moves, the first frame.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
#: For the field in which it is chosen.
MEDIA_TYPES = "image/jpeg,image/png,image/webp,image/gif,image/avif"
QUALITY = 88

#: One at a time in a process: unpacked, a picture is some hundred megabytes.
_at_work = threading.Lock()


class Unfit(ValueError):
    """What was sent is no picture that we can show; the message says why."""


def picture(upload: UploadedFile) -> ContentFile:
    """Return the JPEG that we keep, at most `MOST` pixels wide and high. Raises Unfit, with a sentence."""
    if not upload.size:
        raise Unfit(_("This file is empty."))
    if upload.size > MAX_BYTES:
        most = MAX_BYTES // 1024 // 1024
        raise Unfit(_("This file is too large: a picture may have %(most)d MB.") % {"most": most})
    with _at_work:
        try:
            # One without a name is no file to an ImageField, and has no width.
            return ContentFile(_drawn(upload), name="picture.jpg")
        except Unfit:
            raise
        except UnidentifiedImageError as error:
            raise Unfit(_("This is no picture that we can read. Send a JPEG, PNG, WebP, GIF or AVIF.")) from error
        except Image.DecompressionBombError as error:
            raise _too_many() from error
        # Each of Pillow's readers has its own way to fail at what is cut off or made up.
        except Exception as error:
            raise Unfit(_("This picture is damaged or cut off. Open it, save it anew, and send that.")) from error


def _drawn(upload: UploadedFile) -> bytes:
    upload.seek(0)
    with Image.open(upload, formats=FORMATS) as sent:
        if sent.width * sent.height > MAX_PIXELS:
            raise _too_many()
        # A camera's JPEG is read at half or a quarter of its size, where that is enough.
        sent.draft("RGB", (MOST, MOST))
        shown = ImageOps.exif_transpose(sent)
        if shown.width < LEAST:
            raise Unfit(
                _("This picture is too small: it is %(width)d pixels wide, and %(least)d are needed.")
                % {"width": shown.width, "least": LEAST}
            )
        if max(shown.size) > NARROW * min(shown.size):
            raise Unfit(_("This picture is too narrow: no side may be more than eight times the other."))
        shown = _in_srgb(shown)
    shown.thumbnail((MOST, MOST), Image.Resampling.LANCZOS)
    # What a file carries beside its pixels is kept here, and Pillow would write some of it again.
    shown.info = {}
    written = io.BytesIO()
    shown.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()


def _in_srgb(image: Image.Image) -> Image.Image:
    """The picture in the colours of the web, on white where one could see through it."""
    profile = image.info.get("icc_profile")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image).convert("RGB")
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, theirs, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            # A profile of nonsense, or of other colours than it says: shown as if there were none.
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")


def _too_many() -> Unfit:
    most = MAX_PIXELS // 1_000_000
    return Unfit(_("This picture has too many pixels: at most %(most)d million.") % {"most": most})
