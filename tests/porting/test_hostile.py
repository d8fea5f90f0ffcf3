"""What somebody may send instead of announcements: a clear answer by file, nothing half done, and nothing that takes all there is."""

from __future__ import annotations

import io
import json
import struct
import time
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest

from announcements.kernel import errors
from announcements.people import services as people
from announcements.porting import services as porting
from announcements.publishing import services as publishing
from tests.pictures import picture
from tests.porting.bringing import brought, checked, entries, worked, zipped

INDEX = json.dumps({"format": "mantel-announcements", "version": 1})
PAGE = "---\ndate: 2024-05-31\n---\n"
WELL: dict[str, Any] = {
    "key": "1-abc", "title": "Hi", "body": "<p>Hi</p>", "kind": "news", "author": {"email": "", "name": ""},
    "audience": {"everyone": True}, "created_at": "2024-05-31T09:00:00+00:00",
    "published_at": "2024-05-31T09:00:00+00:00",
    "versions": [
        {"number": 1, "title": "Hi", "summary": "", "body": "<p>Hi</p>", "change": "first", "by": {}, "at": "2024-05-31T09:00:00+00:00"}
    ],
}  # fmt: skip


def exported(*said: dict[str, Any] | str, **files: bytes | str) -> bytes:
    """Return an export of what is said, each in its folder."""
    folders = {
        f"announcements/{n}/announcement.json": one if isinstance(one, str) else json.dumps(one)
        for n, one in enumerate(said)
    }
    return zipped({"index.json": INDEX, **folders, **files})


def feed(inside: str, before: str = "") -> bytes:
    """Return RSS with these items."""
    return f'<?xml version="1.0"?>{before}<rss version="2.0"><channel><link>https://b.test</link>{inside}</channel></rss>'.encode()


def lying(content: bytes) -> bytes:
    """Return a zip whose list of files says that it is longer than any memory."""
    end = content.rfind(b"PK\x05\x06")
    return content[: end + 12] + struct.pack("<I", 0xFFFFFF0) + content[end + 16 :]


def many(number: int) -> bytes:
    """Return a zip of so many empty files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(number):
            archive.writestr(f"{n}.md", b"")
    return out.getvalue()


def bomb() -> bytes:
    """Return a small zip that would unpack to more than two gigabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0.md", b"0" * 1_000_000)
    content, inside = out.getvalue(), struct.pack("<I", 1_000_000)
    return content.replace(inside, struct.pack("<I", 0xFFFFFFF0))


LAUGHS = "<!DOCTYPE r [" + "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9)) + "]>"
WHOLE = [
    (b"PK\x03\x04" + b"x" * 100, "a.zip", "This zip is damaged"),
    (lying(zipped({"a.md": "x"})), "a.zip", "This zip is damaged"),
    (bomb(), "a.zip", "would unpack to more than 2 GB"),
    (zipped({"a.txt": "x"}), "a.zip", "no Markdown file"),
    (zipped({"__MACOSX/._a.md": "x", ".hidden/b.md": "x"}), "a.zip", "no Markdown file"),
    (zipped({"index.json": INDEX.replace("1}", "2}")}), "a.zip", "newer Mantel"),
    (b"%PDF-1.7", "a.pdf", "neither a zip"),
    (b"\x00\xff\xfe\x00", "a.bin", "neither a zip"),
    (b"<html><body>Hi</body></html>", "a.xml", "neither RSS nor Atom"),
    (feed("<item><title>&l9;</title></item>", LAUGHS), "a.xml", "defines entities"),
    (feed("<item>&x;</item>", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "a.xml", "defines entities"),
    (feed("<item>") , "a.xml", "Line 1: this is not sound XML"),
    (feed("<item>" + "<b>" * 300 + "</b>" * 300 + "</item>"), "a.xml", "nested deeper"),
    (feed("<item " + " ".join(f'a{n}="x"' for n in range(100)) + "/>"), "a.xml", "says more in one place"),
    (feed("<item><title>Café</title></item>").decode().encode("cp1252"), "a.xml", "not sound XML"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "name", "said"), WHOLE, ids=[said for _content, _name, said in WHOLE])
def test_what_cannot_be_read_says_why(olga: people.Person, now: datetime, content: bytes, name: str, said: str) -> None:
    result = checked(olga, content, now, name)

    assert (result.stage, said in result.fault) == ("unreadable", True), result.fault
    with pytest.raises(porting.NotNow):
        porting.start(by=olga.id, import_id=result.id, now=now)


def test_more_files_than_anybody_writes_are_refused_quickly(olga: people.Person, now: datetime) -> None:
    content = many(20_001)
    began = time.monotonic()

    assert "more than 20000 files" in checked(olga, content, now).fault
    assert time.monotonic() - began < 20


def test_an_empty_file_and_one_too_large_are_refused_at_once(olga: people.Person, now: datetime) -> None:
    for content in (b"", b" \n", b"x" * (porting.MOST_BYTES + 1)):
        with pytest.raises(porting.Unreadable):
            porting.upload(by=olga.id, file_name="a.zip", file=io.BytesIO(content), now=now)

    assert porting.imports(by=olga.id) == []


PAGES = [
    ("# Hi", "says nowhere when"),
    ("---\ntitle: [\n---\n", "Line 3: this is not YAML"),
    ("---\n- a\n- b\n---\n", "has to be lines such as"),
    ("---\na: &a [x]\nb: [*a, *a]\n---\n", "points at another place"),
    ("---\ndate: yesterday\n---\n", "“yesterday” is not a date"),
    ("---\ndate: 2024-13-45\n---\n", "“2024-13-45” is not a date"),
    ("---\ndate: 2099-01-01\n---\nHi", "Only what was said between 1990 and now"),
    ("---\n" + "a: b\n" * 20_000 + "---\n", "too long"),
    ("---\na: " + "[" * 5_000 + "\n---\n", "between the lines of ---"),
    (PAGE + "x" * 400_001, "longer than 400000"),
    (b"\xff\xfe\x00\xd8", "letters of this file"),
]


@pytest.mark.parametrize(("content", "said"), PAGES, ids=[said for _content, said in PAGES])
def test_one_broken_file_says_why_and_keeps_no_other_out(
    olga: people.Person, now: datetime, content: str | bytes, said: str
) -> None:
    result = brought(olga, zipped({"a/broken.md": content, "a/good.md": PAGE + "# Good\n\nHi."}), now)

    (broken,) = entries(olga, result, "problem")
    assert broken.name == "a/broken.md" and said in " ".join(broken.problems), broken.problems
    assert [one.announcement.title for one in publishing.wholes(by=olga.id)] == ["Good"]


SAID: list[tuple[dict[str, Any] | str, str]] = [
    ("[1]", "does not hold an announcement"),
    ("{", "is not JSON"),
    ("[" * 100_000, "is not JSON"),
    (WELL | {"title": 7}, "“title” is not what"),
    (WELL | {"title": "x" * 200}, "title: At most 120"),
    (WELL | {"kind": "sermon"}, "kind: Use one of"),
    (WELL | {"published_at": "soon"}, "“published_at” is not a time"),
    (WELL | {"published_at": "0001-01-01T00:00:00+14:00"}, "“published_at” is not a time"),
    (WELL | {"audience": "everyone"}, "“audience” is not what"),
    (WELL | {"audience": {"groups": [1]}}, "“groups” is not what"),
    (WELL | {"nudge_hours": [True]}, "“nudge_hours” is not what"),
    (WELL | {"nudge_hours": [float("inf")]}, "nudge_hours: At most 3"),
    (WELL | {"versions": []}, "versions: Its last version"),
    (WELL | {"versions": WELL["versions"] * 2000}, "more than 1000 versions"),
    (WELL | {"versions": [WELL["versions"][0] | {"number": "1"}]}, "“versions” is not what"),
    (WELL | {"own_clock": {"day": "x", "time": "y"}}, "“own_clock” is not what"),
]


@pytest.mark.parametrize(("wrong", "said"), SAID, ids=[said for _wrong, said in SAID])
def test_one_broken_announcement_says_why_and_keeps_no_other_out(
    olga: people.Person, now: datetime, wrong: dict[str, Any] | str, said: str
) -> None:
    result = brought(olga, exported(wrong, WELL | {"key": "2-good"}), now)

    (broken,) = entries(olga, result, "problem")
    assert said in " ".join(broken.problems), broken.problems
    assert publishing.count_wholes(by=olga.id) == 1


def test_a_name_that_leads_elsewhere_is_only_a_name(olga: people.Person, now: datetime) -> None:
    names = ("../../etc/cron.d/evil.md", "/etc/passwd.md", "C:\\windows\\evil.md", "a\u202egnp.md")
    pages = {
        name: PAGE + f"# {n}\n\n![x](../../../../etc/passwd) ![y](file:///etc/passwd)" for n, name in enumerate(names)
    }

    result = brought(olga, zipped(pages), now)

    assert (result.counts["new"], result.failed) == (4, 0)
    assert all("stays behind" in " ".join(one.notes) for one in entries(olga, result))
    assert "\u202e" not in "".join(one.name for one in entries(olga, result))


def test_scripts_stay_outside_whatever_brings_them(olga: people.Person, now: datetime) -> None:
    evil = '<p>Hi<script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a></p>'
    said = WELL | {"body": evil, "versions": [WELL["versions"][0] | {"body": evil}]}
    escaped = evil.replace("<", "&lt;").replace('"', "&quot;")
    item = f"<item><title>Hi</title><guid>1</guid><pubDate>Fri, 31 May 2024 09:00:00 GMT</pubDate><description>{escaped}</description></item>"
    markdown = PAGE + "[x](javascript:alert(1)) <script>alert(1)</script>"

    for content, name in ((exported(said), "a.zip"), (feed(item), "a.xml"), (zipped({"a.md": markdown}), "b.zip")):
        assert brought(olga, content, now, name).done == 1

    for one in publishing.wholes(by=olga.id):
        for body in (one.announcement.body, *(version.body for version in one.versions)):
            assert "<script" not in body and "onerror" not in body and 'href="javascript' not in body


def test_pictures_that_are_none_stay_behind_and_are_named(olga: people.Person, now: datetime) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    huge = (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + b"IHDR"
        + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
        + b"\0" * 40
    )
    page = (
        PAGE
        + "# Look\n\n![a](svg.svg)\n\n![b](huge.png)\n\n![c](gone.png)\n\n![d](https://evil.test/pixel.png)\n\n![e](good.png)"
    )
    files = {"a/look.md": page, "a/svg.svg": svg, "a/huge.png": huge, "a/good.png": picture((20, 20))}

    result = brought(olga, zipped(files), now)

    (entry,) = entries(olga, result)
    told = " ".join(entry.notes)
    assert all(name in told for name in ("svg.svg", "huge.png", "gone.png", "pixel.png")) and "good.png" not in told
    (whole,) = publishing.wholes(by=olga.id)
    assert whole.announcement.body.count("<img") == 1


def test_a_file_locked_with_a_password_says_so(olga: people.Person, now: datetime) -> None:
    content = bytearray(zipped({"a.md": PAGE + "Hi"}))
    content[6] |= 1
    content[content.find(b"PK\x01\x02") + 8] |= 1

    result = checked(olga, bytes(content), now)

    assert "locked with a password" in entries(olga, result)[0].problems[0]


def test_the_same_twice_in_a_file_comes_in_once(olga: people.Person, now: datetime) -> None:
    result = brought(olga, exported(WELL, WELL), now)

    assert (result.counts, publishing.count_wholes(by=olga.id)) == ({"new": 1, "here": 0, "problem": 1}, 1)
    assert "stands in the file twice" in entries(olga, result, "problem")[0].problems[0]


def test_two_imports_of_the_same_bring_it_in_once(olga: people.Person, now: datetime) -> None:
    first, second = (checked(olga, exported(WELL), now) for _ in range(2))
    for one in (first, second):
        porting.start(by=olga.id, import_id=one.id, now=now)
    for one in (first, second):
        worked(one.id, now)

    after = porting.import_get(by=olga.id, import_id=second.id)
    assert (after.stage, after.counts["here"], publishing.count_wholes(by=olga.id)) == ("imported", 1, 1)
    porting.undo(by=olga.id, import_id=second.id, now=now)
    worked(second.id, now)
    assert publishing.count_wholes(by=olga.id) == 1, "it was the first that brought it in"


def test_who_is_no_admin_any_more_brings_in_nothing(olga: people.Person, adam: people.Person, now: datetime) -> None:
    given = checked(adam, exported(WELL), now)
    porting.start(by=adam.id, import_id=given.id, now=now)
    people.change_role(by=olga.id, person_id=adam.id, role="member", now=now)

    worked(given.id, now)

    stopped = porting.import_get(by=olga.id, import_id=given.id)
    assert (stopped.stage, publishing.count_wholes(by=olga.id)) == ("stopped", 0)
    porting.start(by=olga.id, import_id=given.id, now=now)
    worked(given.id, now)
    assert porting.import_get(by=olga.id, import_id=given.id).stage == "imported"


def test_only_admins_of_the_company_itself(
    olga: people.Person, ines: people.Person, charlie: people.Person, now: datetime
) -> None:
    given = checked(olga, exported(WELL), now)

    with pytest.raises(errors.Forbidden):
        porting.upload(by=ines.id, file_name="a.zip", file=io.BytesIO(b"x"), now=now)
    for ask in (porting.import_get, porting.entries):
        with pytest.raises(errors.NotFound):
            ask(by=charlie.id, import_id=given.id)
        with pytest.raises(errors.Forbidden):
            ask(by=ines.id, import_id=given.id)
    with pytest.raises(errors.NotFound):
        porting.start(by=charlie.id, import_id=given.id, now=now)


def test_what_nobody_started_is_forgotten_after_seven_days(olga: people.Person, now: datetime) -> None:
    checked(olga, exported(WELL), now)

    assert porting.remove_old_imports(now=now + porting.KEPT - timedelta(seconds=1)) == 0
    assert porting.remove_old_imports(now=now + porting.KEPT) == 1

    assert porting.imports(by=olga.id) == []
