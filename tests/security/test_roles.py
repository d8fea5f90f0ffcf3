"""The product's table of roles, cell by cell, asked at the doors; and what owners alone may beyond it.

    can | member | manager of that group | admin | owner

Where a cell says "own", a manager may for the group they manage, and not for another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from announcements.analytics import services as analytics
from announcements.audit import services as audit
from announcements.delivery import services as delivery
from announcements.joining import services as joining
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from announcements.roster import services as roster
from tests.conftest import join
from tests.entering import signed_up
from tests.pictures import picture

COLUMNS = ("member", "manager", "admin", "owner")


@dataclass(frozen=True)
class Company:
    """Who asks, about which group, and what else there is to ask about."""

    who: dict[str, int]
    own: int
    other: int
    whom: int
    left: int
    waiting: int
    owns: int
    now: datetime
    notice: int = 0
    told: tuple[int, int] = (0, 0)


Act = Callable[[Company, int, int], object]


def said(by: int, audience: people.Audience, now: datetime) -> int:
    draft = publishing.Draft(title="News", body="<p>Text</p>", audience=audience, ask_acknowledge=True)
    made = publishing.create(by=by, draft=draft, now=now)
    publishing.publish(announcement_id=made.id, by=by, now=now)
    delivery.fan_out(announcement_id=made.id, now=now)
    return made.id


def to(group: int) -> people.Audience:
    return people.Audience(group_ids=(group,))


def invited(*groups: int, role: people.Role = "member") -> people.Invitee:
    return people.Invitee("new@northwind.test", "New", role=role, group_ids=groups)


def change(**changes: Any) -> Act:
    given = people.WorkspaceChanges(**changes)
    return lambda c, by, _group: people.update_workspace(by=by, changes=given, now=c.now)


def makes(role: people.Role) -> Act:
    return lambda c, by, _group: people.change_role(by=by, person_id=c.whom, role=role, now=c.now)


def reach(c: Company, by: int, group: int) -> object:
    return analytics.reach(by=by, announcement_id=c.told[group == c.other], now=c.now)


# A row of the table: what is done, and what member, manager, admin and owner may.
TABLE: dict[str, tuple[str, Act]] = {
    # read, react, comment, ask, acknowledge what is meant for them
    "read": ("yes yes yes yes", lambda c, by, _g: delivery.readable(by=by, announcement_id=c.notice, now=c.now)),
    "acknowledge": (
        "yes yes yes yes",
        lambda c, by, _g: delivery.acknowledge(by=by, announcement_id=c.notice, version=1, now=c.now),
    ),
    # publish to own groups; see their analytics
    "publish to a group": ("no own yes yes", lambda c, by, group: said(by, to(group), c.now)),
    "see the numbers of a group": ("no own yes yes", reach),
    # publish to any group or everyone
    "publish to everyone": ("no no yes yes", lambda c, by, _g: said(by, people.Audience(everyone=True), c.now)),
    # invite people
    "invite into a group": (
        "no own yes yes",
        lambda c, by, group: joining.invite(by=by, who=invited(group), now=c.now),
    ),
    "invite without a group": ("no no yes yes", lambda c, by, _g: joining.invite(by=by, who=invited(), now=c.now)),
    "invite admins": ("no no yes yes", lambda c, by, _g: joining.invite(by=by, who=invited(role="admin"), now=c.now)),
    # groups, people, workspace, new-tab configuration
    "choose members": (
        "no own yes yes",
        lambda c, by, group: people.add_member(by=by, group_id=group, person_id=c.whom, now=c.now),
    ),
    "make groups": ("no no yes yes", lambda c, by, _g: people.create_group(by=by, name="New", now=c.now)),
    "change groups": (
        "no no yes yes",
        lambda c, by, group: people.update_group(
            by=by, group_id=group, changes=people.GroupChanges(name="New"), now=c.now
        ),
    ),
    "close groups": ("no no yes yes", lambda c, by, group: people.close_group(by=by, group_id=group, now=c.now)),
    "change people": (
        "no no yes yes",
        lambda c, by, _g: people.update_person(
            by=by, person_id=c.whom, changes=people.PersonChanges(location="Porto"), now=c.now
        ),
    ),
    "make admins": ("no no yes yes", makes("admin")),
    "let people in": ("no no yes yes", lambda c, by, _g: joining.admit(by=by, person_id=c.waiting, now=c.now)),
    "import people": (
        "no no yes yes",
        lambda c, by, _g: roster.upload(by=by, file_name="x.csv", content=b"name,email\n", now=c.now),
    ),
    "share a claim link": (
        "no no yes yes",
        lambda c, by, _g: joining.create_claim_link(by=by, name="Wiki", limits=joining.Limits(), now=c.now),
    ),
    "claim a domain": (
        "no no yes yes",
        lambda c, by, _g: people.claim(by=by, name="new.test", verified=["a@new.test"], now=c.now),
    ),
    "name the workspace": ("no no yes yes", change(name="Fjord")),
    "set its logo": ("no no yes yes", lambda c, by, _g: people.set_logo(by=by, content=picture(), now=c.now)),
    "set how people join": ("no no yes yes", change(join_policy="invite")),
    "ask for a second factor": ("no no yes yes", change(second_factor_required=True)),
    "set whose reading is named": ("no no yes yes", change(privacy="open")),
    "set how long facts are kept": ("no no yes yes", change(retention_days=30)),
    "take a second factor away": (
        "no no yes yes",
        lambda c, by, _g: people.lost_factor(by=by, person_id=c.whom, now=c.now),
    ),
    "set the clocks of the tab": ("no no yes yes", change(clocks=(people.Clock("Porto", "Europe/Lisbon"),))),
    "set the links of the tab": ("no no yes yes", change(links=(people.Link("Wiki", "https://wiki.test/"),))),
    # deactivate and reactivate people, make owners
    "deactivate": ("no no no yes", lambda c, by, _g: people.deactivate(by=by, person_id=c.whom, now=c.now)),
    "reactivate": ("no no no yes", lambda c, by, _g: people.reactivate(by=by, person_id=c.left, now=c.now)),
    "make owners": ("no no no yes", makes("owner")),
    "invite owners": ("no no no yes", lambda c, by, _g: joining.invite(by=by, who=invited(role="owner"), now=c.now)),
}
# What follows from "make owners", and what no row of the table speaks of: docs/decisions/0014-what-only-owners-set.md.
OWNERS_ONLY: dict[str, Act] = {
    "set the mail server": lambda c, by, _g: people.set_mail_server(
        by=by, changes=people.MailServerChanges(host="localhost", tls="none", sender="hub@northwind.test"), now=c.now
    ),
    "leave the mail server": lambda c, by, _g: people.remove_mail_server(by=by, now=c.now),
    "go through the set-up": lambda c, by, _g: people.update_setup(by=by, closed=True, now=c.now),
    "take an owner's second factor away": lambda c, by, _g: people.lost_factor(by=by, person_id=c.owns, now=c.now),
    "read the trail": lambda _c, by, _g: audit.entries(by=by, asked=audit.Asked()),
}
RULES = TABLE | {name: ("no no no yes", act) for name, act in OWNERS_ONLY.items()}


@pytest.fixture
def company(
    olga: people.Person, ines: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> Company:
    """Return Northwind: Ines manages Operations, Maya is in it, Sal is in Sales."""
    adam, sal, lea = (join(olga, name, "Europe/Lisbon", now) for name in ("Adam Roth", "Sal Moss", "Lea Ott"))
    people.change_role(by=olga.id, person_id=adam.id, role="admin", now=now)
    other = people.create_group(by=olga.id, name="Sales", now=now).id
    people.add_member(by=olga.id, group_id=other, person_id=sal.id, now=now)
    people.deactivate(by=olga.id, person_id=lea.id, now=now)
    second = join(olga, "Oda Lie", "Europe/Oslo", now)
    people.change_role(by=olga.id, person_id=second.id, role="owner", now=now)
    people.claim(by=olga.id, name="northwind.test", verified=[olga.email], now=now)
    waits = signed_up(people.NewPerson("per@northwind.test", "Per", "a calm long password"), now)
    return Company(
        who={"member": maya.id, "manager": ines.id, "admin": adam.id, "owner": olga.id},
        own=operations.id,
        other=other,
        whom=sal.id,
        left=lea.id,
        waiting=waits.id,
        owns=second.id,
        now=now,
        notice=said(olga.id, people.Audience(everyone=True), now),
        told=(said(olga.id, to(operations.id), now), said(olga.id, to(other), now)),
    )


def cells(company: Company, act: Act) -> Iterator[str]:
    """Return what each column may: yes, no, or only for the group they manage."""
    for column in COLUMNS:
        own, other = (may(company, column, act, group) for group in (company.own, company.other))
        yield {(True, True): "yes", (False, False): "no", (True, False): "own"}[own, other]


def may(company: Company, column: str, act: Act, group: int) -> bool:
    """Tell whether they may; whatever it did is undone. What is not there for somebody they may not either."""
    with transaction.atomic():
        try:
            act(company, company.who[column], group)
        except (errors.Forbidden, errors.NotFound):
            return False
        finally:
            transaction.set_rollback(True)
    return True


@pytest.mark.parametrize("name", RULES)
def test_a_role_may_what_the_table_says(company: Company, name: str) -> None:
    expected, act = RULES[name]

    assert " ".join(cells(company, act)) == expected
