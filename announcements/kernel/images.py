"""Pictures that people upload: looked at by their content, made anew in fixed sizes, so that nothing but pixels is kept."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from announcements.kernel import decoding

LIMITS = decoding.Limits(megabytes=1, megapixels=24, least_side=16)


def squares(content: bytes, sizes: Sequence[int], *, field: str, whole: bool = True) -> dict[int, bytes]:
    """Return a picture as PNGs of these sides; raise Invalid naming the field.

    Whole, it is centered on a transparent square; otherwise its middle fills the square.
    """
    picture = decoding.picture(content, LIMITS, field=field).convert("RGBA")
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


def _png(picture: Image.Image, side: int, whole: bool) -> bytes:
    made = Image.new("RGBA", (side, side))
    shrink = ImageOps.contain if whole else ImageOps.fit
    shrunk = shrink(picture, (side, side), Image.Resampling.LANCZOS)
    made.paste(shrunk, ((side - shrunk.width) // 2, (side - shrunk.height) // 2))
    out = io.BytesIO()
    made.save(out, "PNG", optimize=True)
    return out.getvalue()
