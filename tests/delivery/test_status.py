"""What an admin is told of how everything gets on, and what to do about what does not."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core.management import call_command

from announcements.delivery import _gate, models
from announcements.delivery import services as delivery
from announcements.kernel import errors, heart
from announcements.people import services as people
from announcements.porting.models import Import as BroughtImport
from announcements.roster import services as roster
from announcements.roster.models import Import as PeopleImport
from tests.delivery.mailing import HOUR, reach, sink

__all__ = ["sink"]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def calm(now: datetime) -> None:
    """Let the queue have moved, and a backup be fresh."""
    for name in heart.NAMES:
        heart.beat(name, at=now)
    delivery.note_backup(at=now)


def part(name: str, by: people.Person, now: datetime) -> delivery.Part:
    return next(one for one in delivery.status(by=by.id, now=now) if one.name == name)


def test_where_all_is_well_nothing_is_to_be_done(olga: people.Person, calm: None, now: datetime) -> None:
    found = delivery.status(by=olga.id, now=now)

    assert {(one.name, one.state, one.remedy) for one in found if one.state != "well" or one.remedy} == set()


def test_a_member_is_told_nothing(maya: people.Person, now: datetime) -> None:
    with pytest.raises(errors.Forbidden):
        delivery.status(by=maya.id, now=now)


def test_a_queue_that_stands_still_says_since_when(olga: people.Person, calm: None, now: datetime) -> None:
    heart.beat("sweep", at=now + HOUR)

    found = part("queue", olga, now + HOUR)

    assert (found.state, found.said, found.since) == ("ill", "It stands still.", now)
    assert "starts a worker" in found.remedy


def test_a_queue_that_never_moved_is_not_well(olga: people.Person, now: datetime) -> None:
    assert part("queue", olga, now).state == "ill"


def test_a_hub_that_was_just_started_is_given_the_time_that_a_busy_machine_takes_for_it(
    olga: people.Person, now: datetime
) -> None:
    heart.beat("sweep", at=now - HOUR)
    heart.start(at=now)

    given = timedelta(seconds=heart.STARTING + settings.SWEEP_SECONDS)
    begins = part("queue", olga, now + given)
    assert (begins.state, begins.said, begins.since) == ("warning", "It was just started.", now)
    assert part("queue", olga, now + given + timedelta(seconds=1)).state == "ill"


def test_a_hub_that_is_started_over_and_over_is_not_well(olga: people.Person, now: datetime) -> None:
    heart.start(at=now)
    heart.start(at=now + HOUR)

    assert part("queue", olga, now + HOUR).state == "ill"


def test_a_hub_that_was_stopped_on_purpose_starts_anew(olga: people.Person, now: datetime) -> None:
    heart.start(at=now)
    heart.start(at=now + HOUR, anew=True)

    assert part("queue", olga, now + HOUR).said == "It was just started."


def test_a_start_is_over_with_the_first_beats(olga: people.Person, now: datetime) -> None:
    heart.start(at=now)
    for name in heart.NAMES:
        heart.beat(name, at=now)
    heart.start(at=now + HOUR)

    assert part("queue", olga, now + HOUR).said == "It was just started."


def test_mail_that_somebody_paused_is_told_with_what_to_do(olga: people.Person, calm: None, now: datetime) -> None:
    delivery.pause_sending(by=olga.id, now=now)

    found = part("mail", olga, now + MINUTE)

    assert (found.state, found.since) == ("warning", now)
    assert "Resume" in found.remedy


def test_mail_that_is_late_says_how_much_and_since_when(
    olga: people.Person, ines: people.Person, operations: people.Group, charlie: people.Person, now: datetime
) -> None:
    reach(ines, operations, now)

    soon, late = part("due", olga, now + HOUR + MINUTE), part("due", olga, now + 2 * HOUR)

    assert (soon.state, soon.count) == ("well", 3)
    assert (late.state, late.count, late.since) == ("warning", 3, now + HOUR)
    assert part("due", charlie, now + 2 * HOUR).count == 0


def test_mail_of_which_nobody_knows_is_counted_for_its_own_company_alone(
    olga: people.Person, ines: people.Person, operations: people.Group, charlie: people.Person, now: datetime
) -> None:
    reach(ines, operations, now)
    models.Nudge.objects.filter(pk=models.Nudge.objects.order_by("id").values("pk")[:1]).update(state="uncertain")

    assert (part("uncertain", olga, now).state, part("uncertain", olga, now).count) == ("warning", 1)
    assert part("uncertain", charlie, now).state == "well"


def test_an_announcement_that_stays_on_its_way_is_told(
    olga: people.Person, ines: people.Person, operations: people.Group, charlie: people.Person, now: datetime
) -> None:
    reach(ines, operations, now)
    models.FanOut.objects.update(finished_at=None)

    assert part("fan_outs", olga, now + MINUTE).state == "well"
    assert part("fan_outs", olga, now + HOUR).state == "warning"
    assert part("fan_outs", charlie, now + HOUR).count == 0


@pytest.mark.parametrize(
    "changed", [{"fault": "who acts may no longer"}, {"fault": ""}], ids=["stopped", "stands still"]
)
def test_an_import_that_does_not_go_on_is_told_for_a_week(
    olga: people.Person, charlie: people.Person, calm: None, changed: dict[str, Any], now: datetime
) -> None:
    roster.upload(by=olga.id, file_name="people.csv", content=b"name,email\nNadia,nadia@northwind.test\n", now=now)
    begun = {"read_at": now, "started_at": now, "touched_at": now}
    PeopleImport.objects.update(**begun, **changed)
    BroughtImport.objects.create(workspace_id=olga.workspace_id, by=olga.id, acting=olga.id, name="x", key="x", created_at=now, **begun, **changed)  # fmt: skip

    for name in ("people_imports", "announcement_imports"):
        assert (part(name, olga, now + HOUR).state, part(name, olga, now + HOUR).since) == ("warning", now)
        assert part(name, olga, now + timedelta(days=8)).state == "well"
        assert part(name, charlie, now + HOUR).count == 0


def test_when_a_server_last_took_a_mail_is_told_of_ones_own_alone(
    olga: people.Person, calm: None, now: datetime
) -> None:
    said = {"server": _gate.fingerprint(None), "submitted_at": now}
    for_all, _new = models.Transport.objects.update_or_create(workspace_id=0, defaults=said)
    assert (part("mail", olga, now + HOUR).state, part("mail", olga, now + HOUR).since) == ("well", None)

    changes = people.MailServerChanges(host="127.0.0.1", port=9, tls="none", sender="news@northwind.test")
    people.set_mail_server(by=olga.id, changes=changes, now=now)
    server = _gate.fingerprint(people.mail_server(workspace_id=olga.workspace_id))
    models.Transport.objects.filter(pk=for_all.pk).update(workspace_id=olga.workspace_id, server=server)

    assert part("mail", olga, now + HOUR).since == now


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_known_of_once_it_was_made_whatever_redis_loses(
    olga: people.Person, tmp_path: Path, now: datetime
) -> None:
    assert part("backup", olga, now).said == "None is known of."

    call_command("backup", str(tmp_path / "copy.tar"))

    redis.Redis.from_url(settings.REDIS_URL).flushall()
    at = delivery.last_backup()
    assert at
    assert part("backup", olga, at + HOUR).state == "well"
    assert part("backup", olga, at + timedelta(days=9)).state == "warning"


def test_a_disk_without_room_is_told(
    olga: people.Person, calm: None, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    assert part("room", olga, now).state == "well"
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 5 << 20})())

    assert part("room", olga, now).state == "ill"
