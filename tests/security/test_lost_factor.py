"""A colleague's lost second factor: an owner takes it away, everything it protected ends, and the colleague is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from announcements.audit import services as audit
from announcements.delivery.models import Letter
from announcements.people import services as people
from tests.api.conftest import Api
from tests.security.signing import by_password, inside, verified, with_app

Signed = Callable[[people.Person], Api]


@pytest.fixture
def fresh(api: Any) -> Signed:
    """Return a function that signs a person in, with a proof of who they are from a moment ago."""

    def sign_in(person: people.Person) -> Api:
        caller: Api = api(person)
        session = caller.browser.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session["account_authentication_methods_user"] = str(person.id)
        session.save()
        return caller

    return sign_in


def letters() -> list[str]:
    return [bytes(row.data).decode() for row in Letter.objects.order_by("id")]


@pytest.mark.django_db(transaction=True)
def test_an_owner_takes_it_away_and_all_that_it_protected_ends(
    olga: people.Person, maya: people.Person, api: Any, fresh: Signed, now: datetime
) -> None:
    there = api(maya)
    key = people.issue_token(by=maya.id, name="x", scopes=("feed:read",), now=now).key
    with_app(maya)

    taken = fresh(olga).delete(f"people/{maya.id}/second-factors")

    assert taken.status_code == 204
    assert not Authenticator.objects.filter(user_id=maya.id).exists()
    assert there.get("me").status_code == 401
    assert people.authenticate(key=key, now=now) is None
    verified(maya)
    here, _response = by_password(maya.email)
    assert inside(here)
    entry = audit.entries(by=olga.id, asked=audit.Asked(verb="second_factor_taken"))[0]
    assert (entry.by, entry.subject_id) == (olga.id, maya.id)


@pytest.mark.django_db(transaction=True)
def test_the_colleague_is_told_by_whom(olga: people.Person, maya: people.Person, fresh: Signed) -> None:
    with_app(maya)
    before = len(letters())

    fresh(olga).delete(f"people/{maya.id}/second-factors")

    (said,) = letters()[before:]
    assert f"To: {maya.email}" in said
    assert "Olga Berg removed the authenticator app" in said


@pytest.mark.django_db(transaction=True)
def test_what_is_refused_leaves_everything_as_it_was(
    olga: people.Person, maya: people.Person, charlie: people.Person, api: Any, fresh: Signed, now: datetime
) -> None:
    there = api(maya)
    admin = people.change_role(by=olga.id, person_id=maya.id, role="admin", now=now)
    path = f"people/{maya.id}/second-factors"

    assert fresh(olga).delete(path).status_code == 409  # there is none
    assert there.get("me").status_code == 200
    with_app(maya)
    stale = api(olga).delete(path)
    assert (stale.status_code, stale.json()["code"]) == (403, "sign_in_not_fresh")
    assert fresh(admin).delete(f"people/{olga.id}/second-factors").status_code == 403
    assert fresh(charlie).delete(path).status_code == 404
    assert fresh(olga).delete(f"people/{olga.id}/second-factors").status_code == 409
    assert Authenticator.objects.filter(user_id=maya.id, type="totp").exists()


@pytest.mark.django_db(transaction=True)
def test_whoever_runs_the_installation_helps_the_last_owner(olga: people.Person, capsys: Any) -> None:
    with_app(olga)

    call_command("take_second_factor", "OLGA@northwind.test")

    assert not Authenticator.objects.filter(user_id=olga.id).exists()
    assert "Whoever runs" in letters()[-1].replace("=\n", "")
    assert audit.entries(by=olga.id, asked=audit.Asked(verb="second_factor_taken"))[0].by is None
    with pytest.raises(CommandError, match="no second factor"):
        call_command("take_second_factor", olga.email)
    with pytest.raises(CommandError, match="Nobody"):
        call_command("take_second_factor", "nobody@northwind.test")


def test_only_who_may_help_is_told_who_has_one_and_offered_to(
    olga: people.Person, maya: people.Person, joao: people.Person, ines: people.Person, api: Any, now: datetime
) -> None:
    with_app(maya)
    with_app(olga)
    people.change_role(by=olga.id, person_id=joao.id, role="admin", now=now)

    def offered(who: people.Person, about: people.Person) -> tuple[bool | None, bool]:
        browser = api(who).browser
        told = browser.get(f"/api/v1/people/{about.id}").json()["second_factor"]
        return told, "Lost second factor" in browser.get(f"/people/{about.id}").content.decode()

    assert offered(olga, maya) == (True, True)
    assert offered(olga, joao) == (False, False)
    assert offered(joao, maya) == (True, True)
    assert offered(joao, olga) == (None, False)
    assert offered(ines, maya) == (None, False)
    people.deactivate(by=olga.id, person_id=maya.id, now=now)
    assert offered(olga, maya) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_the_page_takes_it_away_and_asks_for_a_proof_first(
    olga: people.Person, maya: people.Person, api: Any, fresh: Signed
) -> None:
    with_app(maya)

    asked = api(olga).browser.post(f"/people/{maya.id}", {"do": "factor"})
    assert asked.headers["Location"] == f"/accounts/reauthenticate/?next=%2Fpeople%2F{maya.id}"

    done = fresh(olga).browser.post(f"/people/{maya.id}", {"do": "factor"}, follow=True)
    assert "signed out everywhere" in done.content.decode()
    assert not Authenticator.objects.filter(user_id=maya.id).exists()
