"""Rooms stay small enough to see from the door."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    path for name in ("announcements", "hub") for path in (ROOT / name).rglob("*.py") if "migrations" not in path.parts
]


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    long = {str(path.relative_to(ROOT)): n for path in SOURCES if (n := len(path.read_text().splitlines())) > 300}
    assert long == {}


def test_no_function_is_longer_than_forty_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 40
    ]
    assert long == []


def test_no_script_builds_markup_from_strings() -> None:
    building = [
        f"{path.relative_to(ROOT)}: {sign}"
        for path in (ROOT / "static" / "js").rglob("*.js")
        for sign in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")
        if sign in path.read_text()
    ]
    assert building == []
