"""What imports cannot show: no row leaves its capability, neither by a relation nor through a door."""

from __future__ import annotations

import importlib
import inspect
import typing
from types import ModuleType

import pytest
from django.apps import apps
from django.db import models

CAPABILITIES = ["people", "joining", "roster", "media", "publishing", "porting", "delivery", "analytics", "audit"]
DOORS = [importlib.import_module(f"announcements.{name}.services") for name in CAPABILITIES]


def functions(door: ModuleType) -> list[typing.Any]:
    named = [getattr(door, name) for name in getattr(door, "__all__", dir(door)) if not name.startswith("_")]
    return [f for f in named if inspect.isfunction(f) and f.__module__.startswith(door.__name__.rpartition(".")[0])]


def parts(annotation: typing.Any) -> list[typing.Any]:
    inner = typing.get_args(annotation)
    return [annotation, *(part for argument in inner for part in parts(argument))]


def test_no_relation_leaves_its_capability() -> None:
    leaving = [
        str(field)
        for model in apps.get_models()
        if model._meta.app_label in {*CAPABILITIES, "api"}
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model not in {None, "self"}
        and typing.cast("type[models.Model]", field.related_model)._meta.app_label != model._meta.app_label
    ]  # fmt: skip
    assert leaving == []


@pytest.mark.parametrize("door", DOORS, ids=CAPABILITIES)
def test_a_door_takes_keywords_and_gives_values(door: ModuleType) -> None:
    assert functions(door), "a door with nothing to open"
    for function in functions(door):
        for parameter in inspect.signature(function).parameters.values():
            assert parameter.kind is inspect.Parameter.KEYWORD_ONLY, f"{function.__qualname__}({parameter.name})"
        for name, annotation in typing.get_type_hints(function).items():
            for part in parts(annotation):
                rows = isinstance(part, type) and issubclass(part, models.Model | models.QuerySet | models.Manager)
                assert not rows, f"{function.__qualname__}: {name} lets a row out"


@pytest.mark.parametrize("door", DOORS, ids=CAPABILITIES)
def test_every_function_of_a_door_says_what_it_does(door: ModuleType) -> None:
    silent = [function.__qualname__ for function in functions(door) if not inspect.getdoc(function)]
    assert silent == []
