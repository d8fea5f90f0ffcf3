"""Which way mail leaves: by SMTP, or by the interface of the installation's provider."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from django.conf import settings

from announcements.kernel import mail_servers, smtp
from announcements.kernel.outcomes import Line, Mail, Outcome, Trouble

__all__ = ["Line", "Mail", "Outcome", "Transports", "reach", "to"]


def to(server: mail_servers.MailServer | None, trouble: Trouble | None = None) -> Line:
    """Return a line to a company's own server; without one, to the installation's, or its provider."""
    if server is None and settings.MAIL_BACKEND:
        from announcements.kernel import providers  # few need it, and what it leans on takes long to load

        return providers.Line(trouble)
    return smtp.Transport(server, trouble)


def reach(lines: Sequence[Line]) -> None:
    """Connect all that lack a connection at the same time: one may wait long for what a mail server says first."""
    lacking = [line for line in lines if line.lacks_connection]
    with ThreadPoolExecutor(len(lacking)) as pool:
        list(pool.map(lambda line: line.connect(), lacking))
    for line in lacking:
        line.connected()


class Transports:
    """`with Transports(find) as transports:` keeps conversations with each company's server; `find` tells its own, if it has one."""

    def __init__(self, find: Callable[[int], mail_servers.MailServer | None]) -> None:
        self._find, self._stack = find, contextlib.ExitStack()
        self._own: dict[int, mail_servers.MailServer | None] = {}
        self._lines: dict[int | None, list[Line]] = {}
        self._troubles: dict[int | None, Trouble] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        for line in [line for lines in self._lines.values() for line in lines]:
            line.leave()
        self._stack.close()

    def trouble(self, workspace_id: int) -> Trouble:
        """Return what is known of a company's mail server by all lines to it."""
        return self._troubles.setdefault(self._key(workspace_id), Trouble())

    def _key(self, workspace_id: int) -> int | None:
        if workspace_id not in self._own:
            self._own[workspace_id] = self._find(workspace_id)
        return workspace_id if self._own[workspace_id] else None

    def of(self, workspace_id: int, nth: int = 0) -> Line:
        """Return the conversation with a company's mail server, or the nth one; with the installation's where it has none.

        Whoever asks begins with the first, which moves those that are open to the front: where there are fewer than before, it is they.
        """
        key = self._key(workspace_id)
        lines, trouble, server = self._lines.setdefault(key, []), self.trouble(workspace_id), self._own[workspace_id]
        if not nth:
            lines.sort(key=lambda line: not line.is_open)
        while len(lines) <= nth:
            lines.append(to(server, trouble))
            self._stack.enter_context(lines[-1])
        return lines[nth]
