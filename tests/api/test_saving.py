"""Saving for later over the API: with what reads a feed and records reading, and told in the feed and on the page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing


@pytest.fixture
def news(ines: people.Person, operations: people.Group, now: datetime) -> publishing.Announcement:
    draft = publishing.Draft(title="News", body="<p>Text</p>", audience=people.Audience(group_ids=(operations.id,)))
    made = publishing.create(by=ines.id, draft=draft, now=now)
    publishing.publish(announcement_id=made.id, by=ines.id, now=now)
    delivery.fan_out(announcement_id=made.id, now=now)
    return made


def says(caller: Any, word: str, about: publishing.Announcement, **more: Any) -> Any:
    one = {"client_id": str(uuid4()), "announcement_id": about.id, "fact": word, "channel": "extension"}
    return caller.post("receipts", {"receipts": [one | {"at": datetime.now(UTC).isoformat()} | more]})


@pytest.mark.django_db(transaction=True)  # what is kept ends when it has committed
def test_the_key_of_a_new_tab_saves_and_sees_it_in_the_feed(
    holding: Any, maya: people.Person, news: publishing.Announcement, now: datetime
) -> None:
    codes = people.start_pairing(what=people.requested(app_id="mantel-new-tab", name="Laptop", scopes=()), now=now)
    people.grant_pairing(by=maya.id, user_code=codes.user_code, now=now)
    tab = holding(people.redeem_pairing(app_id="mantel-new-tab", device_code=codes.device_code, now=now).key)

    first = tab.get("feed")
    assert says(tab, "saved", news).json() == {"accepted": 1, "unchanged": 0, "dropped": 0}
    second = tab.get("feed", If_None_Match=first["ETag"])

    assert (first.json()["items"][0]["saved_at"], second.status_code) == (None, 200)
    assert second.json()["items"][0]["saved_at"]
    says(tab, "unsaved", news)
    assert tab.get("feed").json()["items"][0]["saved_at"] is None


def test_its_reader_alone_sees_it_on_the_page_and_in_what_is_stored(
    api: Any, maya: people.Person, ines: people.Person, news: publishing.Announcement
) -> None:
    mayas = api(maya)
    says(mayas, "saved", news, channel="page")

    assert mayas.get(f"announcements/{news.id}").json()["delivery"]["saved_at"]
    [kept] = mayas.get("me/stored").json()["deliveries"]
    assert (bool(kept["saved_at"]), kept["unsaved_at"], kept["facts"]) == (True, None, [])
    author = api(ines)
    assert "saved" not in author.get(f"announcements/{news.id}/reach").content.decode()
    assert author.get(f"announcements/{news.id}").json()["delivery"]["saved_at"] is None
