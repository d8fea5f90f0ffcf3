"""Callers of the API: in a browser's session, with a token, or nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from announcements.people import services as people


class Api:
    """Speaks JSON to /api/v1/."""

    def __init__(self, headers: dict[str, str] | None = None) -> None:
        self.browser = Client(headers=headers or {})

    def get(self, path: str, **headers: str) -> Any:
        return self._send("get", path, None, headers)

    def post(self, path: str, data: object = {}, **headers: str) -> Any:
        return self._send("post", path, data, headers)

    def patch(self, path: str, data: object = None, **headers: str) -> Any:
        return self._send("patch", path, data, headers)

    def put(self, path: str, content: bytes = b"", kind: str = "image/png", **headers: str) -> Any:
        return self.browser.put(f"/api/v1/{path}", data=content, content_type=kind, headers=headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self._send("delete", path, None, headers)

    def _send(self, method: str, path: str, data: object, headers: dict[str, str]) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = {} if data is None else {"data": data, "content_type": "application/json"}
        return getattr(self.browser, method)(f"/api/v1/{path}", headers=named, **body)


@pytest.fixture
def api(db: None) -> Callable[[people.Person], Api]:
    """Return a function that signs a person in."""

    def sign_in(person: people.Person) -> Api:
        caller = Api()
        caller.browser.force_login(get_user_model().objects.get(pk=person.id))
        return caller

    return sign_in


@pytest.fixture
def nobody(db: None) -> Api:
    return Api()


@pytest.fixture
def holding() -> Callable[[str], Api]:
    """Return a function that calls with a key."""
    return lambda key: Api({"Authorization": f"Bearer {key}"})


@pytest.fixture
def key(now: Any) -> Callable[..., str]:
    """Return a function that makes a person's token with the scopes given, all when none."""

    def make(person: people.Person, *scopes: str) -> str:
        chosen = scopes or tuple(sorted(people.SCOPES))
        return people.issue_token(by=person.id, name="test", scopes=chosen, now=now).key

    return make


@pytest.fixture
def draft() -> dict[str, Any]:
    """Return the body of an announcement to everyone."""
    return {
        "title": "Office closed on Friday",
        "summary": "Maintenance.",
        "body_markdown": "The office is **closed** on Friday.",
        "audience": {"everyone": True},
        "ask_acknowledge": True,
    }


@pytest.fixture
def published(api: Any, olga: people.Person, draft: dict[str, Any], joao: people.Person, maya: people.Person) -> Any:
    """Return what Olga published to everyone."""
    olgas = api(olga)
    started = olgas.post("announcements", draft).json()
    return olgas.post(f"announcements/{started['id']}/publish").json()
