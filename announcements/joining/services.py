"""The door of joining: asking people in, links for many, coming in, answering who waits, and posting the mail."""

from __future__ import annotations

from announcements.joining._claim_links import claim_links, create_claim_link, revoke_claim_link, rotate_claim_link
from announcements.joining._entering import accept, ask, enrols, way_in
from announcements.joining._erasing import erase
from announcements.joining._imported import invite_people, revoke_people
from announcements.joining._invitations import LIFE as INVITATION_LIFE
from announcements.joining._invitations import invitation, invitations, invite, invite_many, remind, resend, revoke
from announcements.joining._many import Defaults, read
from announcements.joining._post import post, sweep
from announcements.joining._requests import admit, refuse
from announcements.joining._stored import Stored, StoredClaim, StoredInvitation, StoredLetter, stored
from announcements.joining._values import (
    AlreadyHere,
    AlreadyInvited,
    Answer,
    ClaimLink,
    Entry,
    Invitation,
    InvitationState,
    Limits,
    Line,
    LinkDead,
    LinkExpired,
    LinkUsed,
    MailState,
    WayIn,
)

__all__ = [
    "INVITATION_LIFE",
    "AlreadyHere",
    "AlreadyInvited",
    "Answer",
    "ClaimLink",
    "Defaults",
    "Entry",
    "Invitation",
    "InvitationState",
    "Limits",
    "Line",
    "LinkDead",
    "LinkExpired",
    "LinkUsed",
    "MailState",
    "Stored",
    "StoredClaim",
    "StoredInvitation",
    "StoredLetter",
    "WayIn",
    "accept",
    "admit",
    "ask",
    "claim_links",
    "create_claim_link",
    "enrols",
    "erase",
    "invitation",
    "invitations",
    "invite",
    "invite_many",
    "invite_people",
    "post",
    "read",
    "refuse",
    "remind",
    "resend",
    "revoke",
    "revoke_claim_link",
    "revoke_people",
    "rotate_claim_link",
    "stored",
    "sweep",
    "way_in",
]
