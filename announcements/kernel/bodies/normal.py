"""The normal form of a body.

It holds blocks only; an item or a cell with one paragraph holds its text bare; the row of headings is in a `thead`. The editor writes
this form too, so that nothing changes on the way through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from announcements.kernel.bodies import schema
from announcements.kernel.bodies.inline import RANK, inline
from announcements.kernel.bodies.tables import even
from announcements.kernel.bodies.trees import VOID, Element

HEADINGS = frozenset(schema.BLOCKS["heading"])
# What a cell of a table may hold; the rest becomes paragraphs.
IN_CELL = frozenset({"p", "ul", "ol", "figure"})


def normal(body: Element) -> Element:
    """Return a body in its normal form."""
    return Element("body", {}, list(_blocks(body.children)))


def _blocks(children: Iterable[Element | str], only: frozenset[str] | None = None) -> Iterator[Element]:
    """Turn anything into blocks: loose text becomes paragraphs, empty ones go."""
    loose: list[Element | str] = []
    for child in _parted(children):
        if isinstance(child, str) or child.tag in RANK or child.tag == "br":
            loose.append(child)
            continue
        yield from _paragraph(loose)
        loose = []
        yield from _block(child, only)
    yield from _paragraph(loose)


def _parted(children: Iterable[Element | str]) -> Iterator[Element | str]:
    """Take blocks out of the marks around them; each part keeps the mark."""
    for child in children:
        if isinstance(child, str) or child.tag not in RANK or not _holds_block(child):
            yield child
            continue
        for part in _parted(child.children):
            inside = isinstance(part, str) or part.tag in RANK or part.tag == "br"
            yield Element(child.tag, child.attributes, [part]) if inside else part


def _holds_block(element: Element) -> bool:
    return any(
        not isinstance(child, str) and child.tag != "br" and (child.tag not in RANK or _holds_block(child))
        for child in element.children
    )


def _paragraph(loose: list[Element | str]) -> Iterator[Element]:
    if text := inline(loose):
        yield Element("p", {}, text)


def _block(one: Element, only: frozenset[str] | None) -> Iterator[Element]:
    if one.tag in ("p", *HEADINGS):
        yield from _text_block(one, only)
    elif one.tag in ("img", "figure"):
        yield from _figure(one)
    elif one.tag in WHOLE and (only is None or one.tag in only):
        yield from WHOLE[one.tag](one)
    else:
        # A group, a part of something that is not around it, or what may not be here: its content stands for it.
        yield from _blocks(one.children, only)


def _rule(_one: Element) -> Iterator[Element]:
    yield Element("hr")


def _held(one: Element) -> Iterator[Element]:
    if held := list(_blocks(one.children)):
        yield Element(one.tag, _kept(one), list(held))


def _text_block(one: Element, only: frozenset[str] | None) -> Iterator[Element]:
    heading = one.tag if one.tag in HEADINGS and only is None else "p"
    for block in _blocks(one.children, only):
        yield Element(heading, {}, block.children) if block.tag == "p" else block


def _list(one: Element) -> Iterator[Element]:
    tasks = one.tag == "ul" and one.attributes.get("data-kind") == "tasks"
    items: list[Element | str] = []
    for child in one.children:
        if isinstance(child, str) and not child.strip(" \t\r\n\f"):
            continue
        if not isinstance(child, str) and child.tag == "li":
            inside, done = child.children, child.attributes.get("data-done", "false")
        else:
            inside, done = [child], "false"
        items.append(Element("li", {"data-done": done} if tasks else {}, _tight(list(_blocks(inside)))))
    if items:
        start = {key: value for key, value in _kept(one).items() if (key, value) != ("start", "1")}
        yield Element(one.tag, start, items)


def _tight(blocks: list[Element]) -> list[Element | str]:
    """Return what an item or a cell holds: the text itself where it is one paragraph, first."""
    if [block.tag for block in blocks].count("p") == 1 and blocks[0].tag == "p":
        return [*blocks[0].children, *blocks[1:]]
    return list(blocks)


def _code(one: Element) -> Iterator[Element]:
    inner = next((child for child in one.children if not isinstance(child, str) and child.tag == "code"), None)
    text = _text(one).strip("\n")
    language = {"class": inner.attributes["class"]} if inner and "class" in inner.attributes else {}
    yield Element("pre", {}, [Element("code", language, [text] if text else [])])


def _text(one: Element) -> str:
    return "".join(
        child if isinstance(child, str) else "\n" if child.tag == "br" else _text(child) for child in one.children
    )


def _figure(one: Element) -> Iterator[Element]:
    """A picture with its caption; what else was in it follows."""
    images = [child for child in _within(one) if child.tag == "img" and child.attributes.get("src")]
    captions = [child for child in one.children if not isinstance(child, str) and child.tag == "figcaption"]
    caption = inline([part for child in captions for part in _flat(child)])
    for image in images:
        kept = _kept(image)
        held: list[Element | str] = [Element("img", {"src": kept.pop("src"), "alt": kept.pop("alt", "")} | kept)]
        if caption and image is images[-1]:
            held.append(Element("figcaption", {}, caption))
        yield Element("figure", {}, held)
    if not images and caption:
        yield Element("p", {}, caption)
    rest = [child for child in one.children if isinstance(child, str) or child.tag not in ("img", "figcaption")]
    yield from (block for block in _blocks(rest) if block.tag != "figure")


def _within(one: Element) -> Iterator[Element]:
    yield one
    for child in one.children:
        if not isinstance(child, str):
            yield from _within(child)


def _flat(one: Element) -> Iterator[Element | str]:
    for child in one.children:
        if isinstance(child, str) or child.tag in RANK or child.tag == "br":
            yield child
        elif child.tag not in VOID:
            yield " "
            yield from _flat(child)
            yield " "


def _kept(one: Element) -> dict[str, str]:
    return schema.kept(one.tag, one.attributes)


def _table(one: Element) -> Iterator[Element]:
    found = [row for row in ([_cell(cell) for cell in _cells(row)] for row in _rows(one)) if row]
    rows = even(found)
    if rows is None:
        for cell in (cell for row in found for cell in row):
            yield from _blocks(cell.children)
    elif rows:
        body = [Element("tr", {}, list(row)) for row in rows]
        head = (
            [body.pop(0)]
            if all(cell.tag == "th" for cell in rows[0]) and not any("rowspan" in cell.attributes for cell in rows[0])
            else []
        )
        parts: list[Element | str] = [Element("thead", {}, list(head))] if head else []
        yield Element("table", {}, parts + ([Element("tbody", {}, list(body))] if body else []))


def _rows(one: Element) -> Iterator[Element]:
    """Return the rows of a table itself, not those of tables in its cells."""
    for child in one.children:
        if not isinstance(child, str) and child.tag != "table":
            if child.tag == "tr":
                yield child
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    for child in row.children:
        if not isinstance(child, str) and child.tag in ("td", "th"):
            yield child


def _cell(cell: Element) -> Element:
    spans = {name: value for name, value in _kept(cell).items() if value != "1"}
    return Element(cell.tag, spans, _tight(list(_blocks(cell.children, IN_CELL))))


WHOLE = {
    "ul": _list,
    "ol": _list,
    "pre": _code,
    "table": _table,
    "hr": _rule,
    "blockquote": _held,
    "aside": _held,
}
