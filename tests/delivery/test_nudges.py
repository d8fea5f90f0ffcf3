"""A nudge goes to who is still missing, in their working time, once; what the mail server says is written down."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from announcements.delivery import _claims, models
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.conftest import join
from tests.delivery.conftest import Announce
from tests.delivery.postbox import Postbox

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
Tick = Callable[[datetime], int]
pytestmark = pytest.mark.django_db


def outcome(person: people.Person, about: publishing.Announcement, step: int = 1) -> tuple[str, str]:
    """Return state and reason of a nudge. What became of one is told by no door but in sums."""
    row = models.Nudge.objects.get(announcement_id=about.id, recipient_id=person.id, step=step)
    return row.state, row.reason


def due(person: people.Person, about: publishing.Announcement) -> list[datetime]:
    rows = models.Nudge.objects.filter(announcement_id=about.id, recipient_id=person.id).order_by("step")
    return list(rows.values_list("due_at", flat=True))


@pytest.fixture
def one_step(announce: Announce) -> publishing.Announcement:
    return announce(nudge_hours=(24,))


def test_each_step_lands_in_the_readers_own_working_time(
    olga: people.Person, maya: people.Person, joao: people.Person, operations: people.Group, announce: Announce,
    now: datetime,
) -> None:  # fmt: skip
    lourdes = join(olga, "Lourdes Santos", "Asia/Manila", now)
    people.add_member(by=olga.id, group_id=operations.id, person_id=lourdes.id, now=now)
    people.update_profile(
        by=joao.id, changes=people.ProfileChanges(away=((date(2026, 11, 17), date(2026, 11, 18)),)), now=now
    )

    notice = announce(at=now + 5 * HOUR, nudge_hours=(24, 96))  # Monday, 15:00 in Amsterdam

    assert due(maya, notice) == [now + DAY + 5 * HOUR, now + 4 * DAY + 5 * HOUR]
    # In Manila it is 22:00 by then: the next morning at 9:00, and after the weekend.
    assert due(lourdes, notice) == [datetime(2026, 11, 18, 1, tzinfo=UTC), datetime(2026, 11, 23, 1, tzinfo=UTC)]
    # He is away until Thursday, 9:00 in Lisbon.
    assert due(joao, notice) == [datetime(2026, 11, 19, 9, tzinfo=UTC), now + 4 * DAY + 5 * HOUR]


def test_who_is_missing_is_nudged_once(
    maya: people.Person, one_step: publishing.Announcement, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    assert tick(now + DAY - MINUTE) == 0
    assert tick(now + DAY) == 3
    assert tick(now + 2 * DAY) == 0

    assert Counter(postbox.recipients) == {f"{name}@northwind.test": 1 for name in ("ines", "maya", "joao")}
    [mail] = postbox.to("maya@northwind.test")
    assert mail["Subject"] == "Please confirm: Dock 4 closes"
    assert outcome(maya, one_step) == ("submitted", "")


def test_who_is_missing_no_longer_is_left_alone(
    olga: people.Person,
    ines: people.Person,
    maya: people.Person,
    joao: people.Person,
    one_step: publishing.Announcement,
    postbox: Postbox,
    tick: Tick,
    now: datetime,
) -> None:
    delivery.acknowledge(by=maya.id, announcement_id=one_step.id, version=1, now=now + HOUR)
    people.deactivate(by=olga.id, person_id=joao.id, now=now + HOUR)

    tick(now + DAY)

    assert postbox.recipients == ["ines@northwind.test"]
    assert outcome(maya, one_step) == ("skipped", "acknowledged")
    assert outcome(joao, one_step) == ("skipped", "person_inactive")


@pytest.mark.parametrize("how", ["withdrawn", "expired"])
def test_what_is_gone_nudges_nobody(
    ines: people.Person, maya: people.Person, announce: Announce, postbox: Postbox, tick: Tick, how: str, now: datetime
) -> None:
    notice = announce(expires_at=now + DAY if how == "expired" else None, nudge_hours=(24,))
    if how == "withdrawn":
        publishing.withdraw(announcement_id=notice.id, by=ines.id, reason="Wrong dock.", now=now + HOUR)

    tick(now + DAY)

    assert postbox.mails == []
    assert outcome(maya, notice) == ("skipped", "announcement_gone")


def test_who_went_away_in_the_meantime_is_nudged_when_they_are_back(
    maya: people.Person, one_step: publishing.Announcement, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    away = people.ProfileChanges(away=((date(2026, 11, 17), date(2026, 11, 17)),))
    people.update_profile(by=maya.id, changes=away, now=now + HOUR)

    tick(now + DAY)
    assert postbox.to("maya@northwind.test") == []
    assert due(maya, one_step) == [datetime(2026, 11, 18, 8, tzinfo=UTC)]

    tick(datetime(2026, 11, 18, 8, tzinfo=UTC))
    assert len(postbox.to("maya@northwind.test")) == 1


def test_steps_that_land_on_the_same_morning_are_one_mail(
    ines: people.Person, maya: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    friday, monday = now + 4 * DAY, now + 7 * DAY
    notice = announce(at=friday + 6 * HOUR, nudge_hours=(24, 48, 72))
    assert due(maya, notice) == [monday - HOUR, monday - HOUR, monday + 6 * HOUR]

    tick(monday)
    assert len(postbox.to("maya@northwind.test")) == 1
    assert outcome(maya, notice, step=2) == ("skipped", "just_nudged")

    tick(monday + 6 * HOUR)
    assert len(postbox.to("maya@northwind.test")) == 2


def test_stopping_leaves_nothing_to_come(
    ines: people.Person, one_step: publishing.Announcement, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    assert delivery.stop_nudges(by=ines.id, announcement_id=one_step.id, now=now) == 3
    assert delivery.stop_nudges(by=ines.id, announcement_id=one_step.id, now=now) == 0

    assert tick(now + DAY) == 0
    assert postbox.mails == []


def test_nudging_by_hand_reaches_who_is_missing_at_their_next_working_moment(
    ines: people.Person,
    maya: people.Person,
    joao: people.Person,
    announce: Announce,
    postbox: Postbox,
    tick: Tick,
    now: datetime,
) -> None:
    notice = announce(nudge_hours=())
    delivery.acknowledge(by=ines.id, announcement_id=notice.id, version=1, now=now)
    night = now + 12 * HOUR

    def nudge(at: datetime, *whom: people.Person) -> int:
        ids = [person.id for person in whom] or None
        return delivery.nudge_now(by=ines.id, announcement_id=notice.id, person_ids=ids, now=at).queued

    assert nudge(night, joao, ines) == 1
    assert nudge(night) == 1, "who has one waiting gets no second"
    tick(night)
    assert postbox.mails == []
    tick(now + DAY - MINUTE)  # 9:59 in Amsterdam, 8:59 in Lisbon
    assert postbox.recipients == ["maya@northwind.test"]
    tick(now + DAY + 5 * MINUTE)
    assert sorted(postbox.recipients) == ["joao@northwind.test", "maya@northwind.test"]


def test_all_that_was_nudged_by_hand_is_one_step_of_the_plan(
    ines: people.Person, one_step: publishing.Announcement, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    hours = (1, 26)  # by hand at most once a day
    for hour in hours:
        delivery.nudge_now(by=ines.id, announcement_id=one_step.id, now=now + hour * HOUR)
        models.Nudge.objects.filter(step__lt=100).update(due_at=now + 48 * HOUR)
        tick(now + hour * HOUR)

    by_hand, first = delivery.nudge_plan(by=ines.id, announcement_id=one_step.id, now=now + 2 * DAY)

    assert (by_hand.step, by_hand.submitted, by_hand.due_first, by_hand.due_last) == (
        0,
        6,
        now + hours[0] * HOUR,
        now + hours[1] * HOUR,
    )
    assert (first.step, first.queued) == (1, 3)


def test_only_who_manages_it_nudges_and_only_while_it_asks(
    ines: people.Person, maya: people.Person, charlie: people.Person, announce: Announce, now: datetime
) -> None:
    notice, news = announce(), announce(ask_acknowledge=False)
    for person in (maya, charlie):
        for attempt in (delivery.nudge_now, delivery.stop_nudges, delivery.nudge_plan):
            with pytest.raises(errors.NotFound):
                attempt(by=person.id, announcement_id=notice.id, now=now)  # type: ignore[operator]  # three doors alike
    with pytest.raises(errors.Conflict):
        delivery.nudge_now(by=ines.id, announcement_id=news.id, now=now)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_share_the_work(
    one_step: publishing.Announcement, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    together = threading.Barrier(2)

    def work() -> None:
        together.wait(10)
        tick(now + DAY)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert Counter(postbox.recipients) == {f"{name}@northwind.test": 1 for name in ("ines", "maya", "joao")}


def test_a_row_is_claimed_by_one(one_step: publishing.Announcement, now: datetime) -> None:
    (mine, *_others) = models.Nudge.objects.order_by("id")

    first = _claims.claim(models.Nudge, [mine.pk], now + DAY)
    second = _claims.claim(models.Nudge, [mine.pk], now + DAY)

    assert [row.id for row in first] == [mine.pk]
    assert second == []


def test_what_a_dead_worker_held_comes_back_unless_its_body_had_begun(
    maya: people.Person, one_step: publishing.Announcement, postbox: Postbox, tick: Tick, settings: Any, now: datetime
) -> None:
    at = now + DAY
    _claims.claim(models.Nudge, list(models.Nudge.objects.values_list("pk", flat=True)), at)
    mayas = models.Nudge.objects.filter(recipient_id=maya.id)
    mayas.update(body_started_at=at)
    lease = timedelta(seconds=settings.LEASE_SECONDS)

    assert delivery.sweep(now=at + lease) == delivery.Swept(fan_outs=(), returned=0, uncertain=0)
    assert delivery.sweep(now=at + lease + MINUTE) == delivery.Swept(fan_outs=(), returned=2, uncertain=1)

    tick(at + lease + MINUTE)
    assert sorted(postbox.recipients) == ["ines@northwind.test", "joao@northwind.test"]
    assert outcome(maya, one_step) == ("uncertain", "worker_lost")


def test_a_long_tick_holds_what_it_claims_for_a_whole_lease(
    one_step: publishing.Announcement, postbox: Postbox, now: datetime
) -> None:
    at = now + DAY

    def clock() -> datetime:
        """Let five seconds pass, and a sweep with them."""
        nonlocal at
        at += timedelta(seconds=5)
        assert at < now + DAY + HOUR, "it goes round in circles"
        assert delivery.sweep(now=at).returned == 0
        return at

    for _tick in range(6):  # each ends after a while; the next goes on
        delivery.tick(now=at, clock=clock)

    assert len(postbox.mails) == 3


def test_who_the_server_refuses_for_good_has_failed(
    maya: people.Person, one_step: publishing.Announcement, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    postbox.refusals["maya@northwind.test"] = "550 5.1.1 No such mailbox"

    tick(now + DAY)
    postbox.refusals.clear()
    tick(now + 3 * DAY)

    assert sorted(postbox.recipients) == ["ines@northwind.test", "joao@northwind.test"]
    assert outcome(maya, one_step)[0] == "failed"
    row = models.Nudge.objects.get(recipient_id=maya.id)
    assert (row.reply, row.submitted_at) == ("550 5.1.1 No such mailbox", None)


def test_who_the_server_puts_off_is_tried_again_later_and_at_last_no_more(
    maya: people.Person, one_step: publishing.Announcement, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    postbox.refusals["maya@northwind.test"] = "451 4.7.1 Greylisted"
    at = now + DAY

    tick(at)
    assert outcome(maya, one_step)[0] == "queued"
    assert at + MINUTE <= due(maya, one_step)[0] <= at + 2 * MINUTE
    for _ in range(8):
        [at] = due(maya, one_step)
        at = max(at, maya.working_time.next_moment(at))
        tick(at)

    assert outcome(maya, one_step)[0] == "failed"
    postbox.refusals.clear()
    tick(at + 7 * DAY)
    assert [mail for mail in postbox.to("maya@northwind.test") if "Dock 4" in mail["Subject"]] == []


def test_a_mail_cut_off_after_its_body_is_never_sent_again(
    ines: people.Person,
    maya: people.Person,
    one_step: publishing.Announcement,
    postbox: Postbox,
    tick: Tick,
    now: datetime,
) -> None:
    postbox.hang_up.add("maya@northwind.test")

    tick(now + DAY)
    postbox.hang_up.clear()
    tick(now + 2 * DAY)
    delivery.sweep(now=now + 2 * DAY)
    tick(now + 3 * DAY)

    assert Counter(postbox.recipients) == {f"{name}@northwind.test": 1 for name in ("ines", "maya", "joao")}
    assert outcome(maya, one_step)[0] == "uncertain"
    [step] = delivery.nudge_plan(by=ines.id, announcement_id=one_step.id, now=now + 3 * DAY)
    assert (step.submitted, step.uncertain, step.failed) == (2, 1, 0)


def test_a_server_that_is_away_loses_nothing(
    one_step: publishing.Announcement, postbox: Postbox, tick: Tick, settings: Any, now: datetime
) -> None:
    there = settings.SMTP
    settings.SMTP = there | {"port": 9}
    tick(now + DAY)

    settings.SMTP = there
    tick(now + DAY + HOUR)

    assert len(postbox.mails) == 3
