"""Coming in over the API: invitations, links, requests, domains."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail as django_mail
from django.test import Client

from announcements.joining import services as joining
from announcements.people import services as people
from tests.conftest import PASSWORD
from tests.entering import signed_up
from tests.joining.conftest import key_in, sink  # noqa: F401  a fixture

ARRIVAL = {"name": "Nadia Okafor", "password": PASSWORD, "timezone": "Europe/Lisbon"}


@pytest.fixture
def posted(sink: Any) -> Any:  # noqa: F811  the fixture
    """Return a function that sends what is due and gives all mails."""

    def send() -> Any:
        joining.post(now=datetime.now(UTC), clock=lambda: datetime.now(UTC))
        return sink.mails

    return send


def test_an_invited_person_joins_with_a_verified_address_and_is_signed_in(
    api: Any, nobody: Any, olga: people.Person, operations: people.Group, posted: Any
) -> None:
    asked = {"email": "nadia@partner.test", "name": "Nadia", "role": "admin", "group_ids": [operations.id]}
    made = api(olga).post("invitations", asked)
    assert (made.status_code, made.json()["state"], made.json()["mail"]) == (201, "waiting", "queued")
    (mail,) = posted()
    token = key_in(mail)

    about = nobody.get(f"joining/{token}").json()
    assert (about["kind"], about["inviter_name"], about["groups"]) == ("invitation", "Olga Berg", ["Operations"])
    joined = nobody.post(f"joining/{token}", ARRIVAL | {"sign_in": True})

    assert (joined.status_code, joined.json()["state"]) == (201, "active")
    me = nobody.get("me").json()
    assert (me["name"], me["role"], me["timezone"]) == ("Nadia Okafor", "admin", "Europe/Lisbon")
    assert EmailAddress.objects.get(user_id=me["id"]).verified
    assert nobody.post(f"joining/{token}", ARRIVAL).json()["code"] == "link_used"
    assert api(olga).get("invitations?state=accepted").json()["results"][0]["mail"] == "submitted"


def test_without_being_asked_nobody_is_signed_in(api: Any, nobody: Any, olga: people.Person, posted: Any) -> None:
    api(olga).post("invitations", {"email": "nadia@partner.test", "name": "Nadia"})

    nobody.post(f"joining/{key_in(posted()[0])}", ARRIVAL)

    assert nobody.get("me").status_code == 401


def test_inviting_through_people_sends_the_mail_too(api: Any, olga: people.Person, posted: Any) -> None:
    made = api(olga).post("people", {"email": "nadia@partner.test", "name": "Nadia"})

    assert (made.json()["state"], made.json()["timezone"]) == ("invited", "Europe/Amsterdam")
    assert len(posted()) == 1


def test_a_list_of_invitations_goes_on_where_it_stopped(api: Any, olga: people.Person) -> None:
    olgas = api(olga)
    many = olgas.post("invitations/bulk", {"text": "\n".join(f"p{n}@partner.test" for n in range(5))}).json()
    assert (many["invited"], {line["answer"] for line in many["results"]}) == (5, {"invited"})

    first = olgas.get("invitations?limit=3").json()
    second = olgas.get(f"invitations?limit=3&cursor={first['next']}").json()

    emails = [one["email"] for one in first["results"] + second["results"]]
    assert (len(set(emails)), second["next"]) == (5, None)
    assert [one["email"] for one in olgas.get("invitations?search=p3").json()["results"]] == ["p3@partner.test"]


@pytest.mark.parametrize("body", [{}, {"text": "a@b.test", "people": []}], ids=["neither", "both"])
def test_many_are_given_in_one_way(api: Any, olga: people.Person, body: dict[str, Any]) -> None:
    assert api(olga).post("invitations/bulk", body).status_code == 422


def test_people_given_one_by_one_get_an_answer_each(api: Any, olga: people.Person) -> None:
    given = [{"email": "a@partner.test", "name": "Al"}, {"email": "nonsense"}, {"email": olga.email}]

    lines = api(olga).post("invitations/bulk", {"people": given}).json()["results"]

    assert [(line["line"], line["answer"]) for line in lines] == [(1, "invited"), (2, "problem"), (3, "here")]


def test_an_address_given_at_a_link_is_answered_alike_and_written_to(
    api: Any, nobody: Any, olga: people.Person, posted: Any
) -> None:
    link = api(olga).post("claim-links", {"name": "Handbook"}).json()
    token = re.sub(r"^http://hub\.test/join/", "", link["url"])

    answers = [nobody.post(f"joining/{token}/address", {"email": email}) for email in (olga.email, "new@partner.test")]

    assert {(one.status_code, one.content) for one in answers} == {(202, b"")}
    to_olga, to_new = posted()
    assert to_olga["Subject"] == "You have an account already"
    joined = nobody.post(f"joining/{key_in(to_new)}", ARRIVAL | {"sign_in": True})
    assert joined.json()["state"] == "waiting"
    assert nobody.get("me").status_code == 401
    (request,) = api(olga).get("join-requests").json()["results"]
    assert api(olga).post(f"join-requests/{request['id']}/admit").json()["state"] == "active"
    assert api(olga).get("join-requests").json()["results"] == []


def test_few_addresses_a_minute_are_written_to_from_one_place(api: Any, nobody: Any, olga: people.Person) -> None:
    token = api(olga).post("claim-links", {"name": "Handbook"}).json()["url"].rpartition("/")[2]

    statuses = [nobody.post(f"joining/{token}/address", {"email": f"p{n}@x.test"}).status_code for n in range(12)]

    assert statuses == [202] * 10 + [429] * 2


def test_a_key_that_only_reads_sees_no_links(api: Any, holding: Any, key: Any, olga: people.Person) -> None:
    assert holding(key(olga, "people:read")).get("claim-links").status_code == 403
    assert holding(key(olga, "people:write")).get("claim-links").status_code == 200


def test_a_domain_is_claimed_with_a_verified_address_only(api: Any, olga: people.Person) -> None:
    olgas = api(olga)
    assert olgas.post("domains", {"name": "northwind.test"}).json()["code"] == "domain_not_proved"
    address = EmailAddress.objects.create(user_id=olga.id, email=olga.email, verified=False, primary=True)
    assert olgas.post("domains", {"name": "northwind.test"}).status_code == 403

    address.verified = True
    address.save()

    assert olgas.post("domains", {"name": "northwind.test"}).status_code == 201
    (domain,) = olgas.get("domains").json()["results"]
    assert olgas.delete(f"domains/{domain['id']}").status_code == 204
    assert olgas.get("domains").json()["results"] == []


def test_who_is_refused_signs_up_anew(api: Any, olga: people.Person, now: datetime, posted: Any) -> None:
    people.claim_domain(person_id=olga.id, now=now)
    new = people.NewPerson("per@northwind.test", "Per Dahl", PASSWORD)
    per = signed_up(new, now)
    EmailAddress.objects.create(user_id=per.id, email=per.email, verified=True, primary=True)

    assert api(olga).post(f"join-requests/{per.id}/refuse", {"reason": "Use the form."}).status_code == 204

    assert "Use the form." in posted()[0].get_body(("plain",)).get_content()
    assert not EmailAddress.objects.filter(email=per.email).exists()
    assert signed_up(new, now).state == "waiting"


def test_who_is_invited_and_signs_up_by_themselves_gets_the_invitation_again(
    olga: people.Person, now: datetime, posted: Any
) -> None:
    people.claim_domain(person_id=olga.id, now=now)
    sent = datetime.now(UTC) - timedelta(days=1)
    joining.invite(by=olga.id, who=people.Invitee("per@northwind.test", "Per Dahl"), now=sent)
    joining.post(now=sent, clock=lambda: sent)
    form = {"name": "Per Dahl", "email": "Per@northwind.test", "password1": PASSWORD, "timezone": "Europe/Oslo"}

    assert Client().post("/accounts/signup/", form, REMOTE_ADDR="10.0.0.2").status_code == 302
    assert joining.remind(email="PER@northwind.test", now=datetime.now(UTC))  # pressing twice is once

    first, again = posted()
    assert key_in(first) == key_in(again)
    assert django_mail.outbox == []
