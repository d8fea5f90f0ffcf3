"""Pages by which people come in, as they say and do without a script."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from announcements.joining import services as joining
from announcements.people import services as people
from announcements.web.inviting import decoded
from tests.conftest import PASSWORD
from tests.entering import signed_up
from tests.joining.conftest import key_in, sink  # noqa: F401  a fixture
from tests.web.conftest import signed_in, text

pytestmark = pytest.mark.django_db
ARRIVAL = {"name": "Nadia Okafor", "password": PASSWORD, "timezone": "Europe/Lisbon"}


@pytest.fixture
def posted(sink: Any) -> Any:  # noqa: F811  the fixture
    """Return a function that sends what is due and gives all mails."""

    def send() -> Any:
        joining.post(now=datetime.now(UTC), clock=lambda: datetime.now(UTC))
        return sink.mails

    return send


def test_an_invited_person_sees_who_invites_them_and_joins(
    olga: people.Person, operations: people.Group, posted: Any
) -> None:
    owner = signed_in(olga)
    given = {"email": "nadia@partner.test", "name": "Nadia", "role": "admin", "group": [operations.id]}
    assert owner.post("/people/invite", given | {"do": "one"}).headers["Location"] == "/people/invitations"
    token = key_in(posted()[0])
    nadia = Client()

    page = nadia.get(f"/join/{token}")
    assert (
        "Olga Berg invites you Join Northwind As nadia@partner.test. You will be an admin. You will belong to Operations."
        in text(page)
    )
    joined = nadia.post(f"/join/{token}", ARRIVAL)

    assert joined.headers["Location"] == "/tab"
    assert nadia.get("/api/v1/me").json()["timezone"] == "Europe/Lisbon"
    assert "This link has been used" in text(Client().get(f"/join/{token}"))
    assert "accepted" in text(owner.get("/people/invitations"))


def test_a_weak_password_is_told_and_the_name_stays(olga: people.Person, posted: Any) -> None:
    joining.invite(by=olga.id, who=people.Invitee("nadia@partner.test", "Nadia"), now=datetime.now(UTC))
    token = key_in(posted()[0])

    page = Client().post(f"/join/{token}", ARRIVAL | {"password": "password1234", "name": "Nadia O."})

    assert page.status_code == 422
    assert "too common" in text(page)
    assert 'value="Nadia O."' in page.content.decode()


def test_an_expired_invitation_says_whom_to_ask(olga: people.Person, posted: Any) -> None:
    sent = datetime.now(UTC) - timedelta(days=13, hours=23)
    made = joining.invite(by=olga.id, who=people.Invitee("nadia@partner.test", "Nadia"), now=sent)
    token = key_in(posted()[0])
    joining.revoke(by=olga.id, invitation_id=made.id, now=datetime.now(UTC))

    assert Client().get(f"/join/{token}").status_code == 404

    past = datetime.now(UTC) - timedelta(days=15)
    joining.invite(by=olga.id, who=people.Invitee("lee@partner.test", "Lee"), now=past)
    token = key_in_next(past, posted)
    assert "Ask Olga Berg for a new invitation to Northwind." in text(Client().get(f"/join/{token}"))


def key_in_next(at: datetime, posted: Any) -> str:
    """Send as of back then, when the invitation still held."""
    joining.post(now=at, clock=lambda: at)
    return key_in(posted()[-1])


def test_many_are_invited_by_file_and_each_line_that_is_not_says_why(olga: people.Person, maya: people.Person) -> None:
    content = f"email;name;role\nnadia@partner.test;Nadia Müller;\n{maya.email};Maya;\nnonsense;Nobody;\n".encode(
        "cp1252"
    )
    file = SimpleUploadedFile("people.csv", content)

    page = signed_in(olga).post("/people/invite", {"do": "many", "text": "", "role": "member", "file": file})

    said = text(page)
    assert "One invitation is on its way." in said
    assert "2 lines were not invited" in said
    assert "here already" in said
    assert "This is not an email address." in said
    (made,) = joining.invitations(by=olga.id, now=datetime.now(UTC))
    assert made.name == "Nadia Müller"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_as_offices_save_it(encoding: str) -> None:
    assert decoded("João;Müller;é".encode(encoding)) == "João;Müller;é"


def test_an_invitation_is_sent_again_and_revoked_from_the_list(olga: people.Person, posted: Any) -> None:
    made = joining.invite(by=olga.id, who=people.Invitee("nadia@partner.test", "Nadia"), now=datetime.now(UTC))
    owner = signed_in(olga)
    early = owner.post("/people/invitations", {"do": "resend", "invitation": made.id})
    assert (early.status_code, "on its way already" in text(early)) == (409, True)
    posted()

    assert owner.post("/people/invitations", {"do": "resend", "invitation": made.id}).status_code == 302
    assert len(posted()) == 2
    assert owner.post("/people/invitations?state=waiting", {"do": "revoke", "invitation": made.id}).status_code == 302
    assert "No invitation matches" in text(owner.get("/people/invitations?state=waiting"))
    assert "revoked" in text(owner.get("/people/invitations"))


def test_somebody_comes_by_a_link_waits_calmly_and_is_admitted(olga: people.Person, posted: Any) -> None:
    owner = signed_in(olga)
    owner.post("/people/ways-in", {"do": "link", "link_name": "Handbook", "domains": "partner.test, northwind.test"})
    (link,) = joining.claim_links(by=olga.id, now=datetime.now(UTC))
    nadia = Client()
    wrong = nadia.post(f"/join/{link.token}", {"email": "eve@elsewhere.test"})
    assert "This link is for addresses of northwind.test, partner.test." in text(wrong)

    assert "Look into your mail" in text(nadia.post(f"/join/{link.token}", {"email": "nadia@partner.test"}))
    token = key_in(posted()[0])
    assert "Afterwards somebody who runs it lets you in." in text(nadia.get(f"/join/{token}"))
    assert "You are almost in" in text(nadia.post(f"/join/{token}", ARRIVAL))

    assert "Somebody waits to be let in." in text(owner.get("/tab"))
    assert "1 waiting to be let in" in text(owner.get("/people"))
    assert "Join requests 1" in text(owner.get("/people/invitations"))
    assert "Nadia Okafor nadia@partner.test" in text(owner.get("/people/requests"))
    (waiting,) = people.waiting(by=olga.id)
    owner.post("/people/requests", {"do": "admit", "person": waiting.person.id})
    answered = text(owner.get("/people/requests"))
    assert "Nadia Okafor is in. A mail tells them." in answered
    assert "Nobody is waiting" in answered
    assert "to be let in." not in text(owner.get("/tab"))
    assert posted()[-1]["Subject"] == "You are in: Northwind"


def test_a_member_is_not_told_who_waits(olga: people.Person, maya: people.Person, now: datetime) -> None:
    people.claim_domain(person_id=olga.id, now=now)
    signed_up(people.NewPerson("per@northwind.test", "Per Dahl", PASSWORD), now)

    assert "waits to be let in" not in text(signed_in(maya).get("/tab"))


def test_who_is_refused_reads_why(olga: people.Person, now: datetime, posted: Any) -> None:
    people.claim_domain(person_id=olga.id, now=now)
    per = signed_up(people.NewPerson("per@northwind.test", "Per Dahl", PASSWORD), now)

    owner = signed_in(olga)
    owner.post("/people/requests", {"do": "refuse", "person": per.id, "reason": "Not yet."})

    assert "They were turned away and removed." in text(owner.get("/people/requests"))
    assert "Not yet." in posted()[0].get_body(("plain",)).get_content()


def test_ways_in_are_changed_on_their_page(olga: people.Person, now: datetime) -> None:
    owner = signed_in(olga)
    people.claim_domain(person_id=olga.id, now=now)
    owner.post("/people/ways-in", {"do": "policy", "join_policy": "open"})
    owner.post("/people/ways-in", {"do": "link", "link_name": "A", "most_uses": "3", "expires_on": "2999-01-31"})
    (link,) = joining.claim_links(by=olga.id, now=now)

    page = text(owner.get("/people/ways-in"))
    assert "0 of 3 joined" in page
    assert "until 31 Jan 2999" in page
    assert people.workspace(workspace_id=olga.workspace_id).join_policy == "open"
    owner.post("/people/ways-in", {"do": "rotate", "id": link.id})
    assert joining.claim_links(by=olga.id, now=now)[0].token != link.token
    owner.post("/people/ways-in", {"do": "revoke", "id": link.id})
    assert joining.claim_links(by=olga.id, now=now) == []
    (domain,) = people.domains(by=olga.id)
    owner.post("/people/ways-in", {"do": "release", "id": domain.id})
    assert people.domains(by=olga.id) == []
    refused = owner.post("/people/ways-in", {"do": "claim", "name": "gmail.com"})
    assert "public mail provider" in text(refused)
    past = owner.post("/people/ways-in", {"do": "link", "link_name": "B", "expires_on": "2001-01-01"})
    assert "still to come" in text(past)


def test_a_link_names_what_a_browser_policy_needs(olga: people.Person, now: datetime) -> None:
    link = joining.create_claim_link(by=olga.id, name="Browser policy", limits=joining.Limits(), now=now)

    page = signed_in(olga).get("/people/ways-in").content.decode()

    assert f'value="{link.token}" aria-label="Enrolment token of Browser policy"' in page


def test_a_sign_in_is_filled_in_with_what_the_policy_says(client: Client, db: None) -> None:
    asked = client.get("/connect?code=BCDF-GHJK&login_hint=maya%40northwind.test", follow=True)

    assert asked.redirect_chain[-1][0].startswith("/accounts/login/")
    assert 'value="maya@northwind.test"' in asked.content.decode()


@pytest.mark.parametrize("limit", [{"most_uses": "many"}, {"most_uses": "0"}, {"expires_on": "soon"}])
def test_a_limit_that_cannot_be_read_is_refused_and_not_left_out(olga: people.Person, limit: dict[str, str]) -> None:
    page = signed_in(olga).post("/people/ways-in", {"do": "link", "link_name": "A"} | limit)

    assert page.status_code == 422
    assert joining.claim_links(by=olga.id, now=datetime.now(UTC)) == []


def test_pages_are_for_those_who_may(ines: people.Person, maya: people.Person, operations: people.Group) -> None:
    addresses = ["/people/invite", "/people/invitations", "/people/requests", "/people/ways-in"]
    assert [signed_in(maya).get(one).status_code for one in addresses] == [403] * 4
    assert [signed_in(ines).get(one).status_code for one in addresses] == [200, 200, 403, 403]
    assert {Client().get(one).status_code for one in addresses} == {302}


def test_the_sign_up_page_asks_for_a_password_in_our_words(olga: people.Person) -> None:
    page = text(Client().get("/accounts/signup/"))

    assert "At least 12 characters. A few words in a row are easy to keep." in page
    assert "commonly used" not in page
