"""Each capability tells somebody what it keeps about them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from announcements.analytics import services as analytics
from announcements.audit import services as audit
from announcements.delivery import services as delivery
from announcements.joining import services as joining
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.analytics.conftest import Does


def test_groups_and_tokens_of_the_past_are_told(
    olga: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    later = now + timedelta(days=1)
    people.end_membership(by=olga.id, group_id=operations.id, person_id=maya.id, now=later)
    token = people.issue_token(by=maya.id, name="Report", scopes=("feed:read",), now=now).token
    people.revoke_token(by=maya.id, token_id=token.id, now=later)

    kept = people.stored(by=maya.id)

    (membership,) = kept.memberships
    assert (membership.group_name, membership.started_at, membership.ended_at) == ("Operations", now, later)
    assert [(one.name, one.revoked_at) for one in kept.tokens] == [("Report", later)]
    assert people.stored(by=olga.id).memberships == ()


def test_who_asked_somebody_in_is_told_with_the_mail_about_it(olga: people.Person, now: datetime) -> None:
    invitation = joining.invite(by=olga.id, who=people.Invitee("nadia@northwind.test", "Nadia"), now=now)
    joining.invite(by=olga.id, who=people.Invitee("tom@northwind.test", "Tom"), now=now)
    people.accept(person_id=invitation.person_id, password="a calm long password", now=now)

    kept = joining.stored(by=invitation.person_id)

    (asked,) = kept.invitations
    assert (asked.invited_by_name, asked.email, asked.invited_at) == ("Olga Berg", "nadia@northwind.test", now)
    assert [(letter.kind, letter.state) for letter in kept.letters] == [("invitation", "queued")]


def test_facts_are_told_with_their_channel_and_mails_with_their_reason(
    landed: publishing.Announcement, joao: people.Person, maya: people.Person, now: datetime
) -> None:
    kept = delivery.stored(by=maya.id)

    (one,) = kept.deliveries
    assert (one.announcement_id, one.title, one.delivered_at) == (landed.id, landed.title, now)
    assert "acknowledged" in {fact.fact for fact in one.facts}
    assert {fact.channel for fact in one.facts} <= {"tab", "page", "mail"}
    assert {(mail.kind, mail.announcement_id) for mail in kept.mails} == {("nudge", landed.id)}
    others = delivery.stored(by=joao.id).deliveries[0].facts
    assert {fact.fact for fact in others} == {"displayed"}


def test_who_looked_at_a_list_of_names_is_told_to_those_who_were_on_it(
    notice: publishing.Announcement, does: Does, ines: people.Person, maya: people.Person, now: datetime,
    joao: people.Person, olga: people.Person,
) -> None:  # fmt: skip
    analytics.missing(by=ines.id, announcement_id=notice.id, now=now + timedelta(minutes=5))
    does(maya, "acknowledged", notice, minutes=10)
    analytics.missing(by=ines.id, announcement_id=notice.id, now=now + timedelta(minutes=20))

    looks = {person.name: audit.stored(by=person.id).looks for person in (maya, joao, olga)}

    assert [(look.by_name, look.title) for look in looks["Maya Lindqvist"]] == [("Ines Carvalho", notice.title)]
    assert [look.at for look in looks["Joao Matias"]] == [now + timedelta(minutes=5), now + timedelta(minutes=20)]
    assert looks["Olga Berg"] == ()


def test_a_look_at_one_name_before_nudging_and_by_it_is_told_to_that_one_alone(
    notice: publishing.Announcement, ines: people.Person, maya: people.Person, joao: people.Person, now: datetime
) -> None:
    soon = now + timedelta(minutes=5)
    whom = {"announcement_id": notice.id, "person_ids": [maya.id]}
    delivery.nudge_preview(by=ines.id, **whom, now=soon)  # type: ignore[arg-type]  # said once
    delivery.nudge_now(by=ines.id, **whom, now=soon)  # type: ignore[arg-type]  # said once

    assert [look.at for look in audit.stored(by=maya.id).looks] == [soon, soon]
    assert audit.stored(by=joao.id).looks == ()


def test_the_trail_tells_a_member_what_is_theirs_alone(
    olga: people.Person, maya: people.Person, joao: people.Person, now: datetime
) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="admin", now=now)
    people.change_role(by=olga.id, person_id=joao.id, role="admin", now=now)

    about = [one for one in audit.stored(by=maya.id).entries if one.verb == "role_changed"]

    assert [(one.by_name, one.subject_name) for one in about] == [("Olga Berg", "Maya Lindqvist")]


def test_who_has_no_access_any_more_is_told_nothing(olga: people.Person, maya: people.Person, now: datetime) -> None:
    people.deactivate(by=olga.id, person_id=maya.id, now=now)

    for ask in (people.stored, joining.stored, delivery.stored, audit.stored):
        with pytest.raises(errors.NotFound):
            ask(by=maya.id)


def test_what_somebody_wrote_is_told_drafts_too(notice: publishing.Announcement, ines: people.Person, olga: people.Person, now: datetime) -> None:  # fmt: skip
    publishing.create(by=ines.id, draft=publishing.Draft(title="Later"), now=now + timedelta(hours=1))

    assert [one.title for one in publishing.written(by=ines.id)] == [notice.title, "Later"]
    assert publishing.written(by=olga.id) == []
