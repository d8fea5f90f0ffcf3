"""Coming in by a link: looking changes nothing, an address is answered by mail, and of two who accept one wins."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from announcements.joining import _letters, _tokens, _trail, models
from announcements.joining._values import LinkDead, LinkExpired, LinkUsed, WayIn, WayState, state_of
from announcements.kernel import errors
from announcements.people import services as people

CLAIM_LIFE = timedelta(days=1)
# How often one address is written to through claim links, whoever asks for it.
QUIET, MOST_A_DAY = timedelta(minutes=2), 5


def _dead() -> LinkDead:
    return LinkDead(_("This link does not work any more. Ask whoever gave it to you for a new one."))


def _invitation(invitation_id: int) -> models.Invitation:
    row = models.Invitation.objects.filter(pk=invitation_id, revoked_at=None).first()
    if row is None or (row.accepted_at is None and not people.present(ids=[row.person_id])):
        raise _dead()  # revoked, or who was asked in has been deactivated
    return row


def _claim(claim_id: int) -> models.Claim:
    row = models.Claim.objects.select_related("link").filter(pk=claim_id, link__revoked_at=None).first()
    if row is None or row.turn != row.link.turn:
        raise _dead()
    return row


def _link(link_id: int, turn: int) -> models.ClaimLink:
    row = models.ClaimLink.objects.filter(pk=link_id, turn=turn, revoked_at=None).first()
    if row is None:
        raise _dead()
    return row


def _read(token: str) -> tuple[_tokens.Purpose, int, int]:
    found = _tokens.read(token)
    if found is None:
        raise _dead()
    return found


def way_in(*, token: str, now: datetime) -> WayIn:
    """Return what a link is about, without doing it; raise LinkDead."""
    purpose, row_id, turn = _read(token)
    if purpose == "invitation":
        return _way_of_invitation(_invitation(row_id), now)
    if purpose == "claim":
        return _way_of_claim(_claim(row_id), now)
    link = _link(row_id, turn)
    state: WayState = "open" if link.is_open(now) else "expired"
    return WayIn("link", state, **_place(link.workspace_id, None, now), domains=tuple(link.domains))


def enrols(*, token: str, now: datetime) -> int:
    """Return the workspace for which a claim link's token lets a device ask to be connected; raise LinkDead.

    That a link has been used by as many as it allows does not matter here: who connects a device is in already.
    """
    purpose, row_id, turn = _read(token)
    if purpose != "link":
        raise _dead()
    row = _link(row_id, turn)
    if row.expires_at is not None and row.expires_at <= now:
        raise _dead()
    return row.workspace_id


def _way_of_invitation(row: models.Invitation, now: datetime) -> WayIn:
    states: dict[str, WayState] = {"accepted": "used", "waiting": "open"}
    inviter = people.get_many(ids=[row.invited_by]).get(row.invited_by)
    person = people.get_many(ids=[row.person_id]).get(row.person_id)
    return WayIn(
        "invitation",
        states.get(state_of(row, now), "expired"),
        **_place(row.workspace_id, person, now),
        email=row.email,
        inviter_name=inviter.name if inviter else "",
        inviter_title=inviter.title if inviter else "",
    )


def _way_of_claim(row: models.Claim, now: datetime) -> WayIn:
    person = people.get_by_email(emails=[row.email]).get(row.email)
    open_still = row.link.is_open(now) and now < row.asked_at + CLAIM_LIFE
    state: WayState = "used" if row.accepted_at else "open" if open_still else "expired"
    workspace_id = row.link.workspace_id
    invited = person if person and person.state == "invited" and person.workspace_id == workspace_id else None
    waits = not person and people.welcome(workspace_id=workspace_id, email=row.email) == "waits"
    return WayIn("claim", state, **_place(workspace_id, invited, now), email=row.email, waits=waits)


def _place(workspace_id: int, person: people.Person | None, now: datetime) -> dict[str, Any]:
    """Return where a link leads, and what is known of whoever was asked in."""
    workspace = people.workspace(workspace_id=workspace_id)
    place: dict[str, Any] = {"workspace_id": workspace_id, "workspace_name": workspace.name}
    if person is None:
        return place | {"timezone": workspace.timezone}
    names = people.group_names(workspace_id=workspace_id)
    groups = tuple(names[group_id] for group_id in people.groups_of(person_ids=[person.id], at=now)[person.id])
    return place | {"name": person.name, "role": person.role, "timezone": person.timezone, "groups": groups}


@transaction.atomic
def ask(*, token: str, email: str, now: datetime) -> None:
    """Write to an address that somebody gave at a claim link; raise LinkDead, LinkExpired, or Invalid by field.

    Known or unknown, invited or not: what happens here is the same for all. The mail says what is possible.
    """
    purpose, row_id, turn = _read(token)
    if purpose != "link":
        raise _dead()
    link = _link(row_id, turn)
    if not link.is_open(now):
        raise LinkExpired(_("This link has ended. Ask whoever gave it to you for a new one."))
    address = people.checked_address(email=email)
    if link.domains and address.rpartition("@")[2] not in link.domains:
        allowed = ", ".join(link.domains)
        raise errors.Invalid({"email": [_("This link is for addresses of %(domains)s.") % {"domains": allowed}]})
    # One at a time in a workspace, by whichever of its links: the next one finds what this one has written.
    list(models.ClaimLink.objects.filter(workspace_id=link.workspace_id).select_for_update().order_by("pk"))
    lately = models.Claim.objects.filter(email=address, link__workspace_id=link.workspace_id)
    if lately.filter(asked_at__gt=now - QUIET, turn=turn, link=link).exists():
        return  # the mail is on its way: pressing twice is once
    if lately.filter(asked_at__gt=now - CLAIM_LIFE).count() >= MOST_A_DAY:
        return  # an address is not to be flooded by strangers; the answer does not tell them
    claim = models.Claim.objects.create(link=link, turn=turn, email=address, asked_at=now)
    _letters.write(models.Letter(workspace_id=link.workspace_id, kind="claim", claim=claim, email=address, due_at=now))


@transaction.atomic
def accept(*, token: str, arrival: people.Arrival, now: datetime) -> people.Person:
    """Come in by an invitation or a claim; of two at once one wins. Return who came in: active, or waiting to be let in.

    Raises LinkDead, LinkUsed, LinkExpired, NotInvited, or Invalid by field, with nothing changed.
    """
    purpose, row_id, _turn = _read(token)
    if purpose == "invitation":
        return _accept_invitation(_invitation(row_id), arrival, now)
    if purpose == "claim":
        return _accept_claim(_claim(row_id), arrival, now)
    raise _dead()


def _accept_invitation(row: models.Invitation, arrival: people.Arrival, now: datetime) -> people.Person:
    if row.accepted_at is None and row.expires_at <= now:
        raise LinkExpired(_("This invitation has expired. Ask for a new one."))
    if not models.Invitation.objects.in_state("waiting", now).filter(pk=row.pk).update(accepted_at=now):
        raise LinkUsed(_("This invitation has been accepted already. Sign in instead."))
    return _enter(row, row.person_id, arrival, now)


def _enter(row: models.Invitation | None, person_id: int, arrival: people.Arrival, now: datetime) -> people.Person:
    role = _role(row, people.person(person_id=person_id), now) if row else None
    own = people.Arrival(arrival.name, arrival.password, arrival.timezone, role)
    try:
        person = people.enter(person_id=person_id, arrival=own, now=now)
    except errors.Conflict:
        raise LinkUsed(_("This invitation has been accepted already. Sign in instead.")) from None
    _trail.note(by=person, verb="invitation_accepted", subject=f"person:{person.id}", now=now, role=person.role)
    return person


def _role(row: models.Invitation, person: people.Person, now: datetime) -> people.Role | None:
    """Return the role to fall back to when it has expired, or the inviter may no longer give what they gave; None to leave it."""
    if row.role == "member" or person.role != row.role:
        return None
    if row.expires_at <= now:
        return "member"
    inviter = people.get_many(ids=[row.invited_by]).get(row.invited_by)
    enough = {"owner"} if row.role == "owner" else {"owner", "admin"}
    return None if inviter and inviter.state == "active" and inviter.role in enough else "member"


def _accept_claim(row: models.Claim, arrival: people.Arrival, now: datetime) -> people.Person:
    if row.accepted_at is None and now >= row.asked_at + CLAIM_LIFE:
        raise LinkExpired(_("This link has expired. Ask for a new one where you gave your address."))
    if not models.Claim.objects.filter(pk=row.pk, accepted_at=None).update(accepted_at=now):
        raise LinkUsed(_("This link has been used already. Sign in instead."))
    free = Q(most_uses=None) | Q(uses__lt=F("most_uses"))
    alive = Q(expires_at=None) | Q(expires_at__gt=now)
    link = models.ClaimLink.objects.filter(free, alive, pk=row.link_id, turn=row.turn, revoked_at=None)
    if not link.update(uses=F("uses") + 1):
        raise LinkExpired(
            _("As many people as it allows have come in by this link, or it has ended. Ask for a new one.")
        )
    known = people.get_by_email(emails=[row.email]).get(row.email)
    if known is None:
        return _newcomer(row, arrival, now)
    if known.state != "invited" or known.workspace_id != row.link.workspace_id:
        raise LinkUsed(_("This address has an account already. Sign in instead."))
    invitation = models.Invitation.objects.open().filter(person_id=known.id).first()
    if invitation:
        models.Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now)
    return _enter(invitation, known.id, arrival, now)


def _newcomer(row: models.Claim, arrival: people.Arrival, now: datetime) -> people.Person:
    new = people.NewPerson(row.email, arrival.name, arrival.password, arrival.timezone)
    try:
        person = people.join(workspace_id=row.link.workspace_id, person=new, now=now)
    except people.EmailTaken:
        raise LinkUsed(_("This address has an account already. Sign in instead.")) from None
    _trail.note(by=person, verb="joined_by_link", subject=f"person:{person.id}", now=now, link=row.link_id)
    return person
