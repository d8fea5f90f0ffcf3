"""A copy of everything is written while people work, read back, and put in place of what was lost."""

from __future__ import annotations

import hashlib
import json
import stat
import tarfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from announcements.delivery import services as delivery
from announcements.people import services as people
from hub.operations import checkup
from tests.analytics.conftest import publish

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    """Give each test a data folder of its own, with a key and an upload."""
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    (settings.DATA / "secret-key").write_text("the key")
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": settings.DATA / "media"},
        }
    }
    default_storage.save("pictures/1/badge.png", ContentFile(b"a badge"))
    return tmp_path / "data"


def manage(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_what_was_copied_comes_back_and_mail_is_held(olga: people.Person, data: Path, tmp_path: Path, now: Any) -> None:
    said = manage("backup", str(tmp_path / "copy.tar"))
    assert "1 uploads, read back and whole" in said
    made = delivery.last_backup()
    people.invite(by=olga.id, email="late@northwind.test", name="Late", now=now)
    (data / "secret-key").write_text("another")
    default_storage.delete("pictures/1/badge.png")

    manage("restore", str(tmp_path / "copy.tar"), "--replace")

    assert list(people.get_by_email(emails=["olga@northwind.test", "late@northwind.test"])) == ["olga@northwind.test"]
    assert (data / "secret-key").read_text() == "the key"
    assert stat.S_IMODE((data / "secret-key").stat().st_mode) == 0o600
    with default_storage.open("pictures/1/badge.png") as file:
        assert file.read() == b"a badge"
    assert delivery.sending(by=olga.id, now=now).state == "held"
    assert delivery.last_backup() == made


def test_the_doctor_says_that_mail_waits_after_a_restore_until_an_admin_resumes_it(
    olga: people.Person, maya: people.Person, tmp_path: Path, now: Any
) -> None:
    publish(by=olga, audience=people.Audience(everyone=True), now=now)
    manage("backup", str(tmp_path / "copy.tar"))
    assert not list(checkup.held_mail())

    manage("restore", str(tmp_path / "copy.tar"), "--replace")

    (found,) = checkup.held_mail()
    assert (found.state, "backup was restored" in found.said) == ("warning", True)
    delivery.resume_sending(by=olga.id, now=timezone.now())
    assert not list(checkup.held_mail())


def test_mail_is_held_where_static_files_come_with_an_image_that_cannot_be_written(
    olga: people.Person, data: Path, tmp_path: Path, settings: Any, now: Any
) -> None:
    manage("backup", str(tmp_path / "copy.tar"))
    settings.STATIC_ROOT = data / "secret-key" / "static"  # no folder can be there

    manage("restore", str(tmp_path / "copy.tar"), "--replace")

    assert delivery.sending(by=olga.id, now=now).state == "held"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite reads what any SQLite has written")
def test_a_dump_that_this_postgresql_cannot_read_is_refused_before_anything_is_lost(
    olga: people.Person, tmp_path: Path
) -> None:
    path = tmp_path / "later.tar"
    dump = b"PGDMP\x01\x63" + bytes(100)  # of version 1.99
    told = {"format": 1, "made_at": "2026-11-27T03:15:00+00:00", "vendor": "postgresql", "gone": 0}
    told["sha256"] = {"database": hashlib.sha256(dump).hexdigest()}  # type: ignore[assignment]
    with tarfile.open(path, "w") as tar:
        for name, content in (("database", dump), ("manifest.json", json.dumps(told).encode())):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, BytesIO(content))

    with pytest.raises(CommandError, match="pg_restore"):
        manage("restore", str(path), "--replace")
    assert people.person(person_id=olga.id)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite does not tell who else works with it")
def test_nothing_is_put_back_while_others_work_with_the_database(olga: people.Person, tmp_path: Path) -> None:
    manage("backup", str(tmp_path / "copy.tar"))
    with ThreadPoolExecutor(1) as other, ThreadPoolExecutor(1) as another:
        other.submit(lambda: connection.ensure_connection()).result()  # of its own: it is looked up in that thread
        with pytest.raises(CommandError, match="^1 other connection to the database is open. Stop .* a pooler"):
            manage("restore", str(tmp_path / "copy.tar"), "--replace")

        another.submit(lambda: connection.ensure_connection()).result()
        with pytest.raises(CommandError, match="^2 other connections to the database are open. Stop web"):
            manage("restore", str(tmp_path / "copy.tar"), "--replace")
        for one in (other, another):
            one.submit(lambda: connection.close()).result()

    assert people.person(person_id=olga.id)


def test_where_no_copy_can_be_written_is_said_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written by .* Name a file in another folder"):
        manage("backup", str(tmp_path / f"{'long' * 99}.tar"))


def test_only_its_owner_may_read_a_copy(tmp_path: Path) -> None:
    manage("backup", str(tmp_path / "copy.tar"))

    assert stat.S_IMODE((tmp_path / "copy.tar").stat().st_mode) == 0o600


def test_a_copy_takes_the_place_of_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "copy.tar").write_text("older")

    with pytest.raises(CommandError, match="there already"):
        manage("backup", str(tmp_path / "copy.tar"))
    assert (tmp_path / "copy.tar").read_text() == "older"


def test_a_database_that_holds_anything_is_not_overwritten(olga: people.Person, tmp_path: Path) -> None:
    manage("backup", str(tmp_path / "copy.tar"))

    with pytest.raises(CommandError, match="--replace"):
        manage("restore", str(tmp_path / "copy.tar"))
    assert people.person(person_id=olga.id)


@pytest.mark.parametrize("where", [0.1, 0.5, 0.9])
def test_a_damaged_copy_is_refused_before_anything_is_touched(
    olga: people.Person, data: Path, tmp_path: Path, where: float
) -> None:
    path = tmp_path / "copy.tar"
    manage("backup", str(path))
    content = bytearray(path.read_bytes())
    content[int(len(content) * where)] ^= 0xFF
    path.write_bytes(content)
    (data / "secret-key").write_text("another")

    with pytest.raises(CommandError):
        manage("restore", str(path), "--replace")
    assert people.person(person_id=olga.id)
    assert (data / "secret-key").read_text() == "another"


def test_half_a_copy_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "copy.tar"
    manage("backup", str(path))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    with pytest.raises(CommandError):
        manage("backup", "--verify", str(path))


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        entry = tarfile.TarInfo("manifest.json")
        content = json.dumps({"format": 99}).encode()
        entry.size = len(content)
        tar.addfile(entry, BytesIO(content))

    with pytest.raises(CommandError, match="no copy that this version can read"):
        manage("restore", str(tmp_path / "other.tar"), "--replace")


def test_a_copy_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no"):
        manage("restore", str(tmp_path / "none.tar"))
