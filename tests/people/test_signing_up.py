"""Signing up: nobody until the address is proved, a person from then on, and of two who use one address its holder."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from announcements.audit import services as audit
from announcements.kernel import errors
from announcements.people import models, tasks
from announcements.people import services as people
from tests.conftest import PASSWORD

ADDRESS = "nadia@northwind.test"
OTHERS = "another calm long password"


def said(password: str = PASSWORD, email: str = ADDRESS, timezone: str = "Europe/Oslo") -> people.NewPerson:
    return people.NewPerson(email, "Nadia Okafor", password, timezone)


@pytest.fixture(params=["open", "approval"])
def welcoming(request: pytest.FixtureRequest, olga: people.Person, now: datetime) -> str:
    """Return the join policy of Northwind, which has claimed its domain."""
    people.claim_domain(person_id=olga.id, now=now)
    changes = people.WorkspaceChanges(join_policy=request.param)
    people.update_workspace(by=olga.id, changes=changes, now=now)
    return str(request.param)


@pytest.mark.usefixtures("welcoming")
def test_who_has_not_proved_their_address_is_nobody(olga: people.Person, now: datetime) -> None:
    before = people.counts(by=olga.id, now=now)

    people.sign_up(person=said(), now=now)

    assert [one.id for one in people.people(by=olga.id)] == [olga.id]
    assert people.counts(by=olga.id, now=now) == before
    assert people.company(workspace_id=olga.workspace_id).people == 1
    assert people.waiting(by=olga.id) == []
    assert people.get_by_email(emails=[ADDRESS]) == {}
    everyone = people.Audience(everyone=True)
    assert people.resolve(workspace_id=olga.workspace_id, audience=everyone, at=now) == [olga.id]


def test_once_it_is_proved_they_join_by_the_policy(olga: people.Person, welcoming: str, now: datetime) -> None:
    waits = people.sign_up(person=said(timezone=""), now=now)

    nadia = people.prove(sign_up_id=waits.id, now=now)

    assert nadia.state == {"open": "active", "approval": "waiting"}[welcoming]
    assert (nadia.workspace_id, nadia.role, nadia.timezone) == (olga.workspace_id, "member", "Europe/Amsterdam")
    assert [one.person.id for one in people.waiting(by=olga.id)] == ([nadia.id] if welcoming == "approval" else [])
    with pytest.raises(errors.NotFound):
        people.prove(sign_up_id=waits.id, now=now)


@pytest.mark.usefixtures("welcoming")
def test_the_password_of_whoever_used_the_address_before_lets_nobody_in(now: datetime) -> None:
    theirs = people.sign_up(person=said(OTHERS), now=now)
    own = people.sign_up(person=said(), now=now)
    later = people.sign_up(person=said(OTHERS), now=now)

    nadia = people.prove(sign_up_id=own.id, now=now)

    row = get_user_model().objects.get(pk=nadia.id)
    assert row.check_password(PASSWORD)
    assert not row.check_password(OTHERS)
    for other in (theirs, later):
        with pytest.raises(errors.NotFound):
            people.prove(sign_up_id=other.id, now=now)


@pytest.mark.usefixtures("welcoming")
def test_a_sign_up_is_in_nobodys_way(olga: people.Person, now: datetime) -> None:
    waits = people.sign_up(person=said(OTHERS), now=now)

    nadia = people.add_invited(by=olga.id, who=people.Invitee(ADDRESS, "Nadia Okafor"), now=now)

    assert people.get_by_email(emails=[ADDRESS])[ADDRESS].id == nadia.id, "asked in by the address itself"
    arrival = people.Arrival("Nadia Okafor", PASSWORD, "Europe/Oslo")
    assert people.enter(person_id=nadia.id, arrival=arrival, now=now).state == "active"
    with pytest.raises(people.EmailTaken):
        people.prove(sign_up_id=waits.id, now=now)
    assert not get_user_model().objects.get(pk=nadia.id).check_password(OTHERS)


@pytest.mark.usefixtures("welcoming")
def test_a_door_that_has_closed_meanwhile_stays_closed(olga: people.Person, now: datetime) -> None:
    waits = people.sign_up(person=said(), now=now)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(join_policy="invite"), now=now)

    with pytest.raises(people.NotInvited):
        people.prove(sign_up_id=waits.id, now=now)


@pytest.mark.usefixtures("welcoming")
def test_what_nobody_proved_in_a_day_is_forgotten(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    old, young = (people.sign_up(person=said(), now=now + timedelta(hours=hours)) for hours in (0, 2))
    a_day_later = now + timedelta(days=1, minutes=1)
    with pytest.raises(errors.NotFound):
        people.prove(sign_up_id=old.id, now=a_day_later)
    monkeypatch.setattr(tasks.timezone, "now", lambda: a_day_later)

    tasks.sweep()

    assert list(models.SignUp.objects.values_list("pk", flat=True)) == [young.id]


def test_a_founder_is_nobody_either_until_then(db: None, now: datetime) -> None:
    waits = people.sign_up(person=said(), company="Fjord", now=now)
    assert not people.any_workspace()

    nadia = people.prove(sign_up_id=waits.id, now=now)

    assert (nadia.role, nadia.state) == ("owner", "active")
    assert people.workspace(workspace_id=nadia.workspace_id).name == "Fjord"
    assert [domain.name for domain in people.domains(by=nadia.id)] == ["northwind.test"]


def test_a_domain_claimed_by_an_owners_address_is_in_the_trail_once(olga: people.Person, now: datetime) -> None:
    for _twice in range(2):
        people.claim_domain(person_id=olga.id, now=now)

    (entry,) = audit.entries(by=olga.id, asked=audit.Asked(verb="domain_claimed"))
    (domain,) = people.domains(by=olga.id)
    assert (entry.by_name, entry.details, entry.at) == ("Olga Berg", {"name": "northwind.test"}, now)
    assert (entry.subject, entry.subject_id) == ("domain", domain.id)


def test_of_two_who_begin_an_empty_installation_the_first_to_prove_it_does(
    db: None, settings: Any, now: datetime
) -> None:
    first, second = (
        people.sign_up(person=said(email=f"nadia@{name}.test"), company=name, now=now) for name in ("fjord", "dune")
    )
    people.prove(sign_up_id=second.id, now=now)

    with pytest.raises(people.NotInvited):
        people.prove(sign_up_id=first.id, now=now)
    with pytest.raises(people.NotInvited):
        people.sign_up(person=said(), company="Late", now=now)
    settings.OPEN_TO_COMPANIES = True
    assert people.prove(sign_up_id=first.id, now=now).role == "owner"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("addresses", [1, 6], ids=["one address", "an address each"])
def test_of_many_who_begin_it_at_once_one_does(addresses: int, now: datetime) -> None:
    mine = [
        people.sign_up(person=said(email=f"n{n % addresses}@fjord.test"), company=f"Fjord {n}", now=now).id
        for n in range(6)
    ]
    start = threading.Barrier(len(mine))

    def prove(sign_up_id: int) -> people.Person | errors.Refused:
        start.wait()
        try:
            return people.prove(sign_up_id=sign_up_id, now=now)
        except errors.Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(mine)) as pool:
        came = list(pool.map(prove, mine))

    assert sum(isinstance(one, people.Person) for one in came) == 1
    assert models.Workspace.objects.count() == 1
