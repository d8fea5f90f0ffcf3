"""Everything that is stored about me: in short to look at, whole to take along. Each capability answers for itself.

Only a session may ask: sessions, their addresses and second factors are told to no token.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.v1.resource import Resource
from announcements.api.v1.stored_shapes import StoredOut, StoredSummaryOut
from announcements.audit import services as audit
from announcements.delivery import services as delivery
from announcements.joining import services as joining
from announcements.people import services as people
from announcements.publishing import services as publishing
from announcements.roster import services as roster

NEWEST = 10
COUNTED = (
    "memberships", "tokens", "devices", "pairings", "sessions", "second_factors", "addresses", "invitations", "claims", "deliveries", "mails",
    "written", "trail", "sign_ins", "looks", "import_rows", "imports",
)  # fmt: skip


class Stored(Resource):
    """Everything that is stored about me."""

    @extend_schema(
        operation_id="me_stored", summary="Everything that is stored about me", tags=["me"], responses=StoredOut
    )
    def get(self, request: Request) -> Response:
        """Answer all of it as a file. Taking it is an entry of the trail."""
        answer = take(person_id=self.by, by=self.by, now=self.now)
        name = f"stored-about-me-{self.now:%Y-%m-%d}.json"
        return Response(answer, headers={"Content-Disposition": f'attachment; filename="{name}"'})


class StoredSummary(Resource):
    """What is stored about me, in short."""

    @extend_schema(
        operation_id="me_stored_summary",
        summary="What is stored about me, in short",
        tags=["me"],
        responses=StoredSummaryOut,
    )
    def get(self, request: Request) -> Response:
        """Answer how much there is of each kind, with the newest of some."""
        found = _everything(self.by, self.now)
        channels = Counter(fact.channel for one in found["deliveries"] for fact in one.facts if fact.channel)
        counts = {name: len(found[name]) for name in COUNTED} | {"facts": dict(channels.most_common())}
        newest = {name: found[name][: -NEWEST - 1 : -1] for name in ("mails", "sign_ins", "looks")}
        return Response(StoredSummaryOut(found | {"counts": counts} | newest).data)


def take(*, person_id: int, by: int | None, now: datetime) -> dict[str, Any]:
    """Return all of it as it is taken along, and note that it was; raise NotFound.

    `by` is the person themselves, or None: whoever runs the installation, for somebody who may have left.
    """
    found = _everything(person_id, now, operator=by is None)
    person = found["person"]
    audit.note(
        workspace_id=person.workspace_id,
        by=by,
        verb="own_data_exported",
        subject=f"person:{person.id}",
        details={},
        at=now,
    )
    may_publish = people.may_publish(person_id=person.id, at=now)
    answer = StoredOut(found | {"profile": person, "taken_at": now}, context={"may_publish": may_publish})
    return dict(answer.data)


def _everything(by: int, now: datetime, *, operator: bool = False) -> dict[str, Any]:
    """Return what each capability keeps; mails about coming in stand among the mails."""
    person = people.told(by=by, operator=operator)
    doors = (people, joining, roster, delivery, audit)
    about, came, listed, got, kept = (door.stored(by=by, operator=operator) for door in doors)
    mails = sorted([*map(_as_mail, came.letters), *map(_as_mail, got.mails)], key=lambda mail: mail["due_at"])
    return {
        "person": person,
        "last_seen_on": person.last_seen_on,
        "invited_at": about.invited_at,
        "joined_at": about.joined_at,
        "preferences": got.preference,
        "memberships": about.memberships,
        "tokens": about.tokens,
        "devices": about.devices,
        "pairings": about.pairings,
        "own_tab": about.own_tab,
        "invitations": came.invitations,
        "claims": came.claims,
        "import_rows": listed.rows,
        "imports": listed.imports,
        "deliveries": got.deliveries,
        "mails": mails,
        "written": publishing.written(by=by, operator=operator),
        "trail": kept.entries,
        "sign_ins": [one for one in kept.entries if one.verb in {"signed_in", "sign_in_failed"}],
        "looks": kept.looks,
    } | _keys(by)


def _as_mail(mail: joining.StoredLetter | delivery.StoredMail) -> dict[str, Any]:
    return {name: getattr(mail, name) for name in mail.__slots__}


def _keys(by: int) -> dict[str, Any]:
    """Return what sign-in keeps, without secrets."""
    return {
        "sessions": list(UserSession.objects.filter(user_id=by).order_by("created_at", "id")),
        "second_factors": list(Authenticator.objects.filter(user_id=by).order_by("created_at", "id")),
        "addresses": list(EmailAddress.objects.filter(user_id=by).order_by("id")),
    }
