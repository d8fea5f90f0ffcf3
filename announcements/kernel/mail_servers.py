"""Reaching an SMTP server: where it may be, how the line is encrypted, how one signs in."""

from __future__ import annotations

import ipaddress
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from typing import Any, Literal

from django.conf import settings
from django.utils.translation import gettext as _

from announcements.kernel import sealing
from announcements.kernel.hearing import Hearing

PURPOSE = "mail-server"
Tls = Literal["", "starttls", "tls"]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Unreachable(OSError):
    """We do not connect there; the message says why. For a mail that means: try again later."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server and how to use it. Certificates are always checked. `own` servers are a company's: where they may be is checked too.

    `open` says that several companies live in one installation: then an own server must be on the public internet.
    A company's password travels `sealed`; it is opened only to sign in.
    """

    host: str
    port: int
    sender: str
    tls: Tls = ""
    user: str = ""
    password: str = field(default="", repr=False)
    sealed: str = field(default="", repr=False)
    own: bool = False
    open: bool = False


def installation() -> MailServer:
    """Return the mail server of this installation (HUB_SMTP_URL)."""
    return MailServer(sender=settings.MAIL_FROM, **settings.SMTP)


def connect(server: MailServer, timeout: float) -> Conversation:
    """Return a conversation, encrypted and signed in; raise OSError or SMTPException."""
    smtp = reach(server, timeout)
    try:
        secure(smtp, server)
        sign_in(smtp, server)
    except BaseException:
        smtp.close()
        raise
    return smtp


def reach(server: MailServer, timeout: float) -> Conversation:
    """Return a conversation with a server that has greeted us; raise OSError or SMTPException."""
    return Conversation(server, timeout)


def secure(smtp: smtplib.SMTP, server: MailServer) -> None:
    """Begin encryption where it is agreed on after the greeting."""
    if server.tls == "starttls":
        smtp.starttls(context=ssl.create_default_context())
    smtp.ehlo_or_helo_if_needed()


def sign_in(smtp: smtplib.SMTP, server: MailServer) -> None:
    """Sign in where there is a user."""
    if server.user:
        smtp.login(server.user, _password(server))


def _password(server: MailServer) -> str:
    try:
        return sealing.unseal(server.sealed, PURPOSE) if server.sealed else server.password
    except sealing.Unreadable:
        raise Unreachable(_("The stored password cannot be read any more. Enter it again.")) from None


def is_private(address: str) -> bool:
    """Tell whether an IP address is one that only this machine or its network reaches, in whatever notation."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = (
            ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        )
        ip = inner or ip
    return not ip.is_global or ip.is_multicast


def _checked(server: MailServer, address: str) -> str:
    """Return an address that this server may have; raise Unreachable. It is the one connected to: a name cannot change its mind."""
    private = is_private(address)
    if server.own and server.open and private:
        raise Unreachable(
            _("This server is in a private network. Here only servers on the public internet may be used.")
        )
    if server.own and not server.tls and not private:
        raise Unreachable(
            _("Without encryption we connect only to this machine or a private network. Choose STARTTLS or TLS.")
        )
    return address


class Conversation(Hearing):
    """Connects to the very addresses that were looked at. `greeting` is what the server said first."""

    def __init__(self, server: MailServer, timeout: float) -> None:
        self._server, self.greeting, self.patience = server, (0, b""), timeout
        super().__init__(server.host, server.port, timeout=timeout)

    def connect(self, host: str = "localhost", port: int = 0, source_address: Any = None) -> tuple[int, bytes]:
        """Connect, and keep the greeting."""
        self.greeting = super().connect(host, port, source_address)
        return self.greeting

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        reached = self._reached(host, port, timeout)
        if self._server.tls != "tls":
            return reached
        return ssl.create_default_context().wrap_socket(reached, server_hostname=host)

    def _reached(self, host: str, port: int, timeout: float) -> socket.socket:
        problem: OSError = Unreachable(host)
        for *_kind, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            try:
                return socket.create_connection((_checked(self._server, str(place[0])), port), timeout)
            except Unreachable:
                raise
            except OSError as refused:
                problem = refused
        raise problem
