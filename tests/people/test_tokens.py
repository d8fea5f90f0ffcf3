"""A personal token: shown once, good for its scopes, dead when it should be."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from announcements.kernel import errors
from announcements.people import models
from announcements.people import services as people

HOUR = timedelta(hours=1)


def test_a_key_says_who_calls_and_what_it_is_good_for(maya: people.Person, now: datetime) -> None:
    made = people.issue_token(by=maya.id, name="My script", scopes=["feed:read", "people:read"], now=now)

    assert re.fullmatch(r"mtl_[A-Za-z0-9_-]{43}", made.key)
    found = people.authenticate(key=made.key, now=now)
    assert found
    assert (found.person_id, found.workspace_id, found.needs_factor) == (maya.id, maya.workspace_id, False)
    assert (found.scopes, found.expires_at) == (["feed:read", "people:read"], None)


def test_the_key_is_not_kept(maya: people.Person, now: datetime) -> None:
    made = people.issue_token(by=maya.id, name="My script", scopes=["feed:read"], now=now)

    kept = models.Token.objects.filter(pk=made.token.id).values().get()

    assert made.key not in str(kept)
    assert made.key[4:] not in str(kept)


def test_each_key_is_another(maya: people.Person, now: datetime) -> None:
    keys = {people.issue_token(by=maya.id, name="Script", scopes=["feed:read"], now=now).key for _ in range(5)}

    assert len(keys) == 5


def test_a_key_ends_when_it_expires(maya: people.Person, now: datetime) -> None:
    made = people.issue_token(by=maya.id, name="Script", scopes=["feed:read"], expires_at=now + HOUR, now=now)

    assert people.authenticate(key=made.key, now=now + HOUR - timedelta(seconds=1))
    assert people.authenticate(key=made.key, now=now + HOUR) is None


def test_a_device_that_was_forgotten_for_half_a_year_has_ended(maya: people.Person, now: datetime) -> None:
    idle = timedelta(days=180)
    what = people.requested(app_id="mantel-new-tab", name="Firefox", scopes=())
    asks = people.start_pairing(what=what, now=now)
    people.grant_pairing(by=maya.id, user_code=asks.user_code, now=now)
    key = people.redeem_pairing(app_id="mantel-new-tab", device_code=asks.device_code, now=now).key
    script = people.issue_token(by=maya.id, name="Script", scopes=["feed:read"], now=now).key

    assert people.authenticate(key=key, now=now + idle)  # its first use
    assert people.authenticate(key=key, now=now + 2 * idle)
    assert len(people.devices(by=maya.id, now=now + 3 * idle)) == 1
    assert people.authenticate(key=key, now=now + 3 * idle + timedelta(days=1)) is None
    assert people.devices(by=maya.id, now=now + 3 * idle + timedelta(days=1)) == []
    assert people.authenticate(key=script, now=now + 4 * idle)  # it ends when its person said


def test_a_revoked_key_is_dead_and_unlisted(maya: people.Person, now: datetime) -> None:
    made = people.issue_token(by=maya.id, name="Script", scopes=["feed:read"], now=now)
    assert people.tokens(by=maya.id) == [made.token]

    people.revoke_token(by=maya.id, token_id=made.token.id, now=now)

    assert people.authenticate(key=made.key, now=now) is None
    assert people.tokens(by=maya.id) == []
    with pytest.raises(errors.NotFound):
        people.revoke_token(by=maya.id, token_id=made.token.id, now=now)


def test_a_token_is_its_owners_alone(maya: people.Person, olga: people.Person, now: datetime) -> None:
    made = people.issue_token(by=maya.id, name="Script", scopes=["feed:read"], now=now)

    assert people.tokens(by=olga.id) == []
    with pytest.raises(errors.NotFound):
        people.revoke_token(by=olga.id, token_id=made.token.id, now=now)
    assert people.authenticate(key=made.key, now=now)


def test_the_day_of_the_last_use_is_noted(maya: people.Person, now: datetime) -> None:
    made = people.issue_token(by=maya.id, name="Script", scopes=["feed:read"], now=now)

    people.authenticate(key=made.key, now=now + 30 * HOUR)

    [token] = people.tokens(by=maya.id)
    assert token.last_used_on == (now + 30 * HOUR).date()


@pytest.mark.parametrize("key", ["", "mtl_", "mtl_" + "a" * 43, "Bearer x", "mtl_\u00e9", "x" * 10_000])
def test_an_unknown_key_is_nobodys(db: None, key: str, now: datetime) -> None:
    assert people.authenticate(key=key, now=now) is None


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("scopes", {"scopes": []}),
        ("scopes", {"scopes": ["feed:read", "everything"]}),
        ("name", {"name": " "}),
        ("expires_at", {"expires_at": datetime.fromisoformat("2020-01-01T00:00:00+00:00")}),
    ],
)
def test_a_token_says_which_field_is_wrong(
    maya: people.Person, field: str, given: dict[str, object], now: datetime
) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        people.issue_token(**{"by": maya.id, "name": "Script", "scopes": ["feed:read"], "now": now} | given)  # type: ignore[arg-type]  # wrong on purpose
    assert list(refusal.value.fields) == [field]
