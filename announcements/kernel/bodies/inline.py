"""Text and its marks in their normal form: single spaces, none at the ends, marks nested in the schema's order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from announcements.kernel.bodies import schema
from announcements.kernel.bodies.trees import Element

RANK = {mark["tag"]: rank for rank, mark in enumerate(schema.MARKS.values())}
_RUN = re.compile(r"[ \t\r\n\f]+")

Mark = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(slots=True)
class Piece:
    """A text, or a line break, and what marks it."""

    marks: tuple[Mark, ...]
    text: str | None


def inline(children: Iterable[Element | str]) -> list[Element | str]:
    """Return text in its normal form: single spaces, none at the ends, marks nested in the schema's order."""
    return _nested(_tidy(list(_pieces(children, ()))))


def _pieces(children: Iterable[Element | str], marks: tuple[Mark, ...]) -> Iterator[Piece]:
    for child in children:
        if isinstance(child, str):
            yield Piece(marks, child)
        elif child.tag == "br":
            yield Piece(marks, None)
        else:
            yield from _pieces(child.children, _marked(child, marks))


def _marked(one: Element, marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    if one.tag not in RANK or (one.tag == "a" and "href" not in one.attributes):
        return marks
    kept = {} if one.tag == "code" else schema.kept(one.tag, one.attributes)
    others = [mark for mark in marks if mark[0] != one.tag]
    return tuple(sorted([*others, (one.tag, tuple(kept.items()))], key=lambda mark: RANK[mark[0]]))


def _tidy(pieces: list[Piece]) -> list[Piece]:
    tidy: list[Piece] = []
    for piece in pieces:
        if piece.text is None:
            tidy.append(piece)
            continue
        text = _RUN.sub(" ", piece.text)
        before = tidy[-1].text if tidy else None
        if before is None or before.endswith(" "):
            text = text.lstrip(" " if tidy else " \u00a0")
        if not text:
            continue
        if before is not None and tidy[-1].marks == piece.marks:
            tidy[-1] = Piece(piece.marks, before + text)
        else:
            tidy.append(Piece(piece.marks, text))
    return _ended(tidy)


def _ended(tidy: list[Piece]) -> list[Piece]:
    """Cut the space and the line breaks at the end."""
    while tidy:
        text = tidy[-1].text
        if text is not None and (kept := text.rstrip(" \u00a0")):
            tidy[-1] = Piece(tidy[-1].marks, kept)
            break
        tidy.pop()
    while tidy and tidy[0].text is None:
        tidy.pop(0)
    return tidy


def _nested(pieces: list[Piece]) -> list[Element | str]:
    root = Element("root")
    path: list[tuple[Mark | None, Element]] = [(None, root)]
    for piece in pieces:
        same = 0
        while same < min(len(piece.marks), len(path) - 1) and path[same + 1][0] == piece.marks[same]:
            same += 1
        del path[same + 1 :]
        for mark in piece.marks[same:]:
            element = Element(mark[0], dict(mark[1]))
            path[-1][1].children.append(element)
            path.append((mark, element))
        path[-1][1].children.append(Element("br") if piece.text is None else piece.text)
    return root.children
