"""What a world with known truth expects to read on the pages, off their HTML as a browser gets it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from announcements.web.templatetags.web import percent
from tests.analytics.truth import FACTS, Said, World

Answered = Callable[[World, str], Any]
Counts = Callable[[Said, str | None], dict[str, int]]
GOT_TO = {
    "nothing": "not seen",
    "displayed": "not opened",
    "opened": "opened, not read",
    "read": "read, not confirmed",
}


def words(html: str) -> str:
    """Return what is read where this HTML stands, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def rows(html: str, table: str) -> list[list[str]]:
    """Return the rows of the body of a table of this class, cell by cell."""
    found = re.search(rf'<table class="{table}(?: stacked[^"]*)?">.*?<tbody>(.*?)</tbody>', html, re.DOTALL)
    lines = re.findall(r"<tr>(.*?)</tr>", found[1], re.DOTALL) if found else []
    return [[words(cell) for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", line, re.DOTALL)] for line in lines]


def of(part: int, whole: int) -> str:
    return f"{part} of {whole}"


def each_announcement(world: World, opened: Answered, counts: Counts) -> None:
    """The funnel, its percentages, groups, channels, the curve, and who is missing."""
    for said in world.said:
        html = opened(world, f"a/{said.item.id}/analytics")
        asked, truth = said.item.ask_acknowledge, counts(said, None)
        told = FACTS if asked else FACTS[:3]
        stages = {name: truth[name] for name in ("recipients", *told)}
        assert {
            name: int(many) for name, many in re.findall(r'data-slot="(\w+)"[^>]*>(\d+)</span>', html)
        } == stages | ({"missing": truth["recipients"] - truth["acknowledged"]} if asked else {})
        shares = dict(re.findall(r'data-share="(\w+)">(\d+)%<', html))
        assert shares == {name: str(percent(truth[name], truth["recipients"])) for name in told}
        done = "acknowledged" if asked else "read"
        groups = re.findall(r'<div class="analytics-group"><p[^>]*>(.*?)</p>', html, re.DOTALL)
        names = [name for name in world.groups if said.of(name) and (said.everyone or _sent_to(said, name))]
        assert sorted(map(words, groups)) == sorted(_of_group(name, counts(said, name), done) for name in names)
        _channels(said, html)
        _curve(said, html)
        if asked:
            _missing(said, html)


def _sent_to(said: Said, name: str) -> bool:
    return all(name in reader.groups for reader in said.readers)


def _of_group(name: str, truth: dict[str, int], done: str) -> str:
    part, whole = truth[done], truth["recipients"]
    return f"{name} {of(part, whole)} {percent(part, whole)}%"


def _channels(said: Said, html: str) -> None:
    fact = "acknowledged" if said.item.ask_acknowledge else "opened"
    via = [said.did[reader.person.id][fact][1] for reader in said.those(fact)]  # type: ignore[index]  # one of the four
    told = re.findall(r'<dt class="via via-(\w+)">.*?</dt><dd>(\d+) ', html, re.DOTALL)
    assert {name: int(many) for name, many in told} == {name: via.count(name) for name in set(via)}


def _curve(said: Said, html: str) -> None:
    drawn = re.search(r'data-curve="([^"]*)"', html)
    if drawn is None:
        assert not said.readers
        return
    for point in json.loads(unescape(drawn[1]))[-1:]:
        for fact in ("opened", "acknowledged"):
            assert point[fact]["many"] == len(said.those(fact))


def _missing(said: Said, html: str) -> None:
    truth = {
        reader.person.name: GOT_TO[next(reversed(said.did[reader.person.id]), "nothing")]
        for reader in said.readers
        if reader not in said.those("acknowledged")
    }
    people = rows(html[html.index('id="missing-title"') :], "table")
    assert {row[1].split(" ", 1)[1]: row[4] for row in people} == truth


def the_company(world: World, opened: Answered, share: Callable[[list[Said], str | None], dict[str, int]]) -> None:
    """The headline, each cell of the heat map with its counts, the figures, and what is still open."""
    html = opened(world, "alignment?weeks=12")
    weeks = [datetime.fromisoformat(week["starts"]) for week in opened(world, "api/v1/alignment?weeks=12")["weeks"]]
    asking = [said for said in world.said if said.item.ask_acknowledge]
    due = share(asking, None)

    assert f"{percent(due['on_time'], due['asked'])}% of required reading was confirmed on time" in words(html)
    told = {row[0].rsplit(" ", 1)[0]: row[1:] for row in rows(html, "heat")}
    assert told == {
        name: [
            *(_cell(share(_of_week(asking, starts), name)) for starts in weeks),
            _whole(share(asking, name)),
        ]
        for name in world.groups
    }
    figures = words(re.search(r'<dl class="figures">(.*?)</dl>', html, re.DOTALL)[1])  # type: ignore[index]  # it is there
    assert f"Confirmed on time {percent(due['on_time'], due['asked'])} % {of(due['on_time'], due['asked'])}" in figures
    left = {row[0]: row[3:] for row in rows(html, "table")}
    for said in asking:
        many, done = len(said.readers), len(said.those("acknowledged"))
        if many > done:
            assert left[said.item.title] == [of(done, many), str(many - done)]


def each_cell(world: World, opened: Answered, share: Callable[[list[Said], str | None], dict[str, int]]) -> None:
    """What each cell of the heat map leads to: its counts, and those of each announcement among them."""
    html = opened(world, "alignment?weeks=12")
    names = {str(group.id): name for name, group in world.groups.items()}
    zone = ZoneInfo(world.readers[0].zone)
    links = re.findall(r'<td[^>]*><a href="/(alignment/cell[?][^"]+)">', html)
    asked = dict[str, set[str]]()
    for link in map(unescape, links):
        query = {name: value for name, [value] in parse_qs(urlsplit(link).query).items()}
        name, since = names[query["group"]], date.fromisoformat(query["since"])
        until = since + timedelta(days=7 * int(query.get("span", "1")))
        said = [one for one in world.said if one.item.ask_acknowledge and one.of(name)]
        said = [one for one in said if since <= one.at.astimezone(zone).date() < until]
        whole = share(said, name)
        page = opened(world, link)
        if whole["asked"]:
            assert f"confirmed on time: {of(whole['on_time'], whole['asked'])}." in words(page)
        assert (str(whole["not_due"]) in words(re.search(r'class="lead">(.*?)</p>', page)[1])) or not whole["not_due"]  # type: ignore[index]  # it is there
        assert {row[0]: row[2:] for row in rows(page, "table")} == {
            one.item.title: _asked(one, name, zone, due=one.due(world.now)) for one in said
        }
        asked.setdefault(name, set()).update(one.item.title for one in said)
    assert asked == {
        name: titles
        for name in world.groups
        if (titles := {one.item.title for one in world.said if one.item.ask_acknowledge and one.of(name)})
    }


def _asked(said: Said, name: str, zone: ZoneInfo, *, due: bool) -> list[str]:
    """Return the row of an announcement in the list of a cell, from when it is due on."""
    done = len(said.those("acknowledged", name))
    in_time = len(said.those("acknowledged", name, until=said.until))
    day = f"{said.until.astimezone(zone):%a %-d %b, %H:%M}" + ("" if due else " not due yet")
    return [day, of(in_time, len(said.of(name))), str(done), str(done)]


def _of_week(all_of_them: Iterable[Said], starts: datetime) -> list[Said]:
    return [said for said in all_of_them if starts <= said.at < starts + timedelta(days=7)]


def _cell(truth: dict[str, int]) -> str:
    early = f"{truth['not_due']} not due yet" if truth["not_due"] else ""
    if not truth["asked"]:
        return f"… {early}" if early else "– nothing asked"
    told = f"{percent(truth['on_time'], truth['asked'])} % ({of(truth['on_time'], truth['asked'])})"
    return f"{told}, {early}" if early else told


def _whole(truth: dict[str, int]) -> str:
    if not truth["asked"]:
        return f"{truth['not_due']} not due yet" if truth["not_due"] else "–"
    return f"{percent(truth['on_time'], truth['asked'])}% {of(truth['on_time'], truth['asked'])}"


def who_wrote_to_whom(world: World, opened: Answered) -> None:
    """Each cell: how many announcements, what share of their readers have read, and that in counts."""
    html = opened(world, "alignment/flows?weeks=12")
    head = re.search(r'<table class="heat flows">.*?<thead>(.*?)</thead>', html, re.DOTALL)
    columns = (
        [words(cell).removeprefix("To ") for cell in re.findall(r"<th .*?</th>", head[1], re.DOTALL)[1:]]
        if head
        else []
    )
    [told] = [row[1:] for row in rows(html, "heat flows")]  # who wrote them is in no group

    truth = []
    for name in columns:
        group = None if name == "Everyone" else name
        sent = [said for said in world.said if said.everyone == (group is None) and said.of(group)]
        many, read = sum(len(said.of(group)) for said in sent), sum(len(said.those("read", group)) for said in sent)
        truth.append(f"{len(sent)} {percent(read, many)}% read by {of(read, many)}" if sent else "– nothing")
    assert told == truth
