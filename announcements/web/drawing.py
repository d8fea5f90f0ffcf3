"""What charts to take along are made of: bars, strips on a ruler, a table of shades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from announcements.web.gauges import STRIP
from announcements.web.sheet import EDGE, Sheet, cut, wide

ROW, BAR, ROOM = 32, 10, 220
CELL, BETWEEN = 34, 3
SHADES = ("h0", "h1", "h2", "h3", "h4", "h5", "h6")
# Words are white on the two darkest shades.
DARK = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: its name, its parts as (color, share of the whole width), and its numbers in words."""

    name: str
    parts: Sequence[tuple[str, float]]
    said: str


def bars(sheet: Sheet, rows: Sequence[Bar]) -> None:
    """Draw rows of bars one below the other."""
    left = min(ROOM, max((wide(row.name) for row in rows), default=0)) + EDGE + 16
    right = max((wide(row.said, 13) for row in rows), default=0) + 16
    room = sheet.width - EDGE - left - right
    for row in rows:
        sheet.words(EDGE, sheet.y, cut(row.name, ROOM))
        sheet.add("rect", x=left, y=sheet.y - BAR / 2, width=room, height=BAR, rx=2, fill="c-mute")
        x = left
        for color, share in row.parts:
            sheet.add("rect", x=round(x, 2), y=sheet.y - BAR / 2, width=round(room * share, 2), height=BAR, fill=color)
            x += room * share
        sheet.words(sheet.width - EDGE, sheet.y, row.said, text_anchor="end", font_weight=550)
        sheet.y += ROW


def strips(sheet: Sheet, rows: Sequence[dict[str, Any]], ticks: Sequence[dict[str, str]]) -> None:
    """Draw where the middle half and the median of each row lie, on one ruler, as gauges.strips has placed them."""
    left = min(ROOM, max((wide(row["name"]) for row in rows), default=0)) + EDGE + 16
    right = max((wide(row["said"], 13) for row in rows), default=0) + 16
    room = sheet.width - EDGE - left - right
    scale = room / STRIP
    for row in rows:
        y = sheet.y
        sheet.words(EDGE, y, cut(row["name"], ROOM))
        sheet.add("line", x1=left, x2=left + room, y1=y, y2=y, stroke="line-strong")
        if row["width"]:
            x, width = left + row["begins"] * scale, row["width"] * scale
            sheet.add("rect", x=round(x, 1), y=y - 4, width=round(width, 1), height=8, rx=1, fill="h2")
        if row["middle"] is not None:
            sheet.add("rect", x=round(left + row["middle"] * scale, 1), y=y - 7, width=2, height=14, fill="ink")
        sheet.words(sheet.width - EDGE, y, row["said"], text_anchor="end", font_weight=550)
        sheet.y += ROW
    for n, tick in enumerate(ticks):
        x = left + room * n / (len(ticks) - 1)
        sheet.words(x, sheet.y - 6, tick["label"], text_anchor="middle", fill="ink-3", font_size=11)
    sheet.y += 24


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, and how dark it is: 0 to 6; None where it has no number."""

    said: str
    shade: int | None
    outlined: bool = False


def table(sheet: Sheet, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[Cell]]]) -> None:
    """Draw a table of shades; names of columns stand above it."""
    left = min(ROOM, max((wide(name) for name, _cells in rows), default=0)) + EDGE + 16
    room = (sheet.width - EDGE - left) / max(1, len(columns))
    for n, name in enumerate(columns):
        x = left + room * (n + 0.5)
        sheet.words(x, sheet.y, cut(name, room - 4, 11), text_anchor="middle", fill="ink-2", font_size=11)
    sheet.y += 12
    for name, cells in rows:
        sheet.words(EDGE, sheet.y + CELL / 2, cut(name, ROOM))
        for n, cell in enumerate(cells):
            _cell(sheet, left + room * n, room - BETWEEN, cell)
        sheet.y += CELL + BETWEEN
    sheet.y += 16


def _cell(sheet: Sheet, x: float, width: float, cell: Cell) -> None:
    fill = "sunken" if cell.shade is None else SHADES[cell.shade]
    outline: dict[str, object] = {"stroke": "ink-2"} if cell.outlined else {}
    sheet.add("rect", x=round(x, 1), y=sheet.y, width=round(width, 1), height=CELL, rx=4, fill=fill, **outline)
    ink = "ink-3" if cell.shade is None else "on-accent" if cell.shade >= DARK else "ink"
    sheet.words(x + width / 2, sheet.y + CELL / 2, cell.said, text_anchor="middle", fill=ink)


def keys(sheet: Sheet, least: str, most: str) -> None:
    """Draw what the shades mean, from the lightest to the darkest."""
    sheet.words(EDGE, sheet.y, least, fill="ink-2")
    x = EDGE + wide(least) + 8
    for shade in SHADES:
        sheet.add("rect", x=round(x, 1), y=sheet.y - 5, width=20, height=10, rx=2, fill=shade)
        x += 23
    sheet.words(x + 4, sheet.y, most, fill="ink-2")
    sheet.y += 24
