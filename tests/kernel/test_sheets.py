"""Tables that leave as CSV."""

from __future__ import annotations

import csv
import io

import pytest

from announcements.kernel import sheets


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", ' "=1', "'=1", "\uff1d1"])
def test_what_could_be_a_formula_becomes_text(cell: str) -> None:
    assert sheets.plain(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Ana", "a=b", "o'Neill", "3 - 2", "", None, 7])
def test_what_is_plain_stays_as_it_is(cell: object) -> None:
    assert sheets.plain(cell) == ("" if cell is None else str(cell))


def test_quotes_commas_and_lines_survive_the_way_through_csv() -> None:
    rows = [('say "hi"', "a, b"), ("two\nlines", "é")]

    text = "".join(sheets.to_csv(("one", "two"), rows))

    assert text.startswith("\ufeff")
    assert [tuple(row) for row in csv.reader(io.StringIO(text[1:]))] == [("one", "two"), *rows]
