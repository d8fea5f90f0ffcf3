"""What a row says of a person, and what could be meant where it says it wrongly."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from announcements.kernel import clocks, errors, text
from announcements.people import services as people

_MARKS = re.compile(r"^mailto:|[<>\"'()\[\]\s\u200b]+|[.,;:]+$", re.IGNORECASE)
_AT = re.compile(r"\s*(?:\(at\)|\[at\]|\{at\}| at )\s*", re.IGNORECASE)
_ENDINGS = {".con": ".com", ".cmo": ".com", ".ocm": ".com", ".comm": ".com", ".ogr": ".org", ".nte": ".net"}
# Letters of other scripts that look like ours (Unicode TR 39), as they turn up in addresses.
_ALIKE = str.maketrans("авсеһіјкмнорԛѕтухԝαεινορυχ", "abcehijkmhopqstyxwaeivopux")
_GROUP = re.compile(r'\s*"((?:[^"]|"")+)"\s*(?=[;|]|$)|([^;|]+)')
_TOLD_APART = re.compile(r'^"|[;|]')
_LOCALE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})?", re.IGNORECASE)
ROLES = {"member": "member", "admin": "admin", "administrator": "admin", "owner": "owner"}


def said(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Return what a row says, by field, each as one tidy line; the name in one piece."""
    given = {field: text.one_line(cell) for field, cell in zip(columns, cells, strict=True) if field}
    first, last = given.pop("first_name", ""), given.pop("last_name", "")
    name = given.get("name", "")
    given["name"] = name if name and (last or not first) else f"{first} {last or name}".strip()
    return given


@lru_cache(maxsize=5000)  # a row is asked for its address several times
def address(cell: str) -> str | None:
    """Return a cell as an address; None when it is none, or ends as no address does."""
    try:
        found = people.tidy_address(email=cell)
    except errors.Invalid:
        return None
    return None if found.endswith(tuple(_ENDINGS)) else found


def likely_address(cell: str) -> str | None:
    """Return the address that somebody may have meant; None when there is no telling."""
    tried = _MARKS.sub("", _AT.sub("@", unicodedata.normalize("NFKC", cell).casefold()))
    tried = re.sub(r"\.{2,}", ".", tried.replace(",", ".").replace(";", ".").replace("@@", "@")).translate(_ALIKE)
    for wrong, right in _ENDINGS.items():
        tried = tried.removesuffix(wrong) + right if tried.endswith(wrong) else tried
    return address(tried)


def likely_name(email: str) -> str:
    """Return the name that an address suggests: ben.kowalczyk@… is Ben Kowalczyk."""
    words = re.split(r"[._\-+\d]+", email.partition("@")[0])
    return " ".join(word.capitalize() for word in words if word)[:80] or email[:80]


@cache
def _zones() -> Mapping[str, str]:
    return {name.casefold(): name for name in clocks.zones()}


def zone(cell: str) -> str | None:
    """Return a cell as the name of a zone, whatever its case and spaces; None when it is none."""
    return _zones().get(cell.casefold().replace(" ", "_"))


def locale(cell: str) -> str | None:
    """Return a cell as a language tag; None when it is none."""
    return cell.replace("_", "-") if _LOCALE.fullmatch(cell) and len(cell) <= 12 else None


def names(cell: str) -> list[str]:
    """Return the groups that a cell names, parted by ; or |, each once; a name in quotation marks may hold these."""
    found = [quoted.replace('""', '"') or bare for quoted, bare in _GROUP.findall(cell)]
    parts = [text.one_line(part)[:80] for part in found]
    return list({people.tidy_name(name=part): part for part in parts if part}.values())


def one_cell(groups: Iterable[str]) -> str:
    """Return a cell that names these groups, as `names` reads it."""
    return "; ".join(_quoted(name) if _TOLD_APART.search(name) else name for name in sorted(groups))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
