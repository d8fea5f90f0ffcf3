"""Markdown files as others write them, and feeds: what becomes of each part, and that the same is brought in once."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from announcements.delivery import services as delivery
from announcements.kernel import text
from announcements.media import services as media
from announcements.people import services as people
from announcements.porting import services as porting
from announcements.publishing import services as publishing
from tests.internet import PUBLIC, Answer, Internet, internet, says
from tests.pictures import picture
from tests.porting.bringing import brought, checked, entries, worked, zipped

RSS = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Northwind blog</title><link>https://blog.test/</link>
<item><title>Newer &amp;amp; &lt;b&gt;bolder&lt;/b&gt;</title><link>https://blog.test/b</link><guid isPermaLink="false">18</guid>
<dc:creator>Ines</dc:creator><author>ines@northwind.test (Ines)</author><pubDate>Tue, 17 Nov 2020 09:00:00 +0200</pubDate>
<description>In short.</description>
<content:encoded><![CDATA[<p>Long <img src="/i.png"> <a href="/rel">on</a></p>]]></content:encoded></item>
<item><title>Older</title><guid isPermaLink="false">17</guid><pubDate>Mon, 16 Nov 2020 09:00:00 GMT</pubDate>
<description>&lt;p&gt;All of it.&lt;/p&gt;</description></item>
<item><title>Without a date</title><guid isPermaLink="false">16</guid></item>
</channel></rss>"""
ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><id>urn:x</id>
<entry><id>urn:1</id><title type="html">A &amp;lt;b&amp;gt; c</title><updated>2020-01-02T03:04:05Z</updated>
<published>2020-01-01T03:04:05+01:00</published><author><name>Ines</name><email>INES@northwind.test</email></author>
<summary>Short</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hi <em>you</em></p></div></content></entry>
<entry><id>urn:2</id><title>Plain</title><updated>2020-02-02T03:04:05Z</updated><content type="text">a &lt; b

c</content></entry></feed>"""


def said(by: people.Person) -> list[publishing.Announcement]:
    return [one.announcement for one in publishing.wholes(by=by.id)]


def test_front_matter_says_what_it_says(olga: people.Person, ines: people.Person, now: datetime) -> None:
    page = """---
Title: No
description: In short, we move.
date: 2024-05-31 08:30
author: Ines Carvalho <ines@northwind.test>
kind: decision
expires: 2030-01-01
audience: everyone
tags: [a, b]
---
We **move**.

- [x] packed
"""
    assert brought(olga, zipped({"posts/move.md": page}), now).done == 1

    (one,) = said(olga)
    assert (one.title, one.summary, one.kind, one.author_id) == ("No", "In short, we move.", "decision", ines.id)
    assert one.published_at == datetime(2024, 5, 31, 6, 30, tzinfo=UTC), "in the company's zone"
    assert one.audience.everyone and one.expires_at and "<strong>move</strong>" in one.body
    assert 'data-done="true"' in one.body


def test_a_file_without_front_matter_is_understood_by_its_name_and_heading(olga: people.Person, now: datetime) -> None:
    files = {"2024-05-31-we-move.md": "Hi.", "2024-06-01/index.md": "x", "2024-06-02-x.markdown": "# Dock 6\n\nHi."}

    brought(olga, zipped(files), now)

    assert [(one.title, one.body) for one in said(olga)] == [
        ("We move", "<p>Hi.</p>"), ("", "<p>x</p>"), ("Dock 6", "<p>Hi.</p>"),
    ][:1] + [("Dock 6", "<p>Hi.</p>")]  # fmt: skip


def test_pictures_beside_a_page_come_with_it(olga: people.Person, now: datetime) -> None:
    page = '---\ndate: 2024-05-31\n---\n![Dock](<../img/My Dock.png> "t")\n\n![Dock](../img/My%20Dock.png)\n\n`![no](x.png)`'

    brought(olga, zipped({"a/posts/dock.md": page, "a/img/My Dock.png": picture((30, 20))}), now)

    (one,) = said(olga)
    (key,) = text.image_keys(one.body)
    image = media.get(key=key)
    assert (image.width, image.uploader_id, one.body.count("<img")) == (30, olga.id, 2)


def test_no_batch_has_more_pictures_than_a_worker_is_done_with_soon(olga: people.Person, now: datetime) -> None:
    each, files = 8, {}
    for n in range(4):
        names = [f"{n}-{place}.png" for place in range(each)]
        files |= {name: picture((30 + n, 20)) for name in names}
        files[f"{n}.md"] = f"---\ndate: 2024-05-3{n % 2}\n---\n" + "\n\n".join(f"![Dock]({name})" for name in names)
    given = checked(olga, zipped(files), now)
    porting.start(by=olga.id, import_id=given.id, now=now)

    done = []
    while porting.work(import_id=given.id, now=now):
        done.append(porting.import_get(by=olga.id, import_id=given.id).done)

    assert done == [2, 4]


def test_whom_a_page_was_for_is_never_taken_for_everyone(
    olga: people.Person, maya: people.Person, adam: people.Person, operations: people.Group, now: datetime
) -> None:
    people.change_role(by=olga.id, person_id=adam.id, role="member", now=now)
    pages = {
        f"{n}.md": f"---\ndate: 2024-05-31\naudience: {who}\n---\nHi"
        for n, who in enumerate(("operations", "The board"))
    }

    result = brought(olga, zipped(pages), now)

    assert [one.title for one in delivery.archive(by=maya.id, now=now)] == ["0"]
    assert delivery.archive(by=adam.id, now=now) == []
    assert any("no group here" in note for one in entries(olga, result) for note in one.notes)


def test_a_draft_stays_a_draft(olga: people.Person, now: datetime) -> None:
    brought(olga, zipped({"a.md": "---\ndraft: true\ndate: 2024-05-31\n---\nHi"}), now)

    assert [one.state(now) for one in said(olga)] == ["draft"]


def test_words_in_another_encoding_are_read_and_it_is_said(olga: people.Person, now: datetime) -> None:
    result = brought(olga, "---\ndate: 2024-05-31\n---\n# Café".encode("cp1252"), now, "cafe.md")

    assert [one.title for one in said(olga)] == ["Café"]
    assert "Windows-1252" in entries(olga, result)[0].notes[0]


def test_a_page_is_known_by_its_path_whatever_folder_is_around(olga: people.Person, now: datetime) -> None:
    page = "---\ndate: 2024-05-31\n---\n# Hi"
    brought(olga, zipped({"blog-main/a.md": page, "blog-main/b.md": page}), now)

    again = checked(olga, zipped({"blog-2/a.md": page + " there", "blog-2/c.md": page, "blog-2/b.md": page}), now)

    assert again.counts == {"new": 1, "here": 2, "problem": 0}


def test_rss_is_brought_in_oldest_first(olga: people.Person, ines: people.Person, now: datetime) -> None:
    result = brought(olga, RSS, now, "feed.xml")

    older, newer = said(olga)
    assert (older.title, older.body, older.author_id) == ("Older", "<p>All of it.</p>", olga.id)
    assert (newer.title, newer.summary, newer.author_id) == ("Newer & bolder", "In short.", ines.id)
    assert newer.published_at == datetime(2020, 11, 17, 7, 0, tzinfo=UTC)
    assert 'href="https://blog.test/rel"' in newer.body and "<img" not in newer.body
    (broken,) = entries(olga, result, "problem")
    assert "does not say when" in broken.problems[0]
    assert ["A picture stands elsewhere and stays behind."] in [list(one.notes) for one in entries(olga, result, "new")]
    assert checked(olga, RSS, now, "again.rss").counts == {"new": 0, "here": 2, "problem": 1}


def test_atom_is_brought_in(olga: people.Person, ines: people.Person, now: datetime) -> None:
    brought(olga, ATOM, now, "atom.xml")

    plain, rich = said(olga)
    assert (rich.title, rich.summary, rich.author_id) == ("A <b> c", "Short", ines.id)
    assert rich.body == "<p>Hi <em>you</em></p>" and rich.published_at == datetime(2020, 1, 1, 2, 4, 5, tzinfo=UTC)
    assert plain.body == "<p>a &lt; b</p><p>c</p>"


def pouring(content: bytes) -> Answer:
    """Return what answers with a body."""

    def answer(handler: object) -> None:
        handler.send_response(200)  # type: ignore[attr-defined]
        handler.send_header("Content-Length", str(len(content)))  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]
        handler.wfile.write(content)  # type: ignore[attr-defined]

    return answer


@pytest.fixture
def net(monkeypatch: pytest.MonkeyPatch) -> object:
    with internet(monkeypatch) as net:
        yield net


def fetched(olga: people.Person, address: str, now: datetime) -> porting.Import:
    given = porting.fetch(by=olga.id, address=address, now=now)
    assert given.stage == "fetching"
    worked(given.id, now)
    return porting.import_get(by=olga.id, import_id=given.id)


def test_a_feed_is_fetched_where_its_address_leads(olga: people.Person, net: Internet, now: datetime) -> None:
    net.pages |= {"/feed": says(301, Location="/rss.xml"), "/rss.xml": pouring(RSS)}

    result = fetched(olga, " http://site.test/feed ", now)

    assert (result.stage, result.form, result.counts["new"]) == ("checked", "feed", 2)
    assert {place[0] for place in net.connected} == {PUBLIC}
    _method, _path, sent = net.asked[0]
    assert "cookie" not in sent and "authorization" not in sent


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://site.test/gone", "error (404)"),
        ("http://nowhere.test/", "name is not known"),
        ("http://127.0.0.1/feed", "public internet"),
        ("http://169.254.169.254/latest", "public internet"),
        ("http://inside.test/feed", "public internet"),
        ("http://site.test/inside", "public internet"),
        ("http://site.test/round", "leads on and on"),
        ("http://site.test/html", "neither RSS nor Atom"),
        ("http://site.test/empty", "empty"),
    ],
)
def test_an_address_that_gives_nothing_says_why(
    olga: people.Person, net: Internet, now: datetime, address: str, why: str
) -> None:
    net.names["inside.test"] = [["10.0.0.7"]]
    net.pages |= {
        "/inside": says(302, Location="http://10.0.0.7/"), "/round": says(302, Location="/round"),
        "/html": pouring(b"<!doctype html><html><body>Hi</body></html>"), "/empty": pouring(b""),
    }  # fmt: skip

    result = fetched(olga, address, now)

    assert result.stage == "unreadable" and (why in result.fault or why == "neither RSS nor Atom"), result.fault
    assert all(place[0] == PUBLIC for place in net.connected)


@pytest.mark.parametrize("address", ["", "ftp://site.test/", "file:///etc/passwd", "https://" + "x" * 2000])
def test_what_is_no_address_is_refused_at_once(olga: people.Person, now: datetime, address: str) -> None:
    with pytest.raises(porting.Unreadable) as refusal:
        porting.fetch(by=olga.id, address=address, now=now)

    assert list(refusal.value.fields) == ["address"]


def test_our_own_markdown_alone_can_be_brought_in_too(
    olga: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    index = json.dumps({"format": "other"})
    page = (
        "---\ntitle: Dock 4 closes\npublished: null\ncreated: 2024-05-31T09:00:00+00:00\naudience: Operations\n---\nHi"
    )

    result = brought(olga, zipped({"index.json": index, "x/index.md": page}), now)

    assert (result.form, said(olga)[-1].published_at) == ("markdown", None)
