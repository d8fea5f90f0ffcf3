"""Bodies made to cost much: what is small on its way in stays small, and is read at once."""

from __future__ import annotations

import pytest

from announcements.kernel import text


def row(cells: int, span: int = 1) -> str:
    return "<tr>" + f'<td colspan="{span}">a</td>' * cells + "</tr>"


@pytest.mark.parametrize(
    "table",
    [row(100, 100) + "<tr><td>b</td></tr>" * 100, row(2_000) + "<tr><td>b</td></tr>" * 2_000, row(1, 100) * 400],
    ids=["spans", "one long row", "many spans"],
)
def test_a_few_cells_never_become_millions(table: str) -> None:
    source = f"<table>{table}</table>"

    assert len(text.sanitize(source)) < 10 * len(source)


def test_what_is_no_table_any_more_keeps_its_words() -> None:
    body = text.sanitize(f"<table>{row(2_000)}{'<tr><td>b</td></tr>' * 2_000}</table>")

    assert "<table" not in body
    assert (body.count("a"), body.count("b")) == (2_000, 2_000)
    assert text.sanitize(body) == body


def test_a_table_of_many_rows_is_a_table() -> None:
    body = text.sanitize(f"<table>{row(2) * 4_000}</table>")

    assert body.count("<tr>") == 4_000


def test_a_table_in_a_cell_leaves_its_rows_there() -> None:
    inner = "<table><tr><td>in</td></tr></table>"

    assert text.sanitize(f"<table><tr><td>out{inner}</td></tr></table>").count("<tr>") == 1


@pytest.mark.parametrize("source", ["<a" * 190_000, "<" * 390_000, "<a>" * 2_000 + "<a" * 190_000])
def test_tags_that_never_end_are_read_at_once(source: str) -> None:
    assert text.sanitize(source) == text.sanitize(text.sanitize(source))
