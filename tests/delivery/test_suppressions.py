"""An address that does not exist is written to no more, admins see it, and a person lets mail go there again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from announcements.analytics import services as analytics
from announcements.audit import services as audit
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.delivery.conftest import Announce
from tests.delivery.postbox import Postbox

DAY = timedelta(days=1)
Tick = Callable[[datetime], int]
GONE = "550 5.1.1 No such mailbox here"


@pytest.fixture
def refused(
    postbox: Postbox, announce: Announce, maya: people.Person, tick: Tick, now: datetime
) -> publishing.Announcement:
    """Return what Maya's mail server refused the first nudge of."""
    postbox.refusals[maya.email] = GONE
    said = announce(nudge_hours=(24, 48))
    tick(now + DAY)
    postbox.refusals.clear()
    return said


def skipped(ines: people.Person, said: publishing.Announcement, now: datetime, step: int) -> int:
    steps = delivery.nudge_plan(by=ines.id, announcement_id=said.id, now=now)
    return next(one.skipped for one in steps if one.step == step)


def test_an_address_that_does_not_exist_is_written_to_once(
    olga: people.Person, ines: people.Person, maya: people.Person, refused: publishing.Announcement, postbox: Postbox,
    tick: Tick, now: datetime,
) -> None:  # fmt: skip
    tick(now + 2 * DAY)
    tick(now + 7 * DAY)

    assert maya.email not in postbox.recipients
    assert skipped(ines, refused, now + 2 * DAY, 2) == 1
    [one] = delivery.suppressions(by=olga.id)
    assert (one.address, one.person_id, one.reason, one.said) == (maya.email, maya.id, "refused", GONE)
    assert one.suppressed_at == now + DAY


def test_an_author_sees_whose_address_fails(
    ines: people.Person, maya: people.Person, refused: publishing.Announcement, now: datetime
) -> None:
    missing = analytics.missing(by=ines.id, announcement_id=refused.id, now=now + DAY)

    assert {person.name: person.suppressed for person in missing if person.suppressed} == {maya.name: "refused"}


@pytest.mark.parametrize(
    "said",
    ["550 5.7.1 Message rejected as spam", "552 5.2.2 Mailbox full", "554 5.7.1 Relay access denied"],
)
def test_who_minds_the_mail_and_not_the_address_is_written_to_again(
    olga: people.Person, maya: people.Person, announce: Announce, postbox: Postbox, tick: Tick, said: str, now: datetime
) -> None:
    postbox.refusals[maya.email] = said
    announce(nudge_hours=(24, 48))
    tick(now + DAY)
    postbox.refusals.clear()
    tick(now + 2 * DAY)

    assert delivery.suppressions(by=olga.id) == []
    assert maya.email in postbox.recipients


def test_an_admin_lets_mail_go_there_again_and_the_trail_says_who(
    olga: people.Person, maya: people.Person, refused: publishing.Announcement, postbox: Postbox, tick: Tick,
    now: datetime,
) -> None:  # fmt: skip
    [one] = delivery.suppressions(by=olga.id)
    for _ in range(2):
        delivery.lift_suppression(by=olga.id, suppression_id=one.id, now=now + DAY)
    tick(now + 2 * DAY)

    assert maya.email in postbox.recipients
    assert delivery.suppressions(by=olga.id) == []
    [entry] = audit.entries(by=olga.id, asked=audit.Asked(verb="suppression_lifted"))
    assert (entry.by, entry.details) == (olga.id, {"address": maya.email, "reason": "refused"})


def test_members_and_strangers_lift_nothing(
    olga: people.Person, ines: people.Person, charlie: people.Person, refused: publishing.Announcement, now: datetime
) -> None:
    [one] = delivery.suppressions(by=olga.id)

    with pytest.raises(errors.Forbidden):
        delivery.suppressions(by=ines.id)
    with pytest.raises(errors.Forbidden):
        delivery.lift_suppression(by=ines.id, suppression_id=one.id, now=now)
    with pytest.raises(errors.NotFound):
        delivery.lift_suppression(by=charlie.id, suppression_id=one.id, now=now)
    assert delivery.suppressions(by=charlie.id) == []
    assert delivery.suppressions(by=olga.id) == [one]
