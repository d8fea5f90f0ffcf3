"""Accepting invitations and undoing the import that sent them, at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from announcements.joining import services as joining
from announcements.people import services as people
from announcements.roster import services as roster
from tests.joining.conftest import arrival, key_in
from tests.roster.conftest import everybody, worked

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 12


def test_whoever_accepts_while_it_is_undone_is_in_or_taken_back_never_both(
    bring: Callable[..., roster.Import], olga: people.Person, post: Callable[..., Any], now: datetime
) -> None:
    one = bring("name,email\n" + "".join(f"Person {n},p{n}@northwind.test\n" for n in range(MANY)))
    roster.start(by=olga.id, import_id=one.id, invite_new=True, now=now)
    worked(one.id, now)
    tokens = list(map(key_in, post()))
    roster.undo(by=olga.id, import_id=one.id, now=now)
    begin = threading.Barrier(MANY + 1)

    def run(do: Callable[[], object]) -> None:
        begin.wait()
        try:
            do()
        except (joining.LinkUsed, joining.LinkDead):
            pass
        finally:
            connection.close()

    def accept(n: int) -> Callable[[], object]:
        return lambda: joining.accept(token=tokens[n], arrival=arrival(f"Person {n}"), now=now)

    with ThreadPoolExecutor(MANY + 1) as pool:
        list(pool.map(run, [lambda: worked(one.id, now), *map(accept, range(MANY))]))

    here = {person.email: person.state for person in everybody(olga, now).values() if person.id != olga.id}
    asked = {asked.email: asked.state for asked in joining.invitations(by=olga.id, now=now)}
    assert len(asked) == MANY
    assert here == {email: "active" for email, state in asked.items() if state == "accepted"}
    assert set(asked.values()) <= {"accepted", "revoked"}
    assert roster.get(by=olga.id, import_id=one.id).kept == len(here)
