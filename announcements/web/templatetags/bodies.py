"""A body as a page lays it out: headings with addresses, tables that scroll, and what changed in it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _

register = template.Library()
LONG = 2
_HEADING = re.compile(r"<(h[2-4])>(.*?)</\1>", re.S)
_TABLE = re.compile(r"<table>.*?</table>", re.S)
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a body, and where it stands on the page."""

    level: str
    anchor: str
    text: str


def headings(body: str) -> list[Heading]:
    """Return the headings of a body in their order, each with an anchor of its own that lasts while its words do."""
    found: list[Heading] = []
    taken: set[str] = set()
    for level, inside in _HEADING.findall(body):
        text = " ".join(html.unescape(_TAG.sub("", inside)).split())
        anchor = start = f"on-{slugify(text, allow_unicode=True) or 'this'}"
        again = 1
        while anchor in taken:
            again += 1
            anchor = f"{start}-{again}"
        taken.add(anchor)
        found.append(Heading(level, anchor, text))
    return found


@register.filter
def outline(item: dict[str, Any]) -> list[Heading]:
    """Return the headings to jump to, when an announcement is long enough to want them."""
    found = [heading for heading in headings(item["body"]) if heading.level != "h4" and heading.text]
    return found if len(found) >= LONG and item["minutes"] >= LONG else []


@register.filter
def laid_out(body: SafeString) -> SafeString:
    """Return a body of the API whose headings can be linked to, and whose wide tables scroll by themselves, by keyboard too."""
    anchors = iter(headings(body))
    numbers = iter(range(1, len(body)))
    anchored = _HEADING.sub(lambda found: _anchored(found, next(anchors)), body)
    return mark_safe(_TABLE.sub(lambda found: _scrolling(found[0], next(numbers)), anchored))  # noqa: S308  the API sanitized it; attributes of ours are added


def _anchored(found: re.Match[str], heading: Heading) -> str:
    level, inside = found.groups()
    return format_html('<{} id="{}">', level, heading.anchor) + f"{inside}</{level}>"


def _scrolling(table: str, number: int) -> str:
    label = _("Table %(number)s") % {"number": number}
    return format_html('<div class="scroll" role="region" tabindex="0" aria-label="{}">', label) + f"{table}</div>"


@register.filter
def changed(parts: list[dict[str, str]]) -> bool:
    """Tell whether a line differs from what it was."""
    return any(part["mark"] != "same" for part in parts)


@register.filter
def differs(difference: dict[str, Any]) -> bool:
    """Tell whether anything that two versions say differs."""
    return any(changed(parts) for parts in [difference["title"], difference["summary"], *difference["body"]])


@register.filter
def restyled(difference: dict[str, Any]) -> bool:
    """Tell whether anything says the same and looks different."""
    return any(part["mark"] == "formatted" for parts in difference["body"] for part in parts)


@register.filter
def around(blocks: list[list[dict[str, str]]]) -> Iterator[list[dict[str, str]] | None]:
    """Return the lines that changed; None where others stand between them that did not."""
    hidden = False
    for block in blocks:
        if changed(block):
            if hidden:
                yield None
            yield block
        hidden = not changed(block)
    if hidden:
        yield None
