"""A browser that IT has set up asks to be connected as one of its company, and is answered by its people alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from announcements.joining import services as joining
from announcements.people import services as people
from tests.api.test_connecting import asks, connected, error, form


@pytest.fixture
def link(olga: people.Person, now: datetime) -> joining.ClaimLink:
    return joining.create_claim_link(by=olga.id, name="Browser policy", limits=joining.Limits(), now=now)


def test_its_person_is_told_that_it_was_set_up_and_lets_it_in(
    api: Any, nobody: Any, holding: Any, maya: people.Person, link: joining.ClaimLink
) -> None:
    mine, asking = api(maya), asks(nobody, enrolment_token=link.token)
    assert mine.get(f"pairings/{asking['user_code']}").json()["enrolled"] is True
    assert mine.get(f"pairings/{asks(nobody)['user_code']}").json()["enrolled"] is False

    key = connected(nobody, mine, enrolment_token=link.token)
    assert holding(key).get("feed").status_code == 200
    (device,) = mine.get("devices").json()["results"]
    assert mine.delete(f"devices/{device['id']}").status_code == 204
    assert holding(key).get("feed").status_code == 401


def test_nobody_of_another_company_can_answer_it(
    api: Any, nobody: Any, charlie: people.Person, link: joining.ClaimLink
) -> None:
    code, theirs = asks(nobody, enrolment_token=link.token)["user_code"], api(charlie)

    assert theirs.get(f"pairings/{code}").status_code == 404
    assert theirs.post(f"pairings/{code}/grant").status_code == 404
    assert theirs.post(f"pairings/{code}/refuse").status_code == 404


def test_each_browser_has_a_key_of_its_own(
    api: Any, nobody: Any, maya: people.Person, joao: people.Person, link: joining.ClaimLink
) -> None:
    keys = {connected(nobody, api(who), enrolment_token=link.token) for who in (maya, maya, joao)}

    assert len(keys) == 3
    assert len(api(maya).get("devices").json()["results"]) == 2


def test_a_link_that_lets_no_more_people_in_still_connects_those_who_are(
    nobody: Any, olga: people.Person, maya: people.Person, now: datetime
) -> None:
    short = joining.create_claim_link(
        by=olga.id, name="One day", limits=joining.Limits(now + timedelta(days=1)), now=now
    )
    assert joining.enrols(token=short.token, now=now + timedelta(hours=23)) == olga.workspace_id

    with pytest.raises(joining.LinkDead):
        joining.enrols(token=short.token, now=now + timedelta(days=1))


@pytest.mark.parametrize("end", ["revoked", "rotated", "never was", "invitation"])
def test_a_token_that_is_none_begins_nothing(
    nobody: Any, olga: people.Person, now: datetime, link: joining.ClaimLink, end: str
) -> None:
    token = link.token
    if end == "revoked":
        joining.revoke_claim_link(by=olga.id, link_id=link.id, now=now)
    elif end == "rotated":
        joining.rotate_claim_link(by=olga.id, link_id=link.id, now=now)
    elif end == "never was":
        token = "nothing"
    else:
        token = "invitation:1"

    answer = form(nobody, "device", client_id="mantel-new-tab", enrolment_token=token)

    assert (answer.status_code, error(answer)) == (400, "invalid_request")


def test_the_claim_link_names_its_token(api: Any, olga: people.Person, link: joining.ClaimLink) -> None:
    (found,) = api(olga).get("claim-links").json()["results"]

    assert found["token"] == link.token
    assert found["url"].endswith(f"/join/{link.token}")
