"""What a world with known truth expects of files, lines, weeks and health."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from announcements.people import services as people
from tests.analytics.truth import FACTS, Said, World

Answered = Callable[[World, str], Any]
COLUMNS = ("recipients", *FACTS)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def every_row_of_the_file(world: World, answered: Answered) -> None:
    """Each row, of a group, a channel or a moment, says what the answer says."""
    for said in world.said:
        reach = answered(world, f"announcements/{said.item.id}/reach")
        rows = table(answered(world, f"announcements/{said.item.id}/reach.csv"))
        groups = {row["name"]: [int(row[name]) for name in COLUMNS] for row in rows if row["of"] == "group"}
        assert groups == {group["name"]: [group[name] for name in COLUMNS] for group in reach["by_group"]}
        channels = {row["name"]: int(row[reach["channel_of"]]) for row in rows if row["of"] == "channel"}
        assert channels == reach["by_channel"]
        for row in (row for row in rows if row["of"] == "until"):
            at = datetime.fromisoformat(row["at"])
            truth = [len(said.those(fact, until=at)) for fact in ("opened", "acknowledged")]
            assert [int(row["opened"]), int(row["acknowledged"])] == truth


def the_flows_as_a_file(world: World, answered: Answered) -> None:
    rows = table(answered(world, "flows.csv?weeks=12"))
    told = answered(world, "flows?weeks=12")["flows"]
    names = ("from_id", "to_id", "announcements", "recipients", "opened", "read", "minutes")
    assert [[int(row[name]) for name in names] for row in rows] == [[flow[name] for name in names] for flow in told]
    length = sum(said.item.minutes * len(said.readers) for said in world.said if said.everyone)
    assert [flow["minutes"] for flow in told if flow["to_id"] == 0] == [length]


def the_lines(world: World, answered: Answered) -> None:
    """As a whole company is told them, profile by profile."""
    hours = Counter[tuple[int, str, str]]()
    for line in lines(answered(world, "facts/hours.jsonl")):
        hours[line["announcement_id"], line["fact"], line["channel"]] += line["people"]
    assert hours == Counter(
        (said.item.id, fact, via)
        for said in world.said
        for did in said.did.values()
        for fact, (_at, via) in did.items()
    )
    asked = [said for said in world.said if said.item.ask_acknowledge]
    told = {(line["announcement_id"], line["person_id"]): line for line in lines(answered(world, "facts/people.jsonl"))}
    assert set(told) == {(said.item.id, reader.person.id) for said in asked for reader in said.readers}
    assert not any(line[f"{fact}_at"] for line in told.values() for fact in FACTS[:3])
    _told_of_each(asked, told, ("acknowledged",))
    for said in asked:
        for reader in said.readers:
            far = list(said.did[reader.person.id])[-1:] or ["nothing"]
            assert told[said.item.id, reader.person.id]["got_to"] == (None if far == ["acknowledged"] else far[0])
    olga = world.readers[0].person
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="open"), now=world.now)
    told = {(line["announcement_id"], line["person_id"]): line for line in lines(answered(world, "facts/people.jsonl"))}
    assert set(told) == {(said.item.id, reader.person.id) for said in world.said for reader in said.readers}
    _told_of_each(world.said, told, FACTS)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="standard"), now=world.now)


def _told_of_each(said: Iterable[Said], told: dict[tuple[int, int], dict[str, Any]], facts: Iterable[str]) -> None:
    for one in said:
        for person_id, did in one.did.items():
            line = told[one.item.id, person_id]
            for fact in facts:
                at, via = did.get(fact, (None, ""))  # type: ignore[call-overload]  # one of the four
                assert (line[f"{fact}_at"] and datetime.fromisoformat(line[f"{fact}_at"])) == at
                assert line[f"{fact}_via"] == via


def the_weeks(world: World, answered: Answered, share: Callable[[list[Said], str | None], dict[str, int]]) -> None:
    """Week by week: who was asked and confirmed, what reached a person, and by which kind."""
    found = answered(world, "alignment?weeks=12")
    zone = ZoneInfo(world.readers[0].zone)
    heads = len(world.readers)
    for n, week in enumerate(found["weeks"]):
        starts = datetime.fromisoformat(week["starts"]).astimezone(zone)
        within = [said for said in world.said if starts <= said.at.astimezone(zone) < starts + timedelta(days=7)]
        asking = [said for said in within if said.item.ask_acknowledge]
        assert found["by_week"][n] == share(asking, None)
        assert {group["name"]: group["weeks"][n] for group in found["groups"]} == {
            name: share(asking, name) for name in world.groups
        }
        minutes = sum(said.item.minutes * len(said.readers) for said in within)
        items = sum(len(said.readers) for said in within)
        assert found["loads"][n] == {"items": round(items / heads, 1), "minutes": round(minutes / heads, 1)}
    whole = [said for said in world.said if said.item.ask_acknowledge]
    assert [topic["whole"] for topic in answered(world, "alignment?weeks=12&kind=topic")["groups"]] == [
        share(whole, None)
    ]
    reached = [said for said in world.said if said.readers]
    lengths = sorted(said.item.minutes for said in reached)
    assert found["health"]["minutes"] == lengths[(len(lengths) - 1) // 2]
    assert found["health"]["across"] == len(reached)  # who wrote them is in no group
    assert found["before"] == share([], None)
