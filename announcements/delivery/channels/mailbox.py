"""The mailbox that mail comes back to, read by IMAP (RFC 9051): what nobody has seen, each marked once it is taken."""

from __future__ import annotations

import contextlib
import imaplib
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

from announcements.delivery.channels.returns import MOST_BYTES

AT_ONCE = 200


class Mailbox:
    """`with Mailbox(server, timeout) as box:` signs in; raises OSError or imaplib.IMAP4.error when it cannot."""

    def __init__(self, server: dict[str, Any], timeout: float) -> None:
        kind = imaplib.IMAP4_SSL if server["tls"] else imaplib.IMAP4
        self._imap = kind(server["host"], server["port"], timeout=timeout)
        self._server = server

    def __enter__(self) -> Self:
        try:
            self._open()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _open(self) -> None:
        self._imap.login(self._server["user"], self._server["password"])
        said, _data = self._imap.select(self._server["folder"])
        if said != "OK":
            raise imaplib.IMAP4.error(f"there is no folder {self._server['folder']}")

    def _close(self) -> None:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            self._imap.logout()
        # Where the line was cut, signing out ends before it closes.
        with contextlib.suppress(OSError):
            self._imap.shutdown()

    def unseen(self) -> Iterator[tuple[str, bytes]]:
        """Yield what nobody has seen, the oldest first: its number, and its first megabyte."""
        _said, found = self._imap.uid("SEARCH", "UNSEEN")
        for number in (found[0] or b"").split()[:AT_ONCE]:
            _said, data = self._imap.uid("FETCH", number.decode(), f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
            yield number.decode(), next((part[1] for part in data if isinstance(part, tuple)), b"")

    def taken(self, number: str) -> None:
        """Mark a mail, so that it is not read again."""
        self._imap.uid("STORE", number, "+FLAGS", r"(\Seen)")
