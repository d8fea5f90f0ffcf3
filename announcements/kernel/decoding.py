"""The one way to open a picture that somebody sent: known by its content, measured before any pixel of it is decoded."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, UnidentifiedImageError

from announcements.kernel import errors

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
ORIENTATION = 0x0112
# What makes each orientation of Exif stand upright; from the fifth on, width and height change places.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What is taken: so many bytes, so many pixels, no side shorter than this."""

    megabytes: int
    megapixels: int
    least_side: int = 1


@dataclass(frozen=True, slots=True)
class Seen:
    """What the head of a file says: its size when it stands upright, and whether it moves."""

    width: int
    height: int
    moves: bool


def look(content: bytes, limits: Limits, *, field: str) -> Seen:
    """Return what the head of a file says; decode no pixel. Raises Invalid naming the field."""
    with _opened(content, limits, field) as picture:
        width, height = picture.size
        if _orientation(picture) >= 5:
            width, height = height, width
        # A second frame of a JPEG is a depth map or a preview, not a movement.
        moves = picture.format in {"PNG", "WEBP", "GIF"} and bool(getattr(picture, "is_animated", False))
        return Seen(width=width, height=height, moves=moves)


def picture(content: bytes, limits: Limits, *, field: str, enough: int | None = None) -> Image.Image:
    """Return the first frame, upright, as RGB or RGBA in the colors of screens; raise Invalid naming the field.

    With `enough`, a JPEG may be decoded at a fraction of its size as long as no side is shorter than that.
    """
    with _opened(content, limits, field) as opened:
        if enough:
            opened.draft(None, (enough, enough))
        turn = UPRIGHT.get(_orientation(opened))
        opened.load()
        return _colors(opened if turn is None else opened.transpose(turn))


def _orientation(opened: Image.Image) -> int:
    """Return how the head of the file says that it lies. `getexif` would decode a PNG whole to look behind its pixels."""
    exif = Image.Exif()
    try:
        exif.load(opened.info.get("exif", b""))
        return int(exif.get(ORIENTATION, 1))
    except (OSError, SyntaxError, TypeError, ValueError, struct.error):
        return 1  # broken Exif says nothing


@contextmanager
def _opened(content: bytes, limits: Limits, field: str) -> Iterator[Image.Image]:
    """Open a file within the limits; say in words what is wrong with it, also with what is found inside the block."""
    _take(content, limits, field)
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            _measure(opened, limits, field)
            yield opened
    except errors.Invalid:
        raise
    except UnidentifiedImageError:
        raise errors.Invalid({field: [_("This is not a picture we can read. Use a PNG, JPEG, WebP or GIF.")]}) from None
    except Image.DecompressionBombError:
        raise _too_many(limits, field) from None
    except (OSError, ValueError, SyntaxError, MemoryError, OverflowError, EOFError):
        raise errors.Invalid({field: [_("This picture is damaged. Save it anew and try again.")]}) from None


def _take(content: bytes, limits: Limits, field: str) -> None:
    if not content:
        raise errors.Invalid({field: [_("This file is empty.")]})
    if len(content) > limits.megabytes * 1_000_000:
        raise errors.Invalid({field: [_("Use a picture of at most %(most)d MB.") % {"most": limits.megabytes}]})
    if content[:400].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        raise errors.Invalid({field: [_("SVG and HTML can carry code. Use a PNG, JPEG, WebP or GIF instead.")]})


def _measure(opened: Image.Image, limits: Limits, field: str) -> None:
    across, down = opened.size
    if across * down > limits.megapixels * 1_000_000:
        raise _too_many(limits, field)
    if min(across, down) < limits.least_side:
        said = _("This picture is too small. Use one of at least %(least)d by %(least)d pixels.")
        raise errors.Invalid({field: [said % {"least": limits.least_side}]})


def _too_many(limits: Limits, field: str) -> errors.Invalid:
    said = _("This picture has too many pixels. Use one of at most %(most)d megapixels.")
    return errors.Invalid({field: [said % {"most": limits.megapixels}]})


def _colors(picture: Image.Image) -> Image.Image:
    """Return it with eight bits a channel, in sRGB: what a profile said is in the pixels, and the profile is gone."""
    if picture.mode.startswith("I"):  # sixteen bits of gray
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    clear = "A" in picture.getbands() or "transparency" in picture.info
    wanted = "RGBA" if clear else "RGB"
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = "RGBA" if picture.mode == "RGBA" else "RGB"
            made = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
            picture = made or picture
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile says nothing: the numbers are taken as they are
    return picture.convert(wanted)
