"""A link in a mail does one thing for one person, once they press its button; whatever was done to it, it does nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.delivery.postbox import Postbox

DAY = timedelta(days=1)
Tick = Callable[[datetime], int]
Keys = Callable[[people.Person], tuple[str, str]]


@pytest.fixture
def keys(notice: publishing.Announcement, postbox: Postbox, tick: Tick, now: datetime) -> Keys:
    """Return a function that takes the keys for confirming and for unsubscribing from somebody's first nudge."""
    tick(now + DAY)

    def look(person: people.Person) -> tuple[str, str]:
        plain = postbox.to(person.email)[0].get_body(("plain",))
        assert plain
        found = re.search(r"/m/(\S+).*/unsubscribe/(\S+)", plain.get_content(), re.S)
        assert found
        return found[1], found[2]

    return look


def confirmed(person: people.Person, about: publishing.Announcement) -> datetime | None:
    [row] = [row for row in delivery.facts(announcement_id=about.id) if row.recipient_id == person.id]
    return row.acknowledged_at


def test_looking_at_a_link_changes_nothing(
    maya: people.Person, notice: publishing.Announcement, keys: Keys, now: datetime
) -> None:
    confirm, leave = keys(maya)
    for _ in range(3):
        about = delivery.mail_link(token=confirm, purpose="acknowledge", now=now + DAY)
        delivery.mail_link(token=leave, purpose="unsubscribe", now=now + DAY)

    assert (about.title, about.author_name, about.person_name) == ("Dock 4 closes", "Ines Carvalho", "Maya Lindqvist")
    assert about.acknowledged_at is confirmed(maya, notice) is None
    assert delivery.preference(by=maya.id).digest == "weekly"


def test_confirming_by_mail_counts_once_and_as_mail(
    maya: people.Person, joao: people.Person, notice: publishing.Announcement, keys: Keys, now: datetime
) -> None:
    confirm, _leave = keys(maya)
    first = delivery.acknowledge_by_mail(token=confirm, now=now + DAY)
    again = delivery.acknowledge_by_mail(token=confirm, now=now + 2 * DAY)

    assert first.acknowledged_at == again.acknowledged_at == confirmed(maya, notice) == now + DAY
    assert confirmed(joao, notice) is None
    [via] = {f.acknowledged_via for f in delivery.facts(announcement_id=notice.id) if f.recipient_id == maya.id}
    assert via == "mail"


def test_unsubscribing_ends_the_digest_and_not_what_is_required(
    maya: people.Person, notice: publishing.Announcement, keys: Keys, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    _confirm, leave = keys(maya)
    for _ in range(2):
        delivery.unsubscribe_by_mail(token=leave, now=now + DAY)
    tick(now + 2 * DAY)

    assert delivery.preference(by=maya.id).digest == "never"
    assert len(postbox.to(maya.email)) == 2, "the second step of the nudge"


@pytest.mark.parametrize(
    "change",
    [
        lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"),
        lambda key: "9" + key,
        lambda key: key.replace("-1-", "-2-", 1),
        lambda key: key.partition(".")[0],
        lambda key: key + ".x",
        lambda key: "",
        lambda key: "0-0-0-0.x",
        lambda key: "é" * 500,
    ],
)
def test_a_key_that_was_changed_is_dead(
    maya: people.Person, notice: publishing.Announcement, keys: Keys, change: Callable[[str], str], now: datetime
) -> None:
    confirm, leave = map(change, keys(maya))

    with pytest.raises(delivery.LinkDead):
        delivery.acknowledge_by_mail(token=confirm, now=now + DAY)
    with pytest.raises(delivery.LinkDead):
        delivery.unsubscribe_by_mail(token=leave, now=now + DAY)
    assert confirmed(maya, notice) is None
    assert delivery.preference(by=maya.id).digest == "weekly"


def test_a_key_is_for_one_purpose(
    maya: people.Person, notice: publishing.Announcement, keys: Keys, now: datetime
) -> None:
    confirm, leave = keys(maya)

    for attempt in (
        lambda: delivery.acknowledge_by_mail(token=leave, now=now + DAY),
        lambda: delivery.unsubscribe_by_mail(token=confirm, now=now + DAY),
        lambda: delivery.mail_link(token=confirm, purpose="unsubscribe", now=now + DAY),
        lambda: delivery.mail_link(token=leave, purpose="acknowledge", now=now + DAY),
    ):
        with pytest.raises(delivery.LinkDead):
            attempt()
    assert confirmed(maya, notice) is None


def test_a_key_from_before_somebody_left_is_dead_even_when_they_are_back(
    olga: people.Person, maya: people.Person, notice: publishing.Announcement, keys: Keys, now: datetime
) -> None:
    confirm, leave = keys(maya)
    people.deactivate(by=olga.id, person_id=maya.id, now=now + DAY)
    people.reactivate(by=olga.id, person_id=maya.id, now=now + DAY)

    with pytest.raises(delivery.LinkDead):
        delivery.acknowledge_by_mail(token=confirm, now=now + DAY)
    with pytest.raises(delivery.LinkDead):
        delivery.unsubscribe_by_mail(token=leave, now=now + DAY)
    assert confirmed(maya, notice) is None


def test_a_key_confirms_the_version_of_its_mail_and_no_later_one(
    ines: people.Person, maya: people.Person, notice: publishing.Announcement, keys: Keys, now: datetime
) -> None:
    confirm, _leave = keys(maya)
    new = publishing.Draft(body="<p>From Tuesday on.</p>")
    publishing.correct(announcement_id=notice.id, by=ines.id, draft=new, change="material", now=now + DAY)

    with pytest.raises(delivery.OlderVersion):
        delivery.acknowledge_by_mail(token=confirm, now=now + DAY)
    assert confirmed(maya, notice) is None


def test_a_key_to_what_was_withdrawn_confirms_nothing(
    ines: people.Person, maya: people.Person, notice: publishing.Announcement, keys: Keys, now: datetime
) -> None:
    confirm, _leave = keys(maya)
    publishing.withdraw(announcement_id=notice.id, by=ines.id, reason="Wrong dock.", now=now + DAY)

    with pytest.raises(delivery.NotAsked):
        delivery.acknowledge_by_mail(token=confirm, now=now + DAY)
