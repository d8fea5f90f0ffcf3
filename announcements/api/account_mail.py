"""Account mail (codes, resets) by the mail server of the person's company, where it has its own.

When that server fails, the installation's sends: a wrong setting must not lock out the one who could correct it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

from announcements.kernel import mail_servers
from announcements.people import services as people

SECONDS = 10  # somebody waits for the page
log = logging.getLogger(__name__)


def by_own_server(message: EmailMessage) -> EmailMessage:
    """Return a message that will leave by the server of whom it is to; unchanged when they are unknown or have none."""
    persons = people.get_by_email(emails=[address.lower() for address in message.to])
    for person in persons.values():
        if own := people.mail_server(workspace_id=person.workspace_id):
            message.connection, message.from_email = _Own(own), own.sender
    return message


class _Own(EmailBackend):
    """A company's server; when it fails, the installation's."""

    def __init__(self, server: mail_servers.MailServer) -> None:
        super().__init__()
        self._server = server

    def open(self) -> bool:
        """Connect, unless that has been done."""
        if self.connection:
            return False
        self.connection = mail_servers.connect(self._server, SECONDS)
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send by the company's server, or else by the installation's and in its name."""
        try:
            return super().send_messages(email_messages)
        except OSError as problem:  # every SMTPException is one
            log.warning(
                "account mail by the company's server failed (%s); the installation sends it", type(problem).__name__
            )
        shared = get_connection()
        for message in email_messages:
            message.connection, message.from_email = shared, settings.DEFAULT_FROM_EMAIL
        return shared.send_messages(email_messages)
