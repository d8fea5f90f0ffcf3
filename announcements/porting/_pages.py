"""Reading Markdown files with front matter, as static sites and other tools write them."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import yaml
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from announcements.kernel import encodings, text
from announcements.porting._archives import Archive, Broken, Unreadable, shown
from announcements.porting._items import SUMMARY, TITLE, Item, cut, key

MOST_PAGE = 2_000_000
MOST_MATTER = 64_000
MOST_PICTURE = 10_000_000
ENDINGS = (".md", ".markdown")
KINDS = ("update", "news", "story", "decision", "policy")
NINE = time(9)
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})[-_ ]?(.*)")
_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_HEADING = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\r?\n|\Z)")
_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_NOTHING = {"", "~", "null", "none"}


class _Plain(yaml.SafeLoader):
    """YAML in which everything is a text, a list or a mapping, and nothing is said by pointing at something else.

    What an alias stands for may be a list of aliases, and so on: a few lines would grow beyond all memory.
    """

    yaml_implicit_resolvers: dict[str, Any] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse aliases."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError(_("it points at another place with *"))
        return super().compose_node(parent, index)


class Pages:
    """Markdown files, in a zip or one alone. Raises Unreadable when there is none."""

    form = "markdown"

    def __init__(self, archive: Archive, timezone: str) -> None:
        self._archive = archive
        self._timezone = ZoneInfo(timezone)
        self.names = [name for name in archive.names if name.lower().endswith(ENDINGS) and not _hidden(name)]
        if not self.names:
            raise Unreadable(_("There is no Markdown file (.md) in this zip, and it is no export of Mantel."))
        tops = {name.partition("/")[0] for name in archive.names if not _hidden(name)}
        self._root = f"{tops.pop()}/" if len(tops) == 1 and "/" in self.names[0] else ""

    def item(self, place: int) -> Item:
        """Return one; raise Broken."""
        name = self.names[place]
        return page(
            self._archive.read(name, MOST_PAGE), name.removeprefix(self._root), self._timezone, self._find(name)
        )

    def _find(self, page: str) -> Callable[[str], str | None]:
        def find(address: str) -> str | None:
            path = unquote(urlsplit(address).path)
            tries = (posixpath.join(posixpath.dirname(page), path.lstrip("/")), self._root + path.lstrip("/"))
            return next((one for one in map(posixpath.normpath, tries) if one in self._archive), None)

        return find

    def picture(self, name: str) -> bytes:
        """Return a picture; raise Broken."""
        return self._archive.read(name, MOST_PICTURE)


class Page:
    """One Markdown file that came alone."""

    form = "markdown"

    def __init__(self, content: bytes, name: str, timezone: str) -> None:
        self._content = content
        self._timezone = ZoneInfo(timezone)
        self.names = [name]

    def item(self, place: int) -> Item:
        """Return it; raise Broken."""
        return page(self._content, self.names[place], self._timezone, lambda _address: None)

    def picture(self, name: str) -> bytes:
        """Raise Broken: it came without any."""
        raise Broken(_("%(file)s is not there.") % {"file": shown(name)})


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) and part not in {".", ".."} for part in name.split("/"))


def page(content: bytes, name: str, timezone: ZoneInfo, find: Callable[[str], str | None]) -> Item:
    """Return what a Markdown file says; `find` gives the file of a picture's address. Raises Broken."""
    decoded = encodings.decode(content)
    if decoded is None:
        raise Broken(_("The letters of this file cannot be read. Save it as UTF-8."))
    matter, source = _parted(decoded.text)
    notes = [] if decoded.encoding != "cp1252" else [_("It is not in UTF-8 and was read as Windows-1252.")]
    stem = posixpath.splitext(posixpath.basename(name))[0]
    stem = posixpath.basename(posixpath.dirname(name)) if stem in {"index", "README"} and "/" in name else stem
    day = _DAY.fullmatch(stem)
    at = _when(matter, ("published", "published_at", "date", "created"), timezone) or _day(day, timezone)
    if at is None and not _draft(matter):
        raise Broken(
            _(
                "It says nowhere when it was published. Write a line such as “date: 2024-05-31” between two lines of --- on top."
            )
        )
    title, source = _title(matter, source, day[2] if day else stem)
    if len(text.one_line(title)) > TITLE:
        notes.append(_("Its title is longer than %(most)d letters and was cut.") % {"most": TITLE})
    pictures: dict[str, str] = {}
    body = text.from_markdown(source, _pictured(find, pictures, notes))
    said = {
        "title": cut(title, TITLE),
        "summary": cut(_first(matter, "summary", "description", "excerpt", "tldr", "subtitle"), SUMMARY),
        "body": body,
        "kind": _kind(matter, notes),
        "author": _author(matter),
        "audience": _audience(matter),
        "created_at": at and at.isoformat(),
        "published_at": None if _draft(matter) else at and at.isoformat(),
        "expires_at": (ends := _when(matter, ("expires", "expires_at"), timezone)) and ends.isoformat(),
    }
    return Item(
        name=name, key=key("page", name, at.isoformat() if at else title), said=said, pictures=pictures, notes=notes
    )


def _parted(source: str) -> tuple[Mapping[str, Any], str]:
    """Return the front matter, by names in small letters, and the rest."""
    found = _MATTER.match(source.lstrip("\ufeff"))
    if not found:
        return {}, source
    if len(found[1]) > MOST_MATTER:
        raise Broken(_("What stands between the lines of --- is too long."))
    try:
        # Everything is text in it: `No` is a title, and 10:30 no number.
        matter = yaml.load(found[1], Loader=_Plain)  # noqa: S506  a safe loader, with less in it
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        raise Broken(_yaml(problem)) from None
    if matter is None:
        matter = {}
    if not isinstance(matter, dict):
        raise Broken(_("What stands between the lines of --- has to be lines such as “title: Dock 4 closes”."))
    return {str(name).lower(): value for name, value in matter.items()}, source[found.end() :]


def _yaml(problem: Exception) -> str:
    mark = getattr(problem, "problem_mark", None)
    if mark is None:
        return _("What stands between the lines of --- cannot be read: %(why)s.") % {"why": cut(str(problem), 100)}
    # The first line of the front matter is the second of the file.
    why = getattr(problem, "problem", "") or ""
    return _("Line %(line)d: this is not YAML (%(why)s).") % {"line": mark.line + 2, "why": cut(why, 100)}


def _first(matter: Mapping[str, Any], *names: str) -> str:
    """Return the first of these that says something."""
    found = (matter.get(name) for name in names)
    return next((one.strip() for one in found if isinstance(one, str) and one.strip().lower() not in _NOTHING), "")


def _draft(matter: Mapping[str, Any]) -> bool:
    # Our own Markdown of a draft says that it was never published.
    return _first(matter, "draft").lower() in {"true", "yes", "1"} or (
        "published" in matter and not _first(matter, "published")
    )


def _when(matter: Mapping[str, Any], names: tuple[str, ...], timezone: ZoneInfo) -> datetime | None:
    said = _first(matter, *names)
    if said.lower() in {"", "true", "false"}:
        return None
    try:
        day = parse_date(said)
        at = datetime.combine(day, NINE) if day else parse_datetime(said)
    except ValueError:
        at = None
    if at is None:
        raise Broken(
            _("“%(said)s” is not a date. Write one such as 2024-05-31 or 2024-05-31T09:00+02:00.")
            % {"said": cut(said, 40)}
        )
    return at if at.tzinfo else at.replace(tzinfo=timezone)


def _day(found: re.Match[str] | None, timezone: ZoneInfo) -> datetime | None:
    try:
        day = parse_date(found[1]) if found else None
    except ValueError:
        return None
    return datetime.combine(day, NINE, timezone) if day else None


def _title(matter: Mapping[str, Any], source: str, stem: str) -> tuple[str, str]:
    """Return the title, and the source without it when it was its first heading."""
    if title := _first(matter, "title"):
        return title, source
    if heading := _HEADING.match(source):
        return heading[1], source[heading.end() :]
    return re.sub(r"[-_]+", " ", stem).strip().capitalize(), source


def _pictured(find: Callable[[str], str | None], pictures: dict[str, str], notes: list[str]) -> Callable[[str], str]:
    def given(address: str) -> str:
        file = find(address)
        if file is None:
            notes.append(_("The picture %(file)s is not in the zip and stays behind.") % {"file": shown(address)})
            return ""
        name = hashlib.blake2b(file.encode(), digest_size=16).hexdigest()
        pictures[name] = file
        return text.image_address(name)

    return given


def _kind(matter: Mapping[str, Any], notes: list[str]) -> str:
    kind = _first(matter, "kind", "type").lower()
    if kind and kind not in KINDS:
        notes.append(_("Its kind “%(kind)s” is not one of ours; it is an update.") % {"kind": cut(kind, 40)})
    return kind if kind in KINDS else "update"


def _author(matter: Mapping[str, Any]) -> dict[str, str]:
    given = next((matter[name] for name in ("author", "authors", "by") if matter.get(name)), "")
    given = given[0] if isinstance(given, list) and given else given
    if isinstance(given, dict):
        lower = {str(name).lower(): value for name, value in given.items()}
        return {"email": _first(lower, "email", "address"), "name": _first(lower, "name")}
    said = given if isinstance(given, str) else ""
    address = _ADDRESS.search(said)
    return {"email": address[0].strip("()") if address else "", "name": _ADDRESS.sub("", said).strip(" <>()")}


def _audience(matter: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return whom it is for, by names of groups; None when it does not say."""
    given = next((matter[name] for name in ("groups", "group", "audience") if matter.get(name)), None)
    named = [one.strip() for one in (given if isinstance(given, list) else [given]) if isinstance(one, str)]
    named = [one for one in named if one.lower() not in _NOTHING]
    if not named:
        return None
    if {one.lower() for one in named} <= {"everyone", "everybody", "all"}:
        return {"everyone": True}
    return {"groups": named, "only_known": True}
