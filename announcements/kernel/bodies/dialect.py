"""What GitHub's Markdown says beyond CommonMark, found in the body that plain Markdown makes of it: tasks and callouts."""

from __future__ import annotations

import re

from announcements.kernel.bodies.trees import Element

_TASK = re.compile(r"\[([ xX])\] +")
_CALLOUT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*", re.IGNORECASE)
KINDS = {"NOTE": "info", "TIP": "success", "IMPORTANT": "info", "WARNING": "warning", "CAUTION": "warning"}
MARKERS = {"info": "NOTE", "success": "TIP", "warning": "WARNING"}


def understood(one: Element) -> Element:
    """Return a tree where `[x]` at the start of every item makes tasks, and `[!NOTE]` at the start of a quote a callout."""
    children = [child if isinstance(child, str) else understood(child) for child in one.children]
    made = Element(one.tag, one.attributes, children)
    return _tasks(made) if one.tag == "ul" else _callout(made) if one.tag == "blockquote" else made


def _tasks(one: Element) -> Element:
    items = [child for child in one.children if not isinstance(child, str)]
    found = [_cut(item, _TASK) for item in items]
    if not all(found):
        return one
    tasks: list[Element | str] = [
        Element("li", {"data-done": "false" if done == " " else "true"}, item.children)
        for done, item in filter(None, found)
    ]
    return Element("ul", {"data-kind": "tasks"}, tasks)


def _callout(one: Element) -> Element:
    if not (found := _cut(one, _CALLOUT)):
        return one
    kind, rest = found
    return Element("aside", {"data-kind": KINDS[kind.upper()]}, rest.children)


def _cut(one: Element, marker: re.Pattern[str]) -> tuple[str, Element] | None:
    """Return what a marker at the start of an element says, and the element without it."""
    if not one.children:
        return None
    first, *rest = one.children
    if isinstance(first, str):
        if found := marker.match(first):
            return found[1], Element(one.tag, one.attributes, [first[found.end() :], *rest])
    elif first.tag == "p" and (inner := _cut(first, marker)):
        return inner[0], Element(one.tag, one.attributes, [inner[1], *rest])
    return None
