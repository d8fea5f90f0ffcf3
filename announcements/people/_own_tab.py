"""What somebody decides about their own new tab: the parts that it leaves out, and links of their own."""

from __future__ import annotations

from dataclasses import dataclass

from announcements.people import _checks, models
from announcements.people._company import Link
from announcements.people._workspace import checked_links

TAB_PARTS = ("greeting", "clock", "clocks", "links", "news", "keys")


@dataclass(frozen=True, slots=True)
class OwnTab:
    """What is switched off, of TAB_PARTS, and links beside the company's."""

    off: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


def own_tab(*, by: int) -> OwnTab:
    """Return what somebody has decided; raise NotFound unless they are active."""
    return as_own_tab(_checks.actor(by))


def choose_own_tab(*, by: int, own: OwnTab) -> OwnTab:
    """Keep what somebody has decided, all of it; the last word counts. Raise Invalid by field."""
    row = _checks.actor(by)
    off = {_checks.one_of("off", part, TAB_PARTS) for part in own.off}
    links = checked_links(own.links, schemes=("https", "http"))
    row.own_tab = {"off": [part for part in TAB_PARTS if part in off], "links": links}
    row.save(update_fields=["own_tab"])
    return as_own_tab(row)


def as_own_tab(row: models.Person) -> OwnTab:
    """Return the value of a row."""
    return OwnTab(tuple(row.own_tab.get("off", ())), tuple(Link(**link) for link in row.own_tab.get("links", ())))
