"""Schemathesis: every operation keeps what the document promises, whatever is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from hub.wsgi import application

# Data that fits the schema may still be refused (a time zone that does not exist, a cursor nobody gave), so that
# positive data is not required to be taken; all else is.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]

document = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True)))
schema = schemathesis.openapi.from_dict(document)
schema.app = application
# What is too large is refused before it is read.
schema.config.checks.negative_data_rejection.expected_statuses += ["413"]
OPERATIONS = [found.ok() for found in schema.get_all_operations()]
limits = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def _takes_something(operation: Any) -> bool:
    """Tell whether there is anything about a request that could be wrong: a body, a parameter, a credential."""
    raw = operation.definition.raw
    # Any text is a token's shape: whether it opens something is no matter of the document.
    open_texts = [{"type": "string"}]
    choosy = [one for one in raw.get("parameters", []) if one["in"] != "path" or one["schema"] not in open_texts]
    return bool(raw.get("requestBody") or choosy or any(raw["security"]))


ATTEMPTS = [
    pytest.param(operation, mode, id=f"{mode.value}-{operation.label}")
    for operation in OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or _takes_something(operation)
]


@pytest.mark.parametrize(("operation", "mode"), ATTEMPTS)
def test_an_operation_keeps_its_promises(operation: Any, mode: GenerationMode, owner: str) -> None:
    @limits
    @given(case=operation.as_strategy(generation_mode=mode))
    def attempt(case: schemathesis.Case) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {owner}", "Host": "testserver"}, checks=CHECKS)

    attempt()


@pytest.fixture
def owner(published: Any, key: Any, olga: Any) -> Iterator[str]:
    """Return a token of somebody who may do everything. The server is kept from closing the test's own connection."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield str(key(olga))
    for signal in signals:
        signal.connect(close_old_connections)
