"""The data-protection sheet, for admins: to read, to print, to hand to a works council."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from announcements.web.company import CompanyPage
from announcements.web.pages import need

Words = str | Promise


class Kind(NamedTuple):
    """What a kind of data is, what it is kept for, and when it goes where no age ends it."""

    name: Words
    what: Words
    why: Words
    ends: Words = ""


KINDS = {
    "profile": Kind(
        _("Profile"),
        _("Name, address, title, pronouns, about, location, picture, language, working time, days away."),
        _("To know whom something is meant for, and when they work."),
        _("until the person is erased"),
    ),
    "memberships": Kind(
        _("Groups"),
        _("The groups somebody is and was in, with dates."),
        _("To write to groups, and to leave past numbers as they were."),
        _("until the person is erased; then they are nobody's"),
    ),
    "reading": Kind(
        _("Reading"),
        _("When and by which channel somebody first met, opened, read or put an announcement aside. No mail tells it."),
        _("To know whether an announcement landed."),
    ),
    "confirmations": Kind(
        _("Confirmations"),
        _("That an announcement was delivered, and when which version of it was confirmed."),
        _("To know who has yet to read what is required, and to show later that it was."),
        _("as long as the announcement; nobody's once the person is erased"),
    ),
    "saved": Kind(
        _("Saved for later"),
        _("Which announcements somebody keeps on a list of their own. It counts as nothing, and nobody else is told."),
        _("To find them again, on each of their devices."),
        _("until they take it off the list, or are erased"),
    ),
    "sums": Kind(
        _("Sums"),
        _("How many of a group, a channel and an hour did what. They name nobody."),
        _("To see the numbers of past announcements once single facts are forgotten."),
        _("as long as the announcement"),
    ),
    "mails": Kind(
        _("Mails"),
        _("Nudges and digests: to whom, when, why, and what became of them."),
        _("To send none twice, and to say why one came."),
        _("no end is set; what servers said goes when the person is erased"),
    ),
    "trail": Kind(
        _("Trail"),
        _("Who did what: sign-ins, roles, exports, looks at named lists."),
        _("To find out afterwards what happened."),
        _("no end is set; it names nobody who was erased"),
    ),
    "sessions": Kind(
        _("Signed-in browsers"), _("What a browser says of itself, network address, first and last visit."), _("To stay signed in.")
    ),
    "tokens": Kind(
        _("Tokens"), _("Name, rights and day of last use; of the key a hash."), _("To let programs in, unless made for longer.")
    ),
    "devices": Kind(_("Connected devices"), _("The extension and other programs, unless used again."), _("To show the new tab.")),
    "sign_ups": Kind(_("Sign-ups"), _("An address that nobody has confirmed."), _("To wait for the confirmation.")),
    "invitations": Kind(_("Invitations"), _("Who asked whom in. The link holds for so long."), _("To let people in.")),
    "letters": Kind(_("Codes and links"), _("A mail that somebody waits for at their screen."), _("To send it.")),
    "imports": Kind(_("Imported lists"), _("The rows of a list of people."), _("To take the import back.")),
    "exports": Kind(_("Files of announcements"), _("What was taken along or brought in."), _("To fetch it.")),
    "drafts": Kind(_("Discarded drafts"), _("What an author threw away."), _("To fetch it back.")),
    "images": Kind(_("Pictures nobody uses"), _("Uploaded, and in no announcement."), _("To be put into one.")),
    "answers": Kind(_("Answers to programs"), _("What was answered to a write that may come twice."), _("To do it once.")),
}  # fmt: skip
HANDLERS = {
    "mail": _("Sends mail"),
    "returns": _("Keeps mail that came back until it is read"),
    "files": _("Keeps pictures and files"),
    "database": _("Keeps the database"),
}


class DataProtection(CompanyPage):
    """The sheet."""

    template = "web/data_protection.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        sheet = need(self.api.get("workspace/data-protection"))
        kept = {one["kind"]: one["seconds"] for one in sheet["kept"]}
        rows = [(kind, _length(kept[name]) or kind.ends) for name, kind in KINDS.items()]
        handlers = [one | {"does": HANDLERS[one["what"]]} for one in sheet["handlers"]]
        return self.show(
            place="settings",
            section="company",
            sheet=sheet,
            rows=rows,
            handlers=handlers,
            reading=_length(kept["reading"]),
        )


def _length(seconds: Any) -> str:
    """Return how long something is kept, in words; empty where no age ends it."""
    if seconds is None:
        return ""
    if seconds >= timedelta(days=2).total_seconds():
        return ngettext("%(many)d day", "%(many)d days", days := int(seconds // 86400)) % {"many": days}
    if seconds >= timedelta(hours=1).total_seconds():
        return ngettext("%(many)d hour", "%(many)d hours", hours := int(seconds // 3600)) % {"many": hours}
    return gettext("%(many)d minutes") % {"many": int(seconds // 60)}
