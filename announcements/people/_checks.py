"""What is checked before anything is written: the field, what is wrong, what is allowed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from announcements.kernel import clocks, errors, text
from announcements.people import models

FURTHEST = timedelta(days=5 * 365)
# Letters and signs by their kind that show nothing: fillers of Hangul, a pattern of Braille without dots.
_BLANK = "\u115f\u1160\u3164\uffa0\u2800"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# Who gives addresses to anybody, at home and under the names of countries: outlook.com, yahoo.co.uk, gmx.at.
_PUBLIC_MAIL_ANYWHERE = re.compile(
    r"(gmail|googlemail|outlook|hotmail|live|msn|yahoo|ymail|rocketmail|icloud|aol|gmx|yandex|proton|protonmail|tutanota|tuta|zoho"
    r"|fastmail|posteo|mailbox|freenet|inbox|hushmail|mail)\.(com|net|org|me|[a-z]{2}|com?\.[a-z]{2})"
)
_PUBLIC_MAIL = frozenset(
    {
        "me.com", "mac.com", "web.de", "t-online.de", "arcor.de", "email.de", "online.de", "bluewin.ch", "hispeed.ch", "aon.at",
        "chello.at", "pm.me", "hey.com", "duck.com", "tutamail.com", "tutanota.de", "keemail.me", "zohomail.com", "zohomail.eu",
        "qq.com", "foxmail.com", "163.com", "126.com", "sina.com", "sina.cn", "yeah.net", "naver.com", "daum.net", "hanmail.net",
        "rediffmail.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "neuf.fr", "laposte.net", "bbox.fr", "libero.it", "virgilio.it",
        "tiscali.it", "alice.it", "tim.it", "tin.it", "sapo.pt", "telefonica.net", "terra.com.br", "uol.com.br", "bol.com.br", "ig.com.br",
        "seznam.cz", "email.cz", "centrum.cz", "wp.pl", "o2.pl", "onet.pl", "interia.pl", "op.pl", "ziggo.nl", "kpnmail.nl", "planet.nl",
        "home.nl", "telenet.be", "skynet.be", "proximus.be", "telia.com", "rambler.ru", "list.ru", "bk.ru", "ukr.net", "abv.bg",
        "btinternet.com", "sky.com", "virginmedia.com", "ntlworld.com", "talktalk.net", "blueyonder.co.uk", "comcast.net", "verizon.net",
        "att.net", "sbcglobal.net", "bellsouth.net", "cox.net", "charter.net", "earthlink.net", "juno.com", "optonline.net", "shaw.ca",
        "rogers.com", "sympatico.ca", "bigpond.com", "optusnet.com.au", "xtra.co.nz",
    }
)  # fmt: skip


def public_mail(domain: str) -> bool:
    """Tell whether a domain (lower case) is of a provider that gives addresses to anybody: it says nothing about a company."""
    return domain in _PUBLIC_MAIL or bool(_PUBLIC_MAIL_ANYWHERE.fullmatch(domain))


def same_address(email: str) -> str:
    """Return an address as it is compared: normalized (NFKC) and case-folded."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def same_name(name: str) -> str:
    """Return a name as it is compared: normalized (NFKC), case-folded, without signs that cannot be seen."""
    if name.isascii():
        return name.casefold()
    seen = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFKC", seen.casefold())


def address(email: str) -> str:
    """Return a tidy, comparable address; raise Invalid."""
    given = same_address(email)
    if not given.isascii():
        foreign = next(sign for sign in given if not sign.isascii())
        named = foreign if foreign.isprintable() else f"U+{ord(foreign):04X}"
        said = _("“%(sign)s” cannot stand in an address. If it looks right, it is of another alphabet: type it anew.")
        raise errors.Invalid({"email": [said % {"sign": named}]})
    if not _is_address(given):
        raise errors.Invalid({"email": [_("This is not an email address. Use one such as maya@example.com.")]})
    if len(given) > 254:
        raise errors.Invalid({"email": [_("Use an address of at most 254 characters.")]})
    return given


def _is_address(given: str) -> bool:
    try:
        validate_email(given)
    except ValidationError:
        return False
    return not given.endswith("]")  # a@[192.0.2.1] names a machine, perhaps one inside


def label(field: str, given: str, *, most: int = 80, empty: bool = False) -> str:
    """Return a name or title as one tidy line; raise Invalid when empty or too long."""
    tidy = text.one_line(given)
    if not empty and not any(map(_is_seen, tidy)):
        raise errors.Invalid({field: [_("This cannot be empty.")]})
    if len(tidy) > most:
        raise errors.Invalid(
            {field: [_("At most %(most)d characters, this has %(many)d.") % {"most": most, "many": len(tidy)}]}
        )
    return tidy


def _is_seen(char: str) -> bool:
    """Tell whether a character leaves something to read: a letter, digit, sign or picture, and none that is blank."""
    return char not in _BLANK and unicodedata.category(char)[0] in "LNPS"


def paragraphs(field: str, given: str, *, most: int) -> str:
    """Return a text of a few lines, tidy; raise Invalid when it is too long."""
    tidy = text.paragraphs(given)
    if len(tidy) > most:
        raise errors.Invalid(
            {field: [_("At most %(most)d characters, this has %(many)d.") % {"most": most, "many": len(tidy)}]}
        )
    return tidy


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose password it will be, as Django's validators ask for them."""

    email: str
    first_name: str


def password(given: str, *, email: str, name: str) -> str:
    """Return a password that keeps to the rules (length, not common, not like name or address); raise Invalid."""
    try:
        validate_password(given, _Owner(email, name))  # type: ignore[arg-type]  # they look at these attributes only
    except ValidationError as refusal:
        raise errors.Invalid({"password": list(refusal.messages)}) from None
    return given


def zone(name: str, *, field: str = "timezone") -> str:
    """Return an IANA zone's name; raise Invalid."""
    if name not in clocks.zones():
        raise errors.Invalid({field: [_("Unknown time zone. Use an IANA name such as Europe/Lisbon.")]})
    return name


def locale(given: str) -> str:
    """Return a language tag (RFC 5646) as it is kept; raise Invalid."""
    tidy = text.one_line(given)
    if len(tidy) > 12 or not _LANGUAGE.fullmatch(tidy):
        raise errors.Invalid({"locale": [_("Use a language tag such as en or pt-BR.")]})
    return tidy


def one_of(field: str, given: str, allowed: Collection[str]) -> str:
    """Return a word of a fixed set; raise Invalid naming the set."""
    if given not in allowed:
        raise errors.Invalid({field: [_("Use one of: %(allowed)s.") % {"allowed": ", ".join(sorted(allowed))}]})
    return given


def week(days: Sequence[int]) -> list[int]:
    """Return working days, Monday 0; raise Invalid."""
    if any(day not in range(7) for day in days):
        raise errors.Invalid({"work_days": [_("Use days from 0 (Monday) to 6 (Sunday).")]})
    return sorted(set(days))


def hours(row: models.Person | models.Workspace, given: Collection[str]) -> None:
    """Raise Invalid when the working hours of a row, of which some were given, end as they begin: that may mean no hour or all of them.

    An end before the beginning is on the next day.
    """
    said = [name for name in ("work_ends", "work_starts") if name in given]
    if said and row.work_starts == row.work_ends:
        told = _(
            "Work cannot end when it begins. Over midnight is fine, such as 22:00 to 06:00; all day is 00:00 to 23:59."
        )
        raise errors.Invalid({said[0]: [told]})


def absences(away: Sequence[tuple[date, date]]) -> list[list[str]]:
    """Return away dates as they are stored; raise Invalid when one ends before it begins."""
    if len(away) > 100:
        raise errors.Invalid({"away": [_("At most 100 absences.")]})
    if any(last < first for first, last in away):
        raise errors.Invalid({"away": [_("An absence cannot end before it begins.")]})
    return [[first.isoformat(), last.isoformat()] for first, last in sorted(away)]


def hue(given: int) -> int:
    """Return a hue in degrees; raise Invalid."""
    if given not in range(360):
        raise errors.Invalid({"brand_hue": [_("Use a whole number from 0 to 359.")]})
    return given


def person_row(person_id: int) -> models.Person:
    """Return a row; raise NotFound."""
    row: models.Person | None = models.Person.objects.filter(pk=person_id).first()
    if row is None:
        raise errors.NotFound
    return row


def actor(by: int) -> models.Person:
    """Return who acts; raise NotFound unless they are active."""
    row = person_row(by)
    if not row.is_active:
        raise errors.NotFound
    return row


def colleague(by: models.Person, person_id: int) -> models.Person:
    """Return a person of the same workspace; raise NotFound, also for who was erased."""
    row = person_row(person_id)
    if row.workspace_id != by.workspace_id or row.erased_at:
        raise errors.NotFound
    return row


def group(by: models.Person, group_id: int) -> models.Group:
    """Return a group of the same workspace; raise NotFound."""
    row = models.Group.objects.filter(pk=group_id, workspace_id=by.workspace_id).first()
    if row is None:
        raise errors.NotFound
    return row


def locked(workspace_id: int) -> None:
    """Hold the workspace until the transaction ends: one change of its groups at a time."""
    models.Workspace.objects.select_for_update().get(pk=workspace_id)


def moment(field: str, given: datetime | None, now: datetime) -> datetime:
    """Return when something is to happen, now when not said; raise Invalid for the past, which stays as it was, and the far future."""
    if given is None:
        return now
    if given < now:
        raise errors.Invalid({field: [_("This has passed. Choose now or a later time: what was stays as it was.")]})
    if given > now + FURTHEST:
        raise errors.Invalid({field: [_("Choose a time within the next five years.")]})
    return given


def admin(by: int) -> models.Person:
    """Return who acts; raise Forbidden unless admin or owner."""
    return _admin(actor(by))


def owner(by: int) -> models.Person:
    """Return who acts; raise Forbidden unless owner."""
    return _owner(actor(by))


# What belongs to another workspace is not there, for whoever asks: it is looked up before what they may do.


def admin_over(by: int, person_id: int) -> tuple[models.Person, models.Person]:
    """Return who acts and their colleague; raise NotFound, or Forbidden unless admin or owner."""
    row = actor(by)
    about = colleague(row, person_id)
    return _admin(row), about


def owner_over(by: int, person_id: int) -> tuple[models.Person, models.Person]:
    """Return who acts and their colleague; raise NotFound, or Forbidden unless owner."""
    row = actor(by)
    about = colleague(row, person_id)
    return _owner(row), about


def admin_of(by: int, group_id: int) -> models.Person:
    """Return who acts on a group of their workspace; raise NotFound, or Forbidden unless admin or owner."""
    row = actor(by)
    group(row, group_id)
    return _admin(row)


def _admin(row: models.Person) -> models.Person:
    if row.role == "member":
        raise errors.Forbidden(_("Only admins and owners may do this."))
    return row


def _owner(row: models.Person) -> models.Person:
    if row.role != "owner":
        raise errors.Forbidden(_("Only owners may do this."))
    return row
