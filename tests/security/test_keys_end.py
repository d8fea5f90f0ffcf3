"""A key that has ended has made nothing that outlives it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from announcements.people import services as people
from tests.api.test_problems import problem

# The rest follows the commit, as in life.
pytestmark = pytest.mark.django_db(transaction=True)


def made(api: Any, person: people.Person, *scopes: str) -> tuple[int, str]:
    answer = api(person).post("tokens", {"name": "Script", "scopes": list(scopes)}).json()
    return answer["token"]["id"], answer["key"]


def feed_key(holding: Any, key: str) -> str:
    found: str = holding(key).post("feed-keys", {}).json()["key"]
    return found


def test_revoking_a_token_ends_the_feed_keys_it_made(api: Any, holding: Any, maya: people.Person) -> None:
    id, key = made(api, maya, "feed:read")
    reading = holding(feed_key(holding, key))
    assert reading.get("feed").status_code == 200

    api(maya).delete(f"tokens/{id}")

    assert problem(reading.get("feed"), 401)["code"] == "feed_key_invalid"


def test_a_feed_key_does_not_outlive_the_token_it_was_made_with(api: Any, holding: Any, maya: people.Person) -> None:
    ends = datetime.now(UTC) + timedelta(days=2)
    sent = {"name": "Script", "scopes": ["feed:read"], "expires_at": ends.isoformat()}
    reading = holding(feed_key(holding, api(maya).post("tokens", sent).json()["key"]))

    for later, status in ((timedelta(minutes=-1), 200), (timedelta(minutes=1), 401)):
        with time_machine.travel(ends + later, tick=False):
            assert reading.get("feed").status_code == status


def test_another_token_makes_a_new_feed_key(api: Any, holding: Any, maya: people.Person, olga: people.Person) -> None:
    id, _key = made(api, maya, "feed:read")
    _id, other = made(api, maya, "feed:read")
    before, olgas = feed_key(holding, other), feed_key(holding, made(api, olga, "feed:read")[1])

    api(maya).delete(f"tokens/{id}")

    assert holding(before).get("feed").status_code == 401
    assert holding(feed_key(holding, other)).get("feed").status_code == 200
    assert holding(olgas).get("feed").status_code == 200


def test_a_browser_that_is_signed_in_goes_on_reading(api: Any, maya: people.Person) -> None:
    id, _key = made(api, maya, "feed:read")
    mayas = api(maya)
    mayas.get("feed")

    mayas.delete(f"tokens/{id}")

    assert mayas.get("feed").status_code == 200


def test_a_token_that_could_not_read_the_feed_disturbs_nobody(api: Any, holding: Any, maya: people.Person) -> None:
    id, _key = made(api, maya, "people:read")
    reading = holding(feed_key(holding, made(api, maya, "feed:read")[1]))

    api(maya).delete(f"tokens/{id}")

    assert reading.get("feed").status_code == 200


def test_who_read_the_old_row_does_not_bring_it_back(api: Any, holding: Any, maya: people.Person) -> None:
    """Two at once: one has checked the row and is about to keep what it saw, the other revokes."""
    from announcements.delivery import _feed

    id, key = made(api, maya, "feed:read")
    reading = holding(feed_key(holding, key))
    check = _feed._check_standing

    def late(*given: Any) -> bytes:
        seen = check(*given)
        people.revoke_token(by=maya.id, token_id=id, now=datetime.now(UTC))
        return seen

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_feed, "_check_standing", late)
        reading.get("feed")

    assert reading.get("feed").status_code == 401
