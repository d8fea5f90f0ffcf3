"""The in-process client says what HTTP says."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.cached_db import SessionStore
from django.test import RequestFactory

from announcements.api.client import Client
from announcements.people import services as people


@pytest.fixture
def client_of() -> Any:
    """Return a function that makes the client of a page that somebody looks at."""

    def make(person: people.Person | None) -> Client:
        page = RequestFactory().get("/tab")
        page.user = get_user_model().objects.get(pk=person.id) if person else AnonymousUser()
        page.session = SessionStore()
        return Client(page)

    return make


@pytest.mark.parametrize(
    "path", ["me", "people", "people?limit=1", "announcements", "feed", "people/0", "nowhere", "workspace"]
)
def test_it_answers_what_http_answers(client_of: Any, api: Any, maya: people.Person, path: str) -> None:
    over_http = api(maya).get(path)

    answer = client_of(maya).get(path)

    assert (answer.status, answer.data) == (over_http.status_code, over_http.json())


def test_it_writes(client_of: Any, olga: people.Person, draft: dict[str, Any]) -> None:
    client = client_of(olga)

    started = client.post("announcements", draft)
    saved = client.patch(f"announcements/{started.data['id']}", {"title": "Open after all"})
    gone = client.delete(f"announcements/{started.data['id']}")

    assert (started.status, saved.data["title"], gone.status, gone.data) == (201, "Open after all", 204, None)


def test_it_is_nobody_when_nobody_is_signed_in(client_of: Any, db: None) -> None:
    answer = client_of(None).get("me")

    assert (answer.status, answer.ok, answer.data["code"]) == (401, False, "not_authenticated")


def test_a_query_may_be_given_apart(client_of: Any, olga: people.Person, maya: people.Person) -> None:
    found = client_of(olga).get("people", {"search": "maya"}).data["results"]

    assert [person["name"] for person in found] == ["Maya Lindqvist"]
