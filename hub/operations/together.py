"""One folder for the web processes of a server: each writes its figures there, and whichever is asked adds them up."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from tempfile import gettempdir


def share() -> None:
    """Name the folder, before the library that counts is loaded: it looks for this variable then, and never again."""
    # Where none can be made, or somebody else of this machine was there first, each process tells its own.
    with contextlib.suppress(OSError):
        folder = Path(gettempdir(), f"mantel-figures-{os.getppid()}")
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.lstat().st_uid == os.getuid():
            os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(folder))
