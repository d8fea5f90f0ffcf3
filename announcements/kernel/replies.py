"""What a mail server says, and whose trouble that is."""

from __future__ import annotations

import re
import smtplib

from announcements.kernel import text
from announcements.kernel.outcomes import Outcome

CLOSING = 421
GO_ON = 354
# What is said to MAIL, RCPT and DATA where nothing is in the way; and how that sounds where they were asked in one go.
WELL = (250,), (250, 251), (GO_ON,)
ALL_WELL = re.compile("".join(f"(?:{'|'.join(map(str, codes))}) [^\n]*\n" for codes in WELL).encode())


def refusal(n: int, code: int, reply: bytes) -> Outcome | None:
    """Return what a reply to MAIL, RCPT or DATA stands in the way with."""
    if code in WELL[n]:
        return None
    return refused(code, reply, ("server", "recipient", "mail")[n])


def refused(code: int, reply: bytes, at: str) -> Outcome:
    """Say whose trouble it is: a server that closes the connection refuses nobody in particular."""
    blamed = "server" if code == CLOSING else at
    for_good = 500 <= code < 600 and blamed != "server"
    return Outcome("failed" if for_good else "later", said(code, reply), blamed, code)  # type: ignore[arg-type]  # one of the three


def unreachable(problem: Exception) -> Outcome:
    """Say that there is no connection, and why."""
    code = problem.smtp_code if isinstance(problem, smtplib.SMTPResponseException) else 0
    return Outcome("later", words(problem), at="server", code=code)


def broken(problem: Exception) -> Outcome:
    """Say what a connection that broke in the middle means: silence is the server's, hanging up may be about this mail."""
    silent = isinstance(problem.__context__, TimeoutError)
    return Outcome("later", words(problem), at="server" if silent else "mail")


def words(problem: Exception) -> str:
    """Return what went wrong, in words, as one line."""
    return text.one_line(f"{type(problem).__name__}: {problem}")


def said(code: int, reply: bytes) -> str:
    """Return a reply as one line of text, without what no database keeps."""
    return text.one_line(f"{code} {reply.decode('utf-8', 'replace')}")
