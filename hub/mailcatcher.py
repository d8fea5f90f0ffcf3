"""The local mail catcher: a real SMTP server on loopback that keeps mail in a Maildir. For trying Mantel out, never for production.

`python -m hub.mailcatcher FOLDER PORT`; `hub.mailbox` shows what it has.
"""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox


def serve(folder: Path, port: int) -> None:
    """Listen on 127.0.0.1 until a signal."""
    controller = Controller(Mailbox(folder), hostname="127.0.0.1", port=port)
    controller.start()
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: done.set())
    done.wait()
    controller.stop()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
