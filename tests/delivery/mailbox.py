"""An IMAP server with one mailbox, as much of it as a reader of unseen mail needs."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Box:
    """`mails` by number; those in `seen` have been read. `cut_after`: hang up once so many were fetched."""

    def __init__(self, *mails: bytes) -> None:
        self.mails, self.seen = dict(enumerate(mails, start=1)), set[int]()
        self.cut_after: int | None = None
        self.fetched = 0


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        box: Box = self.server.box  # type: ignore[attr-defined]  # put there below
        self.wfile.write(b"* OK IMAP4rev1 ready\r\n")
        while line := self.rfile.readline().decode().strip():
            tag, _space, command = line.partition(" ")
            for said in _answer(box, command):
                self.wfile.write(said + b"\r\n")
            if box.cut_after is not None and box.fetched >= box.cut_after and "FETCH" in command:
                return
            good = not command.startswith("LOGIN") or command.endswith('"right"')
            self.wfile.write(f"{tag} {'OK' if good else 'NO'} done\r\n".encode())


def _answer(box: Box, command: str) -> Iterator[bytes]:
    number = int(found[1]) if (found := re.match(r"UID (?:FETCH|STORE) (\d+)", command)) else 0
    if command == "CAPABILITY":
        yield b"* CAPABILITY IMAP4rev1"
    elif command.startswith("SELECT"):
        yield f"* {len(box.mails)} EXISTS".encode()
    elif command == "UID SEARCH UNSEEN":
        yield b"* SEARCH " + " ".join(str(n) for n in box.mails if n not in box.seen).encode()
    elif "FETCH" in command:
        box.fetched += 1
        if box.cut_after is None or box.fetched < box.cut_after:
            data = box.mails[number]
            yield f"* {number} FETCH (UID {number} BODY[]<0> {{{len(data)}}}".encode() + b"\r\n" + data + b")"
    elif "STORE" in command:
        box.seen.add(number)


@contextmanager
def listening(box: Box) -> Iterator[dict[str, Any]]:
    """Listen on this machine; return the setting that leads there."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads = True
        server.box = box  # type: ignore[attr-defined]  # for the conversation
        threading.Thread(target=server.serve_forever, daemon=True).start()
        where = {"host": "127.0.0.1", "port": server.server_address[1], "tls": False, "folder": "INBOX"}
        yield where | {"user": "hub", "password": "right"}
        server.shutdown()
