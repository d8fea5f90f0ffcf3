"""Two at the same moment: one comes in, one taker sends, and what a dead worker held is known."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection

from announcements.joining import models, tasks
from announcements.joining import services as joining
from announcements.kernel import errors
from announcements.people import services as people
from tests.joining.conftest import arrival, key_in, nadia
from tests.journeys.sink import Sink

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 20


def at_once(do: Callable[[int], Any], many: int = MANY) -> list[Any]:
    """Do it in as many threads, all starting together; return what each gave or raised."""
    start = threading.Barrier(many)

    def run(n: int) -> Any:
        start.wait()
        try:
            return do(n)
        except errors.Conflict as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(run, range(many)))


def test_of_many_who_accept_at_once_exactly_one_comes_in(
    olga: people.Person, post: Callable[..., Any], now: datetime
) -> None:
    joining.invite(by=olga.id, who=nadia(), now=now)
    token = key_in(post()[0])

    got = at_once(lambda n: joining.accept(token=token, arrival=arrival(f"Nadia {n}"), now=now))

    (winner,) = [one for one in got if isinstance(one, people.Person)]
    assert sum(isinstance(one, joining.LinkUsed) for one in got) == MANY - 1
    assert people.person(person_id=winner.id).name == winner.name


def test_a_link_for_one_lets_in_one_of_many(olga: people.Person, post: Callable[..., Any], now: datetime) -> None:
    link = joining.create_claim_link(by=olga.id, name="One", limits=joining.Limits(most_uses=1), now=now)
    for n in range(4):
        joining.ask(token=link.token, email=f"p{n}@partner.test", now=now)
    tokens = list(map(key_in, post()))

    got = at_once(lambda n: joining.accept(token=tokens[n], arrival=arrival(), now=now), 4)

    assert sum(isinstance(one, people.Person) for one in got) == 1
    assert joining.claim_links(by=olga.id, now=now)[0].uses == 1


def test_of_many_who_give_one_address_at_once_it_is_written_to_once(olga: people.Person, now: datetime) -> None:
    link = joining.create_claim_link(by=olga.id, name="Handbook", limits=joining.Limits(), now=now)

    at_once(lambda _n: joining.ask(token=link.token, email="p@partner.test", now=now), 8)

    assert models.Claim.objects.count() == models.Letter.objects.count() == 1


def test_by_many_links_at_once_an_address_is_written_to_five_times_a_day(olga: people.Person, now: datetime) -> None:
    links = [
        joining.create_claim_link(by=olga.id, name=f"Page {n}", limits=joining.Limits(), now=now) for n in range(8)
    ]

    at_once(lambda n: joining.ask(token=links[n].token, email="p@partner.test", now=now), 8)

    assert models.Claim.objects.count() == models.Letter.objects.count() == 5


def test_of_many_links_made_at_once_there_are_twenty(olga: people.Person, now: datetime) -> None:
    def make(n: int) -> joining.ClaimLink:
        return joining.create_claim_link(by=olga.id, name=f"Page {n}", limits=joining.Limits(), now=now)

    made = at_once(make, 25)

    assert sum(isinstance(one, joining.ClaimLink) for one in made) == 20
    assert len(joining.claim_links(by=olga.id, now=now)) == 20


def test_of_many_reminded_at_once_one_letter_goes_out(
    olga: people.Person, post: Callable[..., Any], now: datetime
) -> None:
    joining.invite(by=olga.id, who=nadia(), now=now)
    post()
    later = now + timedelta(hours=1)

    assert all(at_once(lambda _n: joining.remind(email="nadia@partner.test", now=later), 8))

    assert len(post(later)) == 1


def test_of_many_who_ask_somebody_in_at_once_one_does(
    olga: people.Person, post: Callable[..., Any], now: datetime
) -> None:
    people.invite(by=olga.id, email="nadia@partner.test", name="Nadia Okafor", now=now)

    got = at_once(lambda _n: joining.invite(by=olga.id, who=nadia(), now=now), 8)

    assert sum(isinstance(one, joining.Invitation) for one in got) == 1
    assert len(post()) == 1


def test_two_takers_send_each_letter_once(olga: people.Person, sink: Sink, now: datetime) -> None:
    for n in range(30):
        joining.invite(by=olga.id, who=nadia(email=f"p{n}@partner.test"), now=now)

    settled = at_once(lambda _n: joining.post(now=now, clock=lambda: now), 3)

    assert sum(settled) == 30
    assert sorted(sink.recipients) == sorted(f"p{n}@partner.test" for n in range(30))


@pytest.mark.parametrize(("begun", "state"), [(False, "queued"), (True, "uncertain")])
def test_what_a_dead_worker_held_is_queued_again_or_uncertain(
    olga: people.Person, sink: Sink, now: datetime, begun: bool, state: str
) -> None:
    joining.invite(by=olga.id, who=nadia(), now=now)
    models.Letter.objects.update(
        state="submitting", leased_until=now + timedelta(seconds=configured.LEASE_SECONDS),
        body_started_at=now if begun else None, attempts=1,
    )  # fmt: skip
    joining.sweep(now=now)
    assert joining.invitations(by=olga.id, now=now)[0].mail == "submitting"

    later = now + timedelta(seconds=configured.LEASE_SECONDS + 1)
    joining.sweep(now=later)

    (listed,) = joining.invitations(by=olga.id, now=later)
    assert listed.mail == state
    assert models.Letter.objects.get().attempts == int(begun), "what nothing was written of is no attempt"
    joining.post(now=later, clock=lambda: later)
    assert len(sink.mails) == (0 if begun else 1)
    if begun:
        joining.resend(by=olga.id, invitation_id=listed.id, now=later)
        joining.post(now=later, clock=lambda: later)
        assert len(sink.mails) == 1


def test_inviting_queues_the_posting_and_a_lost_hint_is_found_by_the_sweep(
    olga: people.Person, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.post, "delay", lambda **ids: queued.append(ids))
    joining.invite(by=olga.id, who=nadia(), now=datetime.now(UTC))
    assert queued == [{}]

    tasks.sweep()

    assert sink.recipients == ["nadia@partner.test"]
