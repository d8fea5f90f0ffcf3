"""How a table is read: one line for an operation or a page, one column for each caller.

    GET people/{person_id}  401 200 200 200 200 404  people:read
    method, path            what nobody, member, manager, admin, owner and other get; which scope opens it; the body

`other` is the owner of another workspace, who asks for the same things. An answer is a status, or `in` where a page leads
to sign-in. A name may say which one is meant: {group_id:sales} is one that the manager does not manage. The scope is
`session` where no token may, `public` where nobody need be known, and `-` for a page, which knows no tokens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CALLERS = ("nobody", "member", "manager", "admin", "owner", "other")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    method: str
    path: str
    answers: dict[str, str]
    scope: str
    body: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def operation(self) -> str:
        """Return which address it is about, whichever thing of that kind is meant."""
        path = re.sub(r"{(\w+):\w+}", r"{\1}", self.path).partition("?")[0]
        return f"{self.method} {path}"


def read(table: str, prefix: str = "") -> list[Row]:
    """Return the lines of a table; those that begin with # are for people."""
    lines = (line.split(maxsplit=9) for line in table.splitlines())
    return [_row(words, prefix) for words in lines if words and not words[0].startswith("#")]


def _row(words: list[str], prefix: str) -> Row:
    method, path, *answers = words[:8]
    body = " ".join(words[9:])
    return Row(method, prefix + path.removeprefix("/"), dict(zip(CALLERS, answers, strict=True)), words[8], body)
