"""Opening a zip that somebody sent: measured before anything of it is unpacked, and nothing of it is ever written to a path it names."""

from __future__ import annotations

import zipfile
import zlib
from typing import IO

from django.utils.translation import gettext as _

from announcements.kernel import errors, text

MOST_FILES = 20_000
MOST_LIST = 8_000_000  # bytes of the list of files at its end
MOST_UNPACKED = 2_000_000_000
MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_MEGA = 1_000_000


class Unreadable(errors.Invalid):
    """The file cannot be read as announcements; the sentence says why."""

    code = "unreadable"

    def __init__(self, said: str, field: str = "file") -> None:
        super().__init__({field: [said]})
        self.said = said


class Broken(Exception):
    """One thing in a file cannot be brought in; the sentence says why. The others are not concerned."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def shown(name: str) -> str:
    """Return a file's name as it can be shown: one line, nothing hidden, not endless."""
    tidy = text.one_line(name)
    return tidy if len(tidy) <= 120 else f"…{tidy[-119:]}"


class _Cautious:
    """A file of which nobody reads more at once than is left of a list of files: zipfile takes the length from the file itself."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.most: int | None = MOST_LIST
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, many: int = -1) -> bytes:
        """Read so many bytes."""
        if self.most is not None and many > self.most:
            raise zipfile.BadZipFile
        return self._file.read(many)


class Archive:
    """A zip: the names of its files, each once, and what they hold. Raises Unreadable."""

    def __init__(self, file: IO[bytes]) -> None:
        cautious = _Cautious(file)
        try:
            self._zip = zipfile.ZipFile(cautious)
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, OverflowError):
            raise Unreadable(_("This zip is damaged, or was cut off. Make it anew and try again.")) from None
        cautious.most = None
        infos = {info.filename: info for info in self._zip.infolist() if not info.is_dir()}
        if len(infos) > MOST_FILES:
            raise Unreadable(_("This zip holds more than %(most)d files. Split it in two.") % {"most": MOST_FILES})
        if sum(info.file_size for info in infos.values()) > MOST_UNPACKED:
            raise Unreadable(_("This zip would unpack to more than %(most)d GB.") % {"most": MOST_UNPACKED // 10**9})
        self._infos = infos
        self.names = list(infos)

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def read(self, name: str, most: int) -> bytes:
        """Return what a file holds, at most so many bytes; raise Broken, naming it."""
        info = self._infos.get(name)
        if info is None:
            raise Broken(_("%(file)s is not in the zip.") % {"file": shown(name)})
        if info.flag_bits & 1:
            raise Broken(_("%(file)s is locked with a password. Make the zip without one.") % {"file": shown(name)})
        if info.file_size > most:
            said = _("%(file)s is too large: at most %(most)d MB are read.")
            raise Broken(said % {"file": shown(name), "most": most // _MEGA})
        # The other ways to pack let a file say how much memory it takes to unpack it.
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Broken(_("%(file)s is packed in a way that is not read here.") % {"file": shown(name)})
        try:
            with self._zip.open(info) as file:
                return file.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
            raise Broken(_("%(file)s is damaged.") % {"file": shown(name)}) from None
