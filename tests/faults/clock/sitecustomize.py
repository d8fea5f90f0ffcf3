"""A clock of its own for a process: it runs ahead by as many seconds as stand in the file that FAULTS_CLOCK names, once there is one."""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

FILE = os.environ.get("FAULTS_CLOCK", "")


def follow(file: Path) -> None:
    """Set the clock as a person or a time server would: the process is not told. What counts seconds (`time.monotonic`) goes on."""
    while not file.exists():
        time.sleep(0.05)
    import time_machine

    ahead, clock = 0.0, time_machine.travel(datetime.now(UTC), tick=True).start()
    while True:
        asked = float(file.read_text() or ahead)
        clock.shift(asked - ahead)
        ahead = asked
        time.sleep(0.05)


if FILE:
    threading.Thread(target=follow, args=(Path(FILE),), daemon=True).start()
