"""Which kind of file came, by what is in it."""

from __future__ import annotations

import io
from typing import IO

from django.utils.translation import gettext as _

from announcements.kernel import encodings
from announcements.porting import _archives
from announcements.porting._archives import Archive, Unreadable
from announcements.porting._exported import Exported
from announcements.porting._items import Source

MOST_BYTES = 100_000_000
CHUNK = 64 * 1024


def check(file: IO[bytes]) -> None:
    """Raise Unreadable for a file that can be seen at a glance to be nothing that could be brought in; else leave it at its beginning."""
    file.seek(0, io.SEEK_END)
    if file.tell() > MOST_BYTES:
        raise Unreadable(_("The file is too large: at most %(most)d MB are read.") % {"most": MOST_BYTES // 10**6})
    file.seek(0)
    while (part := file.read(CHUNK)) and not part.strip():
        pass
    if not part:
        raise Unreadable(_("The file is empty."))
    file.seek(0)


def opened(file: IO[bytes], name: str, timezone: str) -> Source:
    """Return what a file holds; times without a zone are told in `timezone`. Raises Unreadable."""
    # What these lean on takes long to load, and only a worker that reads such a file needs it.
    from announcements.porting._feeds import Feed
    from announcements.porting._pages import ENDINGS, MOST_PAGE, Page, Pages

    head = file.read(4)
    file.seek(0)
    if head in _archives.MAGIC:
        archive = Archive(file)
        return Exported.of(archive) or Pages(archive, timezone)
    content = file.read()
    if name.lower().endswith(ENDINGS):
        if len(content) > MOST_PAGE:
            raise Unreadable(_("This file is too large: at most %(most)d MB are read.") % {"most": MOST_PAGE // 10**6})
        return Page(content, name, timezone)
    if not _xml(content):
        raise Unreadable(_("This is neither a zip, nor RSS or Atom, nor a Markdown file (.md)."))
    return Feed(content)


def _xml(content: bytes) -> bool:
    decoded = encodings.decode(content[:1000])
    return decoded is not None and decoded.text.lstrip("\ufeff \t\r\n").startswith("<")
