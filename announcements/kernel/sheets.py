"""Tables that leave the house as CSV. A cell that a spreadsheet would take for a formula is made plain text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

# What a spreadsheet starts a formula with (OWASP, CSV injection); spaces and quotes before it do not stop one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def plain(cell: object) -> str:
    """Return a cell as text that no spreadsheet calculates: an apostrophe goes before what could be a formula."""
    text = "" if cell is None else str(cell)
    bare = text.lstrip(" \"'")
    return f"'{text}" if text.startswith(_FORMULA) or bare.startswith(_FORMULA) else text


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield a table as lines of CSV (RFC 4180), the header first; a byte order mark tells Excel that it is UTF-8."""
    yield "\ufeff" + _line(header)
    for row in rows:
        yield _line(row)


def _line(cells: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([plain(cell) for cell in cells])
    return out.getvalue()
