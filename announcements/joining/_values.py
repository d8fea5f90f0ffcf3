"""The values and errors of the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from announcements.joining import models
from announcements.kernel import errors
from announcements.people import services as people

InvitationState = Literal["waiting", "accepted", "revoked", "expired"]
MailState = Literal["queued", "submitting", "submitted", "failed", "uncertain", "skipped"]
WayState = Literal["open", "used", "expired"]
Answer = Literal["invited", "here", "invited_before", "problem"]


class LinkDead(errors.NotFound):
    """It was tampered with, revoked, or belongs to something that is gone."""

    code = "link_dead"


class LinkUsed(errors.Conflict):
    """It has done its work already."""

    code = "link_used"


class LinkExpired(errors.Conflict):
    """Its time has passed, or as many have come in by it as it allows."""

    code = "link_expired"


class AlreadyKnown(errors.Conflict):
    """The address given is that of somebody whom asking in does not change."""

    code = "already_known"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.fields = {"email": [message]}


class AlreadyHere(AlreadyKnown):
    """Somebody has this address already."""

    code = "already_here"


class AlreadyInvited(AlreadyKnown):
    """An invitation to this address waits, with all that is asked for."""

    code = "already_invited"


@dataclass(frozen=True, slots=True)
class Invitation:
    """That somebody was asked in. `mail` is what became of the newest letter about it; `mail_reply` the server's own words."""

    id: int
    person_id: int
    email: str
    name: str
    role: people.Role
    invited_by: int
    invited_by_name: str
    invited_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    state: InvitationState
    mail: MailState
    mail_reply: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One of many to ask in: the line they stand on, and what is wrong with it when something is."""

    line: int
    who: people.Invitee
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """The answer to one of many."""

    line: int
    email: str
    name: str
    answer: Answer
    problem: str = ""
    invitation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a claim link allows: until when, how many people, which domains (none means any)."""

    expires_at: datetime | None = None
    most_uses: int | None = None
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimLink:
    """A link for many. `token` makes its address."""

    id: int
    name: str
    token: str
    created_by: int
    created_at: datetime
    limits: Limits
    uses: int
    open: bool
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class WayIn:
    """What is behind a link. A `link` asks for an address; an `invitation` and a `claim` let in whoever has them.

    `state` is open, used or expired; `waits` tells that an admin has to let them in afterwards.
    """

    kind: Literal["invitation", "claim", "link"]
    state: WayState
    workspace_id: int
    workspace_name: str
    timezone: str
    inviter_name: str = ""
    inviter_title: str = ""
    email: str = ""
    name: str = ""
    role: people.Role = "member"
    groups: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    waits: bool = False


def state_of(row: models.Invitation, now: datetime) -> InvitationState:
    """Return the state that an invitation's times add up to."""
    if row.accepted_at:
        return "accepted"
    if row.revoked_at:
        return "revoked"
    return "waiting" if row.expires_at > now else "expired"
