"""What an entry of the trail says, as a sentence and its details in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.template.defaultfilters import date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from announcements.web.access import in_words

Entry = Mapping[str, Any]
# {subject} is what it was done to, {person} whom else it concerns. A verb that is not here is shown as it is.
SENTENCES = {
    "announcements_import_finished": _("finished bringing announcements in"),
    "announcements_import_started": _("began to bring announcements in"),
    "announcements_import_undone": _("undid bringing announcements in"),
    "announcements_export_asked": _("had all announcements put together"),
    "announcements_export_taken": _("took all announcements along"),
    "audience_exported": _("took the list of an audience"),
    "audit_exported": _("took the trail"),
    "claim_link_created": _("made a link that lets people in"),
    "claim_link_revoked": _("revoked a link that lets people in"),
    "claim_link_rotated": _("replaced a link that lets people in"),
    "deactivated": _("deactivated {subject}"),
    "device_connected": _("connected a device"),
    "device_ended": _("disconnected a device"),
    "device_used": _("used a device"),
    "domain_claimed": _("claimed a domain"),
    "domain_released": _("released a domain"),
    "facts_exported": _("took facts about reading along"),
    "group_changed": _("changed the group {subject}"),
    "group_closed": _("closed the group {subject}"),
    "group_created": _("created the group {subject}"),
    "group_kept": _("kept the group {subject}, which was to close"),
    "group_moved": _("moved the group {subject}"),
    "groups_closed": _("closed empty groups"),
    "groups_created": _("created groups"),
    "import_finished": _("finished an import of people"),
    "import_started": _("started an import of people"),
    "import_undone": _("undid an import of people"),
    "invitation_accepted": _("accepted an invitation"),
    "invitation_resent": _("sent an invitation again"),
    "invitation_revoked": _("revoked an invitation"),
    "invited": _("invited {subject}"),
    "join_request_admitted": _("let {subject} in"),
    "join_request_refused": _("refused to let {subject} in"),
    "joined_by_link": _("came in by a link"),
    "mail_log_exported": _("took the log of mail"),
    "mail_log_looked_at": _("looked at the log of mail"),
    "mail_settled": _("settled an uncertain mail to {subject}"),
    "mail_server_changed": _("changed the mail server"),
    "membership_changed": _("changed what {person} is in {subject}"),
    "membership_ended": _("took {person} out of {subject}"),
    "membership_started": _("put {person} into {subject}"),
    "missing_looked_at": _("looked at who is missing"),
    "own_data_exported": _("took along what is stored about {subject}"),
    "password_changed": _("chose a new password"),
    "people_exported": _("took the list of people"),
    "person_added": _("added {subject}"),
    "person_erased": _("erased {subject}"),
    "person_changed": _("changed {subject}"),
    "person_removed": _("removed {subject}"),
    "reactivated": _("reactivated {subject}"),
    "role_changed": _("changed the role of {subject}"),
    "rule_applied": _("filled {subject} by its rule"),
    "second_factor_added": _("added a second factor"),
    "second_factor_removed": _("removed a second factor"),
    "second_factor_taken": _("took away the second factor of {subject}"),
    "sign_in_failed": _("turned away a sign-in as {subject}"),
    "signed_in": _("signed in"),
    "signed_out_everywhere": _("signed out everywhere"),
    "mail_paused": _("paused mail"),
    "mail_resumed": _("resumed mail"),
    "suppression_lifted": _("let mail go to an address again"),
    "token_issued": _("made a token"),
    "token_revoked": _("revoked a token"),
    "token_used": _("used a token"),
    "workspace_changed": _("changed the workspace"),
}
WAYS = {
    "password": _("by password"),
    "code": _("by a code sent by mail"),
    "mfa": _("with a second factor"),
    "authenticator app": _("authenticator app"),
    "passkey": _("passkey"),
    "recovery codes": _("recovery codes"),
    "other": _("in another way"),
}
THROUGH = {
    "import": _("by an import"),
    "import_undone": _("by undoing an import"),
    "rule": _("by its rule"),
}
REASONS = {
    "refused": _("refused by its server"),
    "bounced": _("mail came back"),
    "complained": _("complained about"),
}
ROLES = {"member": _("member"), "manager": _("manager"), "admin": _("admin"), "owner": _("owner")}
FIELDS = {
    "about": _("about"), "away": _("away dates"), "brand_hue": _("color"), "calendar": _("public holidays"), "clocks": _("clocks"), "description": _("description"),
    "host": _("server"), "join_policy": _("how people join"), "kind": _("kind"), "links": _("links"), "locale": _("language"),
    "location": _("location"), "logo": _("logo"), "name": _("name"), "nudge_hours": _("nudges"), "parent_id": _("its place among groups"),
    "password": _("password"), "port": _("port"), "privacy": _("privacy profile"), "pronouns": _("pronouns"),
    "retention_days": _("how long facts are kept"), "rule": _("rule"), "second_factor_required": _("whether a second factor is asked of everybody"),
    "sender": _("sender"), "sign_in_to_acknowledge": _("whether confirming by mail needs a sign-in"), "theme": _("colors"), "timezone": _("time zone"), "title": _("job title"), "tls": _("encryption"),
    "user": _("user"), "work_days": _("working days"), "work_ends": _("end of work"), "work_starts": _("start of work"),
}  # fmt: skip


def label(verb: str) -> str:
    """Return what a verb says of nobody in particular, to choose from."""
    sentence = SENTENCES.get(verb)
    return str(sentence).format(subject="…", person="…") if sentence else _plain(verb)


def sentence(entry: Entry) -> SafeString:
    """Return what was done, with a link to the entries of each person it names."""
    said = SENTENCES.get(entry["verb"])
    about = entry["subject_id"] if entry["subject"] == "person" else None
    subject = _named(about, entry["subject_name"])
    if said is None:
        return format_html("{} {}", _plain(entry["verb"]), subject if entry["subject_id"] else "")
    person = _named(entry["details"].get("person_id"), entry["names"].get("person_id", ""))
    return format_html(str(said), subject=subject, person=person)


def details(entry: Entry) -> str:
    """Return what else is known, in words; what has no words yet as it is."""
    told = []
    for name, value in sorted(entry["details"].items(), key=_place):
        say = _OF_VERB.get((entry["verb"], name)) or _DETAILS.get(name)
        words = say(value, entry) if say else f"{_plain(name)}: {value}"
        told.extend([words] if words else [])
    return " · ".join(told)


def _place(detail: tuple[str, Any]) -> tuple[int, str]:
    """Return where a detail stands among the others: databases keep them in orders of their own."""
    name = detail[0]
    for begins, names in ((-len(_FIRST), _FIRST), (1, _LAST)):
        if name in names:
            return begins + names.index(name), name
    return 0, name


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _named(person_id: int | None, name: str) -> SafeString | str:
    if not person_id:
        return name or gettext("something that is gone")
    return format_html(
        '<a href="?{}">{}</a>', urlencode({"person_id": person_id}), name or gettext("somebody who is gone")
    )


def _nothing(_value: Any, _entry: Entry) -> str:
    """Say nothing: the sentence does, or it means nothing to people."""
    return ""


def _as_is(value: Any, _entry: Entry) -> str:
    return str(value)


def _day(value: str | None) -> str:
    return date(datetime.fromisoformat(value), "j M Y") if value else ""


def _since(value: str | None, _entry: Entry) -> str:
    return gettext("from %(day)s") % {"day": _day(value)} if value else ""


def _until(value: str | None, _entry: Entry) -> str:
    return gettext("until %(day)s") % {"day": _day(value)} if value else ""


def _fields(value: list[str], _entry: Entry) -> str:
    return ", ".join(str(FIELDS.get(name, _plain(name))) for name in value)


def _role(value: str, _entry: Entry) -> str:
    return gettext("as %(role)s") % {"role": ROLES.get(value, value)}


def _ways(value: str, _entry: Entry) -> str:
    return ", ".join(str(WAYS.get(way, way)) for way in value.split(" + "))


def _scopes(value: list[str], _entry: Entry) -> str:
    return gettext("may: %(what)s") % {"what": "; ".join(in_words(value))} if value else ""


def _parent(value: int | None, entry: Entry) -> str:
    if not value:
        return gettext("to the top")
    return gettext("below %(group)s") % {"group": entry["names"].get("parent_id") or gettext("something that is gone")}


def _names(value: list[str], entry: Entry) -> str:
    more = int(entry["details"].get("groups", len(value))) - len(value)
    return ", ".join(value) + (gettext(" and %(count)s more") % {"count": more} if more > 0 else "")


def _count(one: str, many: str) -> Callable[[Any, Entry], str]:
    return lambda value, _entry: ngettext(one, many, value) % {"count": value}


def _if(words: Any) -> Callable[[Any, Entry], str]:
    return lambda value, _entry: str(words) if value else ""


_FIRST = ("name", "title", "email", "address", "role", "parent_id", "from", "to")
_LAST = ("since", "started_at", "until", "ended_at", "through")
_DETAILS: dict[str, Callable[[Any, Entry], str]] = {
    "address": _as_is,
    "announcements": _count("%(count)s announcement", "%(count)s announcements"),
    "app": _nothing,
    "deactivates": _if(_("deactivates who is missing from the list")),
    "email": _as_is,
    "ended_at": _until,
    "fields": _fields,
    "file": _as_is,
    "groups": _nothing,
    "host": _as_is,
    "how": _ways,
    "invitation": _nothing,
    "invites": _if(_("invites the new ones")),
    "kept": _count("%(count)s stayed, changed since", "%(count)s stayed, changed since"),
    "kind": _ways,
    "link": _nothing,
    "missing": _count("%(count)s deactivated", "%(count)s deactivated"),
    "name": _as_is,
    "names": _names,
    "new": _count("%(count)s new", "%(count)s new"),
    "parent_id": _parent,
    "people": _count("%(count)s person", "%(count)s people"),
    "person_id": _nothing,
    "person_ids": lambda value, entry: _count("%(count)s person", "%(count)s people")(len(value), entry),
    "reason": lambda value, _entry: str(REASONS.get(value, value)),
    "removed": _if(_("removed: the installation's server sends")),
    "role": _role,
    "rows": _count("%(count)s row", "%(count)s rows"),
    "scopes": _scopes,
    "started_at": _since,
    "through": lambda value, _entry: str(THROUGH.get(value.partition(":")[0], _plain(value))),
    "title": _as_is,
    "updated": _count("%(count)s updated", "%(count)s updated"),
}
# Where a name means something else.
_OF_VERB: dict[tuple[str, str], Callable[[Any, Entry], str]] = {
    ("audit_exported", "person_id"): lambda _value, entry: str(entry["names"].get("person_id", "")),
    ("audit_exported", "since"): _since,
    ("audit_exported", "until"): _until,
    ("audit_exported", "verb"): lambda value, _entry: gettext("only: %(what)s") % {"what": label(value)},
    ("facts_exported", "since"): _since,
    ("facts_exported", "names"): lambda value, _entry: (
        gettext("of what asks to be confirmed") if value == "asked" else ""
    ),
    ("group_created", "name"): _nothing,
    ("group_closed", "from"): _since,
    ("group_moved", "from"): _since,
    ("membership_changed", "started_at"): _since,
    ("missing_looked_at", "fact"): lambda value, _entry: gettext("who had yet to read") if value == "read" else "",
    ("role_changed", "from"): lambda value, _entry: gettext("was %(role)s") % {"role": ROLES.get(value, value)},
    ("role_changed", "to"): lambda value, _entry: gettext("now %(role)s") % {"role": ROLES.get(value, value)},
    ("rule_applied", "ended"): _count("%(count)s left", "%(count)s left"),
    ("rule_applied", "started"): _count("%(count)s came in", "%(count)s came in"),
}
