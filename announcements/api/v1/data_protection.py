"""The data-protection sheet: what is kept of persons, how long, who sees it and who else handles it, from the settings themselves."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, get_args
from urllib.parse import urlsplit

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.analytics import services as analytics
from announcements.api import idempotency
from announcements.api.v1.resource import Resource
from announcements.api.v1.workspace import PRIVACY
from announcements.delivery import services as delivery
from announcements.joining import services as joining
from announcements.kernel.mail_servers import is_private
from announcements.media import services as media
from announcements.people import services as people
from announcements.porting import services as porting
from announcements.publishing import services as publishing
from announcements.roster import services as roster

# What stays until somebody is erased, and what no age ends.
STAYING = ("profile", "memberships", "confirmations", "saved", "mails", "trail", "sums")
ENDING = {
    "sign_ups": people.SIGN_UP_LIFE,
    "invitations": joining.INVITATION_LIFE,
    "tokens": people.TOKEN_LIFE,
    "devices": people.DEVICE_IDLE,
    "letters": delivery.LETTER_LIFE,
    "imports": roster.UNDO,
    "exports": porting.KEPT,
    "drafts": publishing.BIN,
    "images": media.KEPT_UNUSED,
    "answers": idempotency.KEPT,
}
# What host names end in that no public name server knows; Kubernetes calls a service name.space.svc.
INSIDE = (".internal", ".local", ".localdomain", ".lan", ".home.arpa", ".svc")
KINDS = ("reading", "sessions", *ENDING, *STAYING)


class KeptOut(serializers.Serializer[Any]):
    """A kind of data, and when it goes by itself."""

    kind = serializers.ChoiceField(KINDS)
    seconds = serializers.IntegerField(allow_null=True, help_text="Null: no age ends it.")


class ToldOut(serializers.Serializer[Any]):
    """What the privacy profile lets be told of persons."""

    unasked = serializers.BooleanField(help_text="Names where nobody was asked to confirm.")
    got_to = serializers.BooleanField(help_text="How far somebody who is named got.")
    unreached = serializers.BooleanField(
        help_text="Why no mail reaches somebody who is named: for their address, or as no working day of theirs comes within a year."
    )
    dwell = serializers.BooleanField(help_text="Whether reading times are looked at.")
    lines = serializers.BooleanField(help_text="A person's facts in a file for a warehouse.")
    smallest = serializers.IntegerField(help_text="Groups of fewer people are left out; 1: none is.")


class HandlerOut(serializers.Serializer[Any]):
    """Who else handles data: `name` is a public host or a provider; names inside the installation are its own affair."""

    what = serializers.ChoiceField(["mail", "returns", "files", "database"])
    of = serializers.ChoiceField(["company", "installation"])
    where = serializers.ChoiceField(
        ["machine", "inside", "outside"], help_text="Mantel's machine, its network, or beyond."
    )
    name = serializers.CharField(allow_blank=True, help_text="Empty unless it is outside.")


class SheetOut(serializers.Serializer[Any]):
    """The sheet, as the settings stand."""

    at = serializers.DateTimeField()
    company = serializers.CharField()
    privacy = serializers.ChoiceField(get_args(people.Privacy), help_text=PRIVACY)
    people = serializers.IntegerField()
    told = ToldOut()
    kept = KeptOut(many=True)
    handlers = HandlerOut(many=True)


class DataProtection(Resource):
    """The data-protection sheet of my company."""

    scopes = {"GET": "people:read"}

    @extend_schema(
        operation_id="data_protection", summary="Data-protection sheet", tags=["workspace"], responses=SheetOut
    )
    def get(self, request: Request) -> Response:
        """Answer what is kept of persons and how long, what the privacy profile tells, and who else handles it; for admins."""
        acting = people.acting_admin(by=self.by)
        company = people.company(workspace_id=acting.workspace_id)
        sheet = {
            "at": self.now,
            "company": company.name,
            "people": company.people,
            "privacy": company.privacy,
            "told": analytics.PROFILES[company.privacy],  # type: ignore[index]  # checked on the way in
            "kept": list(_kept(company.retention_days)),
            "handlers": list(_handlers(people.mail_server(workspace_id=acting.workspace_id))),
        }
        return Response(SheetOut(sheet).data)


def _kept(retention_days: int) -> Iterator[dict[str, Any]]:
    ends = {"reading": timedelta(days=retention_days), "sessions": timedelta(seconds=settings.SESSION_COOKIE_AGE)}
    for kind, age in (ends | ENDING).items():
        yield {"kind": kind, "seconds": age.total_seconds()}
    for kind in STAYING:
        yield {"kind": kind, "seconds": None}


def _handlers(own: Any) -> Iterator[dict[str, str]]:
    installation = {"of": "installation"}
    interface = settings.MAIL_BACKEND.removeprefix("anymail.backends.").partition(".")[0]
    if own:
        yield {"what": "mail", "of": "company", "where": "outside", "name": own.host}
    elif provider := interface or settings.MAIL_PROVIDER:
        yield installation | {"what": "mail", "where": "outside", "name": provider}
    else:
        yield installation | {"what": "mail"} | _where(settings.EMAIL_HOST)
    if mailbox := settings.RETURN_MAILBOX:
        yield installation | {"what": "returns"} | _where(mailbox["host"])
    options = settings.STORAGES["default"].get("OPTIONS", {})
    endpoint = urlsplit(options.get("endpoint_url") or "").hostname or "s3.amazonaws.com"
    yield installation | {"what": "files"} | _where(endpoint if options.get("bucket_name") else "")
    yield installation | {"what": "database"} | _where(settings.DATABASES["default"].get("HOST", ""))


def _where(hosts: str) -> dict[str, str]:
    """Return where a host is, or the furthest of several with commas, and the names of those outside."""
    places = {host: _place(host.strip().lower().rstrip(".")) for host in hosts.split(",")}
    outside = [host.strip() for host, place in places.items() if place == "outside"]
    where = "outside" if outside else "inside" if "inside" in places.values() else "machine"
    return {"where": where, "name": ", ".join(outside)}


def _place(host: str) -> str:
    # A database is reached over a socket where its host is a folder, an abstract name (@), or not there.
    if not host or host[0] in "/@" or host == "localhost" or host.endswith(".localhost"):
        return "machine"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "inside" if "." not in host or host.endswith(INSIDE) else "outside"
    if address.is_loopback:
        return "machine"
    return "inside" if is_private(host) else "outside"
