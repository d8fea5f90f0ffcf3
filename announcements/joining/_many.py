"""Many at once: a paste of addresses, or a CSV with a heading, read into entries. Nothing is written here."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parseaddr

from django.utils.translation import gettext as _

from announcements.joining._values import Entry
from announcements.kernel import errors, text
from announcements.people import services as people

MOST_LETTERS = 400
COLUMNS = {"email", "name", "title", "groups", "role"}
MOST_CELLS = 3  # first name, last name, address
ROLES = ("member", "admin", "owner")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for every line that does not say otherwise."""

    role: people.Role = "member"
    group_ids: tuple[int, ...] = ()


def read(*, by: int, source: str, defaults: Defaults) -> list[Entry]:
    """Return whom a text names; raise Invalid when it cannot be read as a table.

    Either a CSV whose first line names columns (email, name, title, groups, role; comma, semicolon or tab), or addresses
    such as `Maya Lindqvist <maya@example.com>, joao@example.com`, parted by commas, semicolons or new lines. On a line
    with one address alone the other cells are its name: `Maya, Lindqvist, maya@example.com`.
    """
    lines = source.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first = next((line for line in lines.split("\n") if line.strip()), "")
    separator = next((sign for sign in "\t;," if sign in first), ",")
    heading = [cell.strip().strip('"').casefold() for cell in first.split(separator)]
    if "email" not in heading:
        return [_pasted(line, part, defaults) for line, part in _parts(lines)]
    groups = {group.name.casefold(): group.id for group in people.groups(by=by)}
    return [_row(line, row, groups, defaults) for line, row in _rows(lines, separator)]


def _parts(source: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(source.split("\n"), 1):
        # A comma inside quotes belongs to a name: "Lindqvist, Maya" <maya@example.com>.
        for stretch in re.findall(r'(?:"[^"]*"|[^;"])+', line):
            cells = [cell.strip() for cell in re.findall(r'(?:"[^"]*"|[^,\t"])+', stretch)]
            for part in _named([cell for cell in cells if cell]):
                yield number, part


def _named(cells: list[str]) -> list[str]:
    """Return who stands in a stretch; names in cells of their own go to its only address, as spreadsheets and mail programs part them."""
    addresses = [cell for cell in cells if "@" in cell]
    if len(addresses) != 1 or not 1 < len(cells) <= MOST_CELLS:
        return cells
    names = [cell for cell in cells if "@" not in cell]
    given, angle, address = addresses[0].partition("<")
    if not angle:
        return [f"{' '.join(names)} <{given}>"]
    return [f"{given.strip()} {' '.join(names)} <{address}"]


def _pasted(line: int, part: str, defaults: Defaults) -> Entry:
    # Nobody's name and address are longer; what is would cost the parser its stack.
    name, address = parseaddr(part) if len(part) <= MOST_LETTERS else ("", "")
    address = address or part
    if " " in part and "<" not in part:
        name, _space, address = part.rpartition(" ")
    address = address[:MOST_LETTERS]
    tidy = text.one_line(name).strip('" ') or _name_of(address)
    return Entry(line, people.Invitee(address, tidy, role=defaults.role, group_ids=defaults.group_ids))


def _name_of(address: str) -> str:
    """Return a name made of an address: maya.lindqvist@… is Maya Lindqvist until she says otherwise."""
    words = re.split(r"[._\-+]+", address.partition("@")[0])
    return text.one_line(" ".join(word.capitalize() for word in words if word))[:80] or address[:80]


def _rows(source: str, separator: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    table = csv.reader(io.StringIO(source), delimiter=separator, strict=True)
    heading: list[str] = []
    try:
        for row in table:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if not heading:
                heading = _heading(cells)
                continue
            yield table.line_num, dict(zip(heading, cells, strict=False))
    except csv.Error as problem:
        said = _("Line %(line)d cannot be read: %(why)s. Is a quote left open?")
        raise errors.Invalid({"text": [said % {"line": table.line_num, "why": problem}]}) from None


def _heading(cells: list[str]) -> list[str]:
    heading = [cell.casefold() for cell in cells]
    if unknown := [cell for cell in heading if cell and cell not in COLUMNS]:
        said = _("Unknown columns: %(unknown)s. Use email, name, title, groups, role, or the import for more.")
        raise errors.Invalid({"text": [said % {"unknown": ", ".join(unknown)[:200]}]})
    return heading


def _row(line: int, row: Mapping[str, str], groups: Mapping[str, int], defaults: Defaults) -> Entry:
    named = [name.strip() for name in re.split(r"[|;,]", row.get("groups", "")) if name.strip()]
    role = row.get("role", "").casefold() or defaults.role
    problem = ""
    if unknown := [name for name in named if name.casefold() not in groups]:
        problem = _("There is no group %(name)s. Create it first, or leave it out.") % {"name": unknown[0][:80]}
    elif role not in ROLES:
        problem = _("Unknown role %(role)s. Use one of: member, admin, owner.") % {"role": role[:20]}
    email = row.get("email", "")
    who = people.Invitee(
        email=email,
        name=text.one_line(row.get("name", "")) or _name_of(email),
        title=row.get("title", ""),
        role="member" if problem else role,  # type: ignore[arg-type]  # looked up in ROLES
        group_ids=tuple(groups[name.casefold()] for name in named if name.casefold() in groups) or defaults.group_ids,
    )
    return Entry(line, who, problem)
