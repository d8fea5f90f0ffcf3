"""Where the files of an image lie in the storage, and how it is made anew."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from announcements.kernel import decoding
from announcements.media._values import SIZES

INCOMING = "images/incoming"
LIMITS = decoding.Limits(megabytes=10, megapixels=50)
# At most so many colors are a drawing or a screenshot: kept without loss, its letters stay sharp and it is small all the same.
FEW_COLORS = 4096
PHOTO, DRAWING = 82, 92


def incoming(key: str) -> str:
    """Return the name under which the bytes lie as they came."""
    return f"{INCOMING}/{key}"


def lying(until: datetime) -> list[str]:
    """Return the keys of the files that came before an instant and still lie there as they came."""
    try:
        _folders, names = default_storage.listdir(INCOMING)
    except FileNotFoundError:
        return []  # none ever came
    return sorted(name for name in names if _came(incoming(name)) <= until)


def _came(name: str) -> datetime:
    try:
        return default_storage.get_modified_time(name)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)  # a worker is done with it


def sized(key: str, width: int) -> str:
    """Return the name of a size."""
    return f"images/{key[:2]}/{key}-{width}.webp"


def put(name: str, content: bytes) -> None:
    """Write a file, over what a worker that was cut off may have left there.

    When another worker wrote it in between, theirs is as good: the storage gave ours another name, and it is taken away.
    """
    default_storage.delete(name)
    written = default_storage.save(name, ContentFile(content))
    if written != name:
        default_storage.delete(written)


def get(name: str) -> bytes:
    """Return what a file holds; raise FileNotFoundError."""
    with default_storage.open(name) as file:
        content: bytes = file.read()
    return content


def remove(key: str, widths: Iterable[int]) -> None:
    """Remove all files of an image."""
    for name in (incoming(key), *(sized(key, width) for width in widths)):
        default_storage.delete(name)


def widths(width: int) -> list[int]:
    """Return the sizes that an image of this width is kept in: none wider than it is."""
    return sorted({min(size, width) for size in SIZES})


def make(key: str, width: int) -> None:
    """Make an image anew in its sizes: pixels and nothing else. Raises Invalid when it cannot be read."""
    content = get(incoming(key))
    picture = decoding.picture(content, LIMITS, field="file", enough=max(SIZES))
    drawn = picture.getcolors(FEW_COLORS) is not None
    flat = content[:3] != b"\xff\xd8\xff"
    for size in widths(width):
        height = max(1, round(picture.height * size / picture.width))
        put(
            sized(key, size),
            _webp(picture.resize((size, height), Image.Resampling.LANCZOS, reducing_gap=3), drawn, flat),
        )


def _webp(picture: Image.Image, drawn: bool, flat: bool) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", lossless=drawn, quality=DRAWING if flat else PHOTO, method=2)
    return out.getvalue()
