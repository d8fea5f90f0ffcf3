"""A body in all its forms, and how often one may have them made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from announcements.api.throttles import Rendering
from announcements.delivery import services as delivery
from announcements.people import services as people
from tests.api.conftest import Api

Calls = Callable[[people.Person], Api]
MARKDOWN = "## Hours\n\nWe **close** at [three](https://northwind.example/hours).\n\n- Docks\n- Gates"
PLAIN = "Hours\n\nWe close at three <https://northwind.example/hours>.\n\n- Docks\n\n- Gates"


@pytest.fixture
def made(api: Calls, ines: people.Person, operations: people.Group) -> dict[str, Any]:
    """Return what Ines wrote to Operations, in Markdown."""
    said = {"title": "Hours", "body_markdown": MARKDOWN, "audience": {"group_ids": [operations.id]}}
    answer: dict[str, Any] = api(ines).post("announcements", said).json()
    return answer


def test_whoever_writes_is_answered_html_plain_text_and_words(
    api: Calls, ines: people.Person, made: dict[str, Any]
) -> None:
    assert "<strong>close</strong>" in made["body"]
    assert (made["body_text"], made["words"]) == (PLAIN, 7)
    changed = api(ines).patch(f"announcements/{made['id']}", {"body": "<p>Short.</p>"}).json()
    assert (changed["body"], changed["body_text"], changed["words"]) == ("<p>Short.</p>", "Short.", 1)


def test_whoever_reads_is_answered_them_too_until_it_is_withdrawn(
    api: Calls, ines: people.Person, maya: people.Person, made: dict[str, Any]
) -> None:
    address = f"announcements/{made['id']}"
    assert api(ines).post(f"{address}/publish", {}).status_code == 200
    delivery.fan_out(announcement_id=made["id"], now=timezone.now())

    read = api(maya).get(address).json()
    assert (read["body"], read["body_text"], read["words"]) == (made["body"], PLAIN, 7)

    assert api(ines).post(f"{address}/withdraw", {}).status_code == 422
    assert api(ines).post(f"{address}/withdraw", {"reason": "Wrong hours."}).status_code == 200
    read = api(maya).get(address).json()
    assert (read["body"], read["body_text"], read["withdraw_reason"]) == ("", "", "Wrong hours.")


def test_what_is_costly_to_render_is_counted_together(
    api: Calls, ines: people.Person, made: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rendering, "rate", "3/min")
    address, caller = f"announcements/{made['id']}", api(ines)

    answers = [
        caller.post("bodies", {"markdown": "x"}),
        caller.get(f"{address}/preview?channel=mail"),
        caller.get(f"{address}/versions/1/changes?since=1"),
        caller.post("bodies", {"markdown": "x"}),
        caller.get(f"{address}/preview?channel=page"),
        caller.get(f"{address}/versions/1/changes?since=1"),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 404, 429, 429, 429]
    assert caller.get("bodies").status_code == 200
    assert caller.get(address).status_code == 200
