"""A company's own mail server: kept with its password sealed, tried with a real mail."""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from announcements.kernel import errors, mail_servers, mail_trial, sealing
from announcements.people import _checks, events, models
from announcements.people._company import MailServerChanges, MailSettings

HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?")
TRY_SECONDS = 10
# While these stay, the stored password may be used again: it is only ever sent where it was entered for.
BOUND = ("host", "port", "user", "tls")


def mail_server(*, workspace_id: int) -> mail_servers.MailServer | None:
    """Return a company's own mail server, for those who send in its name; None: use the installation's."""
    row = models.MailServer.objects.filter(workspace_id=workspace_id).first()
    return _as_server(row) if row else None


def mail_settings(*, by: int) -> MailSettings | None:
    """Return the mail server as it is set; None when the installation's is used. Raise Forbidden unless admin or owner."""
    row = models.MailServer.objects.filter(workspace_id=_checks.admin(by).workspace_id).first()
    return _as_settings(row) if row else None


@transaction.atomic
def set_mail_server(*, by: int, changes: MailServerChanges, now: datetime) -> MailSettings:
    """Use a mail server of the company's own; raise Forbidden, or Invalid by field.

    For owners: it carries everybody's sign-in codes and password resets, so who sets it could become anybody.
    """
    owner = _checks.owner(by)
    row = models.MailServer.objects.select_for_update().filter(workspace_id=owner.workspace_id).first()
    before = {name: getattr(row, name) for name in (*BOUND, "sender")} if row else {}
    row = row or models.MailServer(workspace_id=owner.workspace_id, port=587, tls="starttls")
    given = {name: value for name in MailServerChanges.__slots__ if (value := getattr(changes, name)) is not None}
    _write(row, given, moved=_moved(before, given))
    row.changed_at = now
    row.save()
    changed = [name for name in (*BOUND, "sender") if before.get(name) != getattr(row, name)]
    _note(owner, now, {"fields": sorted(changed + ["password"] * ("password" in given)), "host": row.host})
    return _as_settings(row)


@transaction.atomic
def remove_mail_server(*, by: int, now: datetime) -> None:
    """Go back to the installation's mail server; raise Forbidden."""
    owner = _checks.owner(by)
    if models.MailServer.objects.filter(workspace_id=owner.workspace_id).delete()[0]:
        _note(owner, now, {"removed": True})


def try_mail_server(*, by: int, now: datetime) -> mail_trial.Trial:
    """Send a real mail to who asks, and return what the server said; raise Forbidden or Conflict. Never inside a transaction."""
    owner = _checks.owner(by)
    own = mail_server(workspace_id=owner.workspace_id)
    if own is None and settings.OPEN_TO_COMPANIES:
        raise errors.Conflict(_("There is no mail server of your own to try."))
    server = own or mail_servers.installation()
    return mail_trial.attempt(server, recipient=owner.email, company=owner.workspace.name, timeout=TRY_SECONDS, now=now)


def _moved(before: dict[str, Any], given: dict[str, Any]) -> bool:
    return bool(before) and any(name in given and given[name] != before[name] for name in BOUND)


def _write(row: models.MailServer, given: dict[str, Any], *, moved: bool) -> None:
    faults = dict[str, list[str]]()
    for name, check in _CHECKS.items():
        try:
            setattr(row, name, check(given.get(name, getattr(row, name))))
        except errors.Invalid as refusal:
            faults |= refusal.fields
    faults |= _line_faults(row) if not faults.keys() & {"host", "tls"} else {}
    if "password" in given:
        row.password = sealing.seal(given["password"], mail_servers.PURPOSE) if given["password"] else ""
    elif moved and row.password:
        faults["password"] = [_("Enter the password again: it is only ever sent to the server it was entered for.")]
    if faults:
        raise errors.Invalid(faults)


def _line_faults(row: models.MailServer) -> dict[str, list[str]]:
    """Return what is wrong with where the server is. A name's addresses are looked at whenever it is connected to."""
    private = _private(row.host)
    if settings.OPEN_TO_COMPANIES and private:
        return {"host": [_("Here only servers on the public internet may be used.")]}
    if row.tls == "none" and (settings.OPEN_TO_COMPANIES or private is False):
        return {"tls": [_("Without encryption only to this machine or a private network. Choose STARTTLS or TLS.")]}
    return {}


def _private(host: str) -> bool | None:
    """Tell whether a host is on this machine or in a private network; None when only a look-up could tell."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return None
    return mail_servers.is_private(host)


def _host(given: str) -> str:
    host = given.strip().lower()
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        if not HOST.fullmatch(host):
            raise errors.Invalid({"host": [_("Use the name of a server, such as smtp.example.com.")]}) from None
    return host


def _port(given: int) -> int:
    if given not in range(1, 65536):
        raise errors.Invalid({"port": [_("Use a port from 1 to 65535; 587 and 465 are usual.")]})
    return given


def _sender(given: str) -> str:
    try:
        return _checks.address(given)
    except errors.Invalid as refusal:
        raise errors.Invalid({"sender": refusal.fields["email"]}) from None


_CHECKS: dict[str, Any] = {
    "host": _host,
    "port": _port,
    "tls": lambda value: _checks.one_of("tls", value, ("starttls", "tls", "none")),
    "user": lambda value: _checks.label("user", value, most=254, empty=True),
    "sender": _sender,
}


def _as_server(row: models.MailServer) -> mail_servers.MailServer:
    return mail_servers.MailServer(
        host=row.host,
        port=row.port,
        sender=row.sender,
        tls="" if row.tls == "none" else row.tls,  # type: ignore[arg-type]  # its choices
        user=row.user,
        sealed=row.password,
        own=True,
        open=settings.OPEN_TO_COMPANIES,
    )


def _as_settings(row: models.MailServer) -> MailSettings:
    return MailSettings(
        host=row.host,
        port=row.port,
        tls=row.tls,  # type: ignore[arg-type]  # its choices
        user=row.user,
        has_password=bool(row.password),
        sender=row.sender,
        changed_at=row.changed_at,
    )


def _note(owner: models.Person, now: datetime, details: dict[str, Any]) -> None:
    workspace_id = owner.workspace_id
    subject = f"workspace:{workspace_id}"
    events.noted.send(
        sender=None,
        workspace_id=workspace_id,
        by=owner.pk,
        verb="mail_server_changed",
        subject=subject,
        details=details,
        at=now,
    )
