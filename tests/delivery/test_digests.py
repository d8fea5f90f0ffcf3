"""The digest tells what somebody has not seen, once a period, in their morning, and only when there is something."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from announcements.delivery import _digests
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.delivery.conftest import Announce
from tests.delivery.postbox import Postbox

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
# Mondays, 9:00 in Amsterdam and in Lisbon.
AMSTERDAM, LISBON = datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC)
Tick = Callable[[datetime], int]


@pytest.fixture
def news(announce: Announce) -> publishing.Announcement:
    return announce("News", ask_acknowledge=False)


def digests(postbox: Postbox, person: people.Person) -> list[EmailMessage]:
    return [mail for mail in postbox.to(person.email) if "have not seen" in mail["Subject"]]


def text(mail: EmailMessage) -> str:
    plain = mail.get_body(("plain",))
    assert plain
    return str(plain.get_content())


def test_it_comes_on_monday_at_nine_on_their_clock(
    maya: people.Person, joao: people.Person, news: publishing.Announcement, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    tick(now)
    tick(AMSTERDAM - timedelta(minutes=1))
    assert postbox.mails == []

    tick(AMSTERDAM)
    assert (len(digests(postbox, maya)), len(digests(postbox, joao))) == (1, 0)
    tick(LISBON)
    assert (len(digests(postbox, maya)), len(digests(postbox, joao))) == (1, 1)
    assert digests(postbox, maya)[0]["Subject"] == "Northwind: one thing you have not seen"


def test_what_was_dismissed_is_left_out(
    maya: people.Person, joao: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    kept, aside = (announce(title, ask_acknowledge=False) for title in ("Kept", "Aside"))
    dismissed = delivery.Receipt("a", aside.id, "dismissed", now, "tab")
    delivery.record(by=maya.id, receipts=[dismissed], now=now)
    both = [dismissed, delivery.Receipt("b", kept.id, "dismissed", now, "tab")]
    delivery.record(by=joao.id, receipts=both, now=now)

    tick(now)
    tick(LISBON)

    (mail,) = digests(postbox, maya)
    assert "Kept" in text(mail)
    assert "Aside" not in text(mail)
    assert digests(postbox, joao) == []


def test_there_is_one_in_a_period(
    maya: people.Person, news: publishing.Announcement, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    for hours in range(0, 8 * 24, 6):
        tick(now + timedelta(hours=hours))
    assert len(digests(postbox, maya)) == 1


def test_there_is_none_when_nothing_is_new(
    maya: people.Person, joao: people.Person, news: publishing.Announcement, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    tick(now)
    opened = delivery.Receipt("1", news.id, "opened", now + DAY, "tab")
    delivery.record(by=maya.id, receipts=[opened], now=now + DAY)

    tick(LISBON)

    assert digests(postbox, maya) == []
    assert len(digests(postbox, joao)) == 1


@pytest.mark.parametrize("cut_off", [False, True])
def test_nothing_is_told_more_than_three_times(
    maya: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime, cut_off: bool
) -> None:
    postbox.hang_up = {maya.email} if cut_off else set()
    announce("Old news", ask_acknowledge=False)
    delivery.set_preference(by=maya.id, digest="daily", now=now)
    for day in range(10):
        tick(now + day * DAY)

    told = [mail for mail in digests(postbox, maya) if "Old news" in text(mail)]
    assert len(told) == 3
    assert len(digests(postbox, maya)) == 3, "and what is told already is no reason for a mail"


def test_required_reading_comes_first(
    maya: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    announce("Required", nudge_hours=())
    announce("Newer news", at=now + DAY, ask_acknowledge=False)
    tick(now + DAY)

    tick(AMSTERDAM)

    [mail] = digests(postbox, maya)
    assert mail["Subject"] == "Northwind: 2 things you have not seen"
    assert text(mail).index("Still needs you") < text(mail).index("- Required") < text(mail).index("- Newer news")
    page = mail.get_body(("html",))
    assert page is not None and "Week 48" in page.get_content()


def test_what_is_required_is_confirmed_from_it(
    maya: people.Person, joao: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    first, second = (announce(title, nudge_hours=()) for title in ("First", "Second"))
    announce("News", ask_acknowledge=False)
    tick(now)
    tick(LISBON)

    [mail] = digests(postbox, maya)
    page = mail.get_body(("html",))
    keys = re.findall(r"Mark as read: \S+/m/(\S+)", text(mail))
    assert page is not None and keys == re.findall(r'/m/([^"]+)"', page.get_content())
    assert {delivery.acknowledge_by_mail(token=key, now=LISBON).title for key in keys} == {"First", "Second"}
    for said in (first, second):
        confirmed = {row.recipient_id for row in delivery.facts(announcement_id=said.id) if row.acknowledged_at}
        assert confirmed == {maya.id}


def test_each_thing_says_by_when_whose_it_is_and_how_long_it_takes(
    maya: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    announce("Required", nudge_hours=(), deadline=now + 11 * DAY)
    tick(now)

    tick(AMSTERDAM)

    [mail] = digests(postbox, maya)
    page = mail.get_body(("html",))
    assert page is not None
    said = page.get_content()
    assert (
        "Still needs you, by Friday 27 November" in said and "Ines Carvalho. Sent Monday 16 November. 1 minute" in said
    )
    assert "One thing still needs you. One minute in all." in said


def test_who_wants_none_gets_none(
    maya: people.Person, joao: people.Person, news: publishing.Announcement, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    tick(now)
    assert delivery.preference(by=maya.id).digest == "weekly"
    assert delivery.set_preference(by=maya.id, digest="never", now=now).digest == "never"

    tick(LISBON)

    assert digests(postbox, maya) == []
    assert len(digests(postbox, joao)) == 1


def test_those_who_want_none_keep_nobody_elses_from_being_planned(
    ines: people.Person,
    maya: people.Person,
    joao: people.Person,
    olga: people.Person,
    news: publishing.Announcement,
    postbox: Postbox,
    tick: Tick,
    monkeypatch: pytest.MonkeyPatch,
    now: datetime,
) -> None:
    monkeypatch.setattr(_digests, "BATCH", 1)
    delivery.set_preference(by=ines.id, digest="never", now=now)
    people.deactivate(by=olga.id, person_id=maya.id, now=now)
    for _ in range(3):
        tick(now)

    tick(LISBON)

    assert len(digests(postbox, joao)) == 1


def test_changing_ones_mind_plans_it_anew(
    maya: people.Person, news: publishing.Announcement, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    tick(now)
    delivery.set_preference(by=maya.id, digest="daily", now=now)
    tick(now)

    tick(now + DAY)

    assert len(digests(postbox, maya)) == 1


def test_what_cannot_be_chosen_is_named_and_nothing_is_written(maya: people.Person, now: datetime) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        delivery.set_preference(by=maya.id, digest="hourly", now=now)

    assert list(refusal.value.fields) == ["digest"]
    assert delivery.preference(by=maya.id).digest == "weekly"


def test_who_has_left_gets_none(
    olga: people.Person,
    maya: people.Person,
    news: publishing.Announcement,
    postbox: Postbox,
    tick: Tick,
    now: datetime,
) -> None:
    tick(now)
    people.deactivate(by=olga.id, person_id=maya.id, now=now + DAY)

    tick(LISBON)

    assert digests(postbox, maya) == []
