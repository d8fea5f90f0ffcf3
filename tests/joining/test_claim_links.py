"""Links for many: what they allow, and who comes in by them as what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from announcements.joining import services as joining
from announcements.kernel import errors
from announcements.people import services as people
from tests.joining.conftest import arrival, key_in, nadia
from tests.journeys.sink import Sink

Post = Callable[..., Any]


@pytest.fixture
def link(olga: people.Person, now: datetime) -> Callable[..., joining.ClaimLink]:
    """Return a function that makes a link of Northwind's."""

    def make(**limits: Any) -> joining.ClaimLink:
        return joining.create_claim_link(by=olga.id, name="Browser policy", limits=joining.Limits(**limits), now=now)

    return make


@pytest.fixture
def claimed(olga: people.Person, now: datetime) -> None:
    """Let Northwind claim its domain."""
    people.claim_domain(person_id=olga.id, now=now)


def takes(olga: people.Person, policy: str, now: datetime) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(join_policy=policy), now=now)


def test_an_address_is_proved_by_mail_before_anybody_comes_in(link: Any, post: Post, now: datetime) -> None:
    open_link = link()
    assert joining.way_in(token=open_link.token, now=now).kind == "link"
    with pytest.raises(joining.LinkDead):
        joining.accept(token=open_link.token, arrival=arrival(), now=now)

    joining.ask(token=open_link.token, email="NADIA@partner.test", now=now)

    (mail,) = post()
    assert mail["To"].addresses[0].addr_spec == "nadia@partner.test"
    assert joining.way_in(token=key_in(mail), now=now).email == "nadia@partner.test"


@pytest.mark.usefixtures("claimed")
@pytest.mark.parametrize(
    ("policy", "email", "state"),
    [
        ("open", "nadia@northwind.test", "active"), ("open", "nadia@partner.test", "waiting"),
        ("approval", "nadia@northwind.test", "waiting"), ("approval", "nadia@partner.test", "waiting"),
    ],
)  # fmt: skip
def test_an_unknown_address_joins_by_the_join_policy(
    olga: people.Person, link: Any, post: Post, now: datetime, policy: str, email: str, state: str
) -> None:
    takes(olga, policy, now)
    joining.ask(token=link().token, email=email, now=now)
    token = key_in(post()[0])
    assert joining.way_in(token=token, now=now).waits == (state == "waiting")

    assert joining.accept(token=token, arrival=arrival(), now=now).state == state


def test_invite_only_lets_in_the_invited_alone(olga: people.Person, link: Any, post: Post, now: datetime) -> None:
    takes(olga, "invite", now)
    people.invite(by=olga.id, email="lee@partner.test", name="Lee", now=now)
    open_link = link()
    for email in ("nadia@partner.test", "lee@partner.test"):
        joining.ask(token=open_link.token, email=email, now=now)

    to_nadia, to_lee = post()

    assert to_nadia["Subject"] == "Ask for an invitation to Northwind"
    assert "/join/" not in to_nadia.get_body(("plain",)).get_content()
    assert joining.accept(token=key_in(to_lee), arrival=arrival("Lee"), now=now).state == "active"


def test_an_invited_person_claims_their_account_and_the_invitation_is_settled(
    olga: people.Person, operations: people.Group, link: Any, post: Post, now: datetime
) -> None:
    invited = joining.invite(by=olga.id, who=nadia(role="admin", group_ids=(operations.id,)), now=now)
    first = key_in(post()[0])
    joining.ask(token=link().token, email="nadia@partner.test", now=now)

    person = joining.accept(token=key_in(post()[0]), arrival=arrival(), now=now)

    assert (person.id, person.state, person.role) == (invited.person_id, "active", "admin")
    assert joining.invitation(by=olga.id, invitation_id=invited.id, now=now).state == "accepted"
    with pytest.raises(joining.LinkUsed):
        joining.accept(token=first, arrival=arrival(), now=now)


def test_an_invitation_that_expired_gives_no_more_than_the_link(
    olga: people.Person, link: Any, post: Post, now: datetime
) -> None:
    joining.invite(by=olga.id, who=nadia(role="admin"), now=now - timedelta(days=15))
    post()
    joining.ask(token=link().token, email="nadia@partner.test", now=now)

    person = joining.accept(token=key_in(post()[0]), arrival=arrival(), now=now)

    assert (person.state, person.role) == ("active", "member")


def test_it_is_written_in_the_language_of_the_company(
    olga: people.Person, link: Any, post: Post, now: datetime, speaks: Any
) -> None:
    speaks("pt", {"Your way in to %(company)s": "A sua entrada em %(company)s"})
    people.update_profile(by=olga.id, changes=people.ProfileChanges(locale="pt"), now=now)
    token = link().token

    joining.ask(token=token, email="new@partner.test", now=now)

    [mail] = post()
    assert mail["Subject"] == "A sua entrada em Northwind"


def test_whoever_has_an_account_is_told_by_mail_and_by_mail_alone(
    olga: people.Person, maya: people.Person, charlie: people.Person, link: Any, post: Post, now: datetime
) -> None:
    open_link = link()
    for email in (maya.email, charlie.email, "nobody@northwind.test"):
        joining.ask(token=open_link.token, email=email, now=now)

    assert [mail["Subject"] for mail in post()] == [
        "You have an account already", "You have an account already", "Your way in to Northwind",
    ]  # fmt: skip


def test_pressing_twice_is_one_mail_and_an_address_is_not_flooded(
    olga: people.Person, link: Any, sink: Sink, post: Post, now: datetime
) -> None:
    open_link = link()
    for minute in (0, 0, 1, 3, 6, 9, 12, 15, 18):
        at = now + timedelta(minutes=minute)
        joining.ask(token=open_link.token, email="nadia@partner.test", now=at)
        post(at)

    assert len(sink.to("nadia@partner.test")) == 5


def test_a_link_keeps_to_its_limits(link: Any, post: Post, now: datetime) -> None:
    narrow = link(domains=("partner.test",), most_uses=1, expires_at=now + timedelta(days=1))
    with pytest.raises(errors.Invalid):
        joining.ask(token=narrow.token, email="eve@elsewhere.test", now=now)
    for email in ("nadia@partner.test", "lee@partner.test"):
        joining.ask(token=narrow.token, email=email, now=now)
    first, second = map(key_in, post())

    joining.accept(token=first, arrival=arrival(), now=now)

    with pytest.raises(joining.LinkExpired):
        joining.accept(token=second, arrival=arrival("Lee"), now=now)
    assert "lee@partner.test" not in people.get_by_email(emails=["lee@partner.test"])
    with pytest.raises(joining.LinkExpired):
        joining.ask(token=narrow.token, email="kim@partner.test", now=now)
    assert joining.way_in(token=narrow.token, now=now).state == "expired"


def test_a_link_ends_when_it_was_to_end(link: Any, now: datetime) -> None:
    short = link(expires_at=now + timedelta(hours=1))

    with pytest.raises(joining.LinkExpired):
        joining.ask(token=short.token, email="nadia@partner.test", now=now + timedelta(hours=1))


def test_a_claim_is_good_for_a_day(link: Any, post: Post, now: datetime) -> None:
    joining.ask(token=link().token, email="nadia@partner.test", now=now)
    token = key_in(post()[0])

    with pytest.raises(joining.LinkExpired):
        joining.accept(token=token, arrival=arrival(), now=now + timedelta(days=1))
    assert joining.way_in(token=token, now=now + timedelta(days=1)).state == "expired"


@pytest.mark.parametrize("end", ["rotate", "revoke"])
def test_rotating_or_revoking_kills_the_address_and_what_was_asked_for_by_it(
    olga: people.Person, link: Any, post: Post, now: datetime, end: str
) -> None:
    old = link()
    joining.ask(token=old.token, email="nadia@partner.test", now=now)
    claim = key_in(post()[0])

    if end == "rotate":
        new = joining.rotate_claim_link(by=olga.id, link_id=old.id, now=now)
        assert joining.way_in(token=new.token, now=now).state == "open"
    else:
        joining.revoke_claim_link(by=olga.id, link_id=old.id, now=now)
        assert joining.claim_links(by=olga.id, now=now) == []

    for token in (old.token, claim):
        with pytest.raises(joining.LinkDead):
            joining.way_in(token=token, now=now)
    with pytest.raises(joining.LinkDead):
        joining.accept(token=claim, arrival=arrival(), now=now)


def test_links_are_an_admins_and_stay_in_their_workspace(
    olga: people.Person, maya: people.Person, charlie: people.Person, link: Any, now: datetime
) -> None:
    ours = link()

    with pytest.raises(errors.Forbidden):
        joining.claim_links(by=maya.id, now=now)
    assert joining.claim_links(by=charlie.id, now=now) == []
    for done in (joining.rotate_claim_link, joining.revoke_claim_link):
        with pytest.raises(errors.NotFound):
            done(by=charlie.id, link_id=ours.id, now=now)
        with pytest.raises(errors.Forbidden):
            done(by=maya.id, link_id=ours.id, now=now)


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        ({"most_uses": 0}, "most_uses"), ({"domains": ("no domain",)}, "domains"),
        ({"domains": ("p\u0430rtner.test",)}, "domains"), ({"expires_at": "now"}, "expires_at"),
    ],
)  # fmt: skip
def test_limits_that_cannot_be_are_refused(link: Any, now: datetime, limits: dict[str, Any], field: str) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        link(**{name: now if value == "now" else value for name, value in limits.items()})
    assert list(refusal.value.fields) == [field]
