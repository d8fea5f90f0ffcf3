"""The world of the tables: two companies with the same things in each, and who asks for them.

Olga owns Northwind, Ada is an admin there, Ines manages Operations, Maya is a member of it, and Gus, an owner, was
deactivated; Charlie owns Southgate. Oda, of Northwind, keeps the installation running.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.auth import get_user_model
from django.test import Client

from announcements.api import second_factor
from announcements.delivery import services as delivery
from announcements.delivery.channels import tokens
from announcements.delivery.models import Digest, Nudge, Suppression
from announcements.joining import services as joining
from announcements.media import services as media
from announcements.people import services as people
from announcements.people.models import App
from announcements.porting import services as porting
from announcements.publishing import services as publishing
from announcements.roster import services as roster
from tests.conftest import PASSWORD
from tests.entering import signed_up
from tests.pictures import picture

Things = dict[str, Any]
TAB = "mantel-new-tab"
ALL = tuple(sorted(people.SCOPES))
WORDS = publishing.Draft(title="Dock 4 closes", body="<p>On Friday.</p>", ask_acknowledge=True)
COLORS = {"northwind.test": "teal", "southgate.test": "gold"}
ASKED = {
    "response_type": "code",
    "client_id": TAB,
    "redirect_uri": f"https://{'a' * 32}.chromiumapp.org/",
    "code_challenge": "A" * 43,
    "code_challenge_method": "S256",
}


@dataclass(frozen=True, slots=True)
class World:
    """The things of both companies by the names that the tables use, and what each caller sends to be known."""

    own: Things
    foreign: Things
    sessions: dict[str, str]
    keys: dict[str, str]


def built() -> World:
    """Found both companies; deactivate Gus last, so that he holds keys from before."""
    now = datetime.now(UTC)
    olga, charlie = _founder("Northwind", "Olga Berg", now), _founder("Southgate", "Charlie Poe", now)
    cast = {
        "owner": olga,
        "admin": _joined(olga, "Ada Lind", now, role="admin"),
        "manager": _joined(olga, "Ines Carvalho", now),
        "member": _joined(olga, "Maya Lindqvist", now),
        "gone": _joined(olga, "Gus Weber", now, role="owner"),
        "operator": _joined(olga, "Oda Falk", now),
        "other": charlie,
    }
    Authenticator.objects.create(user_id=cast["operator"].id, type="totp", data={})
    own = _things(olga, cast["manager"], cast["member"], now)
    foreign = _things(charlie, _joined(charlie, "Cleo Marsh", now), _joined(charlie, "Cyrus Webb", now), now)
    delivery.post_letter(recipient=olga.email, subject="x", body="x", now=now)
    App.objects.create(id="board", name="Board", scopes=["feed:read"], redirects=["https://board.test/"])
    Digest.objects.create(recipient_id=olga.id, workspace_id=olga.workspace_id, due_at=now, period="2026-W47")
    own |= _rows_of_admin()
    sessions = {who: _signed_in(person) for who, person in cast.items()}
    keys = {scope: _key(olga, (scope,), now) for scope in ALL}
    keys |= {who: _key(cast[who], ALL, now) for who in ("owner", "member", "gone")}
    people.deactivate(by=olga.id, person_id=cast["gone"].id, now=now)
    return World(own, foreign, sessions, keys)


def _founder(company: str, name: str, now: datetime) -> people.Person:
    email = f"{name.split()[0].lower()}@{company.lower()}.test"
    owner = people.found(name=company, owner=people.NewPerson(email=email, name=name, password=PASSWORD), now=now)
    EmailAddress.objects.create(user_id=owner.id, email=email, verified=True, primary=True)
    people.claim_domain(person_id=owner.id, now=now)
    return owner


def _joined(owner: people.Person, name: str, now: datetime, role: people.Role = "member") -> people.Person:
    email = f"{name.split()[0].lower()}@{owner.email.partition('@')[2]}"
    invited = people.invite(by=owner.id, email=email, name=name, now=now)
    joined = people.accept(person_id=invited.id, password=PASSWORD, now=now)
    if role != "member":
        joined = people.change_role(by=owner.id, person_id=joined.id, role=role, now=now)
    EmailAddress.objects.create(user_id=joined.id, email=email, verified=True, primary=True)
    return joined


def _things(owner: people.Person, manager: people.Person, member: people.Person, now: datetime) -> Things:
    domain = owner.email.partition("@")[2]
    seller, buyer = _joined(owner, "Sal Moss", now), _joined(owner, "Bea Roth", now)
    operations = people.create_group(by=owner.id, name="Operations", kind="function", now=now).id
    sales = people.create_group(by=owner.id, name="Sales", kind="function", now=now).id
    people.add_member(by=owner.id, group_id=operations, person_id=manager.id, role="manager", now=now)
    for group, person in ((operations, member), (operations, buyer), (sales, seller)):
        people.add_member(by=owner.id, group_id=group, person_id=person.id, now=now)
    drawn = picture(color=COLORS[domain])
    closed = people.create_group(by=owner.id, name="Fair 2025", kind="project", now=now).id
    people.close_group(by=owner.id, group_id=closed, now=now)
    left = _joined(owner, "Lea Ott", now)
    people.deactivate(by=owner.id, person_id=left.id, now=now)
    waiting = signed_up(people.NewPerson(f"per@{domain}", "Per Dahl", PASSWORD), now)
    return {
        "group_id": operations,
        "group_id:sales": sales,
        "person_id": buyer.id,
        "person_id:seller": seller.id,
        "person_id:waiting": waiting.id,
        "person_id:left": left.id,
        "group_id:closed": closed,
        "digest:portrait": people.set_picture(by=buyer.id, content=drawn, now=now).picture,
        "digest": people.set_logo(by=owner.id, content=drawn, now=now).logo,
        "side": 64,
        "hue": 165,
        "chart": "curve",
        "chart:company": "weeks",
        "provider": "postmark",
        "code": "DE-BY",
        "file_name": "mantel.crx",
        "step": "mail",
        "number": 1,
        "key:image": _uploaded(owner, drawn, now),
        "rest": "nothing",
        "key": "nothing",
        "uidb36": "1",
        "asked": urlencode(ASKED),
        "asked:body": json.dumps(ASKED),
        "domain_id": people.claim(by=owner.id, name=f"partner-{domain}", verified=[f"me@partner-{domain}"], now=now).id,
        "import_id": roster.upload(by=owner.id, file_name="x.csv", content=b"name,email", now=now).id,
        "import_id:news": (news := porting.upload(by=owner.id, file_name="a.md", file=io.BytesIO(b"# Hi"), now=now).id),
        "import_id:checked": _checked(owner, now),
        "brought_id": news,
        "export_id": porting.ask(by=owner.id, now=now).id,
        **(said := _said(owner, manager, (operations, sales), now)),
        **_ways_in(owner, f"partner-{domain}", now),
        **_held(owner, buyer, now),
        **_mailed(member, said["announcement_id"]),
        "suppression_id": _suppressed(buyer, now),
        **_uncertain(member, said["announcement_id:team"]),
    }


def _said(owner: people.Person, manager: people.Person, groups: tuple[int, int], now: datetime) -> Things:
    """Publish to everyone, to Operations, and to Sales alone; begin a draft, and let the manager begin one."""
    operations, sales = (people.Audience(group_ids=(id,)) for id in groups)
    made = {
        "announcement_id": _published(owner, people.Audience(everyone=True), now),
        "announcement_id:team": _published(owner, operations, now),
        "announcement_id:sales": _published(owner, sales, now),
    }
    for name, author, audience in (
        ("draft", owner, operations),
        ("drafted", manager, operations),
        ("beyond", manager, sales),
    ):
        draft = replace(WORDS, audience=audience)
        made[f"announcement_id:{name}"] = publishing.create(by=author.id, draft=draft, now=now).id
    made["announcement_id:binned"] = publishing.duplicate(
        announcement_id=made["announcement_id:drafted"], by=manager.id, now=now
    ).id
    words = publishing.TemplateWords(name="A move")
    made["template_id"] = publishing.create_template(by=owner.id, words=words, now=now).id
    publishing.discard(announcement_id=made["announcement_id:binned"], by=manager.id, now=now)
    return made


def _published(owner: people.Person, audience: people.Audience, now: datetime) -> int:
    said = publishing.create(by=owner.id, draft=replace(WORDS, audience=audience), now=now)
    publishing.publish(announcement_id=said.id, by=owner.id, now=now)
    delivery.fan_out(announcement_id=said.id, now=now)
    return said.id


def _checked(owner: people.Person, now: datetime) -> int:
    """Upload an announcement and have it read, so that it could be brought in."""
    checked = porting.upload(by=owner.id, file_name="b.md", file=io.BytesIO(b"# Hello"), now=now).id
    while porting.work(import_id=checked, now=now):
        pass
    return checked


def _uploaded(owner: people.Person, content: bytes, now: datetime) -> str:
    """Upload an image that no text shows yet; return its key."""
    image = media.upload(by=owner.id, content=content, now=now)
    media.make(image_id=image.id, now=now)
    return image.key


def _ways_in(owner: people.Person, domain: str, now: datetime) -> Things:
    link = joining.create_claim_link(by=owner.id, name="Handbook", limits=joining.Limits(), now=now)
    asked = joining.invite(by=owner.id, who=people.Invitee(f"asked@{domain}", "Asked"), now=now)
    return {"invitation_id": asked.id, "link_id": link.id, "token:join": link.token}


def _held(owner: people.Person, buyer: people.Person, now: datetime) -> Things:
    """Give the owner a token, a device, a second browser and a second factor, and somebody else a passkey."""
    what = people.requested(app_id=TAB, name="Firefox on Linux", scopes=())
    asks, waits = people.start_pairing(what=what, now=now), people.start_pairing(what=what, now=now)
    people.grant_pairing(by=owner.id, user_code=asks.user_code, now=now)
    device = people.redeem_pairing(app_id=TAB, device_code=asks.device_code, now=now).token
    Client().get("/tab", headers={"Cookie": f"session={_signed_in(owner)}"})
    return {
        "token_id": people.issue_token(by=owner.id, name="x", scopes=("feed:read",), now=now).token.id,
        "device_id": device.id,
        "user_code": waits.user_code,
        "session_id": UserSession.objects.filter(user_id=owner.id).latest("pk").pk,
        "factor_id": Authenticator.objects.create(user_id=owner.id, type="totp", data={}).pk,
        "pk": Authenticator.objects.create(user_id=buyer.id, type="webauthn", data={}).pk,
    }


def _mailed(member: people.Person, announcement_id: int) -> Things:
    """Return keys of links that were mailed to the member, and one that was tampered with."""
    confirm = tokens.Claim(member.id, member.epoch, announcement_id, 1)
    leave = tokens.Claim(member.id, member.epoch)
    return {
        "token": "tampered",
        "token:confirm": tokens.make(confirm, "acknowledge"),
        "token:leave": tokens.make(leave, "unsubscribe"),
    }


def _uncertain(member: people.Person, announcement_id: int) -> Things:
    """Let nobody know whether the member's first nudge arrived."""
    row = Nudge.objects.get(announcement_id=announcement_id, recipient_id=member.id, step=1)
    Nudge.objects.filter(pk=row.pk).update(state="uncertain")
    return {"kind": "nudge", "mail_id": row.pk}


def _suppressed(buyer: people.Person, now: datetime) -> int:
    """Let mail to somebody come back; return what stands of it."""
    row = Suppression(workspace_id=buyer.workspace_id, address=buyer.email, reason="bounced", suppressed_at=now)
    row.save()
    return row.pk


def _rows_of_admin() -> Things:
    """Return a row of each model that operators look at, and what the rest of the admin's addresses name."""
    models: Iterable[Any] = admin.site._registry
    rows = {f"object_id:{model._meta.model_name}": quote(model.objects.latest("pk").pk) for model in models}
    return rows | {"content_type_id": 1, "object_id": 1, "app_label": "people", "url": "nothing"}


def _key(person: people.Person, scopes: tuple[str, ...], now: datetime) -> str:
    return people.issue_token(by=person.id, name="test", scopes=scopes, now=now).key


def _signed_in(person: people.Person) -> str:
    """Sign somebody in, a moment ago and with all the proofs there are; return the session's key."""
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=person.id))
    session = browser.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(person.id)
    session[second_factor.MARK] = person.id
    session.save()
    return str(session.session_key)
