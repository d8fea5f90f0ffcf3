"""Numbers and names to take along: what the pages show, in tables that no spreadsheet calculates."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

from django.utils.text import slugify

from announcements.audit import services as audit
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing


def published(by: people.Person, group: people.Group, ask: bool = True) -> publishing.Announcement:
    now = datetime.now(UTC)
    audience = people.Audience(group_ids=(group.id,))
    draft = publishing.Draft(title="Dock 4", body="<p>x</p>", audience=audience, ask_acknowledge=ask)
    made = publishing.create(by=by.id, draft=draft, now=now)
    out = publishing.publish(announcement_id=made.id, by=by.id, now=now)
    delivery.fan_out(announcement_id=made.id, now=now)
    return out


def table(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_numbers_are_a_table(api: Any, ines: people.Person, maya: people.Person, operations: people.Group) -> None:
    said = published(ines, operations)
    delivery.acknowledge(by=maya.id, announcement_id=said.id, version=1, channel="mail", now=datetime.now(UTC))

    rows = table(api(ines).get(f"announcements/{said.id}/reach.csv"))

    counts = [(row["of"], row["name"], row["recipients"], row["opened"], row["acknowledged"]) for row in rows[:4]]
    assert counts == [
        ("everybody", "", "3", "1", "1"),
        ("joined_later", "", "0", "", ""),
        ("group", "Operations", "3", "1", "1"),
        ("channel", "mail", "", "", "1"),
    ]
    assert {row["of"] for row in rows[4:]} == {"until"}


def test_of_a_few_people_a_works_council_takes_along_only_confirmations(
    api: Any, olga: people.Person, ines: people.Person, maya: people.Person, operations: people.Group
) -> None:
    said = published(ines, operations)
    now = datetime.now(UTC)
    delivery.acknowledge(by=maya.id, announcement_id=said.id, version=1, channel="mail", now=now)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=now)

    everybody, *rows = table(api(ines).get(f"announcements/{said.id}/reach.csv"))
    reach = api(ines).get(f"announcements/{said.id}/reach").json()
    [short] = api(ines).get(f"reach?announcement_ids={said.id}").json()["results"]

    assert (everybody["recipients"], everybody["acknowledged"]) == ("3", "1")
    assert {row[name] for row in (everybody, *rows) for name in ("displayed", "opened", "read")} == {""}
    for counts in (reach, short):
        assert (counts["displayed"], counts["opened"], counts["read"], counts["acknowledged"]) == (None, None, None, 1)
    assert {point["opened"] for point in reach["curve"]} == {None}


def test_who_is_missing_is_a_table_and_taking_it_is_noted(
    api: Any, olga: people.Person, ines: people.Person, joao: people.Person, operations: people.Group
) -> None:
    people.update_profile(by=joao.id, changes=people.ProfileChanges(name="=HYPERLINK(1)"), now=datetime.now(UTC))
    said = published(ines, operations)

    rows = table(api(ines).get(f"announcements/{said.id}/missing.csv"))

    assert [row["name"] for row in rows] == ["'=HYPERLINK(1)", "Ines Carvalho", "Maya Lindqvist"]
    assert [look.by for look in audit.stored(by=joao.id).looks] == [ines.id]


def test_names_that_are_not_shown_are_not_taken_along_either(
    api: Any, ines: people.Person, operations: people.Group
) -> None:
    said = published(ines, operations, ask=False)

    assert api(ines).get(f"announcements/{said.id}/missing.csv").status_code == 403


def test_one_part_of_the_numbers_is_taken_alone(
    api: Any, ines: people.Person, maya: people.Person, operations: people.Group
) -> None:
    said = published(ines, operations)
    delivery.acknowledge(by=maya.id, announcement_id=said.id, version=1, channel="mail", now=datetime.now(UTC))

    for of in ("everybody", "group", "channel", "until"):
        rows = table(api(ines).get(f"announcements/{said.id}/reach.csv?of={of}"))
        assert {row["of"] for row in rows} == {of}
    assert api(ines).get(f"announcements/{said.id}/reach.csv?of=names").status_code == 422


def test_alignment_is_a_table(
    api: Any, olga: people.Person, ines: people.Person, maya: people.Person, operations: people.Group
) -> None:
    people.update_group(
        by=olga.id,
        group_id=operations.id,
        changes=people.GroupChanges(name="=cmd|' /C calc'!A0"),
        now=datetime.now(UTC),
    )
    said = published(ines, operations)
    delivery.acknowledge(by=maya.id, announcement_id=said.id, version=1, channel="mail", now=datetime.now(UTC))
    shown = api(olga).get("alignment?weeks=4").json()

    rows = table(api(olga).get("alignment.csv?weeks=4"))

    assert [row["of"] for row in rows] == ["everybody", "whole", *["week"] * 4]
    assert {row["name"] for row in rows[1:]} == {"'=cmd|' /C calc'!A0"}
    assert (rows[0]["read"], rows[0]["waiting"], rows[0]["items"]) == ("1", "2", str(shown["load"]["items"]))
    assert (rows[1]["people"], rows[1]["asked"], rows[1]["not_due"]) == ("3", "0", "3")
    assert [row["not_due"] for row in rows[2:]] == ["0", "0", "0", "3"]
    assert all(date.fromisoformat(row["week"]).weekday() == 0 for row in rows[2:])  # Mondays, on the company's clock
    assert {row["of"] for row in table(api(olga).get("alignment.csv?weeks=4&of=week"))} == {"week"}
    assert [row["name"] for row in table(api(olga).get("alignment.csv?weeks=4&kind=topic&of=whole"))] == ["update"]
    whose = {name: rows[1][name] for name in ("of", "group_id", "name", "people")}
    times = {name: rows[1][name] for name in ("read", "waiting", "quarter", "median", "three_quarters", "nine_tenths")}
    wall = {name: rows[1][name] for name in ("wall_median", "wall_nine_tenths")}
    assert table(api(olga).get("alignment.csv?weeks=4&of=times")) == [whose | times | wall]
    assert table(api(olga).get("alignment.csv?weeks=4&of=load")) == [
        whose | {name: rows[1][name] for name in ("items", "minutes")}
    ]


def test_each_file_is_named_after_what_it_shows_and_of_when(
    api: Any, olga: people.Person, ines: people.Person, operations: people.Group
) -> None:
    said = published(ines, operations)
    of_it = f"announcements/{said.id}"
    today = f"{datetime.now(UTC):%Y-%m-%d}"

    def named(address: str) -> str:
        return str(api(olga).get(address)["Content-Disposition"].partition("filename=")[2].strip('"'))

    title = slugify(said.title)
    assert [named(f"{of_it}/{file}") for file in ("reach.csv", "reach.csv?of=until", "reach.csv?of=group")] == [
        f"{title}-reach-{today}.csv",
        f"{title}-over-time-{today}.csv",
        f"{title}-by-group-{today}.csv",
    ]
    assert named(f"{of_it}/missing.csv?got_to=displayed") == f"{title}-missing-displayed-{today}.csv"
    assert named("alignment.csv?weeks=4&kind=location&of=week") == f"alignment-by-week-location-4-weeks-{today}.csv"
    assert named("alignment.csv?weeks=4&of=times") == f"alignment-time-until-read-function-4-weeks-{today}.csv"
    assert named("alignment.csv?weeks=4&of=load") == f"alignment-reading-load-function-4-weeks-{today}.csv"
    assert named("flows.csv?weeks=52") == f"who-writes-to-whom-function-52-weeks-{today}.csv"
