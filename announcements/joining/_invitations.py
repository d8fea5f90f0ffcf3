"""Asking people in, one or many; asking again; taking it back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from announcements.joining import _letters, _trail, models
from announcements.joining._values import AlreadyHere, AlreadyInvited, Entry, Invitation, Line, state_of
from announcements.kernel import errors
from announcements.people import services as people

LIFE = timedelta(days=14)
AT_ONCE = 500
QUIET = timedelta(minutes=10)
STATES = ("waiting", "accepted", "revoked", "expired")


def inviter(by: int, now: datetime) -> people.Person:
    """Return who acts; raise Forbidden unless they may invite anybody."""
    person = people.find(by=by, person_id=by)
    if not people.may_invite(person_id=by, at=now):
        raise errors.Forbidden(_("Admins, owners and managers of groups invite people."))
    return person


@transaction.atomic
def invite(*, by: int, who: people.Invitee, now: datetime) -> Invitation:
    """Ask somebody in by mail; raise Forbidden, AlreadyHere, AlreadyInvited, or Invalid by field.

    Somebody who was added without a mail, whose invitation has expired, or whom this gives another role or more groups, is
    asked anew.
    """
    actor = inviter(by, now)
    address = people.comparable(email=who.email)
    known = people.get_by_email(emails=[address], workspace_id=actor.workspace_id).get(address)
    return _valued([_invite(actor, who, known, now)], now)[0]


def _invite(actor: people.Person, who: people.Invitee, known: people.Person | None, now: datetime) -> models.Invitation:
    if known is None:
        try:
            person = people.add_invited(by=actor.id, who=who, now=now)
        except people.EmailTaken:
            raise AlreadyHere(_("Somebody has this address already.")) from None
        return _ask(models.Invitation(person_id=person.id), person, who.role, actor, now)
    _may_ask_again(actor, known)
    running = models.Invitation.objects.open().filter(person_id=known.id).select_for_update().first()
    changed = people.invite_again(by=actor.id, person_id=known.id, who=who, now=now)
    if running and running.expires_at > now and not changed:
        raise AlreadyInvited(_("This address is invited already. Send the invitation again from the list."))
    row = running or models.Invitation(person_id=known.id, added=False)
    return _ask(row, known, who.role, actor, now)


def _may_ask_again(actor: people.Person, known: people.Person) -> None:
    if known.state == "waiting":
        raise AlreadyHere(_("They have asked to join. Let them in under Join requests."))
    if known.state == "deactivated":
        raise AlreadyHere(
            _("%(name)s was here and is deactivated. An owner can reactivate them.") % {"name": known.name}
        )
    if known.state == "active":
        raise AlreadyHere(
            _("%(name)s is here already. Their role and groups are changed in the list of people.")
            % {"name": known.name}
        )
    if actor.role == "member" and known.role != "member":
        raise AlreadyInvited(_("They were added already. Ask an admin to send them the invitation."))


def _ask(
    row: models.Invitation, person: people.Person, role: str, actor: people.Person, now: datetime
) -> models.Invitation:
    row.workspace_id, row.email, row.name, row.role = person.workspace_id, person.email, person.name, role
    row.invited_by, row.invited_at, row.expires_at = actor.id, now, now + LIFE
    new = row.pk is None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise AlreadyInvited(_("A colleague has invited this address at this very moment.")) from None
    if new or not _on_its_way(row):
        _write(row, actor, now)
    _trail.note(
        by=actor, verb="invited", subject=f"person:{row.person_id}", now=now, email=row.email, role=row.role,
        invitation=row.pk,
    )  # fmt: skip
    return row


def _on_its_way(row: models.Invitation) -> bool:
    there: bool = row.letters.filter(state__in=["queued", "submitting"]).exists()
    return there


def _write(row: models.Invitation, actor: people.Person, now: datetime) -> None:
    said = {"workspace_id": row.workspace_id, "email": row.email, "name": row.name}
    _letters.write(models.Letter(kind="invitation", invitation=row, by=actor.id, due_at=now, **said))


@transaction.atomic
def invite_many(*, by: int, entries: Sequence[Entry], now: datetime) -> list[Line]:
    """Ask many in; return an answer for each line. Who cannot be asked changes nothing for the others.

    Raises Forbidden when nobody may be asked at all, Invalid beyond 500.
    """
    actor = inviter(by, now)
    if not entries:
        raise errors.Invalid({"text": [_("Give at least one address.")]})
    if len(entries) > AT_ONCE:
        raise errors.Invalid(
            {"text": [_("At most %(most)d at once, these are %(many)d. Use the import for more.") % {"most": AT_ONCE, "many": len(entries)}]}
        )  # fmt: skip
    addresses = {people.comparable(email=entry.who.email) for entry in entries}
    known = people.get_by_email(emails=addresses, workspace_id=actor.workspace_id)
    return [_line(actor, entry, known, now) for entry in entries]


def _line(actor: people.Person, entry: Entry, known: dict[str, people.Person], now: datetime) -> Line:
    said = Line(entry.line, entry.who.email, entry.who.name, "problem", entry.problem)
    if entry.problem:
        return said
    address = people.comparable(email=entry.who.email)
    try:
        with transaction.atomic():
            row = _invite(actor, entry.who, known.get(address), now)
            known[address] = people.person(person_id=row.person_id)
    except AlreadyInvited:
        return _answered(said, "invited_before")
    except AlreadyHere as refusal:
        mine = known.get(address)
        here = mine is not None and mine.state != "waiting"
        return _answered(said, "here" if here else "problem", refusal.message)
    except errors.Refused as refusal:
        return _answered(said, "problem", refusal.message)
    return Line(entry.line, row.email, row.name, "invited", invitation_id=row.pk)


def _answered(said: Line, answer: str, problem: str = "") -> Line:
    return Line(said.line, said.email, said.name, answer, problem)  # type: ignore[arg-type]  # one of the words


def _mine(actor: people.Person) -> models.InvitationQuerySet:
    """Return what somebody sees: admins all of the workspace, managers what they asked themselves."""
    rows = models.Invitation.objects.filter(workspace_id=actor.workspace_id)
    return rows if actor.role != "member" else rows.filter(invited_by=actor.id)


def invitations(
    *,
    by: int,
    state: str = "",
    search: str = "",
    before: tuple[datetime, int] | None = None,
    limit: int = 50,
    now: datetime,
) -> list[Invitation]:
    """Return invitations, newest first before the cursor (when, id); raise Forbidden. `search` looks at name and address."""
    rows = _mine(inviter(by, now))
    if state:
        rows = rows.in_state(state, now)
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(email__icontains=search))
    if before is not None:
        rows = rows.filter(Q(invited_at__lt=before[0]) | Q(invited_at=before[0], pk__lt=before[1]))
    return _valued(list(rows.order_by("-invited_at", "-id")[:limit]), now)


def invitation(*, by: int, invitation_id: int, now: datetime) -> Invitation:
    """Return one invitation; raise Forbidden or NotFound."""
    _actor, row = _seen(by, invitation_id, now)
    return _valued([row], now)[0]


def _seen(by: int, invitation_id: int, now: datetime) -> tuple[people.Person, models.Invitation]:
    # What is another workspace's is not there, for whoever asks: it is looked up before what they may do.
    workspace_id = people.find(by=by, person_id=by).workspace_id
    if not models.Invitation.objects.filter(pk=invitation_id, workspace_id=workspace_id).exists():
        raise errors.NotFound
    actor = inviter(by, now)
    return actor, _row(actor, invitation_id)


def _row(actor: people.Person, invitation_id: int) -> models.Invitation:
    row = _mine(actor).filter(pk=invitation_id).first()
    if row is None:
        raise errors.NotFound
    return row


@transaction.atomic
def resend(*, by: int, invitation_id: int, now: datetime) -> Invitation:
    """Send an invitation anew, good for another 14 days; raise Forbidden, NotFound, or Conflict when it is answered or on its way."""
    actor, row = _seen(by, invitation_id, now)
    _may_decide(actor, row, now)
    if not models.Invitation.objects.open().filter(pk=row.pk).update(expires_at=now + LIFE):
        raise errors.Conflict(_("This invitation has been accepted or revoked."))
    if not people.present(ids=[row.person_id]):
        raise errors.Conflict(_("%(name)s is deactivated. An owner can reactivate them.") % {"name": row.name})
    if _on_its_way(row):
        raise errors.Conflict(_("The invitation is on its way already."))
    if row.role != "member":
        # What it gives is given anew, by who asks now.
        models.Invitation.objects.filter(pk=row.pk).update(invited_by=actor.id)
    _write(row, actor, now)
    _trail.note(by=actor, verb="invitation_resent", subject=f"invitation:{row.pk}", now=now, email=row.email)
    return _valued([_row(actor, invitation_id)], now)[0]


@transaction.atomic
def remind(*, email: str, now: datetime) -> bool:
    """Write again to an address whose invitation waits, when somebody tries to sign up with it; tell whether one does."""
    address = people.comparable(email=email)
    person = people.get_by_email(emails=[address]).get(address)
    if person is None or person.state != "invited":
        return False
    waiting = models.Invitation.objects.in_state("waiting", now).filter(person_id=person.id)
    row = waiting.select_for_update().first()  # of two who ask for it at once the second finds the letter of the first
    if row is None:
        return False
    inviter = people.get_many(ids=[row.invited_by]).get(row.invited_by)
    lately = Q(state__in=["queued", "submitting"]) | Q(submitted_at__gt=now - QUIET)
    if inviter and not row.letters.filter(lately).exists():
        _write(row, inviter, now)
    return True


@transaction.atomic
def revoke(*, by: int, invitation_id: int, now: datetime) -> Invitation:
    """Take an invitation back: its link dies, and whom it added is removed. Raises Forbidden, NotFound, or Conflict when accepted."""
    actor, row = _seen(by, invitation_id, now)
    _may_decide(actor, row, now)
    if not models.Invitation.objects.open().filter(pk=row.pk).update(revoked_at=now):
        raise errors.Conflict(_("This invitation has been accepted or revoked."))
    if row.added and people.get_many(ids=[row.person_id]):
        people.uninvite(person_id=row.person_id, now=now)
    _trail.note(by=actor, verb="invitation_revoked", subject=f"invitation:{row.pk}", now=now, email=row.email)
    return _valued([_row(actor, invitation_id)], now)[0]


def _may_decide(actor: people.Person, row: models.Invitation, now: datetime) -> None:
    """Raise Forbidden unless who asks might ask them in now: an owner's invitation is an owner's, a group's its managers'."""
    person = people.get_many(ids=[row.person_id]).get(row.person_id)
    if actor.role != "owner" and "owner" in (row.role, person and person.role):
        raise errors.Forbidden(_("Only owners may do this with an owner's invitation."))
    if person and not people.may_ask(by=actor.id, person_id=person.id, at=now):
        raise errors.Forbidden(_("You do not manage all the groups they are to come into. Ask an admin."))


def _valued(rows: Collection[models.Invitation], now: datetime) -> list[Invitation]:
    letters = models.Letter.objects.filter(invitation__in=[row.pk for row in rows])
    newest = letters.values("invitation").annotate(last=Max("pk")).values("last")
    mails = {letter.invitation_id: letter for letter in models.Letter.objects.filter(pk__in=newest)}
    names = people.get_many(ids={row.invited_by for row in rows})
    return [
        Invitation(
            id=row.pk, person_id=row.person_id, email=row.email, name=row.name,
            role=row.role,  # type: ignore[arg-type]  # people has checked it
            invited_by=row.invited_by, invited_by_name=names[row.invited_by].name if row.invited_by in names else "",
            invited_at=row.invited_at, expires_at=row.expires_at, accepted_at=row.accepted_at,
            state=state_of(row, now),
            mail=mails[row.pk].state,  # type: ignore[arg-type]  # its choices
            mail_reply=mails[row.pk].reply,
        )
        for row in rows
    ]  # fmt: skip
