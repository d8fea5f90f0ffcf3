"""Bodies as plain text that knows how each stretch of it looks, so that two of them can be compared in both."""

from __future__ import annotations

import re

from announcements.kernel.bodies.inline import RANK
from announcements.kernel.bodies.trees import Element

# Private signs of Unicode around a stretch that looks like something: its looks stand between the first two.
_OPEN, _SAYS, _CLOSE = "\ue000", "\ue001", "\ue002"
_SIGNS = dict.fromkeys(map(ord, (_OPEN, _SAYS, _CLOSE)))
_STRETCH = re.compile(f"{_OPEN}([^{_SAYS}]*){_SAYS}([^{_CLOSE}]*){_CLOSE}")
_PLAIN = frozenset({"body", "p", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "td", "figure", "a"})
PICTURE = "…"


def looks(body: Element) -> Element:
    """Return a normal body whose words say how they look; `plain` makes lines of it that `parted` reads."""
    return _looking(body, ())


def _looking(one: Element, around: tuple[str, ...]) -> Element:
    within = around if one.tag in _PLAIN and not _shape(one) else (*around, one.tag + _shape(one))
    if one.tag == "img":
        told = one.attributes.get("alt", "").translate(_SIGNS) or PICTURE
        return Element("img", {"alt": _said(told, (*around, f"img {one.attributes.get('src', '')}"))})
    children = [_said(child, within) if isinstance(child, str) else _looking(child, within) for child in one.children]
    return Element(one.tag, one.attributes, list(children))


def _shape(one: Element) -> str:
    """Return what of an element's attributes is seen; where a link leads stands in the text itself."""
    seen = {name: value for name, value in one.attributes.items() if name not in ("href", "start", "data-done", "rel")}
    return "".join(f" {name}={value}" for name, value in sorted(seen.items()))


def _said(text: str, how: tuple[str, ...]) -> str:
    bare = text.translate(_SIGNS)
    if not how:
        return bare
    # Marks have an order of their own (schema): the same ones look the same.
    looks = ",".join(sorted(set(how), key=lambda one: (one in RANK, one))).translate(_SIGNS)
    return "\n".join(f"{_OPEN}{looks}{_SAYS}{line}{_CLOSE}" if line else "" for line in bare.split("\n"))


def parted(line: str) -> list[tuple[str, str]]:
    """Return a line of what `plain` makes of looks, as stretches: what it says, and how that looks."""
    found: list[tuple[str, str]] = []
    end = 0
    for stretch in _STRETCH.finditer(line):
        if bare := line[end : stretch.start()]:
            found.append((bare, ""))
        found.append((stretch[2], stretch[1]))
        end = stretch.end()
    return [*found, (line[end:], "")] if line[end:] else found
