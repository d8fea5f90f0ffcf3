"""The company: its people, their groups, and who may sign in."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress

from announcements.management.northwind import cast, reading
from announcements.management.northwind.cast import Member
from announcements.people import services as people

PASSWORD = "calm-harbour-lights"  # noqa: S105  a demo's, printed for whoever looks around
BEGUN = timedelta(days=100)
LINKS = (
    ("Bookings", "package"), ("Tracking", "map-pin"), ("Tariff lookup", "scale"), ("Rate desk", "calculator"),
    ("Time off", "calendar-off"), ("Expenses", "receipt"), ("Handbook", "book-open"), ("IT help", "life-buoy"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Company:
    """What the announcements need to know: ids by name, and who reads how."""

    ids: dict[str, int]
    groups: dict[str, int]
    members: dict[str, Member]
    readers: dict[int, reading.Reader]


def hire(*, now: datetime, chance: random.Random) -> Company:
    """Found Northwind Freight a hundred days before `now` and bring everybody in."""
    began = now - BEGUN
    members = cast.members(chance)
    owner = next(member for member in members if member.name == cast.OWNER)
    first = people.NewPerson(email=owner.email, name=owner.name, password=PASSWORD, timezone=cast.ZONES[owner.place])
    by = people.found(name="Northwind Freight", owner=first, now=began).id
    people.update_profile(by=by, changes=people.ProfileChanges(title=owner.title), now=began)
    company = Company(ids={owner.name: by}, groups={}, members={m.name: m for m in members}, readers={})
    for member in members:
        _join(company, member, by=by, now=now, chance=chance)
    for name in cast.ADMINS:
        people.change_role(by=by, person_id=company.ids[name], role="admin", now=began)
    _group(company, by=by, now=now)
    _furnish(by=by, now=began)
    EmailAddress.objects.bulk_create(
        EmailAddress(user_id=company.ids[m.name], email=m.email, verified=True, primary=True) for m in members
    )
    return company


def _furnish(*, by: int, now: datetime) -> None:
    clocks = tuple(people.Clock(place, zone) for place, zone in cast.ZONES.items())
    links = tuple(
        people.Link(label, f"https://{label.lower().replace(' ', '-')}.northwind.example/", icon)
        for label, icon in LINKS
    )
    changes = people.WorkspaceChanges(timezone="Europe/Amsterdam", clocks=clocks, links=links)
    people.update_workspace(by=by, changes=changes, now=now)
    people.update_setup(by=by, closed=True, now=now)


def _join(company: Company, member: Member, *, by: int, now: datetime, chance: random.Random) -> None:
    joined = _joined_at(company, member, now)
    if member.name not in company.ids:
        zone = cast.ZONES[member.place]
        invited = people.invite(
            by=by, email=member.email, name=member.name, title=member.title, timezone=zone, now=joined
        )
        people.accept(person_id=invited.id, password=PASSWORD if member.name in cast.SIGN_INS else None, now=joined)
        company.ids[member.name] = invited.id
    placed = people.PersonChanges(location=member.place)
    person = people.update_person(by=by, person_id=company.ids[member.name], changes=placed, now=joined)
    company.readers[person.id] = reading.Reader(
        person_id=person.id,
        name=member.name,
        function=member.function,
        working_time=person.working_time,
        diligence=chance.betavariate(4, 1.5),
        joined_at=joined,
    )


def _joined_at(company: Company, member: Member, now: datetime) -> datetime:
    return now - (timedelta(days=11 + len(company.ids) % 9) if member.joined_lately else BEGUN)


def _group(company: Company, *, by: int, now: datetime) -> None:
    for name, kind, parent, names in _groups(company.members):
        began = now - BEGUN
        parent_id = company.groups.get(parent)
        group = people.create_group(by=by, name=name, kind=kind, parent_id=parent_id, now=began)
        company.groups[name] = group.id
        for member in names:
            joined = company.readers[company.ids[member]].joined_at
            manager = member in cast.MANAGERS.get(name, ())
            people.add_member(
                by=by,
                group_id=group.id,
                person_id=company.ids[member],
                role="manager" if manager else "member",
                now=joined,
            )
    for name, description in cast.DESCRIPTIONS.items():
        changes = people.GroupChanges(description=description, rule=cast.RULES.get(name))
        people.update_group(by=by, group_id=company.groups[name], changes=changes, now=now - BEGUN)


def _groups(members: dict[str, Member]) -> list[tuple[str, people.GroupKind, str, list[str]]]:
    """Return each group as name, kind, parent's name, members' names."""
    everyone = list(members.values())
    joined = [m.name for m in everyone if m.joined_lately]
    inside = {
        "Customs": ("Operations", "Customs"),
        "Finance": ("Commercial", "Finance director Controller Accountant"),
        "Recruiting": ("Product & Engineering", "Head of People Recruiter"),
    }
    return [
        *((f, "function", "", [m.name for m in everyone if m.function == f]) for f in cast.SEATS),
        *((place, "location", "", [m.name for m in everyone if m.place == place]) for place in cast.ZONES),
        *(
            (name, "function", top, [m.name for m in everyone if _inside(m, top, w)])
            for name, (top, w) in inside.items()
        ),
        ("Shipment tracking 2", "project", "", _tracking(everyone)),
        ("People managers", "other", "", []),
        ("New joiners", "other", "", joined),
        ("On call this week", "other", "", [m.name for m in everyone if m.title == "Dispatcher"][:6]),
    ]


def _inside(member: Member, function: str, titles: str) -> bool:
    return member.function == function and member.title.split()[0] in titles.split()


def _tracking(everyone: list[Member]) -> list[str]:
    chosen = [m.name for m in everyone if m.function in ("Commercial", "Customer Care")]
    return ["Samir Haddad", *chosen]
