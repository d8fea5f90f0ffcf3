"""What may be saved, and what may go out: the field, what is wrong, what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from announcements.kernel import errors, steps, text
from announcements.people import services as people
from announcements.publishing import _images, _planned, models
from announcements.publishing._audiences import as_audience, as_stored
from announcements.publishing._values import Arrival, Change, Draft, Unset, When, as_own_clock

TITLE, SUMMARY = 120, 280
# Beyond these a date cannot be told on every reader's clock.
EARLIEST, FURTHEST = datetime(2000, 1, 1, tzinfo=UTC), timedelta(days=5 * 366)


def columns(draft: Draft, workspace_id: int, now: datetime) -> dict[str, Any]:
    """Return what a draft says as columns of the table; raise Invalid with every field that is wrong."""
    given = {name: value for name in Draft.__slots__ if not isinstance(value := getattr(draft, name), Unset)}
    problems: dict[str, list[str]] = {}
    tidy: dict[str, Any] = {}
    for name, value in given.items():
        try:
            tidy[name] = _tidy(name, value, workspace_id, now)
        except errors.Invalid as problem:
            problems |= problem.fields
    problems |= _far(tidy, now)
    if problems:
        raise errors.Invalid(problems)
    planned = _planned.columns(tidy.pop("planned")) if "planned" in tidy else {}
    return tidy | planned


def _tidy(name: str, value: Any, workspace_id: int, now: datetime) -> Any:
    match name:
        case "title":
            return line(name, value, TITLE)
        case "summary":
            return line(name, value, SUMMARY)
        case "body":
            return _body(value)
        case "kind" if value not in models.KINDS:
            raise errors.Invalid({name: [_("Use one of: %(allowed)s.") % {"allowed": ", ".join(models.KINDS)}]})
        case "audience":
            people.check_known(workspace_id=workspace_id, audience=value)
            return as_stored(value)
        case "nudge_hours":
            return steps.checked(people.workspace(workspace_id=workspace_id).nudge_hours if value is None else value)
        case "planned":
            return _planned.checked(value, EARLIEST, now + FURTHEST)
    return value


def _far(tidy: dict[str, Any], now: datetime) -> dict[str, list[str]]:
    given = {name: tidy[name] for name in ("deadline", "expires_at") if tidy.get(name)}
    far = [name for name, at in given.items() if not EARLIEST <= at <= now + FURTHEST]
    return {name: [_("Choose a date at most five years ahead.")] for name in far}


def line(name: str, value: str, most: int) -> str:
    """Return a text in one line; raise Invalid at its field when it is too long."""
    tidy = text.one_line(value, marks=True)
    if len(tidy) > most:
        told = _("At most %(most)d characters, this has %(many)d.") % {"most": most, "many": len(tidy)}
        raise errors.Invalid({name: [told]})
    return tidy


def _body(value: str) -> str:
    # What is kept may be longer than what came, and has to come back whole, too.
    return _short_enough(text.sanitize(_short_enough(value)))


def _short_enough(body: str) -> str:
    if len(body) > text.MAX_BODY:
        told = _("At most %(most)d characters, this has %(many)d.") % {"most": text.MAX_BODY, "many": len(body)}
        raise errors.Invalid({"body": [told]})
    return body


def may_go_out(row: models.Announcement, by: int, when: When, now: datetime) -> datetime:
    """Return when it reaches its first readers; raise Invalid with every field that keeps it from going out, or AudienceNotYours."""
    problems: dict[str, list[str]] = {}
    if not row.title:
        problems["title"] = [_("Give it a title.")]
    arriving: tuple[Arrival, ...] = ()
    try:
        arriving = arrivals(by, row.workspace_id, as_audience(row.audience), when, now)
    except errors.Invalid as problem:
        problems |= problem.fields
    problems |= _times(row.ask_acknowledge, row.deadline, row.expires_at, when.at or now)
    problems |= _images.may_go_out(row.body)
    problems = _met({"deadline": row.deadline, "expires_at": row.expires_at}, arriving) | problems
    if problems:
        raise errors.Invalid(problems)
    return arriving[0].at


def arrivals(by: int, workspace_id: int, audience: people.Audience, when: When, now: datetime) -> tuple[Arrival, ...]:
    """Return when it reaches each time zone of an audience, the earliest first; raise Invalid by field, or AudienceNotYours."""
    people.check_audience(by=by, audience=audience, at=now)
    zones = people.audience_zones(workspace_id=workspace_id, audience=audience, at=now)
    if not zones:
        raise errors.Invalid({"audience": [_("Nobody is in this audience.")]})
    return _arriving(zones, when, now)


def _arriving(zones: Iterable[people.Zone], when: When, now: datetime) -> tuple[Arrival, ...]:
    at = when.at or now
    arriving = [
        Arrival(zone.timezone, zone.people, when.own_clock.instant(zone.timezone) if when.own_clock else at)
        for zone in zones
    ]
    return tuple(sorted(arriving, key=lambda one: (one.at, -one.people)))


def _met(times: Mapping[str, datetime | None], arriving: Sequence[Arrival]) -> dict[str, list[str]]:
    """Return, at the field of each of these times, that it passes before it has reached everybody."""
    early = [name for name, at in times.items() if at and arriving and at <= arriving[-1].at]
    told = _("In %(zone)s it arrives only then. Choose a later one.")
    return {name: [told % {"zone": arriving[-1].timezone}] for name in early}


def still_to_come(when: When, first: datetime, now: datetime) -> None:
    """Raise Invalid when a time to go out at has passed, somewhere, or is too far off."""
    field = "own_clock" if when.own_clock else "at"
    if first <= now:
        there = _("That time has passed already, somewhere in the audience. Choose a later day.")
        raise errors.Invalid({field: [there if when.own_clock else _("Choose a time that is still to come.")]})
    if first > now + FURTHEST:
        raise errors.Invalid({field: [_("Choose a date at most five years ahead.")]})


def may_change(row: models.Announcement, given: dict[str, Any], change: Change, now: datetime) -> None:
    """Raise Invalid for what stays as it went out, for an empty title, and for new times and pictures that would not have gone out.

    Times that are given again as they are may have passed since; but what is asked anew, by a material change, can be met.
    """
    if frozen := sorted(set(given) - {"title", "summary", "body", "deadline", "expires_at"}):
        raise errors.Invalid({name: [_("This cannot be changed once it is published.")] for name in frozen})
    problems: dict[str, list[str]] = {}
    if given.get("title") == "":
        problems["title"] = [_("Give it a title.")]
    deadline, expires_at = given.get("deadline", row.deadline), given.get("expires_at", row.expires_at)
    if deadline != row.deadline:
        problems |= _times(row.ask_acknowledge, deadline, expires_at, now)
    elif change == "material" and row.ask_acknowledge and deadline and deadline <= now:
        told = _("This deadline has passed, and a material change asks everybody again. Choose a new one, or none.")
        problems["deadline"] = [told]
    elif expires_at != row.expires_at:
        problems |= _times(row.ask_acknowledge, None, expires_at, max(now, deadline or now))
    problems |= _images.may_go_out(given.get("body", ""), before=row.body)
    problems = _met(_new_times(row, deadline, expires_at, change), _arrived(row)) | problems
    if change == "material" and not problems and not changes(row, given):
        problems["change"] = [
            _("Nothing has changed. Say something else first: everybody would be asked to confirm once more.")
        ]
    if problems:
        raise errors.Invalid(problems)


def changes(row: models.Announcement, given: Mapping[str, Any]) -> bool:
    """Tell whether any of these columns would be another."""
    return any(getattr(row, name) != value for name, value in given.items())


def _new_times(
    row: models.Announcement, deadline: datetime | None, expires_at: datetime | None, change: Change
) -> dict[str, datetime | None]:
    """Return the times that are asked of readers anew."""
    asked = deadline if deadline != row.deadline or change == "material" else None
    return {"deadline": asked, "expires_at": expires_at if expires_at != row.expires_at else None}


def _arrived(row: models.Announcement) -> tuple[Arrival, ...]:
    """Return when what is out reaches each time zone of those it was for; nothing where it reached all at once."""
    clock, at = as_own_clock(row), row.published_at
    if clock is None or at is None:
        return ()
    zones = people.audience_zones(workspace_id=row.workspace_id, audience=as_audience(row.audience), at=at)
    return _arriving(zones, When(own_clock=clock), at)


def _times(asks: bool, deadline: datetime | None, expires_at: datetime | None, now: datetime) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if deadline and not asks:
        problems["deadline"] = [_("A deadline needs people to be asked to acknowledge.")]
    elif deadline and deadline <= now:
        problems["deadline"] = [_("Choose a deadline that is still to come.")]
    if expires_at and expires_at <= max(now, deadline or now):
        problems["expires_at"] = [_("Choose an expiry after now and after the deadline.")]
    return problems
