"""Taking back a confirmation over the API whose answer was lost: by the name under which it was sent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing


@pytest.fixture
def asked(ines: people.Person, operations: people.Group, now: datetime) -> publishing.Announcement:
    audience = people.Audience(group_ids=(operations.id,))
    draft = publishing.Draft(title="Badges", body="<p>Text</p>", ask_acknowledge=True, audience=audience)
    made = publishing.create(by=ines.id, draft=draft, now=now)
    publishing.publish(announcement_id=made.id, by=ines.id, now=now)
    delivery.fan_out(announcement_id=made.id, now=now)
    return made


def says(caller: Any, fact: str, about: publishing.Announcement, **more: Any) -> Any:
    one = {"client_id": str(uuid4()), "announcement_id": about.id, "fact": fact, "channel": "extension", "version": 1}
    return caller.post("receipts", {"receipts": [one | {"at": datetime.now(UTC).isoformat()} | more]})


def confirmed(caller: Any, about: publishing.Announcement) -> bool:
    return bool(caller.get(f"announcements/{about.id}").json()["delivery"]["acknowledged_at"])


def test_a_confirmation_is_taken_back_by_the_name_of_its_receipt(
    api: Any, maya: people.Person, asked: publishing.Announcement
) -> None:
    mayas, name = api(maya), str(uuid4())
    says(mayas, "acknowledged", asked, client_id=name)
    assert confirmed(mayas, asked)

    assert says(mayas, "unacknowledged", asked, takes_back=name).json()["accepted"] == 1

    assert not confirmed(mayas, asked)
    assert says(mayas, "acknowledged", asked, client_id=name).json()["dropped"] == 1


def test_so_is_one_that_was_sent_by_itself_under_a_name(
    api: Any, maya: people.Person, asked: publishing.Announcement
) -> None:
    mayas, name = api(maya), str(uuid4())
    mayas.post(f"announcements/{asked.id}/acknowledge", {"version": 1, "receipt": name})
    assert confirmed(mayas, asked)

    says(mayas, "unacknowledged", asked, takes_back=name)

    assert not confirmed(mayas, asked)


@pytest.mark.parametrize(("fact", "more"), [("unacknowledged", {}), ("opened", {"takes_back": str(uuid4())})])
def test_what_takes_back_names_what_and_nothing_else_does(
    api: Any, maya: people.Person, asked: publishing.Announcement, fact: str, more: dict[str, str]
) -> None:
    answer = says(api(maya), fact, asked, **more)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].endswith("takes_back")
