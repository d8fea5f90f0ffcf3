"""Every number of every door, answer and file is what truly happened, whatever noise there was around it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from announcements.analytics import services as analytics
from announcements.delivery.channels import tokens
from announcements.people import services as people
from tests.analytics import pages, taken
from tests.analytics.truth import FACTS, Said, World, middle, on_the_ruler

LONGEST, A_WEEK = 40 * 60, 7 * 24 * 60
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("seed", range(3))
def test_every_number_is_what_truly_happened(seed: int, db: None) -> None:
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    owner = people.NewPerson("olga@northwind.test", "Olga Berg", "a calm long password", timezone="Europe/Amsterdam")
    world = World(seed, people.found(name="Northwind", owner=owner, now=now - timedelta(days=22)), now)
    scan(world)

    for numbers in (
        each_landed, the_list, the_files, the_missing, alignment, time_until_read, who_wrote_to_whom, the_roll_ups,
    ):  # fmt: skip
        numbers(world)
    taken.every_row_of_the_file(world, answered)
    taken.the_flows_as_a_file(world, answered)
    of_now = partial(share, world.now)
    taken.the_weeks(world, answered, of_now)
    taken.the_lines(world, answered)
    pages.each_announcement(world, opened, counts)
    pages.the_company(world, opened, of_now)
    pages.each_cell(world, opened, of_now)
    pages.who_wrote_to_whom(world, opened)


def scan(world: World) -> None:
    """Follow every link of every mail as a scanner does, and fetch feeds and announcements as a tab in the background."""
    scanner = Client(headers={"User-Agent": "Mozilla/5.0 scanner"})
    for said in world.said:
        for reader in said.readers[:2]:
            claim = tokens.Claim(reader.person.id, reader.person.epoch, said.item.id, 1)
            for method in (scanner.get, scanner.head):
                assert method(f"/m/{tokens.make(claim, 'acknowledge')}").status_code == 200
    for reader in world.readers[:2]:
        tab = signed_in(reader.person)
        tab.get("/api/v1/feed")
        for said in world.said:
            tab.get(f"/api/v1/announcements/{said.item.id}")


def signed_in(person: people.Person) -> Client:
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=person.id))
    return browser


def counts(said: Said, group: str | None = None) -> dict[str, int]:
    return {"recipients": len(said.of(group)), **{fact: len(said.those(fact, group)) for fact in FACTS}}


def answered(world: World, path: str) -> Any:
    return opened(world, f"api/v1/{path}")


def opened(world: World, path: str) -> Any:
    answer = signed_in(world.readers[0].person).get(f"/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json() if answer["Content-Type"] == "application/json" else answer.content.decode("utf-8-sig")


def each_landed(world: World) -> None:
    for said in world.said:
        reach = answered(world, f"announcements/{said.item.id}/reach")
        done = "acknowledged" if said.item.ask_acknowledge else "opened"
        via = [said.did[reader.person.id][done][1] for reader in said.those(done)]

        assert {name: reach[name] for name in counts(said)} == counts(said)
        assert {group["name"]: {name: group[name] for name in counts(said)} for group in reach["by_group"]} == {
            name: counts(said, name) for name in world.groups if said.of(name) and (said.everyone or shown(said, name))
        }
        assert reach["by_channel"] == {channel: via.count(channel) for channel in set(via)}
        assert reach["on_time"] == on_time(said)
        assert reach["unprompted"] == len(said.those("acknowledged"))
        for point in reach["curve"]:
            at = datetime.fromisoformat(point["at"])
            assert (point["opened"], point["acknowledged"]) == tuple(
                len(said.those(fact, until=at)) for fact in ("opened", "acknowledged")
            )


def shown(said: Said, name: str) -> bool:
    """Tell whether a group is one it was sent to."""
    return all(name in reader.groups for reader in said.readers)


def on_time(said: Said, group: str | None = None) -> int:
    if not said.item.ask_acknowledge:
        return 0
    return len(said.those("acknowledged", group, until=said.until))


def the_files(world: World) -> None:
    for said in world.said:
        rows = list(csv.DictReader(io.StringIO(answered(world, f"announcements/{said.item.id}/reach.csv"))))
        [everybody] = [row for row in rows if row["of"] == "everybody"]
        assert {name: int(everybody[name]) for name in counts(said)} == counts(said)
        last = [row for row in rows if row["of"] == "until"][-1]
        assert (int(last["opened"]), int(last["acknowledged"])) == (
            counts(said)["opened"],
            counts(said)["acknowledged"],
        )


def the_missing(world: World) -> None:
    for said in world.said:
        if not said.item.ask_acknowledge:
            continue
        truth = {
            reader.person.name: list(said.did[reader.person.id])[-1] if said.did[reader.person.id] else "nothing"
            for reader in said.readers
            if reader not in said.those("acknowledged")
        }
        listed = answered(world, f"announcements/{said.item.id}/missing?limit=100")["results"]
        table = csv.DictReader(io.StringIO(answered(world, f"announcements/{said.item.id}/missing.csv")))

        assert {person["name"]: person["got_to"] for person in listed} == truth
        assert {row["name"]: row["got_to"] for row in table} == truth


def the_list(world: World) -> None:
    ids = ",".join(str(said.item.id) for said in world.said)
    landed = answered(world, f"reach?announcement_ids={ids}")["results"]

    assert [{name: one[name] for name in counts(said)} for one, said in zip(landed, world.said, strict=True)] == [
        counts(said) for said in world.said
    ]


def alignment(world: World) -> None:
    found = answered(world, "alignment?weeks=12")
    asking = [said for said in world.said if said.item.ask_acknowledge]

    assert found["whole"] == share(world.now, asking, None)
    assert {group["name"]: group["whole"] for group in found["groups"]} == {
        name: share(world.now, asking, name) for name in world.groups
    }
    assert found["load"]["items"] == round(sum(len(said.readers) for said in world.said) / len(world.readers) / 12, 1)
    assert found["health"]["announcements"] == len([said for said in world.said if said.readers])
    assert found["health"]["asking"] == len([said for said in asking if said.readers])
    assert found["health"]["at_work"] == sum(
        reader.minutes(said.at, said.at + timedelta(minutes=1)) for said in world.said for reader in said.readers
    )


def share(now: datetime, all_of_them: list[Said], group: str | None) -> dict[str, int]:
    due = [said for said in all_of_them if said.due(now)]
    return {
        "asked": sum(len(said.of(group)) for said in due),
        "on_time": sum(on_time(said, group) for said in due),
        "confirmed": sum(len(said.those("acknowledged", group)) for said in due),
        "unprompted": sum(len(said.those("acknowledged", group)) for said in due),
        "not_due": sum(len(said.of(group)) for said in all_of_them if not said.due(now)),
    }


def time_until_read(world: World) -> None:
    # By the door, which is told when now is: somebody who waits has waited until then.
    found = analytics.alignment(by=world.readers[0].person.id, weeks=12, kind="function", now=world.now)
    told: dict[str | None, analytics.Times | None] = {
        None: found.times,
        **{group.name: group.times for group in found.groups},
    }

    for group, times in told.items():
        read, waiting = list[int](), list[int]()
        read_on_wall, waiting_on_wall = list[int](), list[int]()
        for said in world.said:
            for reader in said.of(group):
                if at := said.did[reader.person.id].get("read"):
                    read.append(on_the_ruler(reader.minutes(said.at, at[0])))
                    read_on_wall.append(on_the_ruler(-(-(at[0] - said.at) // MINUTE)))
                else:
                    # On the company's hours, from the hour of publishing on, and not longer than told of.
                    hour = said.at.replace(minute=0)
                    waiting.append(min(LONGEST, world.readers[0].minutes(hour, world.now)))
                    waiting_on_wall.append(min(A_WEEK, (world.now - hour) // MINUTE))
        if times is None:
            assert not read and not waiting
            continue
        assert (times.read, times.waiting) == (len(read), len(waiting))
        late = [minutes for minutes in read if minutes > LONGEST]
        soon, others = [minutes for minutes in read if minutes <= LONGEST], waiting + [LONGEST] * len(late)
        told_of = (times.quarter, times.median, times.three_quarters, times.nine_tenths)
        assert told_of == tuple(middle(soon, others, part) for part in (0.25, 0.5, 0.75, 0.9))
        soon = [minutes for minutes in read_on_wall if minutes <= A_WEEK]
        others = waiting_on_wall + [A_WEEK] * (len(read_on_wall) - len(soon))
        assert times.wall == analytics.OnWall(*(middle(soon, others, part) for part in (0.5, 0.9)))


def who_wrote_to_whom(world: World) -> None:
    found = answered(world, "flows?weeks=12")
    names = {group["group_id"]: group["name"] for group in found["groups"]}
    truth: dict[str, tuple[int, int, int, int]] = {}
    for said in world.said:
        for name in ["everyone"] if said.everyone else list(world.groups):
            group = None if said.everyone else name
            if said.of(group):
                before = truth.get(name, (0, 0, 0, 0))
                more = (1, len(said.of(group)), len(said.those("opened", group)), len(said.those("read", group)))
                truth[name] = tuple(a + b for a, b in zip(before, more, strict=True))  # type: ignore[assignment]  # four and four

    told = {
        names.get(flow["to_id"], "everyone"): tuple(
            flow[name] for name in ("announcements", "recipients", "opened", "read")
        )
        for flow in found["flows"]
    }
    assert told == truth


def the_roll_ups(world: World) -> None:
    for said in world.said:
        assert analytics.check(announcement_id=said.item.id, now=world.now)
