"""Tests: the mail that would tell readers of an announcement, sent to whoever writes it, by the same way as theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from announcements.delivery import _samples, events, models
from announcements.delivery._claims import Row
from announcements.delivery.channels import mail
from announcements.people import services as people
from announcements.publishing import services as publishing

WORDS = ("title", "summary", "body")
UNSETTLED = ("queued", "submitting")
UNSENT: dict[str, Any] = {
    "state": "queued",
    "reason": "",
    "reply": "",
    "attempts": 0,
    "leased_until": None,
    "body_started_at": None,
    "submitted_at": None,
}


@dataclass(frozen=True, slots=True)
class Test:
    """A test that somebody asked for, and what became of it. `current` tells whether it said what is said now."""

    state: str
    asked_at: datetime
    submitted_at: datetime | None
    reason: str
    reply: str
    current: bool


@transaction.atomic
def send_test(*, by: int, announcement_id: int, draft: publishing.Draft | None = None, now: datetime) -> Test:
    """Let the mail that would tell readers of it leave to `by`, with the words of `draft` where there is one; one that is on its way already is the one.

    Raises NotFound, NotAuthor or Invalid.
    """
    said = _samples.changeable(by, announcement_id, now, draft)
    words = {name: getattr(said, name) for name in WORDS} if draft else {}
    asked = {
        "workspace_id": said.workspace_id,
        "revision": said.revision,
        "words": words,
        "asked_at": now,
        "due_at": now,
    }
    row, new = models.TestMail.objects.get_or_create(announcement_id=said.id, recipient_id=by, defaults=asked)
    if not new:
        settled = models.TestMail.objects.filter(pk=row.pk).exclude(state__in=UNSETTLED)
        settled.update(**asked, **UNSENT)
        models.TestMail.objects.filter(pk=row.pk, state="queued").update(words=words)
        row.refresh_from_db()
    events.test_asked.send(sender=None, announcement_id=said.id, at=now)
    return _as_test(row, said)


def last_test(*, by: int, announcement_id: int, now: datetime) -> Test | None:
    """Return the latest test that `by` asked for; raise NotFound or NotAuthor."""
    said = _samples.changeable(by, announcement_id, now)
    row = models.TestMail.objects.filter(announcement_id=said.id, recipient_id=by).order_by("id").first()
    return _as_test(row, said) if row else None


def _as_test(row: models.TestMail, said: publishing.Announcement) -> Test:
    return Test(
        state=row.state,
        asked_at=row.asked_at,
        submitted_at=row.submitted_at,
        reason=row.reason,
        reply=row.reply,
        current=row.revision == said.revision
        and all(getattr(said, name) == word for name, word in (row.words or {}).items()),
    )


def letter(row: Row, *, now: datetime) -> mail.Mail | str:
    """Return the mail, at any hour; or why it is not needed any more."""
    person = people.get_many(ids=[row.recipient_id]).get(row.recipient_id)
    if person is None or person.state != "active":
        return "person_inactive"
    said = publishing.managed(by=person.id, ids=[row.announcement_id], now=now).get(row.announcement_id)
    if said is None or not publishing.may_change(by=person.id, announcement=said, now=now):
        return "announcement_gone"
    test = models.TestMail.objects.filter(pk=row.id)
    test.update(revision=said.revision)  # what it says is what it says now
    words = test.values_list("words", flat=True).get() or {}
    return _samples.sample_mail(replace(said, **words), person, test=True, now=now)
