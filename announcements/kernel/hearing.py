"""Hearing a mail server: each reply whole and in its time, however slowly it is said."""

from __future__ import annotations

import math
import re
import smtplib
import socket
import time

# A reply: lines that go on, and one that does not (RFC 5321, 4.2.1). One without a code says nothing, and ends as well.
REPLY = re.compile(rb"(?:[0-9]{3}-[^\n]*\n)*(?![0-9]{3}-)[^\n]*\n")
CODE = re.compile(rb"[0-9]{3}[ -]")
MOST_BYTES = 65_536
# Seconds for an answer that others were waited for before: it has had its time, and may be here.
MOMENT = 1.0
# A socket is told how long it may wait by a call of its own: not for less than that.
NEARLY = 0.5


class Hearing(smtplib.SMTP):
    """A conversation in which all of a reply, and all of what is sent, has `patience` seconds: a server that says a byte each second is
    waited for no longer than one that is silent. After the moment `ends` (`time.monotonic`) only for an answer that may be here.
    """

    patience, ends = 30.0, math.inf
    _of: socket.socket | None = None
    _heard = b""

    def getreply(self) -> tuple[int, bytes]:
        """Return the code and the words of the next reply.

        Raises SMTPServerDisconnected when it is not here in time, and SMTPResponseException when it does not end.
        """
        if self._of is not self.sock:  # what was said before the line was encrypted is nobody's word
            self._of, self._heard = self.sock, b""
        reply = REPLY.match(self._heard) or self._rest()
        self._heard = self._heard[reply.end() :]
        return _told(reply[0])

    def hears(self, expected: re.Pattern[bytes]) -> bool:
        """Take replies off what is here, if it begins with these."""
        found = expected.match(self._heard) if self._of is self.sock else None
        if found:
            self._heard = self._heard[found.end() :]
        return bool(found)

    def _rest(self) -> re.Match[bytes]:
        """Hear more until a reply is whole."""
        began = time.monotonic()
        until, found = began + min(self.patience, max(MOMENT, self.ends - began)), None
        while not found:
            try:
                more = self.timed(until - time.monotonic()).recv(MOST_BYTES)
            except OSError as problem:
                self.close()
                raise smtplib.SMTPServerDisconnected(f"Connection unexpectedly closed: {problem}") from problem
            self._heard += more
            if not more:
                self.close()
                raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
            if len(self._heard) > MOST_BYTES:
                self.close()
                raise smtplib.SMTPResponseException(500, "Its reply does not end.")
            found = REPLY.match(self._heard) if b"\n" in more else None
        return found

    def begun(self) -> tuple[int, bytes]:
        """Return what is here of a reply that was cut short: 0 when that is less than its code, which alone decides (RFC 5321, 4.2)."""
        return _told(self._heard) if CODE.match(self._heard) else (0, b"")

    def timed(self, seconds: float) -> socket.socket:
        """Return the socket, which waits no longer than that, nearly."""
        sock: socket.socket | None = self.sock
        if sock is None:
            raise ConnectionError("the connection was closed")
        if seconds <= 0:
            raise TimeoutError("timed out")
        waits = sock.gettimeout()
        if waits is None or not 0 <= waits - seconds < NEARLY:
            sock.settimeout(seconds)
        return sock


def _told(reply: bytes) -> tuple[int, bytes]:
    lines = reply[4:].strip() if reply.count(b"\n") < 2 else b"\n".join([one[4:].strip() for one in reply.splitlines()])
    return (int(reply[:3]) if reply[:3].isdigit() else -1), lines
