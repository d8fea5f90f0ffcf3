"""Somebody is erased: nothing names them any more, in any table, and no number changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction

from announcements.analytics import services as analytics
from announcements.audit import models as audit_models
from announcements.audit import services as audit
from announcements.delivery import models as delivery_models
from announcements.delivery import services as delivery
from announcements.joining import services as joining
from announcements.kernel import errors
from announcements.people import services as people
from announcements.porting import models as porting_models
from announcements.publishing import services as publishing
from announcements.roster import services as roster
from tests.analytics.conftest import does, landed, notice
from tests.pictures import picture
from tests.roster.conftest import bring

__all__ = ["bring", "does", "landed", "notice"]

# What becomes of each table when somebody is erased. A new one has to be thought about: is anybody in it?
EMPTIED = {
    "people.Token", "people.Pairing", "people.SignUp", "joining.Claim", "joining.Letter", "delivery.Suppression", "delivery.Preference",
    "delivery.Mention", "delivery.Letter", "api.KeptAnswer", "account.EmailAddress", "mfa.Authenticator", "usersessions.UserSession",
    "sessions.Session",
}  # fmt: skip
NAMES_NOBODY_AFTERWARDS = {
    "people.Person", "joining.Invitation", "delivery.Nudge", "delivery.Digest", "delivery.TestMail", "delivery.Return", "roster.Import",
    "roster.ImportRow", "porting.Entry", "audit.Entry",
}  # fmt: skip
HOLDS_IDS_ALONE = {
    "people.Membership", "people.Placement", "joining.ClaimLink", "delivery.FanOut", "delivery.Delivery", "delivery.Transport",
    "publishing.Announcement", "publishing.Version", "publishing.Addressed", "media.Image", "media.Use", "porting.Export", "porting.Import",
    "porting.Picture", "porting.Known", "analytics.Book", "analytics.Move", "analytics.Kept", "analytics.Tally", "analytics.Hour",
    "analytics.Filling", "analytics.Gone", "analytics.Origin", "analytics.Pace", "analytics.Sum", "analytics.Sent", "analytics.Length",
}  # fmt: skip
# What a company says of itself, and files that are gone within days.
THE_COMPANYS = {
    "people.Workspace", "people.Domain", "people.Group", "people.App", "people.MailServer", "publishing.Words", "publishing.Template",
    "publishing.TemplateStart", "roster.Upload", "roster.Matching",
}  # fmt: skip
OURS = ("people", "joining", "roster", "media", "publishing", "porting", "delivery", "analytics", "audit", "api")


def test_every_table_has_its_rule() -> None:
    tables = {model._meta.label for model in apps.get_models() if model._meta.app_label in OURS}

    ruled = EMPTIED | NAMES_NOBODY_AFTERWARDS | HOLDS_IDS_ALONE | THE_COMPANYS
    assert tables - ruled == set()
    assert {one for one in ruled if one.split(".")[0] in OURS} - tables == set()


@pytest.fixture
def gone(
    olga: people.Person,
    landed: publishing.Announcement,
    maya: people.Person,
    bring: Callable[..., Any],
    api: Any,
    now: datetime,
) -> people.Person:
    """Return Maya, whom everything knows, deactivated."""
    said = people.ProfileChanges(title="Quartermaster", pronouns="zezir", about="Keeps bees.", timezone="Europe/Paris")
    people.update_profile(by=maya.id, changes=said, now=now)
    people.choose_own_tab(by=maya.id, own=people.OwnTab(("news",), (people.Link("Maya", "https://maya.test/"),)))
    people.update_person(by=olga.id, person_id=maya.id, changes=people.PersonChanges(location="Loft 7"), now=now)
    people.set_picture(by=maya.id, content=picture((200, 200)), now=now)
    delivery.record(by=maya.id, receipts=[delivery.Receipt("s", landed.id, "saved", now, "tab")], now=now)
    people.issue_token(by=maya.id, name="Maya's report", scopes=("feed:read",), now=now)
    api(maya).patch("me", {"about": "Keeps bees."}, **{"Idempotency-Key": "one"})
    delivery.set_preference(by=maya.id, digest="daily", now=now)
    delivery.post_letter(recipient=maya.email, subject="A code", body="Maya Lindqvist, your code", now=now)
    delivery.mail_log(by=olga.id, asked=delivery.MailAsked(search="Lindqvist"), now=now)
    _written_about(bring, olga, maya, now)
    people.deactivate(by=olga.id, person_id=maya.id, now=now + timedelta(hours=1))
    return maya


def _written_about(bring: Callable[..., Any], olga: people.Person, maya: people.Person, now: datetime) -> None:
    """Let mail come back from her, a list name her, and the trail say how she was asked in."""
    delivery_models.Nudge.objects.filter(recipient_id=maya.id).update(reply=f"450 <{maya.email}> later")
    delivery_models.Suppression.objects.create(
        workspace_id=maya.workspace_id,
        address=maya.email,
        reason="bounced",
        said=f"{maya.email} full",
        suppressed_at=now,
    )
    listed = bring(f"name,email,location\nMaya Lindqvist,{maya.email},Loft 8\n")
    roster.start(by=olga.id, import_id=listed.id, now=now)
    while roster.work(import_id=listed.id, now=now):
        pass
    bring(f"name,email,location\nMaya Lindqvist,{maya.email},Loft 9\n")
    joining.invite(by=olga.id, who=people.Invitee("nadia@northwind.test", "Nadia"), now=now)
    audit.note(
        workspace_id=maya.workspace_id, by=olga.id, verb="invited", subject=f"person:{maya.id}",
        details={"email": maya.email, "role": "member"}, at=now,
    )  # fmt: skip


def told(marks: tuple[str, ...]) -> dict[str, list[str]]:
    """Return which tables say any of these words, and where."""
    found: dict[str, list[str]] = {}
    for model in apps.get_models():
        for row in model._base_manager.all():
            for field in model._meta.concrete_fields:
                value = field.value_from_object(row)
                text = bytes(value).decode("latin-1") if isinstance(field, models.BinaryField) else str(value)
                if any(mark in text.casefold() for mark in marks):
                    found.setdefault(model._meta.label, []).append(field.name)
    return found


MARKS = ("maya", "lindqvist", "quartermaster", "zezir", "bees", "loft 7", "loft 8", "loft 9")


def test_nothing_in_any_table_names_them(gone: people.Person, now: datetime) -> None:
    before = told(MARKS)
    assert {"people.Person", "roster.ImportRow", "audit.Entry", "delivery.Letter", "delivery.Nudge"} <= before.keys()

    people.erase(person_id=gone.id, now=now + timedelta(days=1))

    assert told(MARKS) == {}


def test_what_they_had_saved_for_later_is_on_nobodys_list(gone: people.Person, now: datetime) -> None:
    saved = delivery_models.Delivery.objects.filter(saved_at__isnull=False)
    assert saved.count() == 1

    people.erase(person_id=gone.id, now=now + timedelta(days=1))

    assert saved.count() == 0


def test_of_their_deliveries_only_those_that_were_on_their_list_are_written(gone: people.Person, now: datetime) -> None:
    one = delivery_models.Delivery.objects.filter(recipient_id=gone.id).get()
    one.pk, one.announcement_id, one.saved_at = None, one.announcement_id + 1, None
    one.save()
    written = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        done = execute(sql, params, many, context)
        if sql.startswith('UPDATE "delivery_delivery"'):
            written.append(context["cursor"].rowcount)
        return done

    with connection.execute_wrapper(watch):
        people.erase(person_id=gone.id, now=now + timedelta(days=1))

    assert written == [1]


def test_their_announcements_and_what_they_did_stay_under_a_placeholder(
    olga: people.Person, gone: people.Person, now: datetime
) -> None:
    people.erase(person_id=gone.id, now=now + timedelta(days=1))

    entries = audit.entries(by=olga.id, asked=audit.Asked(person_id=gone.id))
    by_verb = {one.verb: (one.by_name, one.subject_name) for one in entries}
    assert by_verb["token_issued"][0] == "Erased person"
    assert by_verb["deactivated"] == ("Olga Berg", "Erased person")
    assert by_verb["person_erased"] == ("", "Erased person")
    [invited] = [one for one in entries if one.verb == "invited" and one.details.get("role") == "member"][:1]
    assert invited.details["email"] == "erased"


def test_no_number_changes(
    olga: people.Person, ines: people.Person, gone: people.Person, landed: publishing.Announcement, now: datetime
) -> None:
    at = now + timedelta(days=1)
    before = analytics.reach(by=ines.id, announcement_id=landed.id, now=at)

    people.erase(person_id=gone.id, now=at)

    assert analytics.reach(by=ines.id, announcement_id=landed.id, now=at) == before


def test_they_are_in_no_list_and_nobody_brings_them_back(
    olga: people.Person, gone: people.Person, now: datetime
) -> None:
    people.erase(person_id=gone.id, now=now + timedelta(days=1))

    assert gone.id not in {one.id for one in people.people(by=olga.id)}
    for bring_back in (people.find, people.reactivate):
        given: dict[str, Any] = {"by": olga.id, "person_id": gone.id}
        with pytest.raises(errors.NotFound):
            bring_back(**given, **({} if bring_back is people.find else {"now": now}))  # type: ignore[operator]


def test_their_address_is_free_again(olga: people.Person, gone: people.Person, now: datetime) -> None:
    people.erase(person_id=gone.id, now=now + timedelta(days=1))

    again = people.invite(by=olga.id, email=gone.email, name="Maya Lindqvist", now=now + timedelta(days=2))

    assert again.id != gone.id


def test_a_letter_to_whom_another_company_knows_by_the_same_address_stays(
    gone: people.Person, charlie: people.Person, now: datetime
) -> None:
    joining.invite(by=charlie.id, who=people.Invitee(gone.email, "Maya"), now=now)
    letter = delivery.post_letter(recipient=gone.email, subject="Your code", body="1234", now=now)

    people.erase(person_id=gone.id, now=now + timedelta(days=1))

    assert delivery_models.Letter.objects.filter(pk=letter).exists()


def test_who_has_access_is_not_erased_and_so_an_owner_stays(olga: people.Person, now: datetime) -> None:
    with pytest.raises(errors.Conflict, match="deactivates them first"):
        people.erase(person_id=olga.id, now=now)

    assert people.person(person_id=olga.id) == olga


def test_a_file_that_is_brought_in_names_them_nowhere(olga: people.Person, gone: people.Person, now: datetime) -> None:
    imported = porting_models.Import.objects.create(
        workspace_id=olga.workspace_id,
        by=olga.id,
        acting=olga.id,
        name="said.zip",
        key="one",
        created_at=now,
        touched_at=now,
    )
    shouted = gone.email.upper()
    who = {"name": gone.name, "email": shouted}
    porting_models.Entry.objects.create(
        imported=imported, number=1, name="1", kind="new", author=gone.name, notes=[f"{gone.name}, who wrote it, is not here.", "Two pictures are missing."],
        said={"title": "Dock 4", "author": who, "versions": [{"number": 1, "by": who}], "audience": {"people": [shouted]}},
    )  # fmt: skip

    people.erase(person_id=gone.id, now=now + timedelta(days=1))

    assert "porting.Entry" not in told((gone.email, gone.name.casefold()))
    left = porting_models.Entry.objects.get()
    assert (left.said["title"], left.notes) == ("Dock 4", ["Two pictures are missing."])


def test_the_trail_gives_up_addresses_and_nothing_else(olga: people.Person, now: datetime) -> None:
    audit.note(
        workspace_id=olga.workspace_id,
        by=olga.id,
        verb="invited",
        details={"email": "a@b.test", "role": "owner"},
        at=now,
    )
    entry = audit_models.Entry.objects.get(verb="invited", details__email="a@b.test")
    rows = audit_models.Entry.objects.filter(pk=entry.pk)
    refused: list[dict[str, Any]] = [
        {"details": {"email": "c@d.test", "role": "owner"}},
        {"details": {"email": "erased", "role": "member"}},
        {"details": {"email": "erased"}},
        {"details": {"email": "a@b.test", "role": "owner", "address": "erased"}},
        {"details": {"role": "owner"}},
        {"details": {"email": "erased", "role": "owner"}, "by": None},
        {"details": {"email": "a@b.test", "role": "owner", "name": "erased"}},
        {"verb": "signed_in"},
    ]
    for change in refused:
        with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
            rows.update(**change)

    assert rows.update(details={"email": "erased", "role": "owner"}) == 1


def test_what_is_stored_is_written_to_a_file_for_who_has_left(
    gone: people.Person, olga: people.Person, tmp_path: Path
) -> None:
    file = tmp_path / "maya.json"

    call_command("export_person", gone.email, str(file), stdout=StringIO())

    found = json.loads(file.read_text())
    assert (found["profile"]["name"], found["profile"]["about"]) == ("Maya Lindqvist", "Keeps bees.")
    assert len(found["deliveries"]) == 1
    assert file.stat().st_mode & 0o777 == 0o600
    [entry] = audit.entries(by=olga.id, asked=audit.Asked(verb="own_data_exported"))
    assert (entry.by, entry.subject_id) == (None, gone.id)


def test_what_could_not_be_written_was_not_taken(gone: people.Person, olga: people.Person, tmp_path: Path) -> None:
    (tmp_path / "maya.json").write_text("mine")

    with pytest.raises(CommandError, match="File exists"):
        call_command("export_person", gone.email, str(tmp_path / "maya.json"), stdout=StringIO())

    assert not audit.entries(by=olga.id, asked=audit.Asked(verb="own_data_exported"))


def test_the_command_asks_whether_it_is_meant_and_says_why_not(
    olga: people.Person, gone: people.Person, now: datetime
) -> None:
    said = StringIO()
    call_command("erase_person", gone.email, stdout=said)
    assert "Maya Lindqvist (deactivated)" in said.getvalue()
    with pytest.raises(CommandError, match="deactivates them first"):
        call_command("erase_person", olga.email, "--yes")

    call_command("erase_person", gone.email, "--yes", stdout=said)

    with pytest.raises(CommandError, match="Nobody has this address"):
        call_command("erase_person", gone.email, "--yes")
