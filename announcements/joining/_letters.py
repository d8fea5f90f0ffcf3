"""What a letter says, decided when it goes out: an address is answered by mail, never on a page that a stranger sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from announcements.joining import _tokens, events, models
from announcements.kernel import letters, text
from announcements.kernel.smtp import Mail
from announcements.people import services as people


@dataclass(frozen=True, slots=True)
class _Said:
    """The words of a letter. Each paragraph is a sentence or two; the button leads to `url`."""

    subject: str
    heading: str
    paragraphs: list[str] = field(default_factory=list)
    button: str = ""
    url: str = ""
    foot: str = ""


def write(row: models.Letter) -> models.Letter:
    """Plan a letter, and tell that there is one."""
    row.save(force_insert=True)
    events.letters_written.send(sender=None)
    return row


def letter(row: models.Letter, now: datetime) -> Mail | str:
    """Return the mail, or why there is no more reason for it."""
    workspace = people.workspace(workspace_id=row.workspace_id)
    person = people.get_by_email(emails=[row.email]).get(row.email)
    by = people.get_many(ids=[row.by]).get(row.by) if row.by else None
    with translation.override(_language(row, person, by)):
        said = _WORDS[row.kind](row, workspace, by, person, now)
        return said if isinstance(said, str) else _compose(row, workspace, by, said, now)


def _language(row: models.Letter, person: people.Person | None, by: people.Person | None) -> str | None:
    """Return the language of whom it is for; while they are nobody yet, of the colleague who opened the way for them."""
    if (near := person or by) is not None:
        return near.locale
    opener = row.claim.link.created_by if row.claim else 0
    found = people.get_many(ids=[opener]).get(opener)
    return found.locale if found else None


def _compose(
    row: models.Letter, workspace: people.Workspace, by: people.Person | None, said: _Said, now: datetime
) -> Mail:
    headers = {
        "Message-ID": letters.message_id(f"j-{row.pk}"),
        "Feedback-ID": f"{row.kind}:{row.workspace_id}:mantel",
    }
    sender = workspace.name
    if by and row.kind == "invitation":
        sender = f"{by.name} · {workspace.name}"
    if by:
        headers["Reply-To"] = formataddr((text.one_line(by.name), by.email))
    context: dict[str, Any] = {"said": said, "workspace": workspace}
    own = people.mail_server(workspace_id=row.workspace_id)
    letter = letters.Letter(
        "joining",
        (row.name, row.email),
        sender,
        context,
        headers,
        mail_from=own.sender if own else "",
        hue=workspace.brand_hue,
    )
    return letters.compose(letter, now=now)


def _invitation(
    row: models.Letter, workspace: people.Workspace, by: people.Person | None, person: people.Person | None, now: datetime
) -> _Said | str:  # fmt: skip
    asked = row.invitation
    if asked is None or asked.accepted_at or asked.revoked_at or asked.expires_at <= now:
        return "not_waiting"
    if not people.present(ids=[asked.person_id]):
        return "deactivated"
    names = {"inviter": by.name if by else workspace.name, "company": workspace.name, "name": asked.name}
    if person and person.id != asked.person_id:
        return _elsewhere(names)
    return _Said(
        subject=_("%(inviter)s invites you to %(company)s on Mantel") % names,
        heading=_("Join %(company)s") % names,
        paragraphs=[
            _("Hello %(name)s,") % names,
            _("%(inviter)s invites you to meet the announcements of %(company)s where they are: on your new tab, calmly, in your own working hours.") % names,
            _("Choose a password, and you are in. This takes a minute."),
        ],
        button=_("Accept the invitation"),
        url=address("invitation", asked.pk),
        foot=_("The invitation is for %(email)s and good until %(until)s. If you do not know %(inviter)s, leave it unanswered: nothing happens.")
        % (names | {"email": asked.email, "until": date_format(asked.expires_at, "j F Y")}),
    )  # fmt: skip


def _elsewhere(names: dict[str, str]) -> _Said:
    """Tell the holder of an address, and nobody else, that it belongs to an account of another company."""
    return _Said(
        subject=_("%(inviter)s invites you to %(company)s on Mantel") % names,
        heading=_("An invitation to %(company)s") % names,
        paragraphs=[
            _("%(inviter)s invites you to %(company)s. This address has an account of another company here already, and one address has one account, so you cannot accept with it.") % names,
            _("If you want to join, answer this mail with another address of yours. %(inviter)s was not told that you have an account.") % names,
        ],
        foot=_("If you do not know %(inviter)s, leave this unanswered: nothing happens.") % names,
    )  # fmt: skip


def _claim(
    row: models.Letter, workspace: people.Workspace, by: people.Person | None, person: people.Person | None, now: datetime
) -> _Said | str:  # fmt: skip
    claim = row.claim
    if claim is None or claim.accepted_at or claim.turn != claim.link.turn or not claim.link.is_open(now):
        return "not_open"
    company = {"company": workspace.name}
    foot = _("Somebody gave this address on a page of %(company)s. If that was not you, leave this unanswered: nothing happens.") % company  # fmt: skip
    if person and (person.state != "invited" or person.workspace_id != workspace.id):
        return _Said(
            subject=_("You have an account already"),
            heading=_("You have an account already"),
            paragraphs=[_("This address belongs to an account here. Sign in with it; if you forgot the password, choose a new one there.")],
            button=_("Sign in"),
            url=f"{settings.BASE_URL}/accounts/login/",
            foot=foot,
        )  # fmt: skip
    if person is None and workspace.join_policy == "invite":
        return _Said(
            subject=_("Ask for an invitation to %(company)s") % company,
            heading=_("Ask for an invitation"),
            paragraphs=[_("%(company)s takes invited people only, and this address was not invited. Ask a colleague to invite you.") % company],
            foot=foot,
        )  # fmt: skip
    waits = person is None and people.welcome(workspace_id=workspace.id, email=row.email) == "waits"
    what = (
        _("Choose a name and a password; then somebody who runs %(company)s lets you in.")
        if waits
        else _("Choose a name and a password, and you are in.")
    )
    return _Said(
        subject=_("Your way in to %(company)s") % company,
        heading=_("Join %(company)s") % company,
        paragraphs=[what % company, _("The link is good for a day.")],
        button=_("Go on"),
        url=address("claim", claim.pk),
        foot=foot,
    )


def _admitted(
    row: models.Letter, workspace: people.Workspace, by: people.Person | None, person: people.Person | None, now: datetime
) -> _Said | str:  # fmt: skip
    names = {"company": workspace.name, "name": row.name, "by": by.name if by else workspace.name}
    return _Said(
        subject=_("You are in: %(company)s") % names,
        heading=_("Welcome to %(company)s") % names,
        paragraphs=[_("Hello %(name)s,") % names, _("%(by)s has let you in. Sign in with your address and password.") % names],
        button=_("Sign in"),
        url=f"{settings.BASE_URL}/accounts/login/",
        foot=_("You get this because you asked to join %(company)s.") % names,
    )  # fmt: skip


def _refused(
    row: models.Letter, workspace: people.Workspace, by: people.Person | None, person: people.Person | None, now: datetime
) -> _Said | str:  # fmt: skip
    names = {"company": workspace.name, "name": row.name, "by": by.name if by else workspace.name}
    reason = [_("%(by)s wrote:") % names, row.words] if row.words else []
    return _Said(
        subject=_("Your request to join %(company)s") % names,
        heading=_("You were not let in"),
        paragraphs=[_("Hello %(name)s,") % names, _("Your request to join %(company)s was not granted, and what you told us is removed.") % names, *reason],
        foot=_("You get this because you asked to join %(company)s. Questions? Just reply.") % names,
    )  # fmt: skip


_WORDS = {"invitation": _invitation, "claim": _claim, "admitted": _admitted, "refused": _refused}


def address(purpose: _tokens.Purpose, row_id: int, turn: int = 1) -> str:
    """Return where a link of ours leads."""
    return f"{settings.BASE_URL}/join/{_tokens.make(purpose, row_id, turn)}"
