"""Redis may be away: pages and API answer from the database, and forget afterwards what they were told to forget."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as given
from django.core.cache import caches

from announcements.delivery import _kept
from announcements.people import services as people
from tests.api.test_problems import problem
from tests.conftest import PASSWORD


@pytest.fixture
def redis_at(settings: Any) -> Iterator[Callable[[str], None]]:
    """Return a function that says where Redis is."""
    here = given.REDIS_URL

    def move(url: str) -> None:
        settings.REDIS_URL = url
        settings.CACHES = {"default": {**given.CACHES["default"], "LOCATION": url}}
        _kept.store.cache_clear()

    yield move
    move(here)
    _kept.store.cache_clear()
    caches.close_all()


AWAY = "unix:///nowhere/socket?db=0"


def test_everything_that_reads_works_without_redis(
    api: Any, holding: Any, key: Any, maya: people.Person, redis_at: Any
) -> None:
    tab, token = api(maya), holding(key(maya))
    feed_key = holding(tab.post("feed-keys", {}).json()["key"])
    redis_at(AWAY)

    asked = [
        tab.browser.get("/tab"),
        tab.get("feed"),
        token.get("me"),
        token.get("feed"),
        feed_key.get("feed"),
        tab.patch("me", {"title": "Buyer"}),
    ]

    assert [answer.status_code for answer in asked] == [200] * 6


def test_somebody_can_sign_in_without_redis(db: None, maya: people.Person, nobody: Any, redis_at: Any) -> None:
    EmailAddress.objects.update_or_create(email=maya.email, defaults={"user_id": maya.id, "verified": True})
    redis_at(AWAY)

    said = {"login": maya.email, "password": PASSWORD}
    answer = nobody.browser.post("/accounts/login/", said)

    assert (answer.status_code, nobody.browser.get("/tab").status_code) == (302, 200)


def test_who_signed_out_while_redis_was_away_stays_signed_out(api: Any, maya: people.Person, redis_at: Any) -> None:
    here = given.REDIS_URL
    tab = api(maya)
    cookie = tab.browser.cookies["session"].value
    assert [tab.get("feed").status_code for _ in range(2)] == [200, 200]

    redis_at(AWAY)
    assert tab.browser.post("/accounts/logout/").status_code == 302
    redis_at(here)
    tab.browser.cookies["session"] = cookie

    problem(tab.get("feed"), 401)
    assert tab.browser.get("/tab").status_code == 302
