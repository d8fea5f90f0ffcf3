"""What somebody would see, by the renderers that will really show it; and a test to oneself. Neither confirms anything."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest

from announcements.delivery import services as delivery
from announcements.delivery import tasks
from announcements.people import services as people
from tests import meanwhile
from tests.delivery.mailing import sink
from tests.journeys.sink import Sink
from tests.mail_servers import Temper, listening
from tests.pictures import picture

__all__ = ["sink"]


@pytest.fixture
def made(api: Any, ines: people.Person, operations: people.Group) -> dict[str, Any]:
    """Return a draft of Ines's to Operations that asks to confirm."""
    draft = {"title": "Dock 4 closes", "summary": "Use dock 6.", "body": "<p>From <strong>Monday</strong> on.</p>"}
    asks = {"ask_acknowledge": True, "nudge_hours": [24, 48], "audience": {"group_ids": [operations.id]}}
    found: dict[str, Any] = api(ines).post("announcements", draft | asks).json()
    return found


def see(api: Any, by: people.Person, made: dict[str, Any], **query: Any) -> Any:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return api(by).get(f"announcements/{made['id']}/preview?{asked}")


def tick() -> None:
    delivery.tick(now=datetime.now(UTC), clock=lambda: datetime.now(UTC))


def part(mail: Any, kind: str) -> str:
    return str(mail.get_body((kind,)).get_content())


def test_on_a_tab_it_is_what_the_feed_will_say(
    api: Any, ines: people.Person, maya: people.Person, made: dict[str, Any]
) -> None:
    answer = see(api, ines, made, person=maya.id, channel="tab").json()
    api(ines).post(f"announcements/{made['id']}/publish")
    delivery.fan_out(announcement_id=made["id"], now=datetime.now(UTC))
    [item] = api(maya).get("feed").json()["items"]

    assert answer["person"]["name"] == "Maya Lindqvist"
    assert answer["item"] | {"published_at": ""} == item | {"published_at": ""}
    assert answer["page"] is answer["mail"] is None


def test_on_its_page_it_is_what_a_reader_will_get(
    api: Any, ines: people.Person, maya: people.Person, made: dict[str, Any]
) -> None:
    page = see(api, ines, made, person=maya.id, channel="page").json()["page"]
    api(ines).post(f"announcements/{made['id']}/publish")
    read = api(maya).get(f"announcements/{made['id']}").json()

    varying = {"published_at": "", "arrived_at": "", "delivery": None}
    assert page | varying == read | varying
    assert page["published_at"]


def test_on_each_clock_it_arrives_when_that_clock_says(
    api: Any, ines: people.Person, maya: people.Person, joao: people.Person, made: dict[str, Any]
) -> None:
    clock = {"own_clock": {"day": "2030-01-07", "time": "09:00"}}
    api(ines).put(f"announcements/{made['id']}/schedule", json.dumps(clock).encode(), "application/json")

    at = [see(api, ines, made, person=one.id).json()["item"]["published_at"] for one in (maya, joao)]

    assert at == ["2030-01-07T08:00:00Z", "2030-01-07T09:00:00Z"]


def test_the_mail_is_the_first_nudge_and_holds_no_key(
    api: Any, ines: people.Person, maya: people.Person, olga: people.Person, made: dict[str, Any], now: datetime
) -> None:
    people.set_logo(by=olga.id, content=picture(), now=now)

    mail = see(api, ines, made, person=maya.id, channel="mail").json()["mail"]

    assert mail["subject"] == "Please confirm: Dock 4 closes"
    assert mail["sender"].startswith("Ines Carvalho · Northwind")
    assert "Nudge 1 of 2" in mail["html"]
    assert "0 of 3 people have confirmed" in mail["html"]
    assert "Preview for Maya Lindqvist" in mail["html"] and "Preview for Maya Lindqvist" in mail["text"]
    assert "data:image/png;base64," in mail["html"] and "cid:" not in mail["html"]
    for said in (mail["html"], mail["text"]):
        assert "http://hub.test/test-mail" in said
        assert not re.search(r"/m/|/unsubscribe/", said)


def test_what_asks_nobody_comes_by_digest(
    api: Any, ines: people.Person, maya: people.Person, made: dict[str, Any]
) -> None:
    api(ines).patch(f"announcements/{made['id']}", {"ask_acknowledge": False})

    mail = see(api, ines, made, person=maya.id, channel="mail").json()["mail"]

    assert mail["subject"] == "Northwind: one thing you have not seen"
    assert "Dock 4 closes" in mail["html"] and "/unsubscribe/" not in mail["html"]


def test_it_is_shown_as_its_author_or_somebody_of_the_audience_alone(
    api: Any, ines: people.Person, olga: people.Person, charlie: people.Person, made: dict[str, Any]
) -> None:
    assert see(api, ines, made).json()["person"]["id"] == ines.id
    refused = see(api, ines, made, person=olga.id)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "person")
    assert see(api, ines, made, person=charlie.id).status_code == 404
    assert see(api, ines, made, person=10**12).status_code == 404
    assert see(api, ines, made, person="x").status_code == 422
    assert see(api, ines, made, channel="pigeon").status_code == 422


def test_readers_and_strangers_see_no_preview(
    api: Any, maya: people.Person, charlie: people.Person, made: dict[str, Any]
) -> None:
    for channel in ("tab", "page", "mail"):
        assert [see(api, one, made, channel=channel).status_code for one in (maya, charlie)] == [404, 404]


def test_the_mail_as_a_document_runs_nothing_and_is_framed_by_us_alone(
    api: Any, ines: people.Person, maya: people.Person, made: dict[str, Any]
) -> None:
    page = api(ines).browser.get(f"/a/{made['id']}/preview/mail?person={maya.id}")

    assert page.status_code == 200
    assert b"Dock 4 closes" in page.content
    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'self'" in policy
    assert re.search(r"sandbox(?! .*allow-scripts)", policy)
    assert page["X-Frame-Options"] == "SAMEORIGIN"


def test_a_preview_leaves_nothing_behind(
    api: Any, ines: people.Person, maya: people.Person, made: dict[str, Any]
) -> None:
    for channel in ("tab", "page", "mail"):
        see(api, ines, made, person=maya.id, channel=channel)

    assert api(ines).get(f"announcements/{made['id']}").json()["revision"] == made["revision"]
    assert delivery.facts(announcement_id=made["id"]) == []
    assert api(maya).get("feed").json()["items"] == []


NEW = {"title": "Dock 5 closes", "body": "<p>From Tuesday on.</p><script>1</script>"}


def test_other_words_are_seen_before_they_are_said(
    api: Any, ines: people.Person, maya: people.Person, made: dict[str, Any]
) -> None:
    api(ines).post(f"announcements/{made['id']}/publish")
    before = api(ines).get(f"announcements/{made['id']}").json()

    def shown(channel: str) -> Any:
        address = f"announcements/{made['id']}/preview?person={maya.id}&channel={channel}"
        return api(ines).post(address, NEW).json()

    assert shown("tab")["item"]["title"] == "Dock 5 closes"
    page = shown("page")["page"]
    assert (page["title"], page["summary"], page["body"]) == ("Dock 5 closes", "Use dock 6.", "<p>From Tuesday on.</p>")
    assert "From Tuesday on." in shown("mail")["mail"]["text"]
    after = api(ines).get(f"announcements/{made['id']}").json()
    assert after == before
    too_long = api(ines).post(f"announcements/{made['id']}/preview", {"title": "x" * 121})
    assert (too_long.status_code, too_long.json()["errors"][0]["field"]) == (422, "title")


def test_a_test_of_other_words_says_those_and_not_what_is_said_now(
    api: Any, ines: people.Person, made: dict[str, Any], sink: Sink
) -> None:
    api(ines).post(f"announcements/{made['id']}/publish")
    send(api, ines, made)
    assert api(ines).post(f"announcements/{made['id']}/test", NEW).status_code == 202
    tick()

    [mail] = sink.mails
    assert "Dock 5 closes" in mail["Subject"] and "From Tuesday on." in part(mail, "plain")
    assert not last(api, ines, made)["current"]
    api(ines).post(f"announcements/{made['id']}/correct", NEW | {"change": "typo"})
    send(api, ines, made)
    tick()
    assert last(api, ines, made)["current"]


def send(api: Any, by: people.Person, made: dict[str, Any]) -> Any:
    return api(by).post(f"announcements/{made['id']}/test")


def last(api: Any, by: people.Person, made: dict[str, Any]) -> Any:
    return api(by).get(f"announcements/{made['id']}/test").json()["test"]


def check(api: Any, by: people.Person, made: dict[str, Any]) -> tuple[str, str]:
    results = api(by).get(f"announcements/{made['id']}/checks").json()["results"]
    [found] = [one for one in results if one["name"] == "test"]
    return found["state"], found["title"]


def test_a_test_comes_to_whoever_asks_and_says_that_it_is_one(
    api: Any, ines: people.Person, made: dict[str, Any], sink: Sink
) -> None:
    asked = send(api, ines, made)
    tick()

    assert (asked.status_code, asked.json()["state"]) == (202, "queued")
    [mail] = sink.mails
    assert sink.recipients == ["ines@northwind.test"]
    assert mail["Subject"] == "[Test] Please confirm: Dock 4 closes"
    assert mail["List-Unsubscribe"] is None
    for kind in ("plain", "html"):
        assert "This is a test. Its buttons confirm nothing." in part(mail, kind)
        assert "http://hub.test/test-mail" in part(mail, kind)
        assert not re.search(r"/m/|/unsubscribe/", part(mail, kind))
    assert last(api, ines, made)["state"] == "submitted"


def test_its_buttons_lead_to_a_page_that_says_so(api: Any, ines: people.Person, made: dict[str, Any]) -> None:
    page = api(ines).browser.get("/test-mail")

    assert b"Nothing was confirmed" in page.content


def test_the_checklist_remembers_the_test_until_the_text_changes(
    api: Any, ines: people.Person, olga: people.Person, made: dict[str, Any], sink: Sink
) -> None:
    assert last(api, ines, made) is None
    send(api, ines, made)
    assert check(api, ines, made) == ("checking", "The test is on its way")
    tick()
    assert check(api, ines, made) == ("ok", "Test sent to you")
    assert check(api, olga, made) == ("warn", "Not tested by you")
    api(ines).patch(f"announcements/{made['id']}", {"title": "Dock 5 closes"})
    assert check(api, ines, made) == ("warn", "Changed since your test")


def test_asking_again_while_one_waits_sends_one_that_says_what_is_said_now(
    api: Any, ines: people.Person, made: dict[str, Any], sink: Sink
) -> None:
    send(api, ines, made)
    send(api, ines, made)
    api(ines).patch(f"announcements/{made['id']}", {"title": "Dock 5 closes"})
    tick()

    assert [mail["Subject"] for mail in sink.mails] == ["[Test] Please confirm: Dock 5 closes"]
    assert last(api, ines, made)["current"]


def test_asking_twice_at_the_same_moment_sends_one(
    api: Any, ines: people.Person, made: dict[str, Any], sink: Sink
) -> None:
    def beside() -> None:
        delivery.send_test(by=ines.id, announcement_id=made["id"], now=datetime.now(UTC))

    with meanwhile.after('FROM "delivery_testmail"', beside):
        assert send(api, ines, made).status_code == 202
    tick()
    assert len(sink.mails) == 1

    send(api, ines, made)
    tick()
    assert len(sink.mails) == 2


def test_it_leaves_by_the_companys_own_server(
    api: Any, ines: people.Person, olga: people.Person, made: dict[str, Any], now: datetime
) -> None:
    own = Temper()
    with listening(own) as port:
        given = people.MailServerChanges(host="127.0.0.1", port=port, tls="none", sender="news@northwind.test")
        people.set_mail_server(by=olga.id, changes=given, now=now)
        send(api, ines, made)
        tick()

    [(sender, recipients, _content)] = own.mails
    assert (sender, recipients) == ("news@northwind.test", ["ines@northwind.test"])


def test_what_could_not_leave_is_told_in_the_servers_words(
    api: Any, ines: people.Person, made: dict[str, Any], sink: Sink
) -> None:
    send(api, ines, made)
    api(ines).delete(f"announcements/{made['id']}")
    tick()
    api(ines).post(f"announcements/{made['id']}/fetch-back")

    assert sink.mails == []
    assert check(api, ines, made)[0] == "warn"
    assert (last(api, ines, made)["state"], last(api, ines, made)["reason"]) == ("skipped", "announcement_gone")


def test_a_test_is_queued_once_it_is_kept(
    api: Any, ines: people.Person, made: dict[str, Any], django_capture_on_commit_callbacks: Any
) -> None:
    with patch.object(tasks.tick, "delay") as delay, django_capture_on_commit_callbacks(execute=True):
        send(api, ines, made)

    delay.assert_called_once_with()


def test_twenty_tests_an_hour_are_enough(api: Any, ines: people.Person, made: dict[str, Any]) -> None:
    answers = [send(api, ines, made).status_code for _ in range(21)]

    assert answers == [202] * 20 + [429]
    assert api(ines).get(f"announcements/{made['id']}/test").status_code == 200


def test_tests_are_among_what_is_stored_about_oneself(api: Any, ines: people.Person, made: dict[str, Any]) -> None:
    send(api, ines, made)

    mails = api(ines).get("me/stored").json()["mails"]
    assert [(mail["kind"], mail["announcement_id"]) for mail in mails] == [("test", made["id"])]
