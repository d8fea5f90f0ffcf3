"""From bytes to rows: which encoding, which separator, and the line where it breaks."""

from __future__ import annotations

import csv
import io
from collections import Counter

from django.utils.translation import gettext as _

from announcements.kernel import encodings, errors

MOST_BYTES = 20_000_000
MOST_ROWS = 60_000
MOST_COLUMNS = 60
MOST_LETTERS = 2000
SEPARATORS = ",;\t"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Unreadable(errors.Invalid):
    """The file cannot be read as a list; the sentence says where it breaks."""

    code = "unreadable"

    def __init__(self, said: str) -> None:
        super().__init__({"file": [said]})
        self.said = said


def check(content: bytes) -> None:
    """Raise Unreadable for what can be seen at a glance not to be a list as text."""
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is too large: at most 20 MB are read. Split it in two."))
    if content.startswith((_ZIP, _OLE)):
        raise Unreadable(
            _("This is a workbook, not a list as text. In your spreadsheet choose Save as (or Download), CSV UTF-8, and upload that file.")
        )  # fmt: skip


def read(content: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header, and the rows each with the line it starts on; raise Unreadable."""
    text = decode(content)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    header: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    began = 1
    try:
        for cells in lines:
            if any(cell.strip() for cell in cells):
                if header:
                    rows.append((began, _checked(cells, header, began)))
                else:
                    header = [cell.strip()[:80] for cell in cells]
            began = lines.line_num + 1
            if len(rows) > MOST_ROWS:
                raise Unreadable(_("The file has more than %(most)d rows. Split it in two.") % {"most": MOST_ROWS})
    except csv.Error:
        raise Unreadable(
            _("Line %(line)d: a quotation mark is opened or closed in the wrong place. Put the cell in quotation marks, and write one inside it twice.")
            % {"line": began}
        ) from None  # fmt: skip
    if not rows or len(header) > MOST_COLUMNS:
        raise Unreadable(
            _("There are no rows below the first line, which names the columns.")
            if not rows
            else _("The file has more than %(most)d columns.") % {"most": MOST_COLUMNS}
        )
    return header, rows


def _checked(cells: list[str], header: list[str], line: int) -> list[str]:
    # An opened quote that meets another one far below swallows the lines between them.
    if any(len(cell) > MOST_LETTERS for cell in cells):
        raise Unreadable(
            _("Line %(line)d: a cell holds more than %(most)d characters. Is a quotation mark left open there?")
            % {"line": line, "most": MOST_LETTERS}
        )
    if any(cell.strip() for cell in cells[len(header) :]):
        raise Unreadable(
            _("Line %(line)d has %(cells)d cells, the first line has %(header)d. Put cells that contain the separator in quotation marks.")
            % {"line": line, "cells": len(cells), "header": len(header)}
        )  # fmt: skip
    return [_unguarded(cell.strip()) for cell in cells[: len(header)]] + [""] * (len(header) - len(cells))


def _unguarded(cell: str) -> str:
    # What our own export put before a cell so that no spreadsheet calculates it.
    return cell[1:] if cell[:1] == "'" and cell[1:].lstrip(" \"'")[:1] in {*"=+-@\uff1d\uff0b\uff0d\uff20"} else cell


def decode(content: bytes) -> str:
    """Return the text of UTF-8, UTF-16 or else Windows-1252; raise Unreadable."""
    if found := encodings.decode(content):
        return found.text
    raise Unreadable(_("The letters of this file cannot be read. Save it as CSV UTF-8 and upload that file."))


def _separator(text: str) -> str:
    """Return the separator that the first line has most of, outside quotation marks."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    outside = Counter(char for part in first.split('"')[::2] for char in part)
    return max(SEPARATORS, key=lambda mark: outside[mark])
