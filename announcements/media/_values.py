"""The values of the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from announcements.kernel import text
from announcements.media import models

State = Literal["processing", "ready", "failed"]
SIZES = (640, 1280, 1920)
CONTENT_TYPE = "image/webp"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture for announcements. `fault` says why it failed; `still` that it moved when it came."""

    id: int
    key: str
    workspace_id: int
    uploader_id: int
    width: int
    height: int
    still: bool
    state: State
    fault: str
    sizes: tuple[int, ...]

    @property
    def src(self) -> str:
        """Return its address, as it stands in bodies."""
        return text.image_address(self.key)

    def size(self, wanted: int) -> int:
        """Return the width that is kept for who wants one: the next larger one, or the largest."""
        return min((size for size in self.sizes if size >= wanted), default=max(self.sizes, default=0))


@dataclass(frozen=True, slots=True)
class Use:
    """That an announcement shows an image: in its newest words when `current`, else in an earlier version."""

    announcement_id: int
    current: bool


@dataclass(frozen=True, slots=True)
class File:
    """An image in one of its sizes."""

    content: bytes
    content_type: str


def as_image(row: models.Image) -> Image:
    """Return the value of a row."""
    return Image(
        id=row.pk,
        key=row.key,
        workspace_id=row.workspace_id,
        uploader_id=row.uploader_id,
        width=row.width,
        height=row.height,
        still=row.still,
        state="failed" if row.fault else "ready" if row.ready_at else "processing",
        fault=row.fault,
        sizes=tuple(row.sizes),
    )
