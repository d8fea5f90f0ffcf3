"""The trail: what is worth knowing is kept, for owners alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from announcements.analytics import services as analytics
from announcements.audit import models
from announcements.audit import services as audit
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing


def told(owner: people.Person, **asked: object) -> list[tuple[str, str, str]]:
    found = audit.entries(by=owner.id, asked=audit.Asked(**asked))  # type: ignore[arg-type]  # a test's shorthand
    return [(one.by_name, one.verb, one.subject_name) for one in found]


def test_a_role_change_says_who_whom_and_what(olga: people.Person, maya: people.Person, now: datetime) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="admin", now=now)

    entry = audit.entries(by=olga.id, asked=audit.Asked(verb="role_changed"))[0]

    assert (entry.by_name, entry.subject_name, entry.at) == ("Olga Berg", "Maya Lindqvist", now)
    assert entry.details == {"from": "member", "to": "admin"}


def test_ending_and_giving_back_access_are_kept(olga: people.Person, maya: people.Person, now: datetime) -> None:
    people.deactivate(by=olga.id, person_id=maya.id, now=now)
    people.deactivate(by=olga.id, person_id=maya.id, now=now)  # it was done: nothing to tell
    people.reactivate(by=olga.id, person_id=maya.id, now=now + timedelta(hours=1))

    assert told(olga, person_id=maya.id)[:2] == [
        ("Olga Berg", "reactivated", "Maya Lindqvist"),
        ("Olga Berg", "deactivated", "Maya Lindqvist"),
    ]


def test_what_somebody_is_in_groups_is_about_them_too(
    olga: people.Person, maya: people.Person, joao: people.Person, operations: people.Group, now: datetime
) -> None:
    people.end_membership(by=olga.id, group_id=operations.id, person_id=maya.id, now=now + timedelta(hours=1))

    found = audit.entries(by=olga.id, asked=audit.Asked(person_id=maya.id))

    kept = [(one.verb, one.subject_name, one.names) for one in found if one.subject == "group"]
    whom = {"person_id": "Maya Lindqvist"}
    assert kept == [("membership_ended", "Operations", whom), ("membership_started", "Operations", whom)]


def test_who_comes_into_a_group_by_its_rule_and_leaves_it_stands_under_their_name(
    olga: people.Person, maya: people.Person, now: datetime
) -> None:
    rule = people.Rule((people.Condition("title", "is", "Driver"),))
    people.create_group(by=olga.id, name="Drivers", kind="function", about=people.About(rule=rule), now=now)
    for title, at in (("Driver", now), ("Cook", now + timedelta(hours=1))):
        people.update_person(by=olga.id, person_id=maya.id, changes=people.PersonChanges(title=title), now=at)

    found = audit.entries(by=olga.id, asked=audit.Asked(person_id=maya.id))

    kept = [(one.by, one.verb, one.subject_name, one.details["through"]) for one in found if one.subject == "group"]
    assert kept == [(None, "membership_ended", "Drivers", "rule"), (None, "membership_started", "Drivers", "rule")]


def test_a_token_is_kept_when_made_used_the_first_time_of_a_day_and_revoked(
    olga: people.Person, maya: people.Person, now: datetime
) -> None:
    new = people.issue_token(by=maya.id, name="Report", scopes=("feed:read",), now=now)
    for _twice in range(2):
        people.authenticate(key=new.key, now=now)
    people.authenticate(key=new.key, now=now + timedelta(days=1))
    people.revoke_token(by=maya.id, token_id=new.token.id, now=now + timedelta(days=2))

    entries = audit.entries(by=olga.id, asked=audit.Asked(person_id=maya.id))

    kept = [one.verb for one in entries if one.subject == "token"]
    assert kept == ["token_revoked", "token_used", "token_used", "token_issued"]
    assert new.key not in str([one.details for one in entries])


def test_a_look_at_a_named_list_is_kept(
    olga: people.Person, ines: people.Person, landed: publishing.Announcement, now: datetime
) -> None:
    analytics.missing(by=ines.id, announcement_id=landed.id, now=now)
    analytics.missing(by=ines.id, announcement_id=landed.id, now=now, after=("A", 1))  # no cursor proves a look before

    assert told(olga, verb="missing_looked_at") == [("Ines Carvalho", "missing_looked_at", "")] * 2


def test_what_was_not_done_leaves_no_entry(olga: people.Person, maya: people.Person, now: datetime) -> None:
    with pytest.raises(people.LastOwner):
        people.change_role(by=olga.id, person_id=olga.id, role="member", now=now)

    assert told(olga, verb="role_changed") == []


def test_an_entry_cannot_be_changed(olga: people.Person, now: datetime) -> None:
    audit.note(workspace_id=olga.workspace_id, by=olga.id, verb="tried", details={}, at=now)

    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        models.Entry.objects.update(verb="never happened")


def test_an_entry_cannot_be_deleted(olga: people.Person, now: datetime) -> None:
    audit.note(workspace_id=olga.workspace_id, by=olga.id, verb="tried", details={}, at=now)

    with pytest.raises(DatabaseError, match="cannot be deleted"), transaction.atomic():
        models.Entry.objects.filter(verb="tried").delete()
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="cannot be deleted"), transaction.atomic(), connection.cursor() as all_:
            all_.execute("TRUNCATE audit_entry CASCADE")

    assert told(olga, verb="tried") == [("Olga Berg", "tried", "")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_emptying_the_database_between_tests_leaves_the_guards_up(
    olga: people.Person, time: str, now: datetime
) -> None:
    audit.note(workspace_id=olga.workspace_id, by=olga.id, verb="tried", details={"time": time}, at=now)

    assert told(olga, verb="tried") == [("Olga Berg", "tried", "")]
    for act in (lambda: models.Entry.objects.all().delete(), lambda: models.Entry.objects.update(verb="x")):
        with pytest.raises(DatabaseError, match="cannot be"):
            act()


@pytest.mark.parametrize("role", ["member", "admin"])
def test_only_owners_see_it(role: people.Role, olga: people.Person, maya: people.Person, now: datetime) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role=role, now=now)

    for see in (audit.entries, audit.export):
        with pytest.raises(errors.Forbidden):
            see(by=maya.id, asked=audit.Asked(), **({"now": now} if see is audit.export else {}))  # type: ignore[operator]


def test_another_workspace_sees_its_own_alone(
    olga: people.Person, maya: people.Person, charlie: people.Person, now: datetime
) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="admin", now=now)

    assert told(charlie, verb="role_changed") == []
    assert told(charlie, person_id=maya.id) == []


def test_days_and_pages_part_it(olga: people.Person, now: datetime) -> None:
    for days in range(5):
        audit.note(
            workspace_id=olga.workspace_id, by=None, verb="swept", details={"day": days}, at=now + timedelta(days=days)
        )

    asked = audit.Asked(verb="swept", since=now + timedelta(days=1), until=now + timedelta(days=4))
    first = audit.entries(by=olga.id, asked=asked, limit=2)
    rest = audit.entries(by=olga.id, asked=asked, before=(first[-1].at, first[-1].id))

    assert [one.details["day"] for one in first + rest] == [3, 2, 1]


def test_it_can_be_taken_along_and_taking_it_is_kept(olga: people.Person, now: datetime) -> None:
    audit.note(workspace_id=olga.workspace_id, by=olga.id, verb="tried", details={"name": "=1+1"}, at=now)

    lines = list(audit.export(by=olga.id, asked=audit.Asked(verb="tried"), now=now))

    assert lines[0].startswith("\ufeffat (UTC),by,")
    assert "Olga Berg" in lines[1] and "name: =1+1" in lines[1]
    assert told(olga, verb="audit_exported") == [("Olga Berg", "audit_exported", "")]
