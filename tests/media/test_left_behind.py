"""Files that a process left behind when it was cut off."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from announcements.media import services, tasks
from announcements.people import services as people
from tests.pictures import picture

HOUR = timedelta(hours=1)


def left(storage: Path, name: str, at: datetime) -> Path:
    """Put a file where uploads come in, as of an instant."""
    file = storage / "images" / "incoming" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"as it came")
    os.utime(file, (at.timestamp(), at.timestamp()))
    return file


def test_what_no_image_waits_for_goes_after_a_day(
    operations: people.Group, ines: people.Person, storage: Path, now: datetime
) -> None:
    nobodys, fresh = left(storage, "0a" * 16, now), left(storage, "0b" * 16, now + 2 * HOUR)
    made = services.upload(by=ines.id, content=picture((40, 30), "PNG"), now=now)
    services.make(image_id=made.id, now=now)
    done = left(storage, made.key, now)  # its worker ended between the row and the file
    waiting = services.upload(by=ines.id, content=picture((40, 30), "PNG"), now=now)
    waits = left(storage, waiting.key, now)

    assert services.remove_left_behind(now=now + 25 * HOUR) == 2

    assert [file.exists() for file in (nobodys, done, fresh, waits)] == [False, False, True, True]
    assert services.get(key=made.key).state == "ready"
    assert services.read(key=made.key).content
    assert services.remove_left_behind(now=now + 25 * HOUR) == 0


def test_where_nothing_ever_came_nothing_is_removed(db: None, storage: Path, now: datetime) -> None:
    assert services.remove_left_behind(now=now) == 0


def test_the_sweep_removes_them(db: None, storage: Path) -> None:
    file = left(storage, "0c" * 16, datetime.now().astimezone() - 25 * HOUR)

    tasks.sweep()

    assert not file.exists()
