"""Hearing a mail server: each reply whole and in its time, however slowly it is said."""

from __future__ import annotations

import re
import smtplib
import socket
import time

# A reply: lines that go on, and one that does not (RFC 5321, 4.2.1). One without a code says nothing, and ends as well.
REPLY = re.compile(rb"(?:[0-9]{3}-[^\n]*\n)*(?![0-9]{3}-)[^\n]*\n")
CODE = re.compile(rb"[0-9]{3}[ -]")
MOST_BYTES = 65_536
# A socket is told how long it may wait by a call of its own: not for less than that.
NEARLY = 0.5


class Hearing(smtplib.SMTP):
    """A conversation in which all of a reply, and all of what is sent, has `patience` seconds: a server that says a byte each second is
    waited for no longer than one that is silent.
    """

    patience = 30.0
    _of: socket.socket | None = None
    _heard = b""

    def getreply(self) -> tuple[int, bytes]:
        """Return the code and the words of the next reply.

        Raises SMTPServerDisconnected when it is not here in time, and SMTPResponseException when it does not end.
        """
        if self._of is not self.sock:  # what was said before the line was encrypted is nobody's word
            self._of, self._heard = self.sock, b""
        found, until = REPLY.match(self._heard), 0.0
        while not found:
            until = until or time.monotonic() + self.patience
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
        reply, self._heard = found[0], self._heard[found.end() :]
        return _told(reply)

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
    words = b"\n".join([line[4:].strip(b" \t\r\n") for line in reply.rstrip(b"\r\n").split(b"\n")])
    return (int(reply[:3]) if reply[:3].isdigit() else -1), words
