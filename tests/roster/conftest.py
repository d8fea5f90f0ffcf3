"""An import taken through its steps, as the worker does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from announcements.people import services as people
from announcements.roster import services as roster
from tests.joining.conftest import post, sink

__all__ = ["post", "sink"]


def worked(import_id: int, now: datetime, most: int = 1000) -> None:
    """Do all that an import has to do."""
    while roster.work(import_id=import_id, most=most, now=now):
        pass


@pytest.fixture
def bring(olga: people.Person, now: datetime) -> Callable[..., roster.Import]:
    """Return a function that uploads a list as Olga and has it checked."""

    def check(content: str | bytes, by: people.Person = olga) -> roster.Import:
        raw = content.encode() if isinstance(content, str) else content
        made = roster.upload(by=by.id, file_name="people.csv", content=raw, now=now)
        worked(made.id, now)
        made = roster.get(by=by.id, import_id=made.id)
        if made.stage == "matching":
            roster.match(by=by.id, import_id=made.id, columns=made.columns, now=now)
            worked(made.id, now)
        return roster.get(by=by.id, import_id=made.id)

    return check


def everybody(by: people.Person, now: datetime) -> dict[str, Any]:
    """Return the people of a workspace by name."""
    return {one.name: one for one in people.listed(by=by.id, now=now)}
