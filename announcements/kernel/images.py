"""Pictures that people upload: looked at by their content, made anew in fixed sizes, so that nothing but pixels is kept."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from announcements.kernel import errors

MOST_BYTES = 1_000_000
MOST_PIXELS = 24_000_000
LEAST_SIDE = 16
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def squares(content: bytes, sizes: Sequence[int], *, field: str) -> dict[int, bytes]:
    """Return a picture as PNGs of these sides, whole and centered on a transparent square; raise Invalid naming the field."""
    picture = _opened(content, field)
    return {side: _png(picture, side) for side in sizes}


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


def _png(picture: Image.Image, side: int) -> bytes:
    made = Image.new("RGBA", (side, side))
    shrunk = ImageOps.contain(picture, (side, side), Image.Resampling.LANCZOS)
    made.paste(shrunk, ((side - shrunk.width) // 2, (side - shrunk.height) // 2))
    out = io.BytesIO()
    made.save(out, "PNG", optimize=True)
    return out.getvalue()
