"""A mail that is made once for many says to each exactly what one made for them alone would."""

from __future__ import annotations

import base64
import email.policy
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from announcements.delivery._missed import Missed, Pile
from announcements.delivery.channels import mail
from announcements.kernel import letters, stencils, text
from announcements.people import services as people
from announcements.publishing import services as publishing

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
PIXEL = base64.b64decode(
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
# What mail and its encodings treat apart, and long words, between whatever else there is.
TRICKY = st.sampled_from(
    [".", "..", "=", "=3D", "%", "%(x)s", "\r", "\n", "\r\n", "\n.\n", " \n", "\t", "-- ", "From ", "&", "<b>", "🚢",
     "שלום", "e\u0301", "w" * 1000, '"', "'", ",", "\\", "{{ x }}", "gap"]
)  # fmt: skip
ANY = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=60)
WORDS = st.lists(TRICKY | ANY, max_size=8).map("".join)
NAMES = WORDS.map(lambda said: text.one_line(said[:80]))  # as every door keeps them
ADDRESSES = st.sampled_from(["maya@northwind.test", "o'neil+x@northwind.test", "a" * 60 + "@northwind.test"])
PLACES = st.sampled_from(["UTC", "Asia/Kolkata", "Pacific/Auckland", "America/St_Johns"])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  its zone is given beside it
# One press for all examples: whatever it does not tell apart, it would mix up.
PRESS = mail.Press()
whatever = settings(
    max_examples=25, phases=(Phase.explicit, Phase.generate), deadline=None, suppress_health_check=list(HealthCheck)
)


def read(made: mail.Mail) -> tuple[Any, ...]:
    """Return what a mail program makes of a mail: headers, and each part decoded."""
    message = cast(EmailMessage, message_from_bytes(made.data, policy=email.policy.default))
    assert not message.defects
    # The parser puts a space between the encoded words of a name, wherever it was that they had to be parted.
    headers = {name: "".join(str(value).split()) for name, value in message.items() if name != "Content-Type"}
    parts = [
        (part.get_content_type(), part["Content-ID"], part.get_content())
        for part in message.walk()
        if not part.is_multipart()
    ]
    return made.sender, made.recipient, made.message_id, headers, message.get_content_type(), parts


def fit_to_send(made: mail.Mail) -> bool:
    """Tell whether any server takes its lines: seven bits, short, ended by CRLF, none with a dot in front that would be taken off."""
    lines = made.data.split(b"\r\n")
    assert made.dotless
    assert not any(one.startswith(b".") for one in lines)
    return made.data.isascii() and max(map(len, lines)) < 998 and not any(b"\n" in one or b"\r" in one for one in lines)


@pytest.fixture
def someone(ines: people.Person, notice: publishing.Announcement) -> Callable[..., Any]:
    """Return what draws a mail's reader, company, author and announcement from whatever was given."""
    workspace = people.workspace(workspace_id=ines.workspace_id)

    def drawn(draw: Any) -> tuple[people.Person, mail.Letterhead, people.Person, publishing.Announcement]:
        reader = replace(
            ines, id=draw(st.integers(1, 10**12)), epoch=draw(st.integers(0, 10**6)), name=draw(NAMES), email=draw(ADDRESSES),
            timezone=draw(PLACES), locale=draw(st.sampled_from(["en", "de", "he"])),
        )  # fmt: skip
        logo = draw(st.sampled_from(["", "5f" * 32]))
        head = mail.Letterhead(
            replace(workspace, name=draw(NAMES), logo=logo), draw(st.sampled_from(["mantel@localhost", "news@northwind.test"])), PIXEL if logo else b""
        )  # fmt: skip
        author = replace(ines, name=draw(NAMES), title=draw(NAMES), email=draw(ADDRESSES))
        said = replace(
            notice, title=draw(WORDS)[:120], body=text.sanitize("<p>" + draw(WORDS) + "</p>"), minutes=draw(st.integers(1, 90)), version=draw(st.integers(1, 9)),
            deadline=draw(st.none() | MOMENTS), published_at=draw(MOMENTS), nudge_hours=(1.0,) * draw(st.integers(0, 3)),
        )  # fmt: skip
        return reader, head, author, said

    return drawn


@whatever
@given(data=st.data())
def test_a_nudge_from_the_press_says_what_one_made_alone_says(someone: Any, data: Any) -> None:
    reader, head, author, said = someone(data.draw)
    step = (data.draw(st.sampled_from([1, 2, 101])), len(said.nudge_hours))
    confirmed = data.draw(st.integers(0, 3)), data.draw(st.integers(3, 2000))
    asked = mail.Asked(said, author, step, confirmed, data.draw(NAMES))

    hours = replace(reader.working_time, starts=time(data.draw(st.integers(0, 12))))
    for person in (
        reader,
        replace(reader, id=reader.id + 1, name="Maya", email="m@northwind.test", working_time=hours),
    ):
        alone = mail.nudges(head=head, asked=asked, now=MONDAY)(person)
        pressed = mail.nudges(head=head, asked=asked, now=MONDAY, press=PRESS)(person)
        assert read(pressed) == read(alone)
        assert fit_to_send(pressed)


@whatever
@given(data=st.data())
def test_a_digest_from_the_press_says_what_one_made_alone_says(someone: Any, data: Any) -> None:
    reader, head, _author, _said = someone(data.draw)
    ids = data.draw(st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True))
    items = tuple(
        Missed(
            one,
            data.draw(WORDS),
            data.draw(WORDS),
            data.draw(st.booleans()),
            data.draw(WORDS),
            one,
            data.draw(st.none() | MOMENTS),
            data.draw(st.integers(1, 9)),
        )
        for one in ids
    )

    period, more = data.draw(st.sampled_from(["2026-W47", "2026-11-20"])), data.draw(st.integers(0, 12))
    quarter = st.tuples(st.integers(0, 12), st.integers(1, 12)).map(lambda said: (min(said), max(said)))

    for person in (reader, replace(reader, id=reader.id + 1, name=data.draw(NAMES), email="m@northwind.test")):
        pile = Pile(items, tuple(data.draw(MOMENTS) for _item in items), more)
        recap = mail.Recap(pile, period, data.draw(st.none() | quarter))
        alone = mail.digests(head=head, now=MONDAY)(person, recap)
        pressed = mail.digests(head=head, now=MONDAY, press=PRESS)(person, recap)
        assert read(pressed) == read(alone)
        assert fit_to_send(pressed)


def test_lines_are_short_and_none_begins_with_a_dot_whatever_is_said(ines: people.Person) -> None:
    body = "\n".join([".", "..", "x" * 300, ". a", "w" * 75 + ".", ".", "é" * 200 + "."])

    def write(gaps: Any) -> letters.Letter:
        said = {"subject": "S", "text": f"{body}\n{gaps['key']}\n.", "parts": [], "foot": ""}
        return letters.Letter(kind="account", to=("", ""), sender="M", context={"said": said}, headers={})

    own = stencils.Own(("Maya", "maya@northwind.test"), {"Message-ID": "<1@hub.test>"}, {"key": "." * 300})
    made = stencils.cut(write, ("key",)).fill(own, now=MONDAY)

    assert b"\r\n." not in made.data
    assert max(map(len, made.data.split(b"\r\n"))) <= 80
    assert f"{body}\n{'.' * 300}\n." in read(made)[-1][0][2].replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("headers", "gaps"),
    [({"X-A": "1\r\nBcc: all@northwind.test"}, {"key": "1"}), ({"X-A": "1\nX: 1"}, {"key": "1"}), ({}, {"key": "a b"}), ({}, {"key": "a=\r\n"})],
)  # fmt: skip
def test_what_would_leave_its_place_is_refused(headers: dict[str, str], gaps: dict[str, str]) -> None:
    stencil = stencils.Stencil("mantel@localhost", (b"", b"Subject: S\r\n\r\n", b""), ((2, "key"),))
    own = stencils.Own(("Maya", "maya@northwind.test"), {"Message-ID": "<1@hub.test>", **headers}, gaps)

    with pytest.raises(ValueError, match=r"line|quoted"):
        stencil.fill(own, now=MONDAY)


def test_a_press_forgets_the_oldest_when_it_holds_many() -> None:
    press, cuts = mail.Press(), list[int]()
    stencil = stencils.Stencil("mantel@localhost", (b"",), ())
    own = stencils.Own(("Maya", "maya@northwind.test"), {"Message-ID": "<1@hub.test>"}, {})

    def printed(n: int) -> None:
        def cut() -> stencils.Stencil:
            cuts.append(n)
            return stencil

        press.print(n, cut, own, now=MONDAY)

    for n in (*range(press.MOST + 1), press.MOST, 0):
        printed(n)

    assert cuts == [*range(press.MOST + 1), 0]
