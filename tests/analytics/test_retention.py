"""What a workspace keeps for so many days is forgotten then: single facts about reading go, confirmations and sums stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from announcements.analytics import models, tasks
from announcements.analytics import services as analytics
from announcements.delivery import _forgetting
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from hub.beat import schedule
from tests.analytics.conftest import Does, publish
from tests.analytics.test_roll_ups import Company

DAY = timedelta(days=1)
KEPT = 90 * DAY


def known(person: people.Person, about: publishing.Announcement) -> dict[str, datetime]:
    """Return what is stored about somebody's reading, as they are told it."""
    rows = delivery.stored(by=person.id).deliveries
    return {fact.fact: fact.at for row in rows if row.announcement_id == about.id for fact in row.facts}


def test_facts_go_when_they_are_as_old_as_they_are_kept_and_confirmations_stay(
    maya: people.Person, joao: people.Person, landed: publishing.Announcement, now: datetime
) -> None:
    assert (set(known(maya, landed)), set(known(joao, landed))) == (
        {"displayed", "opened", "read", "acknowledged"},
        {"displayed"},
    )

    assert analytics.forget_by_age(now=now + KEPT - DAY) == 0
    assert len(known(maya, landed)) == 4
    analytics.forget_by_age(now=now + KEPT + DAY)

    assert (set(known(maya, landed)), set(known(joao, landed))) == ({"acknowledged"}, set())
    assert analytics.forget_by_age(now=now + KEPT + DAY) == 0


def test_each_company_keeps_facts_as_long_as_it_says(
    olga: people.Person, maya: people.Person, landed: publishing.Announcement, now: datetime
) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(retention_days=7), now=now)

    analytics.forget_by_age(now=now + 8 * DAY)

    assert set(known(maya, landed)) == {"acknowledged"}


def test_what_is_younger_stays_until_it_is_as_old(
    maya: people.Person, notice: publishing.Announcement, does: Does, now: datetime
) -> None:
    does(maya, "displayed", notice)
    does(maya, "opened", notice, minutes=60 * 24 * 50)

    analytics.forget_by_age(now=now + KEPT + DAY)
    assert known(maya, notice) == {"opened": now + 50 * DAY}
    analytics.forget_by_age(now=now + KEPT + 49 * DAY)
    assert known(maya, notice) == {"opened": now + 50 * DAY}
    analytics.forget_by_age(now=now + KEPT + 51 * DAY)

    assert known(maya, notice) == {}


@pytest.mark.parametrize("seed", range(4))
def test_no_number_changes_whatever_had_happened(
    seed: int, olga: people.Person, operations: people.Group, now: datetime
) -> None:
    company = Company(seed, olga, operations, now)
    for _n in range(40):
        company.act()
    before = [analytics.reach(by=olga.id, announcement_id=one.id, now=company.now) for one in company.out]
    late = company.now + KEPT + DAY

    assert analytics.forget_by_age(now=late) > 0
    analytics.sweep(now=late)

    for one, was in zip(company.out, before, strict=True):
        now_said = analytics.reach(by=olga.id, announcement_id=one.id, now=company.now)
        assert replace(now_said, progress=was.progress) == was
        assert not any(f.displayed_at or f.opened_at or f.read_at for f in delivery.facts(announcement_id=one.id))
        assert analytics.check(announcement_id=one.id, now=late)


def test_a_job_that_was_killed_is_gone_on_with(
    maya: people.Person,
    joao: people.Person,
    landed: publishing.Announcement,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_forgetting, "AT_ONCE", 1)
    late = now + KEPT + DAY
    assert delivery.forget_facts(announcement_id=landed.id, before=late - KEPT, now=late) == 1  # and here it dies
    left = [person for person in (maya, joao) if known(person, landed).keys() - {"acknowledged"}]

    assert len(left) >= 1
    analytics.forget_by_age(now=late)

    assert not any(known(person, landed).keys() - {"acknowledged"} for person in (maya, joao))


def test_old_news_is_no_news_again(olga: people.Person, maya: people.Person, does: Does, now: datetime) -> None:
    news = publish(by=olga, audience=people.Audience(everyone=True), now=now, ask=False)
    does(maya, "read", news)

    analytics.forget_by_age(now=now + KEPT + DAY)

    [item] = [one for one in delivery.feed(by=maya.id, now=now + KEPT + DAY).items if one.announcement_id == news.id]
    assert (item.read_at, bool(item.dismissed_at)) == (None, True)


def test_nothing_is_counted_twice_that_comes_in_later(
    olga: people.Person,
    maya: people.Person,
    joao: people.Person,
    landed: publishing.Announcement,
    does: Does,
    now: datetime,
) -> None:
    late = now + KEPT + DAY
    analytics.forget_by_age(now=late)
    minutes = int((late - now) / timedelta(minutes=1))

    does(joao, "read", landed, minutes=minutes)
    assert known(joao, landed) == {}
    does(joao, "acknowledged", landed, minutes=minutes)

    assert set(known(joao, landed)) == {"acknowledged"}
    said = analytics.reach(by=olga.id, announcement_id=landed.id, now=late)
    assert (said.displayed, said.opened, said.read, said.acknowledged) == (2, 2, 2, 2)
    people.deactivate(by=olga.id, person_id=maya.id, now=late)
    said = analytics.reach(by=olga.id, announcement_id=landed.id, now=late)
    assert (said.recipients, said.acknowledged, said.deactivated) == (2, 1, 1)
    assert said.displayed <= said.recipients


def test_what_comes_in_while_a_correction_waits_to_be_counted_is_counted(
    olga: people.Person,
    ines: people.Person,
    maya: people.Person,
    notice: publishing.Announcement,
    does: Does,
    now: datetime,
) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(retention_days=7), now=now)
    models.Kept.objects.filter(announcement_id=notice.id).update(closed=True)  # as when others had it earlier
    analytics.corrected(announcement_id=notice.id)
    does(maya, "opened", notice)

    tasks.tick()
    analytics.sweep(now=now + DAY)

    assert analytics.reach(by=ines.id, announcement_id=notice.id, now=now + DAY).opened == 1


def test_who_is_missing_is_named_without_how_far_they_got(
    ines: people.Person, landed: publishing.Announcement, now: datetime
) -> None:
    late = now + KEPT + DAY
    before = {one.name for one in analytics.missing(by=ines.id, announcement_id=landed.id, now=late)}

    analytics.forget_by_age(now=late)

    named = analytics.missing(by=ines.id, announcement_id=landed.id, now=late)
    assert {one.name for one in named} == before
    assert {one.got_to for one in named} == {None}


def test_nobody_is_called_missing_whose_reading_is_forgotten(
    olga: people.Person, maya: people.Person, does: Does, now: datetime
) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="open"), now=now)
    news = publish(by=olga, audience=people.Audience(everyone=True), now=now, ask=False)
    does(maya, "read", news)
    late = now + KEPT + DAY

    analytics.forget_by_age(now=late)

    assert analytics.missing(by=olga.id, announcement_id=news.id, now=late) == []


def test_the_beat_asks_for_it() -> None:
    assert schedule(30, 60)["forget"]["task"] == tasks.forget.name
