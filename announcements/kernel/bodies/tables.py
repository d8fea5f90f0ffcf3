"""Tables: every row as wide as its table."""

from __future__ import annotations

from announcements.kernel.bodies.trees import Element

Row = list[Element]
# A span, and a row with its spans, are no wider; wider rows have cells that span nothing.
MOST_COLUMNS = 100
# What would have more cells once its rows are even is no table: rows of a few letters can ask for millions.
MOST_CELLS = 10_000


def even(rows: list[Row]) -> list[Row] | None:
    """Make every row as wide as the widest; where the spans of cells do not fit each other, none spans. None: too large for a table."""
    widths = _widths(rows)
    if widths is None:
        for cell in (cell for row in rows for cell in row):
            cell.attributes = {name: value for name, value in cell.attributes.items() if name == "scope"}
        widths = [len(row) for row in rows]
    widest = max(widths, default=0)
    if widest * len(rows) > MOST_CELLS:
        return None
    for row, width in zip(rows, widths, strict=True):
        row.extend(Element("td") for _missing in range(widest - width))
    return rows


def _widths(rows: list[Row]) -> list[int] | None:
    """Return how many columns each row fills; None where cells overlap, hang below the table, or leave a gap."""
    below: dict[int, int] = {}
    widths = []
    for index, row in enumerate(rows):
        column = 0
        for cell in row:
            while below.get(column, 0) > index:
                column += 1
            wide, high = int(cell.attributes.get("colspan", 1)), int(cell.attributes.get("rowspan", 1))
            if column + wide > MOST_COLUMNS or index + high > len(rows):
                return None
            for taken in range(column, column + wide):
                if below.get(taken, 0) > index:
                    return None
                below[taken] = index + high
            column += wide
        reached = [taken for taken, until in below.items() if until > index]
        if reached != list(range(len(reached))) and sorted(reached) != list(range(len(reached))):
            return None
        widths.append(len(reached))
    return widths
