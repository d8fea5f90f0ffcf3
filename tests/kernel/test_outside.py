"""Links are looked at on the public internet alone, whatever they say, and nobody keeps us waiting."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from announcements.kernel import outside
from announcements.kernel.outside import Seen
from tests.internet import PUBLIC, Answer, Internet, drips, internet, pours, says

ANSWERS, UNSEEN = Seen("answers", status=200), Seen("unseen")


@pytest.fixture
def net(monkeypatch: pytest.MonkeyPatch) -> Iterator[Internet]:
    with internet(monkeypatch) as net:
        net.pages["/"] = says(200)
        yield net


def look(url: str) -> Seen:
    return outside.look([url])[url]


def test_a_page_that_is_there_answers(net: Internet) -> None:
    assert look("http://site.test/") == ANSWERS
    assert net.connected == [(PUBLIC, 80)]


def test_it_says_who_asks_and_gives_nothing_else_away(net: Internet) -> None:
    look("http://site.test/")

    [(method, path, headers)] = net.asked
    assert (method, path) == ("HEAD", "/")
    assert headers["user-agent"] == "Mantel link check"
    assert headers["host"] == "site.test"
    assert not {"cookie", "authorization", "referer"} & set(headers)


@pytest.mark.parametrize(
    ("status", "seen"),
    [
        (404, Seen("dead", "status", 404)),
        (410, Seen("dead", "status", 410)),
        (503, Seen("dead", "status", 503)),
        (401, Seen("answers", status=401)),
        (403, Seen("answers", status=403)),
        (429, Seen("answers", status=429)),
    ],
)
def test_what_is_gone_is_dead_and_what_asks_for_a_sign_in_is_not(net: Internet, status: int, seen: Seen) -> None:
    net.pages["/x"] = says(status)

    assert look("http://site.test/x") == seen


def test_a_server_that_refuses_to_be_asked_briefly_is_asked_for_one_byte(net: Internet) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        says(405 if handler.command == "HEAD" else 206)(handler)

    net.pages["/x"] = answer

    assert look("http://site.test/x") == Seen("answers", status=206)
    assert [method for method, *_ in net.asked] == ["HEAD", "GET"]
    assert net.asked[1][2]["range"] == "bytes=0-0"


def test_a_name_that_nobody_knows_is_dead(net: Internet) -> None:
    assert look("http://nowhere.test/") == Seen("dead", "unknown_host")
    assert net.connected == []


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "017700000001", "0x7f000001", "0x7f.1", "0", "0.0.0.0", "10.0.0.1"),
        *("172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16"),
        *("224.0.0.1", "255.255.255.255", "198.18.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
        *("[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]"),
        *("[ff02::1]", "[2001:db8::1]", "[100::1]", "[4000::1]"),
    ],
)
def test_no_address_within_is_ever_connected_to(net: Internet, host: str) -> None:
    assert look(f"http://{host}/") == UNSEEN
    assert net.connected == []


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fe80::1"])
def test_a_name_that_leads_within_is_not_followed(net: Internet, address: str) -> None:
    net.names["inner.test"] = [[address]]
    net.names["both.test"] = [[PUBLIC, address]]

    assert look("http://inner.test/") == look("http://both.test/") == UNSEEN
    assert net.connected == []


def test_a_name_that_changes_its_mind_is_held_to_what_was_looked_at(net: Internet) -> None:
    net.names["rebind.test"] = [[PUBLIC], ["127.0.0.1"]]

    assert look("http://rebind.test/") == ANSWERS
    assert net.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://site.test/", "file:///etc/passwd", "gopher://site.test/", "javascript:alert(1)", "//site.test/", ""),
        *("http://user@site.test/", "http://site.test:pass@127.0.0.1/", "http://site.test\\@127.0.0.1/"),
        *("http://site.test:22/", "http://site.test:6379/", "http://site.test:99999/", "http://site.test:x/"),
        *("http://", "http:///x", "http://[::1", f"http://{'a' * 64}.test/"),
    ],
)
def test_what_is_not_addressed_as_a_page_is_not_asked_for(net: Internet, url: str) -> None:
    assert look(url) == UNSEEN
    assert net.connected == []


@pytest.mark.parametrize(
    "to", ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.1/", "file:///etc/passwd", "http://2130706433/"]
)
def test_a_redirect_that_leads_within_is_not_followed(net: Internet, to: str) -> None:
    net.pages["/away"] = says(302, Location=to)

    assert look("http://site.test/away") == UNSEEN
    assert [place for place in net.connected if place != (PUBLIC, 80)] == []


def test_redirects_are_followed_three_times(net: Internet) -> None:
    for step in range(5):
        net.pages[f"/{step}"] = says(301, Location=f"/{step + 1}")
    net.pages["/5"] = says(200)

    assert look("http://site.test/2") == ANSWERS
    assert look("http://site.test/1") == Seen("dead", "too_many_redirects")


def test_a_redirect_cannot_smuggle_a_header(net: Internet) -> None:
    net.pages["/away"] = says(302, Location="http://site.test/%0d%0aX-Bad:%201 x\ty")

    look("http://site.test/away")

    assert all("x-bad" not in headers for *_, headers in net.asked)


def test_a_server_that_drips_is_hung_up_on(net: Internet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "SECONDS", 0.5)
    net.pages["/slow"] = drips(20)
    started = time.monotonic()

    assert look("http://site.test/slow") == Seen("dead", "no_answer")
    assert time.monotonic() - started < 4


def test_a_body_without_end_is_not_read(net: Internet) -> None:
    net.pages["/endless"] = pours
    started = time.monotonic()

    assert look("http://site.test/endless") == ANSWERS
    assert time.monotonic() - started < 4


def test_no_more_than_fifty_are_looked_at(net: Internet) -> None:
    urls = [f"http://site.test/?{n}" for n in range(60)]

    assert len(outside.look(urls)) == 50


def test_what_was_seen_is_known_for_a_while_and_looked_at_by_one(net: Internet) -> None:
    url = "http://site.test/"
    assert outside.known([url]) == {}
    assert outside.claim([url]) == [url]
    assert outside.claim([url]) == []

    outside.look([url])

    assert outside.known([url, "http://site.test/other"]) == {url: ANSWERS}


# -- what an address holds -----------------------------------------------------------------------------------------------


def holds(content: bytes, **headers: str) -> Answer:
    """Return what answers with a body."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def test_what_an_address_holds_is_fetched_where_it_leads(net: Internet) -> None:
    net.pages |= {"/feed": says(302, Location="/there"), "/there": holds(b"x" * 200_000)}

    file = io.BytesIO()
    outside.fetch("http://site.test/feed", into=file, most=200_000)

    assert file.getvalue() == b"x" * 200_000
    assert [method for method, *_ in net.asked] == ["GET", "GET"]


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (holds(b"x" * 1001), "too_large"),
        (pours, "too_large"),
        (holds(b"x", Content_Encoding="gzip"), "no_answer"),
        (says(500), "status"),
        (says(204), "status"),
        (says(302, Location="http://127.0.0.1/"), "unseen"),
        (says(302, Location="/x"), "too_many_redirects"),
    ],
)
def test_what_cannot_be_fetched_says_why(net: Internet, page: Answer, why: str) -> None:
    net.pages["/x"] = page

    with pytest.raises(outside.NotFetched) as refusal:
        outside.fetch("http://site.test/x", into=io.BytesIO(), most=1000)

    assert refusal.value.why == why


def test_nobody_keeps_us_fetching(net: Internet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "FETCH_SECONDS", 0.4)
    net.pages["/slow"] = drips(5)
    began = time.monotonic()

    with pytest.raises(outside.NotFetched, match="no_answer"):
        outside.fetch("http://site.test/slow", into=io.BytesIO(), most=1000)

    assert time.monotonic() - began < 3
