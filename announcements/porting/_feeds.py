"""Reading RSS and Atom. Whether the XML is sound is looked at first, by a reader that knows what XML can do to one."""

from __future__ import annotations

import html
import io
import re
import xml.sax
from calendar import timegm
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import feedparser
from defusedxml import DefusedXmlException, sax
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from announcements.kernel import text
from announcements.porting._archives import Broken, Unreadable, shown
from announcements.porting._items import SUMMARY, TITLE, Item, cut, key

MOST_BYTES = 10_000_000
MOST_ENTRIES = 20_000
# Beyond these nobody writes feeds, and reading them takes a time that grows with the square.
DEEPEST, MOST_ATTRIBUTES = 200, 60
_BLANK = re.compile(r"\n\s*\n")


class _Sound(xml.sax.ContentHandler):
    """Sees that no element is deeper, and none has more attributes, than feeds have."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802  the library's name
        """Go in."""
        self._depth += 1
        if self._depth > DEEPEST or len(attrs) > MOST_ATTRIBUTES:
            raise Unreadable(_("This is nested deeper, or says more in one place, than any feed."))

    def endElement(self, name: str) -> None:  # noqa: N802  the library's name
        """Come out."""
        self._depth -= 1


class Feed:
    """The entries of a feed, the oldest first. Raises Unreadable."""

    form = "feed"

    def __init__(self, content: bytes) -> None:
        if len(content) > MOST_BYTES:
            raise Unreadable(_("This feed is too large: at most %(most)d MB are read.") % {"most": MOST_BYTES // 10**6})
        _check(content)
        # Given as a stream: a text would be taken for an address, and fetched.
        found = feedparser.parse(io.BytesIO(content), sanitize_html=False, resolve_relative_uris=False)
        if not found.version:
            raise Unreadable(_("This is neither RSS nor Atom."))
        self._feed = str(found.feed.get("id") or found.feed.get("link") or found.feed.get("title") or "")
        self._link = str(found.feed.get("link") or "")
        self._entries = list(reversed(found.entries[:MOST_ENTRIES]))
        self.names = [str(one.get("link") or one.get("id") or one.get("title") or "") for one in self._entries]

    def item(self, place: int) -> Item:
        """Return one; raise Broken."""
        entry = self._entries[place]
        at = _when(entry)
        title = _plain(entry.get("title_detail") or {})
        notes: list[str] = []
        body = _body(entry, str(entry.get("link") or self._link), notes)
        if not title:
            title = text.to_plain(body)
        if len(text.one_line(title)) > TITLE:
            notes.append(_("Its title is longer than %(most)d letters and was cut.") % {"most": TITLE})
        short = cut(title, TITLE)
        said = {
            "title": short,
            "summary": cut(_plain(entry.get("summary_detail") or {}), SUMMARY) if entry.get("content") else "",
            "body": body,
            "kind": "news",
            "author": _author(entry),
            "audience": None,
            "created_at": at.isoformat(),
            "published_at": at.isoformat(),
        }
        same = str(entry.get("id") or entry.get("link") or f"{title} {at.isoformat()}")
        return Item(name=self.names[place] or short, key=key("feed", self._feed, same), said=said, notes=notes)

    def picture(self, name: str) -> bytes:
        """Raise Broken: the pictures of a feed stand elsewhere."""
        raise Broken(_("%(file)s is not there.") % {"file": shown(name)})


def _check(content: bytes) -> None:
    try:
        sax.parseString(content, _Sound(), forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise Unreadable(
            _("This XML defines entities of its own, or points at other files. No feed needs to.")
        ) from None
    except xml.sax.SAXParseException as problem:
        said = _("Line %(line)d: this is not sound XML (%(why)s).")
        raise Unreadable(said % {"line": problem.getLineNumber() or 1, "why": cut(problem.getMessage(), 80)}) from None
    except (ValueError, LookupError):
        raise Unreadable(_("The letters of this feed cannot be read. Save it as UTF-8.")) from None


def _when(entry: Any) -> datetime:
    told = entry.get("published_parsed") or entry.get("updated_parsed")
    if told is None:
        raise Broken(_("It does not say when it was published, or not as a date."))
    try:
        return datetime.fromtimestamp(timegm(told), UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        raise Broken(_("When it was published is not a date.")) from None


def _plain(detail: Any) -> str:
    value = str(detail.get("value") or "")
    return value if detail.get("type") == "text/plain" else text.to_plain(text.sanitize(value))


def _body(entry: Any, base: str, notes: list[str]) -> str:
    detail = (entry.get("content") or [entry.get("summary_detail") or {}])[0]
    value = str(detail.get("value") or "")
    if detail.get("type") == "text/plain":
        value = "".join(f"<p>{html.escape(part)}</p>" for part in _BLANK.split(value) if part.strip())
    gone: list[str] = []
    body = text.with_pictures(value, _left(gone), base if base.startswith(("http://", "https://")) else "")
    if gone:
        many = {"many": len(gone)}
        notes.append(
            ngettext(
                "A picture stands elsewhere and stays behind.",
                "%(many)d pictures stand elsewhere and stay behind.",
                len(gone),
            )
            % many
        )
    return body


def _left(gone: list[str]) -> Callable[[str], str]:
    def left(address: str) -> str:
        gone.append(address)
        return ""

    return left


def _author(entry: Any) -> dict[str, str]:
    authors = [one for one in entry.get("authors") or () if one]
    return {
        "email": next((str(one["email"]) for one in authors if one.get("email")), ""),
        "name": next((str(one["name"]) for one in authors if one.get("name")), ""),
    }
