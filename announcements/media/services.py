"""The door of media: images for announcements. Who may see one is asked of delivery, which knows who reads what."""

from __future__ import annotations

from announcements.media._images import (
    KEPT_UNUSED,
    MOST_BYTES,
    check,
    get,
    get_many,
    make,
    read,
    remove_left_behind,
    remove_unused,
    upload,
    waiting,
)
from announcements.media._uses import bind, uses, uses_many
from announcements.media._values import SIZES, File, Image, State, Use

__all__ = [
    "KEPT_UNUSED", "MOST_BYTES", "SIZES", "File", "Image", "State", "Use", "bind", "check", "get", "get_many", "make", "read",
    "remove_left_behind", "remove_unused", "upload", "uses", "uses_many", "waiting",
]  # fmt: skip
