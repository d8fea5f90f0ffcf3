"""What a request may ask is limited: of the database, and by the number of rows a list shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created
from django.test.utils import CaptureQueriesContext

from announcements.joining import services as joining
from announcements.people import services as people
from announcements.publishing import services as publishing
from hub import limits
from tests.analytics.conftest import publish
from tests.api.conftest import api

__all__ = ["api"]


@pytest.fixture
def limited(settings: Any) -> Iterator[None]:
    """Let this process be a web process for once."""
    settings.STATEMENT_SECONDS = 0.2
    connection.close()
    limits.of_a_request()
    yield
    connection_created.disconnect(dispatch_uid="hub.limits")
    connection.close()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no statements of others to wait for")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("limited")
def test_a_statement_of_a_request_ends_in_time() -> None:
    with connection.cursor() as cursor, pytest.raises(OperationalError, match="statement timeout"):
        cursor.execute("SELECT pg_sleep(60)")


# The lists of the API that grow with the company.
LISTS = (
    "people", "people/counts", "groups", "groups/{group}/members", "announcements", "announcements?state=draft", "archive", "invitations",
    "join-requests", "claim-links", "audit", "mail-log", "mail-log?state=queued", "suppressions", "imports", "announcement-imports", "exports",
    "templates", "tokens", "devices", "sessions", "domains", "workspace", "feed", "tab", "alignment", "alignment/cell?since=2026-11-16&group_id={group}",
    "reach?announcement_ids={announcement}", "search?q=news",
    "audience/options?search=p", "announcements/{announcement}/versions", "announcements/{announcement}/missing",
    "announcements/{announcement}/reach", "me/stored/summary", "announcements/{announcement}", "announcements/{draft}/checks",
    "announcements/{announcement}/nudges", "announcements/tallies", "groups/{group}", "flows", "me", "me/stored", "tab/search?q=news",
    "alignment.csv", "flows.csv", "announcements/{announcement}/missing.csv", "announcements/{announcement}/reach.csv", "people/export",
    "audit/export", "mail-log/export", "facts/hours.jsonl", "facts/people.jsonl",
)  # fmt: skip

# Pages that list what not everybody may read.
PAGES = ("/alignment/cell?since=2026-11-16&group={group}",)


def _grow(olga: people.Person, group: people.Group, many: range, now: datetime) -> None:
    """Add people to the company, each in a group of their own too, with an announcement for all and one that is a draft."""
    for n in many:
        asked = joining.invite(by=olga.id, who=people.Invitee(f"p{n}@northwind.test", f"Person {n}"), now=now)
        people.accept(person_id=asked.person_id, password="a calm long password", now=now)
        joining.invite(
            by=olga.id, who=people.Invitee(f"q{n}@northwind.test", f"Guest {n}", group_ids=(group.id,)), now=now
        )
        people.add_member(by=olga.id, group_id=group.id, person_id=asked.person_id, now=now)
        people.create_group(by=olga.id, name=f"Group {n}", now=now)
        people.issue_token(by=olga.id, name=f"Token {n}", scopes=("feed:read",), now=now)
        joining.create_claim_link(by=olga.id, name=f"Link {n}", limits=joining.Limits(), now=now)
        publish(by=olga, audience=people.Audience(everyone=True), now=now, title=f"News {n}")
        publishing.create(by=olga.id, draft=publishing.Draft(title=f"Draft {n}"), now=now)


@pytest.mark.django_db
def test_no_list_asks_more_of_the_database_for_being_longer(
    api: Any, olga: people.Person, ines: people.Person, operations: people.Group, now: datetime
) -> None:
    _grow(olga, operations, range(2), now)
    shown = publish(by=olga, audience=people.Audience(everyone=True), now=now)
    draft = publishing.create(by=olga.id, draft=publishing.Draft(title="To all"), now=now)
    callers = dict.fromkeys(LISTS, api(olga)) | dict.fromkeys(PAGES, api(ines).browser)
    ids = {"announcement": shown.id, "draft": draft.id, "group": operations.id}
    few = {path: _asked(caller, path.format(**ids)) for path, caller in callers.items()}

    _grow(olga, operations, range(2, 12), now)

    many = {path: _asked(caller, path.format(**ids)) for path, caller in callers.items()}
    # Ten rows more; a session that is noted as seen once in a while is no part of it.
    assert {path: (few[path], many[path]) for path in callers if many[path] > few[path] + 2} == {}


def _asked(caller: Any, path: str) -> int:
    caller.get(path)  # what is kept from then on is no part of it
    with CaptureQueriesContext(connection) as found:
        answer = caller.get(path)
        list(answer)  # what is streamed asks as it goes
    assert answer.status_code == 200, path
    return len(found)
