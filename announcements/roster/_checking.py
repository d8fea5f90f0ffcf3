"""What each row would do: compare it with who is there, and find what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from announcements.kernel import errors, text
from announcements.people import services as people
from announcements.roster import _said, models
from announcements.roster._values import Problem

LABELS = ("name", "title", "location")
FIELDS = (*LABELS, "timezone", "locale", "role")
MOST = 80


class Skip(Exception):
    """It was decided to leave this row out."""


@dataclass(frozen=True, slots=True)
class Company:
    """Who and what is there, as far as some rows need it."""

    by: int
    owner: bool
    zone: str
    persons: Mapping[str, people.Listed]
    zones: Mapping[str, tuple[str, int]]
    # By name as it is compared: the id, and whether a rule fills it.
    groups: Mapping[str, tuple[int, bool]]


def company(by: int, emails: Sequence[str], now: datetime) -> Company:
    """Return what is there; raise Forbidden unless admin or owner."""
    actor = people.person(person_id=by)
    return Company(
        by=by,
        owner=actor.role == "owner",
        zone=people.workspace(workspace_id=actor.workspace_id).timezone,
        persons={one.email: one for one in people.listed(by=by, emails=emails, now=now)},
        zones=people.zones_by_location(by=by),
        groups={
            people.tidy_name(name=group.name): (group.id, group.rule is not None)
            for group in people.groups(by=by, at=now)
        },
    )


def address_of(columns: Sequence[str], row: models.ImportRow) -> str | None:
    """Return the address a row will have, by what it says and what was decided; None while there is none."""
    given = row.cells[columns.index("email")]
    if (found := _said.address(given)) is not None:
        return found
    decision = row.decisions.get("address" if given else "no_address", {})
    if decision.get("do") == "choose":
        return str(decision["value"])
    return _said.likely_address(given) if decision.get("do") == "use" else None


@dataclass
class Look:
    """A look at one row."""

    row: models.ImportRow
    company: Company
    twice: Mapping[str, int]
    person: people.Listed | None = None
    problems: list[Problem] = field(default_factory=list)

    def at(self, columns: Sequence[str]) -> None:
        """Write onto the row what it would do."""
        row = self.row
        given = _said.said(columns, row.cells)
        row.changes, row.joins, row.creates, row.person_id = {}, [], [], None
        row.values = {"email": given.get("email", ""), "name": given["name"]}
        try:
            self._address(columns, given)
            self._fields(given)
            self._groups(_said.names(given.get("groups", "")))
        except Skip:
            row.kind, row.problems = "skipped", []
            return
        row.problems = [asdict(one) for one in self.problems]
        row.kind = self._kind()

    def _kind(self) -> str:
        if self.problems:
            return "problem"
        if self.person is None:
            return "new"
        return "updated" if self.row.changes or self.row.joins or self.row.creates else "unchanged"

    def _settle(self, kind: str, value: str, proposal: str | None, others: int = 0) -> str | None:
        """Return what was decided to take instead; None while nothing was. Raise Skip."""
        decision = self.row.decisions.get(kind)
        if decision and decision["do"] == "skip":
            raise Skip
        if decision and decision["do"] == "choose":
            return str(decision["value"])
        if decision and proposal is not None:
            return proposal
        self.problems.append(Problem(kind, value, proposal, others))
        return None

    def _address(self, columns: Sequence[str], given: Mapping[str, str]) -> None:
        email = address_of(columns, self.row)
        cell = given["email"]
        if email is None:
            self._settle("address" if cell else "no_address", cell, _said.likely_address(cell))
            return
        self.row.values["email"] = email
        self.person = self.company.persons.get(email)
        self.row.person_id = self.person.id if self.person else None
        last = self.twice.get(email)
        if last is not None and self._settle("twice", cell, str(last)) and last != self.row.number:
            raise Skip
        if self.person and self.person.state == "deactivated":
            back = self._settle("deactivated", email, "active" if self.company.owner else None)
            if back:
                self.row.changes["state"] = ["deactivated", "active"]

    def _fields(self, given: Mapping[str, str]) -> None:
        taken = {name: self._label(name, given.get(name, "")) for name in LABELS}
        if not given["name"] and self.person is None:
            email = self.row.values["email"]
            taken["name"] = self._settle("no_name", email, _said.likely_name(email) if email else None)
        taken["timezone"] = self._zone(given.get("timezone", ""), taken["location"] or "")
        taken["locale"] = self._locale(given.get("locale", ""))
        taken["role"] = self._role(given.get("role", ""))
        for name, value in taken.items():
            if value:
                self.row.values[name] = value
                before = getattr(self.person, name) if self.person else value
                if before != value:
                    self.row.changes[name] = [before, value]

    def _label(self, name: str, value: str) -> str | None:
        return value if len(value) <= MOST else self._settle("long", value, value[:MOST].strip())

    def _zone(self, value: str, location: str) -> str | None:
        place = location or (self.person.location if self.person else "")
        zone, others = self.company.zones.get(people.tidy_name(name=place), (self.company.zone, 0))
        if not value:
            return None if self.person else zone
        return _said.zone(value) or self._settle("timezone", value, zone, others)

    def _locale(self, value: str) -> str | None:
        return (_said.locale(value) or self._settle("locale", value, "")) if value else None

    def _role(self, value: str) -> str | None:
        role = _said.ROLES.get(value.casefold())
        before = self.person.role if self.person else "member"
        if not value or role == before:
            return role
        makes_owner = role == "owner" and not self.company.owner
        oneself = self.person is not None and self.person.id == self.company.by
        if role is None or before == "owner" or makes_owner or oneself:
            return self._settle("role", value, "")
        return role

    def _groups(self, names: Sequence[str]) -> None:
        mine = self.person.group_ids if self.person else frozenset()
        self.row.values["groups"] = list(names)
        for name in names:
            group_id, ruled = self.company.groups.get(people.tidy_name(name=name), (0, False))
            if group_id in mine:
                continue
            if ruled:
                self._settle("ruled", name, "")
            elif group_id:
                self._join(group_id)
            elif chosen := self._settle("group", name, name):
                known, _ruled = self.company.groups.get(people.tidy_name(name=chosen), (0, False))
                if not known:
                    self.row.creates.append(chosen)
                elif known not in mine:
                    self._join(known)

    def _join(self, group_id: int) -> None:
        if group_id not in self.row.joins:
            self.row.joins.append(group_id)


def chosen(kind: str, value: str, groups: Mapping[str, tuple[int, bool]], refused: str) -> str:
    """Return a value chosen instead of one that was wrong; raise Invalid with the sentence when it is wrong too."""
    found: str | None = None
    if kind in {"address", "no_address"}:
        found = _said.address(value)
    elif kind == "timezone":
        found = _said.zone(value)
    elif kind == "locale":
        found = _said.locale(value)
    elif kind == "no_name":
        found = text.one_line(value)[:MOST]
    elif kind == "group":
        _group_id, ruled = groups.get(people.tidy_name(name=value), (0, True))
        found = None if ruled else value
    if not found:
        raise errors.Invalid({"value": [refused]})
    return found
