"""A copy of everything that is kept, in one file: the database, uploads, and the secret key. And back again.

The file is a tar of `manifest.json` (what it is, with the SHA-256 of each member), `database`, `secret-key` where it lies in the data
folder, and `uploads/…`. The database is copied first, as of one instant: an upload it names is there, unless it was removed meanwhile.
"""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection

FORMAT = 1
CHUNK = 1 << 20


class Refused(Exception):
    """One line saying why, and what to do."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What a file holds: when it was made, of which database, and how many uploads; `gone` were removed while it was made."""

    made_at: str
    vendor: str
    uploads: int
    gone: int


# -- making --------------------------------------------------------------------------------------------------------------


def make(path: Path, *, now: datetime) -> Copy:
    """Write a copy that only its owner may read, and read it back; raise Refused. A file that is there already stays."""
    part = path.with_name(path.name + ".part")
    try:
        if path.exists():
            raise Refused(f"{path} is there already. Choose another name.")
        with TemporaryDirectory(dir=path.parent) as folder, os.fdopen(_private(part), "wb") as out:
            copy = _write(out, Path(folder), now)
        verify(part)
        part.rename(path)
    except OSError as problem:
        said = f"{path.parent} cannot be written by {getpass.getuser()}: {problem.strerror}."
        raise Refused(f"{said} Name a file in another folder.") from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return copy


def _private(path: Path) -> int:
    path.unlink(missing_ok=True)
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)


def _write(out: IO[bytes], folder: Path, now: datetime) -> Copy:
    sums: dict[str, str] = {}
    gone = 0
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        with _dump(folder / "database").open("rb") as file:
            sums["database"] = _add(tar, "database", file)
        key = settings.DATA / "secret-key"
        if key.exists():
            with key.open("rb") as file:
                sums["secret-key"] = _add(tar, "secret-key", file)
        for name in _uploads():
            try:
                with default_storage.open(name) as file:
                    sums[f"uploads/{name}"] = _add(tar, f"uploads/{name}", file)
            except FileNotFoundError:
                gone += 1
        uploads = sum(member.startswith("uploads/") for member in sums)
        copy = Copy(now.isoformat(timespec="seconds"), connection.vendor, uploads, gone)
        told = {"format": FORMAT, "made_at": copy.made_at, "vendor": copy.vendor, "gone": gone, "sha256": sums}
        _add(tar, "manifest.json", io.BytesIO(json.dumps(told, indent=1).encode()))
    return copy


def _dump(path: Path) -> Path:
    """Write the database as of one instant."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
        return path
    _postgres("pg_dump", "--format=custom", "--no-owner", f"--file={path}")
    return path


def _postgres(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL's on our database; its password travels in the environment."""
    found = shutil.which(program)
    if not found:
        raise Refused(f"{program} is not here. Install PostgreSQL's client programs, of the server's version or later.")
    said = settings.DATABASES["default"]
    env = {"PGDATABASE": said["NAME"], "PGUSER": said["USER"], "PGPASSWORD": said["PASSWORD"], "PGHOST": said["HOST"]}
    env |= {"PGPORT": said["PORT"]} | {f"PG{name.upper()}": value for name, value in said["OPTIONS"].items()}
    given = {name: str(value) for name, value in env.items() if value}
    done = subprocess.run([found, *arguments], env=os.environ | given, capture_output=True, text=True, check=False)  # noqa: S603  by name
    if done.returncode:
        raise Refused(f"{program}: {(done.stderr.strip().splitlines() or ['it failed'])[0]}")


def _uploads(folder: str = "") -> Iterator[str]:
    """Yield the names of all uploads, wherever they are stored."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}{name}" for name in sorted(files) if name)
    for inner in sorted(folders):
        yield from _uploads(f"{folder}{inner}/")


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes] | File[bytes]) -> str:
    """Add a member by its length; return its SHA-256."""
    entry = tarfile.TarInfo(name)
    entry.size = file.seek(0, os.SEEK_END)
    entry.mode = 0o600
    file.seek(0)
    counting = _Counting(file)
    tar.addfile(entry, counting)
    return counting.sum.hexdigest()


class _Counting:
    """A file that adds up what is read of it."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        content: bytes = self._file.read(size)
        self.sum.update(content)
        return content


# -- reading back --------------------------------------------------------------------------------------------------------


def verify(path: Path) -> Copy:
    """Read a copy to its end; raise Refused when it is none, or not as it was written."""
    sums: dict[str, str] = {}
    told: dict[str, Any] = {}
    with _opened(path) as members:
        for name, file in members:
            if name == "manifest.json":
                told = json.loads(file.read())
            else:
                counting = _Counting(file)
                while counting.read(CHUNK):
                    pass
                sums[name] = counting.sum.hexdigest()
    if told.get("format") != FORMAT:
        raise Refused(f"{path} is no copy that this version can read.")
    if sums != told["sha256"]:
        wrong = sorted({name for name, _sum in sums.items() ^ told["sha256"].items()})
        raise Refused(f"{path} is damaged: {', '.join(wrong[:3])}.")
    uploads = sum(name.startswith("uploads/") for name in sums)
    return Copy(told["made_at"], told["vendor"], uploads, told["gone"])


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """Open a copy as its members, each to be read before the next; whatever is wrong with the file is Refused."""
    try:
        with tarfile.open(path, mode="r|") as tar:
            yield ((entry.name, file) for entry in tar if (file := tar.extractfile(entry)))
    except FileNotFoundError:
        raise Refused(f"There is no {path}.") from None
    except (tarfile.TarError, OSError, EOFError, ValueError) as problem:
        raise Refused(f"{path} cannot be read: {problem}.") from None


def restore(path: Path, *, replace: bool) -> Copy:
    """Put a copy in place of what is here; raise Refused, before anything is touched, when it does not fit or would overwrite.

    Stop web, workers and beat first. Whoever calls brings the schema up to date afterwards, and holds mail.
    """
    copy = verify(path)
    if copy.vendor != connection.vendor:
        raise Refused(f"The copy is of {copy.vendor}, and HUB_DATABASE_URL names {connection.vendor}.")
    if not replace and connection.introspection.table_names():
        raise Refused("The database is not empty. Name an empty one, or add --replace to lose what is in it.")
    if others := _others():
        open_ = (
            "1 other connection to the database is open"
            if others == 1
            else f"{others} other connections to the database are open"
        )
        raise Refused(f"{open_}. Stop web, workers and beat first; a pooler keeps some open as well.")
    with TemporaryDirectory(dir=settings.DATA) as folder, _opened(path) as members:
        for name, file in members:
            if name == "database":
                _load(_out(file, Path(folder) / "database"))
            elif name == "secret-key":
                _restore_key(_out(file, Path(folder) / "secret-key"))
            elif name.startswith("uploads/"):
                _restore_upload(name.removeprefix("uploads/"), file)
    return copy


def _others() -> int:
    """Count who else works with the database, as far as it tells: what they do while it is put back would be lost or wrong."""
    if connection.vendor == "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def _out(file: IO[bytes], path: Path) -> Path:
    with path.open("wb") as out:
        shutil.copyfileobj(file, out, CHUNK)
    return path


def _load(dump: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(dump)) as copy:
            copy.backup(connection.connection)
        return
    _postgres("pg_restore", "--list", "--file=/dev/null", str(dump))  # refused here, nothing is lost yet
    with connection.cursor() as cursor:  # what a later version has added must not stay beside what is restored
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()
    name = settings.DATABASES["default"]["NAME"]
    _postgres("pg_restore", "--no-owner", "--single-transaction", f"--dbname={name}", str(dump))


def _restore_key(kept: Path) -> None:
    here = settings.DATA / "secret-key"
    if kept.read_bytes() != (here.read_bytes() if here.exists() else b""):
        kept.chmod(0o600)
        kept.replace(here)


def _restore_upload(name: str, file: IO[bytes]) -> None:
    try:
        default_storage.delete(name)
        default_storage.save(name, File(io.BytesIO(file.read())))
    except SuspiciousOperation:
        raise Refused(f"The copy names {name!r}, which lies elsewhere.") from None
