"""Pictures that people upload: looked at by their content, made anew in fixed sizes, so that nothing but pixels is kept."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from announcements.kernel import errors

MOST_BYTES = 1_000_000
MOST_PIXELS = 24_000_000
LEAST_SIDE = 16
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def squares(content: bytes, sizes: Sequence[int], *, field: str, whole: bool = True) -> dict[int, bytes]:
    """Return a picture as PNGs of these sides; raise Invalid naming the field.

    Whole, it is centered on a transparent square; otherwise its middle fills the square.
    """
    picture = _opened(content, field)
    return {side: _png(picture, side, whole) for side in sizes}


def keep(folder: str, made: dict[int, bytes], now: datetime) -> str:
    """Put squares into a folder of our storage; return the digest that they are known by."""
    # With the time in it a name is never used twice, so that removing the files of the picture before cannot take ours.
    digest = hashlib.sha256(made[max(made)] + now.isoformat().encode()).hexdigest()[:32]
    for side, png in made.items():
        default_storage.save(_file(folder, digest, side), ContentFile(png))
    return digest


def kept(folder: str, digest: str, side: int) -> bytes:
    """Return the PNG of one of its squares."""
    with default_storage.open(_file(folder, digest, side)) as file:
        content: bytes = file.read()
    return content


def forget(folder: str, digest: str, sizes: Iterable[int]) -> None:
    """Remove the files of a picture."""
    for side in sizes:
        default_storage.delete(_file(folder, digest, side))


def _file(folder: str, digest: str, side: int) -> str:
    return f"{folder}/{digest}-{side}.png"


def _opened(content: bytes, field: str) -> Image.Image:
    """Return the first frame, upright; refuse before any pixel is decoded what would not fit into memory."""
    if len(content) > MOST_BYTES:
        raise errors.Invalid({field: [_("Use a picture of at most 1 MB.")]})
    if content.lstrip()[:1] == b"<":
        raise errors.Invalid({field: [_("SVG and HTML can carry code. Use a PNG, JPEG, WebP or GIF instead.")]})
    try:
        with warnings.catch_warnings(action="ignore"):
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            _measure(picture, field)
            picture.load()
            return ImageOps.exif_transpose(picture).convert("RGBA")
    except errors.Invalid:
        raise
    except UnidentifiedImageError:
        raise errors.Invalid({field: [_("This is not a picture we can read. Use a PNG, JPEG, WebP or GIF.")]}) from None
    except Image.DecompressionBombError:
        raise _too_many(field) from None
    except (OSError, ValueError, SyntaxError, MemoryError, OverflowError):
        raise errors.Invalid({field: [_("This picture is damaged. Save it anew and try again.")]}) from None


def _measure(picture: Image.Image, field: str) -> None:
    across, down = picture.size
    if across * down > MOST_PIXELS:
        raise _too_many(field)
    if min(across, down) < LEAST_SIDE:
        raise errors.Invalid({field: [_("This picture is too small. Use one of at least 16 by 16 pixels.")]})


def _too_many(field: str) -> errors.Invalid:
    return errors.Invalid({field: [_("This picture has too many pixels. Use one of at most 24 megapixels.")]})


def _png(picture: Image.Image, side: int, whole: bool) -> bytes:
    made = Image.new("RGBA", (side, side))
    shrink = ImageOps.contain if whole else ImageOps.fit
    shrunk = shrink(picture, (side, side), Image.Resampling.LANCZOS)
    made.paste(shrunk, ((side - shrunk.width) // 2, (side - shrunk.height) // 2))
    out = io.BytesIO()
    made.save(out, "PNG", optimize=True)
    return out.getvalue()
