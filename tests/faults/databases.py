"""What a fault does to the database itself: a copy of it, an older one in its place, a disk that is full."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

POSTGRES = os.environ.get("HUB_DATABASE_URL", "")


def keep(data: Path, copy: Path) -> None:
    """Copy the database as it is now."""
    if POSTGRES:
        _tool("pg_dump", "--format=custom", f"--file={copy}", f"--dbname={POSTGRES}")
    else:
        _sqlite(data / "hub.sqlite3", copy)


def bring_back(data: Path, copy: Path) -> None:
    """Put a copy in the place of the database, under all who use it."""
    if POSTGRES:
        _tool("pg_restore", "--clean", "--if-exists", "--single-transaction", f"--dbname={POSTGRES}", str(copy))
    else:
        _sqlite(copy, data / "hub.sqlite3")


def _sqlite(from_: Path, to: Path) -> None:
    with closing(sqlite3.connect(from_, timeout=20)) as source, closing(sqlite3.connect(to, timeout=20)) as target:
        source.backup(target)


def pg_ctl(*words: str) -> None:
    as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    _tool("pg_ctl", "-D", str(_folder()), "-w", *words, before=as_postgres)


def forbid_to_grow(most: int) -> None:
    """Let none of the server's processes write a file past so many bytes, but the one that mends it after a crash."""
    server = (_folder() / "postmaster.pid").read_text().split()[0]
    for pid in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        with suppress(OSError, ProcessLookupError):
            if b"startup" not in Path(f"/proc/{pid}/cmdline").read_bytes():
                resource.prlimit(int(pid), resource.RLIMIT_FSIZE, (most, most))


def _folder() -> Path:
    return Path(parse_qs(urlsplit(POSTGRES).query)["host"][0]) / "data"


def _tool(name: str, *words: str, before: list[str] | None = None) -> None:
    path = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))[-1]
    command = [*(before or []), str(path), *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
