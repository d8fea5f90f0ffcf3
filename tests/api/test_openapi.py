"""The OpenAPI document: committed, valid, and the same that is served."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

COMMITTED = Path(__file__).with_name("openapi.json")
METHODS = {"get", "post", "patch", "delete", "put"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True)))
    return document


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def test_the_committed_document_is_what_the_code_says(document: dict[str, Any]) -> None:
    said = json.dumps(document, indent=4).splitlines()
    committed = json.dumps(json.loads(COMMITTED.read_text()), indent=4).splitlines()

    diff = "\n".join(difflib.unified_diff(committed, said, "committed", "generated", lineterm="", n=2))

    assert not diff, f"The API changed. If that is meant: make openapi\n{diff}"


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate_schema(document)


def test_every_operation_says_what_it_is(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _name, operation in operations(document)]
    assert len(ids) == len(set(ids))

    for name, operation in operations(document):
        assert operation.get("summary"), name
        assert operation.get("description"), name
        problems = operation["responses"]["default"]["content"]
        assert set(problems) == {"application/problem+json"}, name
        assert any(status.startswith("2") for status in operation["responses"]), name


def test_the_served_document_is_the_same(nobody: Any, document: dict[str, Any]) -> None:
    assert nobody.get("schema").json()["paths"].keys() == document["paths"].keys()
