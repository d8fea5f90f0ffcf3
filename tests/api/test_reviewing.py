"""Before it goes out: the checklist says what to look at, and only what publishing refuses blocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from announcements.delivery import services as delivery
from announcements.delivery import tasks
from announcements.people import services as people
from tests.internet import PUBLIC, internet, says

Checks = Callable[..., dict[str, dict[str, Any]]]
LINKS = '<p><a href="http://site.test/">one</a> <a href="http://site.test/gone">two</a></p>'


def soon(**span: float) -> str:
    return (datetime.now(UTC) + timedelta(**span)).isoformat()


@pytest.fixture
def checks(api: Any, ines: people.Person, operations: people.Group) -> Checks:
    """Return what drafts something to Operations, and answers its checklist by name."""

    def ask(query: str = "", **said: Any) -> dict[str, dict[str, Any]]:
        draft = {"title": "Dock 4 closes", "body": "<p>From Monday on.</p>"}
        draft |= {"audience": {"group_ids": [operations.id]}} | said
        made = api(ines).post("announcements", draft).json()
        found = api(ines).get(f"announcements/{made['id']}/checks{query}")
        assert found.status_code == 200, found.content
        return {check["name"]: check | {"id": made["id"]} for check in found.json()["results"]}

    return ask


def states(found: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {name: check["state"] for name, check in found.items()}


def test_a_plain_draft_has_nothing_but_its_test_to_look_at(checks: Checks) -> None:
    found = checks()

    assert states(found) == {"title": "ok", "audience": "ok", "minutes": "ok", "load": "ok", "test": "warn"}
    assert list(found) == ["title", "audience", "minutes", "load", "test"], "in the order to show it"
    assert found["test"]["fix"] == {"kind": "test", "label": "Send a test to me", "field": ""}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"title": ""}, "title"),
        ({"audience": {"everyone": False}}, "audience"),
        ({"ask_acknowledge": True, "deadline": soon(hours=-1)}, "deadline"),
        ({"expires_at": soon(hours=-1)}, "expiry"),
    ],
)
def test_what_publishing_refuses_blocks_in_its_own_words(
    checks: Checks, api: Any, ines: people.Person, said: dict[str, Any], name: str
) -> None:
    check = checks(**said)[name]
    refused = api(ines).post(f"announcements/{check['id']}/publish")

    assert check["state"] == "block"
    assert refused.status_code == 422
    assert check["fix"]["field"] in {error["field"] for error in refused.json()["errors"]}
    assert check["detail"] == refused.json()["errors"][0]["message"]


def test_a_deadline_is_held_against_the_time_it_would_go_out(checks: Checks) -> None:
    said = {"ask_acknowledge": True, "deadline": soon(days=3)}
    day = (datetime.now(UTC) + timedelta(days=5)).date()

    assert checks(**said)["deadline"]["state"] == "ok"
    assert checks(f"?day={day}&time=09:00", **said)["deadline"]["state"] == "block"
    assert checks("?at=2030-01-01T09:00:00Z", **said)["deadline"]["state"] == "block"
    assert checks("?at=2020-01-01T09:00:00Z")["time"]["state"] == "block"


@pytest.mark.parametrize(
    "query", ["?day=2030-01-01", "?time=09:00", "?at=2030-01-01T09:00:00Z&day=2030-01-01&time=09:00"]
)
def test_half_a_time_is_refused(api: Any, ines: people.Person, checks: Checks, query: str) -> None:
    number = checks()["title"]["id"]

    assert api(ines).get(f"announcements/{number}/checks{query}").status_code == 422


def test_what_is_long_is_told_and_says_where_to_shorten(checks: Checks) -> None:
    found = checks(title="W" * 78, body="<p>" + "word " * 900 + "</p>", ask_acknowledge=True, nudge_hours=[24])

    assert (found["minutes"]["state"], found["minutes"]["title"]) == ("warn", "Reads in 5 minutes")
    assert (found["title"]["state"], found["title"]["fix"]["field"]) == ("warn", "title")
    assert (found["subject"]["state"], found["subject"]["detail"]) == ("warn", "Cut after 62 characters on phones.")
    assert checks(ask_acknowledge=True, nudge_hours=[24])["subject"]["state"] == "ok"
    assert "subject" not in checks(), "no mail of its own goes out"


def test_the_median_of_the_author_is_told(api: Any, ines: people.Person, checks: Checks) -> None:
    number = checks(body="<p>" + "word " * 400 + "</p>")["title"]["id"]
    api(ines).post(f"announcements/{number}/publish")

    assert checks()["minutes"]["detail"] == "3 words. Your median is 2 min."


def test_links_are_looked_at_behind_it(
    checks: Checks, api: Any, ines: people.Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with internet(monkeypatch) as net:
        net.pages["/"] = says(200)
        check = checks(body=LINKS)["links"]
        assert (check["state"], net.asked) == ("checking", [])
        tasks.look_at_links(announcement_id=check["id"])
        found = api(ines).get(f"announcements/{check['id']}/checks").json()["results"]
        tasks.look_at_links(announcement_id=check["id"])

    [check] = [one for one in found if one["name"] == "links"]
    assert (check["state"], check["title"]) == ("warn", "A link does not answer")
    assert check["items"] == ["http://site.test/gone (404)"]
    assert set(net.connected) == {(PUBLIC, 80)}
    assert len(net.connected) == 3, "the dead one twice in one look, and none again"


def test_of_more_links_than_are_looked_at_no_more_is_said(
    checks: Checks, api: Any, ines: people.Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "".join(f'<p><a href="http://site.test/?{n}">{n}</a></p>' for n in range(60))
    with internet(monkeypatch) as net:
        net.pages.update({f"/?{n}": says(200) for n in range(60)})
        number = checks(body=body)["links"]["id"]
        tasks.look_at_links(announcement_id=number)
        found = api(ines).get(f"announcements/{number}/checks").json()["results"]

    [check] = [one for one in found if one["name"] == "links"]
    assert (check["state"], check["title"]) == ("ok", "50 of 60 links answer, the rest was not looked at")


def test_links_into_a_private_network_are_not_looked_at_and_no_reason_to_warn(
    checks: Checks, api: Any, ines: people.Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = '<p><a href="http://127.0.0.1:8000/">wiki</a> <a href="http://hub.test/a/1">ours</a> <a href="mailto:a@b.c">m</a></p>'
    with internet(monkeypatch) as net:
        number = checks(body=body)["links"]["id"]
        tasks.look_at_links(announcement_id=number)
        found = api(ines).get(f"announcements/{number}/checks").json()["results"]

    [check] = [one for one in found if one["name"] == "links"]
    assert (check["state"], check["items"]) == ("ok", ["http://127.0.0.1:8000/"])
    assert net.connected == []


def test_links_are_queued_to_be_looked_at(
    checks: Checks, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[int] = []
    monkeypatch.setattr(tasks.look_at_links, "delay", lambda *, announcement_id: queued.append(announcement_id))
    with django_capture_on_commit_callbacks(execute=True):
        number = checks(body=LINKS)["links"]["id"]

    assert queued == [number]


def test_the_load_of_an_audience_counts_what_reached_it_this_week(
    checks: Checks, api: Any, ines: people.Person, operations: people.Group
) -> None:
    for _ in range(5):
        number = checks()["title"]["id"]
        api(ines).post(f"announcements/{number}/publish")
        delivery.fan_out(announcement_id=number, now=datetime.now(UTC))

    check = checks()["load"]

    assert (check["state"], check["title"]) == ("warn", "Somebody gets 6 items this week")
    assert check["detail"] == (
        "This audience got 5 announcements, 5 minutes, in the last 7 days. Highest with this one: Operations, 6."
    )


def test_the_load_is_that_of_the_week_it_goes_out_in(checks: Checks, api: Any, ines: people.Person) -> None:
    for _ in range(5):
        number = checks()["title"]["id"]
        api(ines).post(f"announcements/{number}/publish")
        delivery.fan_out(announcement_id=number, now=datetime.now(UTC) - timedelta(days=2))
    number = checks()["title"]["id"]
    today = datetime.now(UTC)

    def load(**when: Any) -> dict[str, Any]:
        found = api(ines).get(f"announcements/{number}/checks?{urlencode(when)}").json()["results"]
        return next(one for one in found if one["name"] == "load")

    soon = load(at=(today + timedelta(days=1)).isoformat())
    assert (soon["state"], soon["title"]) == ("warn", "Somebody gets 6 items that week")
    assert "in the 7 days before it goes out" in soon["detail"]
    assert load(at=(today + timedelta(days=6)).isoformat())["state"] == "ok"
    assert load(day=f"{today + timedelta(days=8):%Y-%m-%d}", time="09:00")["state"] == "ok"


def test_what_reached_others_or_long_ago_is_no_load(
    checks: Checks, api: Any, ines: people.Person, olga: people.Person
) -> None:
    number = checks()["title"]["id"]
    api(ines).post(f"announcements/{number}/publish")
    delivery.fan_out(announcement_id=number, now=datetime.now(UTC) - timedelta(days=8))
    own = {"title": "For me", "audience": {"person_ids": [olga.id]}}
    made = api(olga).post("announcements", own).json()
    api(olga).post(f"announcements/{made['id']}/publish")
    delivery.fan_out(announcement_id=made["id"], now=datetime.now(UTC))

    assert checks()["load"]["detail"].startswith("This audience got 0 announcements")


def test_what_is_out_has_no_checklist(checks: Checks, api: Any, ines: people.Person) -> None:
    number = checks()["title"]["id"]
    api(ines).post(f"announcements/{number}/publish")

    assert api(ines).get(f"announcements/{number}/checks").status_code == 409


def test_only_who_may_change_it_sees_the_checklist(
    checks: Checks, api: Any, maya: people.Person, olga: people.Person, charlie: people.Person
) -> None:
    number = checks()["title"]["id"]

    assert [api(one).get(f"announcements/{number}/checks").status_code for one in (olga, maya, charlie)] == [
        200,
        404,
        404,
    ]
