"""The bytes of our mail: both parts, the headers that other mail servers ask for, and nothing that loads from anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.delivery.conftest import Announce
from tests.delivery.postbox import Postbox

DAY = timedelta(days=1)
MONDAY_NINE = datetime(2026, 11, 23, 8, tzinfo=UTC)
BODY = (
    "<h2>What changes</h2><p>No load &amp; no crate<br>leaves &lt;6 digits&gt;&nbsp;long.</p><hr>"
    '<ul><li>One <a href="https://customs.example/a?b=1&amp;c=2">form</a></li></ul>'
    "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table><p>.\n.. a dot</p><p>João 🚢</p>"
)
Tick = Callable[[datetime], int]


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found
    return str(found.get_content())


@pytest.fixture
def nudge(announce: Announce, maya: people.Person, postbox: Postbox, tick: Tick, now: datetime) -> EmailMessage:
    """Return the nudge that Maya gets a day after publishing."""
    announce("Dock <4> closes, João says", body=BODY, nudge_hours=(24,), deadline=now + 2 * DAY)
    tick(now + DAY)
    [mail] = postbox.to(maya.email)
    return mail


@pytest.fixture
def digest(announce: Announce, maya: people.Person, postbox: Postbox, tick: Tick, now: datetime) -> EmailMessage:
    """Return Maya's digest of the week."""
    announce("Dock <4> closes", body=BODY, ask_acknowledge=False)
    tick(now)
    tick(MONDAY_NINE)
    [mail] = postbox.to(maya.email)
    return mail


@pytest.fixture(params=["nudge", "digest"])
def mail(request: pytest.FixtureRequest) -> EmailMessage:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, EmailMessage)
    return found


def test_it_says_the_same_as_text_and_as_a_page(nudge: EmailMessage) -> None:
    assert [p.get_content_type() for p in nudge.iter_parts()] == ["text/plain", "text/html"]
    plain, page = part(nudge, "plain"), part(nudge, "html")
    assert "Dock <4> closes, João says" in plain
    assert "Dock &lt;4&gt; closes" in page
    for words in (
        "What changes",
        "João 🚢",
        ".. a dot",
        "Ines Carvalho",
        "To Operations.",
        "Please confirm by Wednesday 18 November, 10:00",
    ):
        assert words in plain
        assert words in page
    assert "No load & no crate" in plain
    assert "leaves <6 digits>\xa0long." in plain
    link = re.search(r"Mark as read: (\S+)", plain)
    assert link
    assert f'href="{link[1]}"' in page


def test_it_has_the_color_of_the_company_and_takes_it_on_at_once(
    announce: Announce, olga: people.Person, maya: people.Person, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    announce("Dock 4 closes", nudge_hours=(24, 48))
    tick(now + DAY)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(brand_hue=270), now=now + DAY)
    tick(now + 2 * DAY)

    green, blue = (part(mail, "html") for mail in postbox.to(maya.email))
    for page, own, other in ((green, ("#20654b", "#71cda7"), "#455483"), (blue, ("#455483", "#9db4fb"), "#20654b")):
        assert all(color in page for color in own)
        assert other not in page


def test_other_servers_are_told_what_it_is(mail: EmailMessage) -> None:
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<http://hub\.test/unsubscribe/[\w.-]+>", mail["List-Unsubscribe"].strip())
    assert mail["List-Id"].endswith(".mantel.hub.test>")
    assert mail["To"] == "Maya Lindqvist <maya@northwind.test>"
    assert "mantel@localhost" in mail["From"]


def test_a_nudge_is_answered_to_its_author_and_dated_when_it_went(nudge: EmailMessage, now: datetime) -> None:
    assert nudge["From"] == "Ines Carvalho · Northwind <mantel@localhost>"
    assert nudge["Reply-To"] == "Ines Carvalho <ines@northwind.test>"
    assert parsedate_to_datetime(nudge["Date"]) == now + DAY


def test_it_loads_nothing_and_carries_no_pixel(mail: EmailMessage) -> None:
    page = part(mail, "html")

    assert not re.search(r"<(img|script|link|iframe|object|video)\b|url\(|@import|\bsrc=|\bbackground=\"http", page)
    assert "prefers-color-scheme:dark" in page
    assert '<meta name="color-scheme" content="light dark">' in page


def test_it_is_small_and_its_lines_are_short(mail: EmailMessage) -> None:
    data = mail.as_bytes()

    assert len(data) < 102 * 1024
    assert max(map(len, data.splitlines())) <= 100
    assert data.isascii(), "a server need not take eight bits"


def test_the_same_nudge_has_the_same_id_and_steps_differ(
    announce: Announce, maya: people.Person, joao: people.Person, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    announce(nudge_hours=(24, 48))
    postbox.refusals[maya.email] = "451 later"
    tick(now + DAY)
    tick(now + 2 * DAY)
    postbox.refusals.clear()
    tick(now + 2 * DAY + timedelta(hours=2))

    ids = [mail["Message-ID"] for mail in postbox.mails]
    assert len(set(ids)) == len(ids)
    first, second = postbox.to(joao.email)
    assert first["References"] == first["In-Reply-To"] == second["References"]
    assert re.fullmatch(r"<[0-9a-f]{32}@hub\.test>", first["Message-ID"])


def test_a_mail_that_is_made_again_keeps_its_id(
    announce: Announce, maya: people.Person, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    announce(nudge_hours=(24,))
    postbox.data_refusals.append("451 4.3.0 Try again")
    tick(now + DAY)
    tick(now + DAY + timedelta(hours=1))

    ids = [mail["Message-ID"] for mail in postbox.refused + postbox.mails]
    assert len(ids) == 4
    assert len(set(ids)) == 3


def test_a_company_of_any_name_has_a_list_id_that_can_be_read(
    olga: people.Person, maya: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(name='Nørthwind, "Ltd"'), now=now)
    announce(nudge_hours=(24,))

    tick(now + DAY)

    [mail] = postbox.to(maya.email)
    raw = next(line for line in mail.as_string().splitlines() if line.startswith("List-Id"))
    assert raw.endswith(f"<{olga.workspace_id}.mantel.hub.test>")
    assert mail["From"].addresses[0].display_name == 'Ines Carvalho · Nørthwind, "Ltd"'


def test_a_name_cannot_add_a_header(
    olga: people.Person, maya: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    sneaky = people.ProfileChanges(name="Maya\r\nBcc: all@northwind.test")
    people.update_profile(by=maya.id, changes=sneaky, now=now)
    announce("Dock 4\r\nBcc: all@northwind.test", nudge_hours=(24,))

    tick(now + DAY)

    assert len(postbox.mails) == 3
    assert all(mail["Bcc"] is None for mail in postbox.mails)


def test_a_long_body_stays_below_what_mail_programs_cut(
    announce: Announce, maya: people.Person, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    announce(body="<p>" + "All loads wait. " * 1200 + "</p>", nudge_hours=(24,))

    tick(now + DAY)

    [mail] = postbox.to(maya.email)
    assert len(mail.as_bytes()) < 102 * 1024


def test_a_digest_is_told_apart_from_a_person_writing(digest: EmailMessage) -> None:
    assert digest["Precedence"] == "bulk"
    assert digest["From"] == "Northwind <mantel@localhost>"
    assert digest["Reply-To"] is None


def test_the_author_is_named_where_they_see_who_confirmed(
    announce: Announce, ines: people.Person, maya: people.Person, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    notice: publishing.Announcement = announce(nudge_hours=(24,))
    delivery.acknowledge(by=ines.id, announcement_id=notice.id, version=1, now=now)

    tick(now + DAY)

    [mail] = postbox.to(maya.email)
    assert "1 of 3 people have confirmed" in part(mail, "plain")
    assert "because Ines asked you to confirm" in part(mail, "plain")
