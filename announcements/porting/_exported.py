"""Reading our own export: everything, exactly."""

from __future__ import annotations

import json
import posixpath
import re
from typing import Any

from django.utils.translation import gettext as _

from announcements.kernel import text
from announcements.porting import _folders
from announcements.porting._archives import Archive, Broken, Unreadable, shown
from announcements.porting._items import Item, key

MOST_JSON = 20_000_000
MOST_PICTURE = 10_000_000
VERSION = 1
FILE = "/announcement.json"
_KEY = re.compile(r"[a-z0-9-]{1,60}")
_NAME = re.compile(r"[0-9a-f]{32}")


class Exported:
    """The folders of an export. Raises Unreadable for one of a version that is not known yet."""

    form = "export"

    def __init__(self, archive: Archive, root: str) -> None:
        self._archive = archive
        self._root = root
        self.names = [
            name.removesuffix(FILE) for name in archive.names if name.startswith(root) and name.endswith(FILE)
        ]

    @classmethod
    def of(cls, archive: Archive) -> Exported | None:
        """Return the export that an archive is, perhaps packed again with a folder around it; None when it is none."""
        for name in sorted((one for one in archive.names if one.split("/")[1:] in ([], ["index.json"])), key=len):
            if posixpath.basename(name) == "index.json" and (index := _index(archive, name)):
                if index.get("version") != VERSION:
                    raise Unreadable(_("This was exported by a newer Mantel. Update this one first."))
                return cls(archive, name.removesuffix("index.json"))
        return None

    def item(self, place: int) -> Item:
        """Return one; raise Broken."""
        folder = self.names[place]
        said = _object(self._archive.read(folder + FILE, MOST_JSON), folder + FILE)
        given = said.get("key")
        known = given if isinstance(given, str) and _KEY.fullmatch(given) else key("folder", folder[len(self._root) :])
        pictures = dict(_pictures(said, folder))
        return Item(name=folder[len(self._root) :], key=known, said=said, pictures=pictures)

    def picture(self, name: str) -> bytes:
        """Return a picture; raise Broken."""
        return self._archive.read(name, MOST_PICTURE)


def _index(archive: Archive, name: str) -> dict[str, Any] | None:
    try:
        found = _object(archive.read(name, MOST_JSON), name)
    except Broken:
        return None
    return found if found.get("format") == _folders.FORMAT else None


def _object(content: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Broken(_("%(file)s is not JSON, or not in UTF-8.") % {"file": shown(name)}) from None
    if not isinstance(found, dict):
        raise Broken(_("%(file)s does not hold an announcement.") % {"file": shown(name)})
    return found


def _pictures(said: dict[str, Any], folder: str) -> list[tuple[str, str]]:
    listed = said.get("images")
    if not isinstance(listed, list):
        return []
    pairs = [(one.get("name"), one.get("file")) for one in listed if isinstance(one, dict)]
    return [
        (name, posixpath.normpath(f"{folder}/{text.one_line(file)}"))
        for name, file in pairs
        if isinstance(name, str) and isinstance(file, str) and _NAME.fullmatch(name)
    ]
