"""Bodies where there is less to show them with: as lines of plain text, and in a letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from announcements.kernel.bodies.inline import RANK
from announcements.kernel.bodies.trees import LISTS, Element

BOXES = {"true": "☑", "false": "☐"}
Content = Iterable[Element | str]


# -- plain text --------------------------------------------------------------------------------------------------------


def plain(body: Element) -> str:
    """Return what a normal body says, as lines; a link keeps its address in angle brackets."""
    return "\n\n".join(_told(body.children))


def _told(children: Content) -> Iterator[str]:
    """Tell each block; the text that an item or a cell holds bare is one."""
    loose: list[Element | str] = []
    for child in children:
        if isinstance(child, str) or child.tag in RANK or child.tag == "br":
            loose.append(child)
            continue
        if loose:
            yield _line(loose)
            loose = []
        yield _block(child)
    if loose:
        yield _line(loose)


def _block(one: Element) -> str:
    if one.tag in LISTS:
        return "\n\n".join(_items(one))
    if one.tag in ("blockquote", "aside"):
        return _led(">" if one.tag == "blockquote" else "|", "\n\n".join(_told(one.children)))
    if one.tag == "pre":
        return "\n".join(f"    {line}".rstrip() for line in said(one.children).splitlines())
    if one.tag == "table":
        return "\n".join(" | ".join(" ".join(_told(cell.children)) for cell in row) for row in _rows(one))
    if one.tag == "figure":
        return "\n".join(_figure(one))
    return "---" if one.tag == "hr" else _line(one.children)


def _items(one: Element) -> Iterator[str]:
    number = int(one.attributes.get("start", 1))
    for index, item in enumerate(elements(one)):
        done = item.attributes.get("data-done")
        marker = (
            f"{number + index}." if one.tag == "ol" else "-" if done is None else f"[{'x' if done == 'true' else ' '}]"
        )
        first, *rest = "\n\n".join(_told(item.children)).split("\n")
        indent = " " * (len(marker) + 1)
        yield "\n".join([f"{marker} {first}".rstrip(), *(f"{indent}{line}".rstrip() for line in rest)])


def _led(mark: str, text: str) -> str:
    return "\n".join(f"{mark} {line}".rstrip() for line in text.split("\n"))


def _rows(table: Element) -> Iterator[list[Element]]:
    for part in elements(table):
        for row in elements(part):
            yield list(elements(row))


def _figure(one: Element) -> Iterator[str]:
    for child in elements(one):
        if child.tag == "figcaption":
            yield _line(child.children)
        elif alt := child.attributes.get("alt"):
            yield f"[{alt}]"


def _line(children: Content) -> str:
    return "".join(_words(children))


def _words(children: Content) -> Iterator[str]:
    for child in children:
        if isinstance(child, str):
            yield child
        elif child.tag == "br":
            yield "\n"
        else:
            words = _line(child.children)
            address = child.attributes.get("href", words)
            yield words if words == address else f"{words} <{address}>"


def elements(one: Element) -> Iterator[Element]:
    """Return the elements in an element."""
    return (child for child in one.children if not isinstance(child, str))


def said(children: Content) -> str:
    """Return the bare words, without addresses and markers."""
    return " ".join(_bare(children)) if not _only_text(children := list(children)) else "".join(map(_text, children))


def _only_text(children: list[Element | str]) -> bool:
    return all(isinstance(child, str) or child.tag in RANK or child.tag == "br" for child in children)


def _text(child: Element | str) -> str:
    return child if isinstance(child, str) else "\n" if child.tag == "br" else "".join(map(_text, child.children))


def _bare(children: list[Element | str]) -> Iterator[str]:
    for child in children:
        yield child if isinstance(child, str) else _text(child) if child.tag in RANK else said(child.children)


# -- letters -----------------------------------------------------------------------------------------------------------


def lettered(body: Element) -> Element:
    """Return a body as mail programs show it: boxes drawn as text, callouts as groups, pictures by their descriptions.

    Pictures are shown to readers who are signed in, which a mail program is not.
    """
    return Element(body.tag, body.attributes, [_lettered(child) for child in body.children])


def _lettered(child: Element | str) -> Element | str:
    if isinstance(child, str):
        return child
    inside = [_lettered(one) for one in child.children]
    match child.tag:
        case "aside":
            return Element("div", {"class": f"callout {child.attributes.get('data-kind', 'note')}"}, inside)
        case "ul" if "data-kind" in child.attributes:
            return Element("ul", {"class": "tasks"}, inside)
        case "li" if "data-done" in child.attributes:
            return Element("li", {}, [f"{BOXES[child.attributes['data-done']]} ", *inside])
        case "figure":
            return Element("div", {"class": "figure"}, _described(child))
    return Element(child.tag, child.attributes, inside)


def _described(figure: Element) -> list[Element | str]:
    parts: list[Element | str] = []
    for child in elements(figure):
        if child.tag == "figcaption":
            parts.append(Element("p", {}, child.children))
        elif alt := child.attributes.get("alt"):
            parts.append(Element("p", {}, [Element("em", {}, [alt])]))
    return parts
