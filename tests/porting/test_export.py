"""All announcements as a file: what is in it, who may take it, and what becomes of a worker that is cut off."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import yaml
from django.core.files.storage import default_storage
from PIL import Image

from announcements.audit import services as audit
from announcements.kernel import errors
from announcements.media import services as media
from announcements.people import services as people
from announcements.porting import services as porting
from announcements.publishing import services as publishing
from tests import meanwhile
from tests.api.conftest import Api

Make = Callable[[], porting.Export]
DOCK = "announcements/2026-11-16-dock-4-closes"


def opened(export: porting.Export, now: datetime) -> zipfile.ZipFile:
    with porting.take(by=export.by, export_id=export.id, now=now).content as content:
        return zipfile.ZipFile(io.BytesIO(content.read()))


def exact(archive: zipfile.ZipFile, folder: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(archive.read(f"{folder}/announcement.json"))
    return found


def test_it_says_what_is_what(make: Make, corrected: int, withdrawn: int, now: datetime) -> None:
    export = make()
    archive = opened(export, now)

    index = json.loads(archive.read("index.json"))
    assert (index["format"], index["version"], index["workspace"]) == ("mantel-announcements", 1, "Northwind")
    assert index["announcements"] == [DOCK, "announcements/2026-11-16-cafe-open"]
    assert "Northwind, 2026-11-16" in archive.read("README.txt").decode()
    assert (export.stage, export.done, export.total) == ("ready", 2, 2)


def test_programs_find_every_version_exactly(
    make: Make, corrected: int, ines: people.Person, image: media.Image, now: datetime
) -> None:
    said = publishing.get(announcement_id=corrected)
    found = exact(opened(make(), now), DOCK)

    assert found["body"] == said.body
    assert [(one["number"], one["change"], one["by"]["email"]) for one in found["versions"]] == [
        (1, "first", ines.email),
        (2, "material", ines.email),
    ]
    assert found["versions"][0]["body"] == "<p>From Monday on.</p>"
    assert found["author"] == {"email": ines.email, "name": ines.name}
    assert found["audience"]["groups"] == ["Operations"]
    assert found["published_at"] == now.isoformat()
    assert {"id", "workspace_id", "author_id"} & set(found) == set()


def test_what_was_taken_back_keeps_whom_it_was_for_and_why(make: Make, withdrawn: int, now: datetime) -> None:
    found = exact(opened(make(), now), "announcements/2026-11-16-cafe-open")

    assert found["withdraw_reason"] == "Wrong day."
    assert found["withdrawn_at"] and found["expires_at"]
    assert found["audience"]["everyone"]
    assert found["audience"]["attributes"] == [{"field": "location", "value": "Porto"}]
    assert found["audience"]["except"]["people"] == ["ines@northwind.test"]


def test_people_find_markdown_with_its_pictures_beside_it(
    make: Make, corrected: int, image: media.Image, now: datetime
) -> None:
    archive = opened(make(), now)
    _none, head, body = archive.read(f"{DOCK}/index.md").decode().split("---\n", 2)

    matter = yaml.safe_load(head)
    assert (matter["title"], matter["author"]) == ("Dock 4 closes", "ines@northwind.test")
    assert matter["published"] == now
    assert "Operations" in matter["audience"]
    assert f"![Dock 6](images/{image.key}.webp)" in body
    picture = Image.open(io.BytesIO(archive.read(f"{DOCK}/images/{image.key}.webp")))
    assert picture.size == (image.width, image.height)


def test_front_matter_stays_front_matter_whatever_a_title_says(make: Make, olga: people.Person, now: datetime) -> None:
    title = "--- evil: [yes] 'no' \"# {"
    publishing.create(by=olga.id, draft=publishing.Draft(title=title), now=now)
    archive = opened(make(), now)

    page = archive.read("announcements/2026-11-16-evil-yes-no/index.md").decode()

    assert yaml.safe_load(page.removeprefix("---\n").split("\n---\n")[0])["title"] == title


def test_the_same_title_twice_is_two_folders(make: Make, olga: people.Person, now: datetime) -> None:
    for title in ("Week 47", "Week 47", "../../etc/passwd", ""):
        publishing.create(by=olga.id, draft=publishing.Draft(title=title), now=now)

    folders = json.loads(opened(make(), now).read("index.json"))["announcements"]

    assert [folder.removeprefix("announcements/2026-11-16-") for folder in folders] == [
        "week-47",
        "week-47-2",
        "etcpasswd",
        "untitled",
    ]


def test_nothing_of_another_company_is_in_it(
    make: Make, charlie: people.Person, olga: people.Person, now: datetime
) -> None:
    publishing.create(by=charlie.id, draft=publishing.Draft(title="Ours alone"), now=now)

    export = make()

    assert json.loads(opened(export, now).read("index.json"))["announcements"] == []
    with pytest.raises(errors.NotFound):
        porting.take(by=charlie.id, export_id=export.id, now=now)


def test_only_admins_ask_and_only_who_asked_takes(
    make: Make, ines: people.Person, adam: people.Person, now: datetime
) -> None:
    export = make()

    with pytest.raises(errors.Forbidden):
        porting.ask(by=ines.id, now=now)
    with pytest.raises(errors.NotFound):
        porting.take(by=adam.id, export_id=export.id, now=now)
    assert porting.exports(by=adam.id) == []


def test_an_admin_no_more_takes_no_more(olga: people.Person, adam: people.Person, now: datetime) -> None:
    first = porting.ask(by=adam.id, now=now)
    porting.make(export_id=first.id, clock=lambda: now)
    second = porting.ask(by=adam.id, now=now)
    people.change_role(by=olga.id, person_id=adam.id, role="member", now=now)

    assert porting.make(export_id=second.id, clock=lambda: now)

    with pytest.raises(errors.Forbidden):
        porting.take(by=adam.id, export_id=first.id, now=now)
    people.change_role(by=olga.id, person_id=adam.id, role="admin", now=now)
    assert porting.get(by=adam.id, export_id=second.id).stage == "failed"


def test_taking_it_is_in_the_trail(make: Make, olga: people.Person, now: datetime) -> None:
    opened(make(), now)

    verbs = [one.verb for one in audit.entries(by=olga.id, asked=audit.Asked(), limit=2)]

    assert verbs == ["announcements_export_taken", "announcements_export_asked"]


def test_after_seven_days_its_file_is_gone(make: Make, olga: people.Person, now: datetime) -> None:
    export = make()
    later = now + porting.KEPT + timedelta(seconds=1)

    with pytest.raises(porting.NotReady):
        porting.take(by=olga.id, export_id=export.id, now=later)
    assert (porting.remove_old(now=later), porting.remove_old(now=later)) == (1, 0)

    assert porting.get(by=olga.id, export_id=export.id).stage == "gone"
    assert default_storage.listdir("exports")[1] == []


def test_asking_twice_is_asking_once_until_it_is_there(olga: people.Person, now: datetime) -> None:
    first = porting.ask(by=olga.id, now=now)

    assert porting.ask(by=olga.id, now=now).id == first.id
    assert porting.make(export_id=first.id, clock=lambda: now)
    assert not porting.make(export_id=first.id, clock=lambda: now)
    assert porting.ask(by=olga.id, now=now).id != first.id


def test_two_who_ask_at_the_same_moment_get_one(olga: people.Person, now: datetime) -> None:
    found: list[porting.Export] = []

    with meanwhile.after('FROM "porting_export"', lambda: found.append(porting.ask(by=olga.id, now=now))):
        second = porting.ask(by=olga.id, now=now)

    assert [second.id] == [one.id for one in found] == [one.id for one in porting.exports(by=olga.id)]


def test_a_worker_that_was_cut_off_is_followed_by_another(olga: people.Person, now: datetime) -> None:
    asked = porting.ask(by=olga.id, now=now)

    def cut_off() -> datetime:
        times.append(now)
        if len(times) > 1:
            raise SystemExit
        return now

    times: list[datetime] = []
    with pytest.raises(SystemExit):
        porting.make(export_id=asked.id, clock=cut_off)

    assert not porting.make(export_id=asked.id, clock=lambda: now), "the first may be at it still"
    later = now + timedelta(minutes=5)
    assert porting.waiting(now=later) == [asked.id]
    assert porting.make(export_id=asked.id, clock=lambda: later)
    assert porting.get(by=olga.id, export_id=asked.id).stage == "ready"


def test_what_ends_its_worker_each_time_fails(olga: people.Person, now: datetime) -> None:
    asked = porting.ask(by=olga.id, now=now)
    for tried in range(3):
        with pytest.raises(SystemExit):
            porting.make(export_id=asked.id, clock=_dying(now + timedelta(hours=tried)))

    porting.make(export_id=asked.id, clock=lambda: now + timedelta(hours=4))

    assert porting.get(by=olga.id, export_id=asked.id).stage == "failed"


def _dying(now: datetime, most: int = 1) -> Callable[[], datetime]:
    told = iter([now] * most)

    def clock() -> datetime:
        for at in told:
            return at
        raise SystemExit

    return clock


@pytest.mark.parametrize("step", [2, 3, 4], ids=["in the middle", "at its end", "with its file stored"])
def test_a_worker_that_was_slow_leaves_it_to_the_one_that_came_after(
    olga: people.Person, notice: publishing.Announcement, now: datetime, step: int
) -> None:
    asked = porting.ask(by=olga.id, now=now)
    later = now + timedelta(minutes=6)
    steps = 0
    other = []

    def slow() -> datetime:
        nonlocal steps
        steps += 1
        if steps == step:
            other.append(porting.make(export_id=asked.id, clock=lambda: later))
        return now

    assert not porting.make(export_id=asked.id, clock=slow)

    assert other == [True]
    file = porting.take(by=olga.id, export_id=asked.id, now=later)
    with file.content as content:
        assert len(content.read()) == file.size
    assert len(default_storage.listdir("exports")[1]) == 1


def test_what_failed_leaves_nothing_for_long(olga: people.Person, now: datetime) -> None:
    asked = porting.ask(by=olga.id, now=now)
    for tried in range(3):
        with pytest.raises(SystemExit):
            porting.make(export_id=asked.id, clock=_dying(now + timedelta(hours=tried), most=2))
    porting.make(export_id=asked.id, clock=lambda: now + timedelta(hours=4))
    assert default_storage.listdir("exports")[1] != []

    porting.remove_old(now=now + porting.KEPT)

    assert default_storage.listdir("exports")[1] == []
    assert porting.get(by=olga.id, export_id=asked.id).stage == "failed"


def test_over_the_api(
    api: Callable[[people.Person], Api], olga: people.Person, notice: publishing.Announcement, now: datetime
) -> None:
    olgas = api(olga)

    asked = olgas.post("exports", {"kind": "announcements"})
    assert (asked.status_code, asked.json()["stage"]) == (201, "working")
    assert olgas.get(f"exports/{asked.json()['id']}/file").status_code == 409
    porting.make(export_id=asked.json()["id"], clock=lambda: datetime.now(now.tzinfo))

    assert olgas.get("exports").json()["results"] == [olgas.get(f"exports/{asked.json()['id']}").json()]
    answer = olgas.get(f"exports/{asked.json()['id']}/file")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="announcements-')
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None
    assert olgas.post("exports", {"kind": "people"}).status_code == 422
