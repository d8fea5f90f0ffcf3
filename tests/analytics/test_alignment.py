"""Alignment adds up what the announcements say: by group and week, what was due, what was on time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from announcements.analytics import services as analytics
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.analytics.conftest import Does, publish

DAY = timedelta(days=1)


def test_what_was_confirmed_on_time_by_group_and_week(
    olga: people.Person, maya: people.Person, joao: people.Person, operations: people.Group, does: Does, now: datetime
) -> None:
    notice = publish(by=olga, audience=people.Audience(group_ids=(operations.id,)), now=now)
    does(maya, "acknowledged", notice, minutes=60)
    does(joao, "acknowledged", notice, minutes=60 * 24 * 8)

    found = analytics.alignment(by=olga.id, weeks=4, kind="function", now=now + 15 * DAY)

    [group] = found.groups
    assert (group.name, group.people) == ("Operations", 3)
    shares = [(share.asked, share.on_time, share.confirmed) for share in group.weeks]
    assert shares == [(0, 0, 0), (3, 1, 2), (0, 0, 0), (0, 0, 0)]
    assert (found.whole.asked, found.whole.on_time) == (group.whole.asked, group.whole.on_time) == (3, 1)
    assert [week.running for week in found.weeks] == [False, False, False, True]
    assert found.open == (notice.id,)
    assert found.items == round(3 / 4 / 4, 1)


def test_what_is_not_due_yet_and_what_was_withdrawn_lowers_nothing(
    olga: people.Person, operations: people.Group, now: datetime
) -> None:
    audience = people.Audience(group_ids=(operations.id,))
    publish(by=olga, audience=audience, now=now, ask=False)
    back = publish(by=olga, audience=audience, now=now)
    publishing.withdraw(announcement_id=back.id, by=olga.id, reason="Wrong dock.", now=now)
    late = publish(by=olga, audience=audience, now=now + 6 * DAY)

    found = analytics.alignment(by=olga.id, weeks=4, kind="function", now=now + 8 * DAY)

    assert found.whole.asked == 0
    assert [(share.asked, share.not_due) for share in found.groups[0].weeks] == [(0, 0), (0, 0), (0, 3), (0, 0)]
    assert found.open == (late.id,)


def test_one_rule_counts_everywhere_what_is_due(
    olga: people.Person, maya: people.Person, joao: people.Person, operations: people.Group, does: Does, now: datetime
) -> None:
    audience = people.Audience(group_ids=(operations.id,))
    does(maya, "acknowledged", publish(by=olga, audience=audience, now=now))
    early = publish(by=olga, audience=audience, now=now + 6 * DAY)
    does(joao, "acknowledged", early, minutes=60 * 24 * 6 + 10)

    for days, asked, on_time, not_due in ((8, 3, 1, 3), (14, 6, 2, 0)):
        found = analytics.alignment(by=olga.id, weeks=4, kind="function", now=now + days * DAY)
        topics = analytics.alignment(by=olga.id, weeks=4, kind="topic", now=now + days * DAY).groups
        span = analytics.Span((now - 21 * DAY).date(), 5)
        cell = analytics.cell(by=olga.id, whose=operations.id, span=span, now=now + days * DAY)
        told = analytics.Share(asked, on_time, on_time, on_time, not_due)

        assert found.whole == found.groups[0].whole == topics[0].whole == cell.whole == told
        assert sum(found.by_week, analytics.Share()) == sum(found.groups[0].weeks, analytics.Share()) == told
        assert [(ask.due, ask.share.on_time) for ask in cell.asks] == [(not not_due, 1), (True, 1)]


def test_a_group_manager_is_told_of_nothing_open_that_is_not_theirs_to_see(
    olga: people.Person, ines: people.Person, operations: people.Group, now: datetime
) -> None:
    everyones = publish(by=olga, audience=people.Audience(everyone=True), now=now, title="A merger")
    theirs = publish(by=olga, audience=people.Audience(group_ids=(operations.id,)), now=now)

    found = analytics.alignment(by=ines.id, weeks=4, kind="function", now=now + DAY)

    assert found.open == (theirs.id,)
    assert set(analytics.alignment(by=olga.id, weeks=4, kind="function", now=now + DAY).open) == {
        theirs.id,
        everyones.id,
    }


def test_as_many_weeks_before_are_told_beside(
    olga: people.Person, maya: people.Person, operations: people.Group, does: Does, now: datetime
) -> None:
    notice = publish(by=olga, audience=people.Audience(everyone=True), now=now)
    does(maya, "acknowledged", notice)

    found = analytics.alignment(by=olga.id, weeks=4, kind="function", now=now + 28 * DAY)

    assert (found.whole.asked, found.before.asked, found.before.on_time) == (0, 4, 1)


def test_managers_see_their_own_groups_and_members_nothing(
    olga: people.Person, ines: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    people.create_group(by=olga.id, name="Sales", kind="function", now=now)
    publish(by=olga, audience=people.Audience(everyone=True), now=now)

    mine = analytics.alignment(by=ines.id, weeks=4, kind="function", now=now + 8 * DAY)

    assert [group.name for group in mine.groups] == ["Operations"]
    assert mine.whole.asked == 3
    with pytest.raises(analytics.AlignmentNotYours):
        analytics.alignment(by=maya.id, weeks=4, kind="function", now=now)


def test_a_works_council_sees_no_small_group_here_either(
    olga: people.Person, operations: people.Group, now: datetime
) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=now)
    publish(by=olga, audience=people.Audience(everyone=True), now=now)

    found = analytics.alignment(by=olga.id, weeks=4, kind="function", now=now + 8 * DAY)

    assert found.groups[0].whole.asked == 0
    assert found.whole.asked == 4
