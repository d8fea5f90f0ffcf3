"""The pages of joining in a real Chromium: readable in every scheme."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from announcements.joining import services as joining
from announcements.people import services as people
from tests.browser import accessible, looked, needs_chromium
from tests.conftest import PASSWORD
from tests.entering import signed_up
from tests.joining.conftest import key_in, sink  # noqa: F401  a fixture
from tests.web.test_browser import SCHEMES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    needs_chromium,
]
Browse = Callable[..., Page]


@pytest.fixture
def post(sink: Any) -> Callable[[], Any]:  # noqa: F811  the fixture
    """Return a function that sends what is due and gives all mails."""

    def send() -> Any:
        joining.post(now=datetime.now(UTC), clock=lambda: datetime.now(UTC))
        return sink.mails

    return send


@pytest.fixture
def waiting(olga: people.Person, operations: people.Group, post: Any, at: datetime) -> list[str]:
    """Fill the pages; return the addresses of the doors: an invitation, a link, an ended link, a claim."""
    people.claim_domain(person_id=olga.id, now=at)
    signed_up(people.NewPerson("per@northwind.test", "Per Dahl", PASSWORD, "Europe/Oslo"), at)
    for name, back in (("Nadia Okafor", 0), ("Lee van Dam", 3), ("Kim Ito", 20)):
        who = people.Invitee(f"{name.split()[0].lower()}@partner.test", name, role="admin", group_ids=(operations.id,))
        then = at - timedelta(days=back)
        joining.invite(by=olga.id, who=who, now=at if back == 20 else then)
    tokens = [key_in(mail) for mail in post()]
    made = joining.invite(by=olga.id, who=people.Invitee("rob@partner.test", "Rob Nunes"), now=at)
    joining.revoke(by=olga.id, invitation_id=made.id, now=at)
    joining.accept(token=tokens[1], arrival=people.Arrival("Lee van Dam", PASSWORD, "Europe/Amsterdam"), now=at)
    limits = joining.Limits(
        expires_at=at + timedelta(days=90), most_uses=50, domains=("northwind.test", "partner.test")
    )
    link = joining.create_claim_link(by=olga.id, name="Browser policy", limits=limits, now=at)
    joining.create_claim_link(by=olga.id, name="Handbook", limits=joining.Limits(), now=at)
    joining.ask(token=link.token, email="new@partner.test", now=at)
    claim = key_in(post()[-1])
    return [f"/join/{token}" for token in (tokens[0], link.token, tokens[1], claim)]


def test_every_page_of_joining_is_accessible_and_fits(
    browse: Browse, waiting: list[str], olga: people.Person, ines: people.Person
) -> None:
    ways: list[tuple[people.Person | None, list[str]]] = [
        (olga, ["/people/invite", "/people/invitations", "/people/requests", "/people/ways-in"]),
        (ines, ["/people/invite", "/people/invitations"]),
        (None, [*waiting, "/join/tampered"]),
    ]
    for way in SCHEMES:
        for person, addresses in ways:
            page = browse(person, **way)
            page.expected = ["404"]  # type: ignore[attr-defined]
            for number, address in enumerate(addresses):
                page.goto(address)
                page.evaluate("document.fonts.ready")
                name = f"join-{number}" if "/join/" in address else address
                scheme = "phone" if "viewport" in way else way["color_scheme"]
                looked(page, f"{name}-{person.name.split()[0] if person else 'nobody'}-{scheme}")
                accessible(page)
            page.goto("about:blank")
