"""Whether a data folder is prepared for this code: then a start need not load the product only to find that out."""

from __future__ import annotations

import hashlib
from pathlib import Path

from hub import env

WHAT = ("requirements.txt", "static/**/*", "announcements/**/migrations/*.py", "hub/settings.py", "hub/static.py")


def is_current(data: Path) -> bool:
    """Tell whether the embedded database and the static files in this folder are those of this code."""
    noted = data / "prepared"
    embedded = not env.text("HUB_DATABASE_URL") and not env.text("HUB_STATIC") and (data / "hub.sqlite3").exists()
    return embedded and (data / "static").exists() and noted.exists() and noted.read_text() == _stamp()


def note(data: Path) -> None:
    """Note that it is prepared."""
    (data / "prepared").write_text(_stamp())


def _stamp() -> str:
    """Return what changes when anything does that a start prepares from: names, sizes and times."""
    digest = hashlib.blake2b(digest_size=16)
    for pattern in WHAT:
        for file in sorted(env.ROOT.glob(pattern)):
            stat = file.stat()
            digest.update(f"{file} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
