"""Everything that is stored about me, to look at and to take along."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from announcements.audit import services as audit
from announcements.people import services as people
from announcements.roster import services as roster

KINDS = (
    "memberships", "tokens", "devices", "pairings", "sessions", "second_factors", "addresses", "invitations", "claims", "deliveries", "mails",
    "written", "trail", "looks", "import_rows", "imports",
)  # fmt: skip


def test_taking_it_along_is_a_file_and_an_entry_of_the_trail(
    api: Any, olga: people.Person, maya: people.Person, operations: people.Group
) -> None:
    answer = api(maya).get("me/stored")

    assert answer.status_code == 200, answer.content
    assert re.fullmatch(r'attachment; filename="stored-about-me-[\d-]+\.json"', answer["Content-Disposition"])
    found = answer.json()
    assert found["profile"] == api(maya).get("me").json()
    assert [one["group_name"] for one in found["memberships"]] == ["Operations"]
    (entry,) = audit.entries(by=olga.id, asked=audit.Asked(verb="own_data_exported"))
    assert (entry.by, entry.subject_id) == (maya.id, maya.id)


def test_the_short_form_counts_what_the_file_holds_and_notes_nothing(
    api: Any, olga: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    people.issue_token(by=maya.id, name="Report", scopes=("feed:read",), now=now)
    caller = api(maya)

    short = caller.get("me/stored/summary").json()
    assert audit.entries(by=olga.id, asked=audit.Asked(verb="own_data_exported")) == []
    whole = caller.get("me/stored").json()

    assert {kind: short["counts"][kind] for kind in KINDS} == {kind: len(whole[kind]) for kind in KINDS}
    assert (short["counts"]["tokens"], short["memberships"]) == (1, whole["memberships"])


def test_devices_and_how_they_were_let_in_are_part_of_it(api: Any, maya: people.Person, now: datetime) -> None:
    what = people.requested(app_id="mantel-new-tab", name="Firefox on Linux", scopes=())
    asks = people.start_pairing(what=what, now=now)
    people.grant_pairing(by=maya.id, user_code=asks.user_code, now=now)
    key = people.redeem_pairing(app_id="mantel-new-tab", device_code=asks.device_code, now=now)
    people.end_device(by=maya.id, device_id=key.token.id, now=now)

    found = api(maya).get("me/stored").json()

    (device,), (pairing,) = found["devices"], found["pairings"]
    assert (device["name"], device["app_name"]) == ("Firefox on Linux", what.app.name)
    assert device["ended_at"] and pairing["granted_at"]
    assert found["tokens"] == []
    assert not {asks.device_code, asks.user_code, key.key} & set(str(found).split("'"))


def test_no_token_reads_it(holding: Any, key: Any, maya: people.Person) -> None:
    mine = holding(key(maya))

    assert [mine.get(path).status_code for path in ("me/stored", "me/stored/summary")] == [403, 403]


def test_what_a_list_said_of_me_is_there(api: Any, olga: people.Person, maya: people.Person, now: datetime) -> None:
    one = roster.upload(by=olga.id, file_name="all.csv", content=b"name,email\nMaya L,maya@northwind.test\n", now=now)
    roster.work(import_id=one.id, now=now)
    roster.match(by=olga.id, import_id=one.id, columns=["name", "email"], now=now)
    roster.work(import_id=one.id, now=now)

    (row,) = api(maya).get("me/stored").json()["import_rows"]

    assert (row["cells"], row["imported_by_name"]) == ([["name", "Maya L"], ["email", maya.email]], "Olga Berg")
    assert [kept["file_name"] for kept in api(olga).get("me/stored").json()["imports"]] == ["all.csv"]


def test_it_holds_no_secret(api: Any, maya: people.Person, now: datetime) -> None:
    key = people.issue_token(by=maya.id, name="Report", scopes=("feed:read",), now=now).key

    text = api(maya).get("me/stored").content.decode()

    assert key not in text
    assert 'digest"' not in text.replace('"digest":"weekly"', "")
    assert "password" not in text
