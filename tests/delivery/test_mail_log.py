"""What went to whom, when and why: told to who answers for it, with what came back, page by page and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from announcements.audit import services as audit
from announcements.delivery import models
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.delivery.conftest import Announce
from tests.delivery.postbox import Postbox
from tests.delivery.reports import bounce

DAY = timedelta(days=1)
Tick = Callable[[datetime], int]
Asked = delivery.MailAsked


@pytest.fixture
def said(
    announce: Announce, maya: people.Person, joao: people.Person, postbox: Postbox, tick: Tick, now: datetime
) -> publishing.Announcement:
    """Return what Ines and Maya were nudged about and Joao had confirmed; Maya's nudge came back."""
    said = announce(nudge_hours=(24, 48))
    delivery.acknowledge(by=joao.id, announcement_id=said.id, version=1, now=now)
    tick(now + DAY)
    [mail] = postbox.to(maya.email)
    delivery.take_return(data=bounce(mail), now=now + DAY)
    return said


def log(by: people.Person, asked: Asked, now: datetime) -> list[tuple[str, int, str, str]]:
    found = delivery.mail_log(by=by.id, asked=asked, now=now)
    return [(one.person_name.split()[0], one.step, one.state, one.reason) for one in found]


def test_an_author_sees_what_became_of_each_nudge_and_why(
    ines: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    found = log(ines, Asked(announcement_id=said.id), now + DAY)

    assert sorted(found) == [
        ("Ines", 1, "submitted", ""),
        ("Ines", 2, "queued", ""),
        ("Joao", 1, "skipped", "acknowledged"),
        ("Joao", 2, "queued", ""),
        ("Maya", 1, "failed", "bounced"),
        ("Maya", 2, "queued", ""),
    ]
    assert [step for _, step, _, _ in found] == [2, 2, 2, 1, 1, 1], "newest first"


def test_what_came_back_stands_beside_the_mail(
    olga: people.Person, maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    [one] = delivery.mail_log(by=olga.id, asked=Asked(person_id=maya.id, state="failed"), now=now + DAY)

    [came] = one.returns
    assert (came.what, came.said, came.at) == ("bounced", "smtp; 550 5.1.1 No such mailbox", now + DAY)
    assert (one.title, one.address, one.announcement_id) == ("Dock 4 closes", maya.email, said.id)


def test_without_a_question_an_admin_sees_what_is_in_trouble(
    olga: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    assert log(olga, Asked(), now + DAY) == [("Maya", 1, "failed", "bounced")]


def test_somebody_is_found_by_a_part_of_name_or_address(
    olga: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    for part in ("MAYA", "lindq", "maya@north"):
        assert {name for name, *_ in log(olga, Asked(search=part), now + DAY)} == {"Maya"}
    assert log(olga, Asked(search="nobody"), now + DAY) == []
    assert {name for name, *_ in log(olga, Asked(search="northwind.test", state="queued"), now + DAY)} == {
        "Ines", "Joao", "Maya",
    }  # fmt: skip


def test_nudges_and_digests_go_on_page_by_page_each_once(
    olga: people.Person, maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    for number in range(5):
        row = {"recipient_id": maya.id, "workspace_id": maya.workspace_id, "due_at": now + DAY}
        models.Digest.objects.create(period=f"2026-W{number + 10}", **row)
    asked, place, seen = Asked(person_id=maya.id), None, list[tuple[str, int]]()
    while page := delivery.mail_log(by=olga.id, asked=asked, before=place, limit=2, now=now + DAY):
        seen += [(one.kind, one.mail_id) for one in page]
        place = (page[-1].due_at, page[-1].place)

    assert len(seen) == len(set(seen)) == 8
    whole = delivery.mail_log(by=olga.id, asked=asked, now=now + DAY)
    assert seen == [(one.kind, one.mail_id) for one in whole]


def test_it_is_told_to_who_answers_for_it_alone(
    olga: people.Person, ines: people.Person, maya: people.Person, joao: people.Person, charlie: people.Person,
    said: publishing.Announcement, now: datetime,
) -> None:  # fmt: skip
    about, of_maya = Asked(announcement_id=said.id), Asked(person_id=maya.id)
    for by, asked in ((maya, Asked()), (joao, of_maya), (ines, of_maya), (ines, Asked(search="maya"))):
        with pytest.raises(errors.Forbidden):
            delivery.mail_log(by=by.id, asked=asked, now=now)
    for by, asked in ((charlie, about), (charlie, of_maya)):
        with pytest.raises(errors.NotFound):
            delivery.mail_log(by=by.id, asked=asked, now=now)
    with pytest.raises(errors.Refused):
        delivery.mail_log(by=joao.id, asked=about, now=now)

    assert {name for name, *_ in log(maya, of_maya, now)} == {"Maya"}
    assert delivery.mail_log(by=charlie.id, asked=Asked(), now=now) == []


def test_looking_and_taking_are_noted_and_looking_at_ones_own_is_not(
    olga: people.Person, maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    delivery.mail_log(by=maya.id, asked=Asked(person_id=maya.id), now=now)
    delivery.mail_log(by=olga.id, asked=Asked(person_id=maya.id), now=now)
    "".join(delivery.export_mail_log(by=olga.id, asked=Asked(announcement_id=said.id), now=now))

    noted = audit.entries(by=olga.id, asked=audit.Asked(person_id=olga.id))
    assert {(one.verb, one.subject, one.subject_id) for one in noted if one.verb.startswith("mail_log")} == {
        ("mail_log_looked_at", "person", maya.id),
        ("mail_log_exported", "announcement", said.id),
    }


def test_the_file_says_the_same(olga: people.Person, said: publishing.Announcement, now: datetime) -> None:
    lines = "".join(delivery.export_mail_log(by=olga.id, asked=Asked(announcement_id=said.id), now=now + DAY))
    rows = list(csv.DictReader(io.StringIO(lines.removeprefix("\ufeff"))))

    assert len(rows) == 6
    [failed] = [row for row in rows if row["state"] == "failed"]
    assert (failed["name"], failed["reason"]) == ("Maya Lindqvist", "bounced")
    assert failed["came back"] == "bounced: smtp; 550 5.1.1 No such mailbox"


@pytest.mark.parametrize(("arrived", "state"), [(True, "submitted"), (False, "failed")])
def test_an_admin_settles_what_nobody_knows_once(
    olga: people.Person, ines: people.Person, charlie: people.Person, maya: people.Person,
    said: publishing.Announcement, arrived: bool, state: str, now: datetime,
) -> None:  # fmt: skip
    row = models.Nudge.objects.get(recipient_id=ines.id, step=1)
    models.Nudge.objects.filter(pk=row.pk).update(state="uncertain", reason="cut_off")
    for by, refusal in ((maya, errors.Forbidden), (charlie, errors.NotFound)):
        with pytest.raises(refusal):
            delivery.settle_mail(by=by.id, kind="nudge", mail_id=row.pk, arrived=arrived, now=now)

    delivery.settle_mail(by=olga.id, kind="nudge", mail_id=row.pk, arrived=arrived, now=now)

    assert ("Ines", 1, state, "settled") in log(ines, Asked(announcement_id=said.id), now)
    with pytest.raises(errors.Conflict):
        delivery.settle_mail(by=olga.id, kind="nudge", mail_id=row.pk, arrived=not arrived, now=now)
