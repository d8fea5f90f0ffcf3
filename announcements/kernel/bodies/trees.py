"""Bodies as trees: read from what the sanitizer leaves, and written again."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from announcements.kernel.bodies import schema

VOID = frozenset({"br", "hr", "img"})
LISTS = frozenset({"ul", "ol"})
MOST_OPEN = 60
_DEEP = LISTS | {"blockquote", "aside", "table"}


@dataclass(slots=True)
class Element:
    """An element of a body; a piece of text is a string."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Builds the tree of clean HTML; lists and quotes that are nested too deep lose their level, not their words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("body")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = schema.ALIASES.get(tag, tag)
        if len(self.open) > MOST_OPEN:
            # Nobody writes so: the words stay, what is around them goes.
            self.open[-1].children.append(" ")
            if name not in VOID:
                self.open.append(self.open[-1])
            return
        element = Element(name, {key: value or "" for key, value in attrs})
        deep = name in _DEEP and sum(one.tag in _DEEP for one in self.open) >= schema.DEEPEST
        if deep:
            element.tag = "div" if name != "table" else "flat"
        self._place(name, element)
        if name not in VOID:
            self.open.append(element)

    def _place(self, name: str, element: Element) -> None:
        if name == "li" and self.open[-1].tag == "div" and (lists := [one for one in self.open if one.tag in LISTS]):
            # The list it was in has lost its level: it follows the item around it.
            lists[-1].children.append(element)
        else:
            self.open[-1].children.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(clean: str) -> Element:
    """Return the tree of sanitized HTML, where every element is closed."""
    reader = _Reader()
    reader.feed(clean)
    reader.close()
    return reader.root


def write(body: Element) -> str:
    """Return a tree as HTML, escaped as the sanitizer does it."""
    return "".join(_written(body.children))


def _written(children: Iterable[Element | str]) -> Iterator[str]:
    for child in children:
        if isinstance(child, str):
            yield _escaped(child)
            continue
        yield f"<{child.tag}{''.join(_attributes(child))}>"
        if child.tag not in VOID:
            yield from _written(child.children)
            yield f"</{child.tag}>"


def _attributes(one: Element) -> Iterator[str]:
    rel = {"rel": "noopener noreferrer"} if one.tag == "a" else {}
    for name, value in (one.attributes | rel).items():
        yield f' {name}="{_quoted(value)}"'


def _escaped(text: str) -> str:
    return html.escape(text, quote=False).replace("\u00a0", "&nbsp;")


def _quoted(value: str) -> str:
    return html.escape(value, quote=False).replace('"', "&quot;").replace("\u00a0", "&nbsp;")
