"""Which column holds what: guessed by its name in several spellings, remembered once somebody said so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.roster import models

# What the columns of a file may hold, each with the names it goes by.
NAMES: dict[str, tuple[str, ...]] = {
    "email": ("email", "e mail", "mail", "email address", "e mail address", "mail address", "work email", "address", "correo", "courriel"),
    "name": ("name", "full name", "display name", "person", "employee", "nom complet", "nombre"),
    "first_name": ("first name", "given name", "forename", "first", "vorname", "prenom"),
    "last_name": ("last name", "family name", "surname", "last", "nachname", "nom"),
    "title": ("title", "job title", "job", "position", "occupation", "function title"),
    "location": ("location", "place", "office", "site", "city", "work location", "standort", "ort"),
    "timezone": ("timezone", "time zone", "tz", "zeitzone"),
    "groups": ("groups", "group", "team", "teams", "department", "departments", "division", "abteilung"),
    "locale": ("language", "locale", "lang", "sprache"),
    "role": ("role", "workspace role", "access", "rolle"),
}  # fmt: skip
FIELDS = tuple(NAMES)
_KNOWN = {spelling: field for field, spellings in NAMES.items() for spelling in spellings}


def plain(header: str) -> str:
    """Return a column's name as it is compared: lower case, without accents and signs."""
    decomposed = unicodedata.normalize("NFKD", header.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", letters))[:80]


def guess(workspace_id: int, header: Sequence[str]) -> list[str]:
    """Return what each column holds, as the workspace once said or its name suggests; each field once, "" for the rest."""
    compared = [plain(name) for name in header]
    said = dict(
        models.Matching.objects.filter(workspace_id=workspace_id, header__in=compared).values_list("header", "field")
    )
    found: list[str] = []
    for name in compared:
        field = said.get(name, _KNOWN.get(name, ""))
        found.append("" if field in found else field)
    return found


def checked(header: Sequence[str], columns: Sequence[str]) -> list[str]:
    """Return columns as they are kept; raise Invalid unless address and name can be told from them."""
    taken = [field for field in columns if field]
    said = ""
    if len(columns) != len(header):
        said = _("Say for each of the %(many)d columns what it holds.") % {"many": len(header)}
    elif unknown := sorted(set(taken) - set(FIELDS)):
        said = _("Unknown: %(unknown)s. Use one of: %(fields)s.") % {
            "unknown": ", ".join(unknown),
            "fields": ", ".join(FIELDS),
        }
    elif len(taken) != len(set(taken)):
        said = _("Two columns cannot hold the same. Choose one of them.")
    elif "email" not in taken:
        said = _("Choose the column with the email addresses: people are known by them.")
    elif not {"name", "first_name", "last_name"} & set(taken):
        said = _("Choose the column with the names.")
    if said:
        raise errors.Invalid({"columns": [said]})
    return list(columns)


def remember(workspace_id: int, header: Sequence[str], columns: Sequence[str]) -> None:
    """Keep what the workspace said of columns of these names."""
    said = {name: field for name, field in zip(map(plain, header), columns, strict=True) if name}
    models.Matching.objects.bulk_create(
        [models.Matching(workspace_id=workspace_id, header=name, field=field) for name, field in said.items()],
        update_conflicts=True,
        unique_fields=["workspace_id", "header"],
        update_fields=["field"],
    )
