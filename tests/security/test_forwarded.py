"""X-Forwarded-For says what anybody writes into it: it changes neither what a key may do nor how often."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.settings import api_settings
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

from announcements.people import services as people


def test_a_token_is_counted_by_its_person_wherever_it_says_it_comes_from(
    holding: Any, key: Any, maya: people.Person, joao: people.Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(UserRateThrottle, "rate", "2/min", raising=False)
    first, second, other = (holding(key(person)) for person in (maya, maya, joao))

    answers = [caller.get("me", X_Forwarded_For=f"198.51.100.{n}") for n, caller in enumerate([first, second, first])]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert other.get("me", X_Forwarded_For="198.51.100.1").status_code == 200


def test_a_stranger_is_counted_by_where_they_come_from_not_by_what_they_say(
    nobody: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AnonRateThrottle, "rate", "2/min", raising=False)

    answers = [nobody.get("hub", X_Forwarded_For=f"198.51.100.{number}").status_code for number in range(3)]

    assert answers == [200, 200, 429]


def test_behind_a_proxy_only_its_own_word_counts(nobody: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AnonRateThrottle, "rate", "2/min", raising=False)
    monkeypatch.setattr(api_settings, "NUM_PROXIES", 1)

    def ask(number: int, real: str) -> int:
        status: int = nobody.get("hub", X_Forwarded_For=f"10.0.0.{number}, {real}").status_code
        return status

    assert [ask(number, "203.0.113.7") for number in range(3)] == [200, 200, 429]
    assert ask(4, "203.0.113.8") == 200


def test_no_address_makes_a_dead_token_live(
    holding: Any, key: Any, maya: people.Person, olga: people.Person, now: Any
) -> None:
    caller = holding(key(maya))
    people.deactivate(by=olga.id, person_id=maya.id, now=now)

    assert caller.get("me", X_Forwarded_For="127.0.0.1").status_code == 401
