"""Bringing in what was said elsewhere, with its past; and taking it back while nobody has touched it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from announcements.kernel import errors, text
from announcements.people import services as people
from announcements.publishing import _checks, _images, _pinning, _searching, _wholes, _words, events, models
from announcements.publishing._values import Announcement, Draft, Version, as_announcement

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
WORDS = ("title", "summary", "body")
SAID = (*WORDS, "kind", "audience", "ask_acknowledge", "deadline", "nudge_hours", "expires_at", "planned", "pin")


@transaction.atomic
def bring_in(*, by: int, whole: _wholes.Whole, now: datetime) -> Announcement:
    """Keep what was said elsewhere, as it was said then: it reaches nobody, and those it was for find it in the archive and by search.

    Ids, revision, schedule and what is counted stay behind. Raises NotFound, Forbidden unless admin or owner, or Invalid by field.
    """
    admin = people.acting_admin(by=by)
    given = _checked(whole, admin.workspace_id, now)
    versions = given.pop("versions")
    row = models.Announcement(workspace_id=admin.workspace_id, **given)
    row.addressed = _searching.address(row) if row.published_at else ""
    if row.pinned_at and not _pinning.may_pin(row, now):
        row.pinned_at = None
    row.save(force_insert=True)
    models.Version.objects.bulk_create([models.Version(announcement=row, **one) for one in versions])
    _show(row, [one["body"] for one in versions] or [row.body], by, now)
    _words.keep(row)
    if row.published_at:
        events.announcement_brought_in.send(sender=None, announcement_id=row.pk, workspace_id=row.workspace_id, at=now)
    return as_announcement(row)


def may_come_in(*, by: int, whole: _wholes.Whole, now: datetime) -> None:
    """Raise what `bring_in` would raise, but for pictures that are not here yet."""
    _checked(whole, people.acting_admin(by=by).workspace_id, now)


def _show(row: models.Announcement, bodies: list[str], by: int, now: datetime) -> None:
    """Bind the images of each version, so that what an earlier one showed is known as earlier."""
    if any(map(text.image_keys, bodies)):
        for body in bodies:
            _images.bind(row, {"body": body}, by=by, now=now)


# -- what may come in ----------------------------------------------------------------------------------------------------


def _checked(whole: _wholes.Whole, workspace_id: int, now: datetime) -> dict[str, Any]:
    said = whole.announcement
    draft = Draft(**{name: getattr(said, name) for name in SAID})
    problems: dict[str, list[str]] = {}
    tidy: dict[str, Any] = {}
    for check in (
        lambda: _checks.columns(draft, workspace_id, now),
        lambda: _people(whole, workspace_id),
        lambda: _times(whole, now),
        lambda: {"withdraw_reason": _checks.line("withdraw_reason", said.withdraw_reason, _checks.SUMMARY)},
    ):
        try:
            tidy |= check()
        except errors.Invalid as problem:
            problems |= problem.fields
    if not problems:
        tidy["versions"] = [_version(one) for one in whole.versions]
        problems = _contradictions(said, tidy)
    if problems:
        raise errors.Invalid(problems)
    return tidy | {"version": len(tidy["versions"]), "revision": 1}


def _people(whole: _wholes.Whole, workspace_id: int) -> dict[str, Any]:
    said = whole.announcement
    wanted = {said.author_id, said.updated_by, *(version.by for version in whole.versions)}
    here = {person.id for person in people.get_many(ids=wanted).values() if person.workspace_id == workspace_id}
    if wanted - here:
        raise errors.Invalid({"author": [_("Who wrote it is not here.")]})
    return {"author_id": said.author_id, "updated_by": said.updated_by}


def _times(whole: _wholes.Whole, now: datetime) -> dict[str, Any]:
    said = whole.announcement
    names = ("created_at", "updated_at", "published_at", "pinned_at", "withdrawn_at")
    given = {name: getattr(said, name) for name in names}
    every = [*given.items(), *(("versions", version.at) for version in whole.versions)]
    wrong = {name for name, at in every if at and not EARLIEST <= at <= now}
    if wrong:
        raise errors.Invalid(
            {name: [_("Only what was said between 1990 and now can be brought in.")] for name in wrong}
        )
    clock = said.own_clock if said.published_at else None
    return given | {"clock_day": clock.day if clock else None, "clock_time": clock.time if clock else None}


def _version(version: Version) -> dict[str, Any]:
    said = Draft(**{name: getattr(version, name) for name in WORDS})
    same = {name: getattr(version, name) for name in ("number", "change", "by", "at")}
    try:
        return same | _checks.columns(said, 0, version.at)  # none of the three asks whose they are
    except errors.Invalid as problem:
        told = _("Version %(number)d: %(what)s") % {"number": version.number, "what": problem.message}
        raise errors.Invalid({"versions": [told]}) from None


def _contradictions(said: Announcement, tidy: Mapping[str, Any]) -> dict[str, list[str]]:
    versions = tidy["versions"]
    if said.published_at is None:
        return {"versions": [_("A draft has no versions.")]} if versions or said.withdrawn_at else {}
    if not tidy["title"]:
        return {"title": [_("Give it a title.")]}
    if [one["number"] for one in versions] != list(range(1, len(versions) + 1)):
        return {"versions": [_("Its versions have to be numbered from 1, without a gap.")]}
    if not versions or any(versions[-1][name] != tidy[name] for name in WORDS):
        return {"versions": [_("Its last version has to say what it says now.")]}
    if said.withdrawn_at and said.withdrawn_at < said.published_at:
        return {"withdrawn_at": [_("It cannot have been taken back before it was published.")]}
    return {}


# -- taking it back ------------------------------------------------------------------------------------------------------


@transaction.atomic
def take_back(*, by: int, brought: Mapping[int, int], now: datetime) -> set[int]:
    """Delete what was brought in, by id and revision, and return what is gone; whatever somebody has changed since stays.

    Raises NotFound, or Forbidden unless admin or owner.
    """
    admin = people.acting_admin(by=by)
    rows = models.Announcement.objects.select_for_update().filter(pk__in=brought, workspace_id=admin.workspace_id)
    gone = [row.pk for row in rows.order_by("id") if row.revision == brought[row.pk]]
    _delete(gone, now)
    events.announcements_taken_back.send(sender=None, announcement_ids=gone, workspace_id=admin.workspace_id, at=now)
    return set(gone)


def _delete(ids: Iterable[int], now: datetime) -> None:
    for announcement_id in ids:
        _images.release(announcement_id, now)
    _words.forget(list(ids))
    models.Announcement.objects.filter(pk__in=list(ids)).delete()
