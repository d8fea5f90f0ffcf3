"""Facts as JSON lines: what the profile tells and no more, page by page, and noted to those who are named."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from announcements.audit import services as audit
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing

AGO = timedelta(hours=2)
READING = ("displayed_at", "opened_at", "read_at")


def published(by: people.Person, group: people.Group, *, ask: bool = True) -> publishing.Announcement:
    at = datetime.now(UTC) - AGO
    audience = people.Audience(group_ids=(group.id,))
    draft = publishing.Draft(title="Dock 4", body="<p>x</p>", audience=audience, ask_acknowledge=ask)
    made = publishing.create(by=by.id, draft=draft, now=at)
    out = publishing.publish(announcement_id=made.id, by=by.id, now=at)
    delivery.fan_out(announcement_id=made.id, now=at)
    return out


def does(person: people.Person, fact: delivery.Fact, about: publishing.Announcement, minutes: int) -> None:
    at = datetime.now(UTC) - AGO + timedelta(minutes=minutes)
    receipt = delivery.Receipt(f"{person.id}-{about.id}", about.id, fact, at, "tab", about.version)
    delivery.record(by=person.id, receipts=[receipt], now=at)


def profile(olga: people.Person, privacy: people.Privacy) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy=privacy), now=datetime.now(UTC))


def lines(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.content.decode().splitlines()]


@pytest.fixture
def asked(ines: people.Person, maya: people.Person, joao: people.Person, operations: people.Group) -> Any:
    said = published(ines, operations)
    does(maya, "acknowledged", said, 10)
    does(joao, "opened", said, 20)
    return said


@pytest.fixture
def news(ines: people.Person, joao: people.Person, operations: people.Group) -> Any:
    said = published(ines, operations, ask=False)
    does(joao, "read", said, 30)
    return said


def test_standard_tells_who_confirmed_and_how_far_the_others_got_where_that_was_asked(
    api: Any, olga: people.Person, ines: people.Person, maya: people.Person, joao: people.Person, asked: Any, news: Any
) -> None:
    found = lines(api(olga).get("facts/people.jsonl"))

    assert {line["announcement_id"] for line in found} == {asked.id}
    assert {line["person_id"]: line["got_to"] for line in found} == {
        ines.id: "nothing",
        joao.id: "opened",
        maya.id: None,
    }
    [confirmed] = [line for line in found if line["acknowledged_at"]]
    assert (confirmed["person_id"], confirmed["acknowledged_via"], confirmed["acknowledged_version"]) == (
        maya.id,
        "tab",
        1,
    )
    assert confirmed["acknowledged_at"].endswith("Z")
    assert not any(line[name] for line in found for name in READING)


def test_open_tells_all_of_it(api: Any, olga: people.Person, joao: people.Person, asked: Any, news: Any) -> None:
    profile(olga, "open")

    found = {(line["announcement_id"], line["person_id"]): line for line in lines(api(olga).get("facts/people.jsonl"))}

    assert len(found) == 6
    assert all(found[news.id, joao.id][name] for name in READING)
    assert found[asked.id, joao.id]["opened_at"]
    assert found[asked.id, joao.id]["read_at"] is None


def test_a_works_council_is_told_no_person_and_no_reading(api: Any, olga: people.Person, asked: Any, news: Any) -> None:
    profile(olga, "works_council")

    assert api(olga).get("facts/people.jsonl").json()["code"] == "names_not_shown"
    assert lines(api(olga).get("facts/hours.jsonl")) == []  # three people are too few to tell of


def test_hours_add_up_to_what_the_screen_says(api: Any, olga: people.Person, asked: Any, news: Any) -> None:
    found = lines(api(olga).get("facts/hours.jsonl"))

    reach = api(olga).get(f"announcements/{asked.id}/reach").json()
    for fact in ("displayed", "opened", "read", "acknowledged"):
        many = sum(line["people"] for line in found if (line["announcement_id"], line["fact"]) == (asked.id, fact))
        assert many == reach[fact]
    assert not any("person_id" in line for line in found)


def test_what_was_just_corrected_is_counted_anew_before_its_hours_are_told(
    api: Any, olga: people.Person, ines: people.Person, asked: Any, news: Any
) -> None:
    before = lines(api(olga).get("facts/hours.jsonl"))
    words = publishing.Draft(body="<p>y</p>")
    publishing.correct(announcement_id=asked.id, by=ines.id, draft=words, change="typo", now=datetime.now(UTC))

    assert lines(api(olga).get("facts/hours.jsonl")) == before
    assert {line["announcement_id"] for line in before} == {asked.id, news.id}


@pytest.mark.parametrize("path", ["facts/people.jsonl", "facts/hours.jsonl"])
def test_page_by_page_is_the_same_as_at_once(api: Any, olga: people.Person, asked: Any, news: Any, path: str) -> None:
    profile(olga, "open")
    since = (datetime.now(UTC) - timedelta(days=1)).isoformat().replace("+00:00", "Z")
    whole = lines(api(olga).get(f"{path}?since={since}"))

    at, found = f"{path}?since={since}&limit=1", []
    while at:
        answer = api(olga).get(at)
        found += lines(answer)
        at = answer.get("Link", "").partition(">")[0].removeprefix("</api/v1/")

    assert whole
    assert found == whole
    assert lines(api(olga).get(f"{path}?since={datetime.now(UTC).isoformat().replace('+00:00', 'Z')}")) == []


def test_a_cursor_goes_on_for_whom_it_was_given_alone(
    api: Any, olga: people.Person, maya: people.Person, asked: Any
) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="admin", now=datetime.now(UTC))
    at = api(olga).get("facts/people.jsonl?limit=1")["Link"].partition(">")[0].removeprefix("</api/v1/")

    assert api(maya).get(at).status_code == 422
    assert lines(api(olga).get(at))


def test_whoever_is_named_is_told_once_who_took_it(
    api: Any, olga: people.Person, maya: people.Person, asked: Any, news: Any
) -> None:
    at = api(olga).get("facts/people.jsonl?limit=2")["Link"].partition(">")[0].removeprefix("</api/v1/")
    api(olga).get(at)

    assert [(look.by, look.announcement_id) for look in audit.stored(by=maya.id).looks] == [(olga.id, None)]
    assert audit.stored(by=olga.id).looks == ()


def test_who_is_deactivated_is_in_none_of_it(api: Any, olga: people.Person, joao: people.Person, asked: Any) -> None:
    people.deactivate(by=olga.id, person_id=joao.id, now=datetime.now(UTC))

    assert joao.id not in {line["person_id"] for line in lines(api(olga).get("facts/people.jsonl"))}


def test_an_operator_writes_what_an_admin_may_take(
    api: Any, olga: people.Person, ines: people.Person, asked: Any, news: Any
) -> None:
    def written(*given: str) -> list[dict[str, Any]]:
        out = io.StringIO()
        call_command("export_facts", *given, stdout=out)
        return [json.loads(line) for line in out.getvalue().splitlines()]

    assert written("--by", olga.email) == lines(api(olga).get("facts/people.jsonl"))
    assert written("--by", olga.email, "--hours") == lines(api(olga).get("facts/hours.jsonl"))
    assert written("--by", olga.email, "--since", f"{datetime.now(UTC) + AGO:%Y-%m-%dT%H:%M:%SZ}") == []
    with pytest.raises(CommandError):
        written("--by", ines.email)
