"""Who may call what: one line for each operation of the API. A new operation without its line fails.

The world of the table: Olga owns Northwind and has published announcement A and begun draft D; Maya is a member there and
reads A; Charlie owns another workspace; nobody is signed in as nobody. The numbers are the answers, in that order.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from announcements.delivery import services as delivery
from announcements.joining import services as joining
from announcements.media import services as media
from announcements.people import services as people
from announcements.roster import services as roster
from tests.pictures import picture

ASKED = {
    "response_type": "code",
    "client_id": "mantel-new-tab",
    "redirect_uri": f"https://{'a' * 32}.chromiumapp.org/",
    "code_challenge": "A" * 43,
    "code_challenge_method": "S256",
}
TABLE: dict[str, tuple[object, int, int, int, int]] = {
    #                                               body                            owner member stranger nobody
    "GET me": (None, 200, 200, 200, 401),
    "PATCH me": ({"title": "x"}, 200, 200, 200, 401),
    "PUT me/picture": (picture(), 200, 200, 200, 401),
    "DELETE me/picture": (None, 204, 204, 204, 401),
    "GET me/stored": (None, 200, 200, 200, 401),
    "GET me/stored/summary": (None, 200, 200, 200, 401),
    "GET preferences": (None, 200, 200, 200, 401),
    "PATCH preferences": ({"digest": "never"}, 200, 200, 200, 401),
    "GET workspace": (None, 200, 200, 200, 401),
    "PATCH workspace": ({"name": "New"}, 200, 403, 200, 401),
    "PUT workspace/logo": (picture(), 200, 403, 200, 401),
    "DELETE workspace/logo": (None, 204, 403, 204, 401),
    "GET workspace/logo/{digest}/{side}": (None, 200, 200, 404, 401),
    "GET workspace/mail-server": (None, 200, 403, 200, 401),
    "PATCH workspace/mail-server": ({"host": "localhost", "sender": "hub@northwind.test"}, 200, 403, 200, 401),
    "DELETE workspace/mail-server": (None, 204, 403, 204, 401),
    "POST workspace/mail-server/try": ({}, 200, 403, 200, 401),
    "GET setup": (None, 200, 403, 200, 401),
    "PATCH setup": ({"step": "mail", "state": "skipped"}, 200, 403, 200, 401),
    "GET tokens": (None, 200, 200, 200, 401),
    "POST tokens": ({"name": "x", "scopes": ["feed:read"]}, 201, 201, 201, 401),
    "DELETE tokens/{token_id}": (None, 204, 404, 404, 401),
    "GET devices": (None, 200, 200, 200, 401),
    "DELETE devices/{device_id}": (None, 204, 404, 404, 401),
    "GET pairings/{user_code}": (None, 200, 200, 200, 401),
    "POST pairings/{user_code}/grant": ({}, 204, 204, 204, 401),
    "POST pairings/{user_code}/refuse": ({}, 204, 204, 204, 401),
    "POST oauth/device": ({"client_id": "mantel-new-tab"}, 200, 200, 200, 200),
    "POST oauth/token": ({"grant_type": "authorization_code", "client_id": "mantel-new-tab", "code": "x"}, 400, 400, 400, 400),
    "POST oauth/revoke": ({"client_id": "mantel-new-tab", "token": "x"}, 200, 200, 200, 200),
    "GET oauth/authorize?" + urlencode(ASKED): (None, 200, 200, 200, 401),
    "POST oauth/authorize": (ASKED, 200, 200, 200, 401),
    "GET sessions": (None, 200, 200, 200, 401),
    "DELETE sessions": (None, 204, 204, 204, 401),
    "DELETE sessions/{session_id}": (None, 204, 404, 404, 401),
    "GET second-factors": (None, 200, 200, 200, 401),
    "DELETE second-factors/{factor_id}": (None, 403, 404, 404, 401),
    "POST second-factors/totp": ({}, 403, 403, 403, 401),
    "POST second-factors/totp/confirm": ({"code": "123456"}, 403, 403, 403, 401),
    "POST second-factors/passkeys": ({}, 403, 403, 403, 401),
    "POST second-factors/passkeys/confirm": ({"credential": {}}, 403, 403, 403, 401),
    "POST second-factors/recovery-codes": ({}, 403, 403, 403, 401),
    "GET people": (None, 200, 200, 200, 401),
    "POST people": ({"email": "new@northwind.test", "name": "New"}, 201, 403, 201, 401),
    "GET people/counts": (None, 200, 200, 200, 401),
    "POST people/bulk": ({"person_ids": ["{person_id}"], "action": "deactivate"}, 200, 403, 200, 401),
    "GET people/{person_id}": (None, 200, 200, 404, 401),
    "PATCH people/{person_id}": ({"location": "Porto"}, 200, 403, 404, 401),
    "GET people/{pictured_id}/picture/{portrait}/{side}": (None, 200, 200, 404, 401),
    "POST people/{person_id}/admit": ({}, 409, 403, 404, 401),
    "POST people/{person_id}/deactivate": ({}, 200, 403, 404, 401),
    "POST people/{person_id}/reactivate": ({}, 200, 403, 404, 401),
    "POST people/{person_id}/role": ({"role": "admin"}, 200, 403, 404, 401),
    "GET invitations": (None, 200, 403, 200, 401),
    "POST invitations": ({"email": "new@northwind.test", "name": "New"}, 201, 403, 201, 401),
    "POST invitations/bulk": ({"text": "new@northwind.test"}, 200, 403, 200, 401),
    "GET invitations/{invitation_id}": (None, 200, 403, 404, 401),
    "POST invitations/{invitation_id}/resend": ({}, 409, 403, 404, 401),
    "POST invitations/{invitation_id}/revoke": ({}, 200, 403, 404, 401),
    "GET claim-links": (None, 200, 403, 200, 401),
    "POST claim-links": ({"name": "Handbook"}, 201, 403, 201, 401),
    "DELETE claim-links/{link_id}": (None, 204, 403, 404, 401),
    "POST claim-links/{link_id}/rotate": ({}, 200, 403, 404, 401),
    "GET join-requests": (None, 200, 403, 200, 401),
    "POST join-requests/{person_id}/admit": ({}, 409, 403, 404, 401),
    "POST join-requests/{person_id}/refuse": ({}, 409, 403, 404, 401),
    "GET domains": (None, 200, 403, 200, 401),
    "POST domains": ({"name": "northwind.test"}, 201, 403, 403, 401),
    "DELETE domains/{domain_id}": (None, 204, 403, 404, 401),
    "GET joining/{token}": (None, 404, 404, 404, 404),
    "POST joining/{token}": ({"name": "x", "password": "a calm long password", "timezone": "UTC"}, 404, 404, 404, 404),
    "POST joining/{token}/address": ({"email": "new@northwind.test"}, 404, 404, 404, 404),
    "GET people/export": (None, 200, 403, 200, 401),
    "GET imports": (None, 200, 403, 200, 401),
    "POST imports": ({}, 415, 415, 415, 415),
    "GET imports/{import_id}": (None, 200, 403, 404, 401),
    "PATCH imports/{import_id}": ({"columns": ["name", "email"]}, 409, 403, 404, 401),
    "GET imports/{import_id}/rows": (None, 200, 403, 404, 401),
    "POST imports/{import_id}/decisions": ({"problem": "group", "do": "use"}, 409, 403, 404, 401),
    "POST imports/{import_id}/start": ({}, 409, 403, 404, 401),
    "POST imports/{import_id}/undo": ({}, 409, 403, 404, 401),
    "GET groups": (None, 200, 200, 200, 401),
    "POST groups": ({"name": "New"}, 201, 403, 201, 401),
    "GET groups/{group_id}": (None, 200, 200, 404, 401),
    "PATCH groups/{group_id}": ({"name": "New"}, 200, 403, 404, 401),
    "POST groups/{group_id}/close": ({}, 200, 403, 404, 401),
    "DELETE groups/{group_id}/close": (None, 409, 403, 404, 401),
    "POST groups/preview": ({"rule": {"conditions": [{"field": "title", "test": "is", "value": "x"}]}}, 200, 403, 200, 401),
    "POST groups/reorganize": ({"changes": [{"do": "close", "group_id": "{group_id}"}]}, 200, 403, 422, 401),
    "GET groups/{group_id}/members": (None, 200, 200, 404, 401),
    "POST groups/{group_id}/members": ({"person_id": "{outsider_id}"}, 201, 403, 404, 401),
    "DELETE groups/{group_id}/members/{person_id}": (None, 204, 403, 404, 401),
    "POST audience": ({"everyone": True}, 200, 403, 200, 401),
    "GET announcements": (None, 200, 200, 200, 401),
    "POST announcements": ({"title": "x"}, 201, 403, 201, 401),
    "GET announcements/{announcement_id}": (None, 200, 200, 404, 401),
    "PATCH announcements/{draft_id}": ({"title": "x"}, 200, 404, 404, 401),
    "DELETE announcements/{draft_id}": (None, 204, 404, 404, 401),
    "POST announcements/{draft_id}/publish": ({}, 200, 404, 404, 401),
    "POST announcements/{announcement_id}/correct": ({"title": "x", "change": "typo"}, 200, 404, 404, 401),
    "POST announcements/{announcement_id}/withdraw": ({}, 200, 404, 404, 401),
    "GET announcements/{announcement_id}/versions": (None, 200, 404, 404, 401),
    "GET announcements/{announcement_id}/reach": (None, 200, 404, 404, 401),
    "GET announcements/{announcement_id}/missing": (None, 200, 404, 404, 401),
    "GET announcements/{announcement_id}/nudges": (None, 200, 404, 404, 401),
    "POST announcements/{announcement_id}/nudges": ({}, 200, 404, 404, 401),
    "DELETE announcements/{announcement_id}/nudges": (None, 204, 404, 404, 401),
    "POST announcements/{announcement_id}/acknowledge": ({"version": 1}, 200, 200, 404, 401),
    "DELETE announcements/{announcement_id}/acknowledge": (None, 409, 409, 404, 401),
    "POST images": ({}, 415, 415, 415, 415),
    "GET images/{key}": (None, 200, 404, 404, 401),
    "GET images/{key}/file": (None, 200, 404, 404, 401),
    "GET reach?announcement_ids=1": (None, 200, 200, 200, 401),
    "GET feed": (None, 200, 200, 200, 401),
    "POST feed-keys": ({}, 201, 201, 201, 401),
    "POST receipts": (
        {"receipts": [{"client_id": "7f3b1c1e-2f0f-4d55-9d1e-0a8a5b1f3c11", "announcement_id": 1, "fact": "read", "at": "2026-11-16T09:00:00Z", "channel": "tab"}]},
        200, 200, 200, 401,
    ),
    "GET audit": (None, 200, 403, 200, 401),
    "GET audit/export": (None, 200, 403, 200, 401),
    "GET hub": (None, 200, 200, 200, 200),
    "POST demo": ({}, 404, 404, 404, 404),
    "GET mail-links/{token}": (None, 404, 404, 404, 404),
    "POST mail-links/{token}/acknowledge": ({}, 404, 404, 404, 404),
    "POST mail-links/{token}/unsubscribe": ({}, 404, 404, 404, 404),
}  # fmt: skip
WHO = ("owner", "member", "stranger", "nobody")


def documented() -> set[str]:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return {f"{method.upper()} {path.removeprefix('/api/v1/')}" for path, item in paths.items() for method in item}


def test_every_operation_has_its_line() -> None:
    names = {"draft_id": "announcement_id", "pictured_id": "person_id", "portrait": "digest"}
    lines = {
        re.sub(r"{(\w+)}", lambda one: f"{{{names.get(one[1], one[1])}}}", line).partition("?")[0] for line in TABLE
    }
    assert documented() == lines


def elsewhere(person: people.Person) -> int:
    """Sign somebody in in another browser; return that session's id."""
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=person.id))
    browser.get("/tab")
    return max(UserSession.objects.filter(user_id=person.id).values_list("pk", flat=True))


def asking(now: datetime) -> people.NewPairing:
    what = people.requested(app_id="mantel-new-tab", name="Firefox on Linux", scopes=())
    return people.start_pairing(what=what, now=now)


def device(person: people.Person, now: datetime) -> int:
    """Connect a device of somebody; return its id."""
    asks = asking(now)
    people.grant_pairing(by=person.id, user_code=asks.user_code, now=now)
    return people.redeem_pairing(app_id="mantel-new-tab", device_code=asks.device_code, now=now).token.id


def shown_to_olga(olga: people.Person, now: datetime) -> str:
    """Upload an image that no text shows yet; return its key."""
    image = media.upload(by=olga.id, content=picture(), now=now)
    media.make(image_id=image.id, now=now)
    return image.key


@pytest.fixture
def world(
    published: Any, api: Any, draft: Any, olga: people.Person, maya: people.Person, joao: people.Person,
    operations: people.Group, now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """Return the ids that the table speaks of."""
    delivery.fan_out(announcement_id=published["id"], now=datetime.now(UTC))
    outsider = people.invite(by=olga.id, email="out@northwind.test", name="Outsider", now=now)
    invitation = joining.invite(by=olga.id, who=people.Invitee("asked@partner.test", "Asked"), now=datetime.now(UTC))
    link = joining.create_claim_link(by=olga.id, name="Link", limits=joining.Limits(), now=now)
    domain = people.claim(by=olga.id, name="partner.test", verified=["olga@partner.test"], now=now)
    EmailAddress.objects.create(user_id=olga.id, email=olga.email, verified=True, primary=True)
    token = people.issue_token(by=olga.id, name="x", scopes=("feed:read",), now=now)
    return {
        "announcement_id": published["id"],
        "draft_id": api(olga).post("announcements", draft).json()["id"],
        "person_id": joao.id,
        "outsider_id": outsider.id,
        "group_id": operations.id,
        "invitation_id": invitation.id,
        "link_id": link.id,
        "domain_id": domain.id,
        "import_id": roster.upload(by=olga.id, file_name="x.csv", content=b"name,email", now=now).id,
        "token_id": token.token.id,
        "device_id": device(olga, now),
        "user_code": asking(datetime.now(UTC)).user_code,
        "session_id": elsewhere(olga),
        "factor_id": Authenticator.objects.create(user_id=olga.id, type="totp", data={}).pk,
        "token": "tampered",
        "digest": people.set_logo(by=olga.id, content=picture(), now=now).logo,
        "side": 64,
        "key": shown_to_olga(olga, now),
        "pictured_id": joao.id,
        "portrait": people.set_picture(by=joao.id, content=picture(), now=now).picture,
    }


@pytest.mark.parametrize("place", range(4), ids=WHO)
@pytest.mark.parametrize("line", TABLE)
def test_each_gets_the_answer_of_the_table(
    line: str, place: int, world: Any, api: Any, nobody: Any,
    olga: people.Person, maya: people.Person, charlie: people.Person,
) -> None:  # fmt: skip
    caller = [lambda: api(olga), lambda: api(maya), lambda: api(charlie), lambda: nobody][place]()
    body, *expected = TABLE[line]
    method, path = line.split(" ")
    send = getattr(caller, method.lower())

    response = send(path.format(**world), *([_filled(body, world)] if body is not None else []))

    assert response.status_code == expected[place], response.content


def _filled(body: object, world: dict[str, Any]) -> object:
    if isinstance(body, dict):
        return {key: _filled(value, world) for key, value in body.items()}
    if isinstance(body, list):
        return [_filled(value, world) for value in body]
    return world[body[1:-1]] if isinstance(body, str) and body.startswith("{") else body
