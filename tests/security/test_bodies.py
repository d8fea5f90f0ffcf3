"""An id of another company in a body is answered as one that does not exist, and writes nothing.

Which fields there are is read from the OpenAPI document: a new one fails until tests/security/matrix/bodies.py has its line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.test import Client

from tests.security.matrix.asking import KEPT, filled
from tests.security.matrix.bodies import NO_IDS, TABLE
from tests.security.matrix.world import World
from tests.security.test_matrix import world

__all__ = ["world"]

DOCUMENT = json.loads((Path(__file__).parents[1] / "api" / "openapi.json").read_text())
# Fields that hold HTML, which names images.
HTML = "body"
NO_ID, NO_KEY = 999_999_999, "0" * 32
# An audience is one field to who writes it: what is wrong inside is said of the whole.
IN_AUDIENCE = re.compile(r"(?:audience\.)?(?:except\.)?(?:group|person)_ids\.\*")


@dataclass(frozen=True, slots=True)
class Line:
    """One field of one operation, and a body in which it names what is abroad."""

    method: str
    path: str
    field: str
    status: int
    body: str

    def __str__(self) -> str:
        return f"{self.operation} {self.field}"

    @property
    def operation(self) -> str:
        return f"{self.method} " + re.sub(r"{(\w+):\w+}", r"{\1}", self.path)


def lines() -> Iterator[Line]:
    for line in TABLE.strip().splitlines():
        method, path, field, status, body = line.split(maxsplit=4)
        yield Line(method, path, field, int(status), body)


LINES = list(lines())


def ids_in(shape: dict[str, Any], at: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the fields of a schema that hold ids, or HTML with images."""
    if "$ref" in shape:
        shape = DOCUMENT["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    for each in [one for kind in ("allOf", "oneOf", "anyOf") for one in shape.get(kind, ())]:
        yield from ids_in(each, at)
    for name, inner in shape.get("properties", {}).items():
        yield from ids_in(inner, (*at, name))
    if "items" in shape:
        yield from ids_in(shape["items"], (*at, "*"))
    whole = shape.get("type") == "integer" and shape.get("format") == "int64"
    if whole or (at and at[-1] == HTML and shape.get("type") == "string"):
        yield ".".join(at)


def documented() -> set[tuple[str, str]]:
    found = set()
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                named = f"{method.upper()} {path.removeprefix('/api/v1/')}"
                found |= {(named, field) for field in ids_in(content["schema"])}
    return found


def test_every_field_that_takes_an_id_has_its_line() -> None:
    written = {(line.operation, line.field) for line in LINES} | NO_IDS

    assert {"without a line": documented() - written, "without a field": written - documented()} == {
        "without a line": set(),
        "without a field": set(),
    }


@pytest.mark.parametrize("line", LINES, ids=str)
def test_what_is_abroad_is_as_if_it_were_not_there(line: Line, db: None, world: World) -> None:
    abroad = {f"abroad:{name}": thing for name, thing in world.foreign.items()}
    nowhere = {name: NO_KEY if "key" in name else NO_ID for name in abroad}

    status, said, changed = tried(line, world, abroad)
    as_if = tried(line, world, nowhere)

    assert (status, changed) == (line.status, set())
    assert (status, said) == as_if[:2]
    if status == 422:
        [field] = [re.sub(r"\.\d+(?=\.|$)", ".*", one["field"]) for one in json.loads(said)["errors"]]
        assert field in {line.field, line.field.removesuffix(".*")} or (
            field == "audience" and IN_AUDIENCE.fullmatch(line.field)
        )


def tried(line: Line, world: World, abroad: dict[str, Any]) -> tuple[int, str, set[str]]:
    """Send it as the owner; return status and text of the answer and the tables that changed, and undo it."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions["owner"]
    things = world.own | abroad
    try:
        with transaction.atomic():
            before = stored()
            answer = client.generic(
                line.method, "/api/v1/" + filled(line.path, things), filled(line.body, things), "application/json"
            )
            after = stored()
            transaction.set_rollback(True)
    finally:
        KEPT.flushall()
    said = answer.content.decode()
    for name in re.findall(r"{(abroad:[\w:]+)}", line.body):
        said = re.sub(rf"\b{things[name]}\b", "…", said)  # an answer may repeat the id that it got
    return answer.status_code, said, {name for name in before if before[name] != after[name]}


def stored() -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all our tables, by the name of the table."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("announcements.")]
    return {model._meta.db_table: list(model._default_manager.order_by("pk").values_list()) for model in ours}
