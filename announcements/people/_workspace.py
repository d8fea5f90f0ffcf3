"""The workspace: its settings, its logo, how far it is set up."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any, get_args
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from announcements.kernel import errors, images, steps
from announcements.kernel.prepared import Among, Prepared
from announcements.people import _calendars, _checks, events, models
from announcements.people._company import ICONS, Clock, Link, Privacy, Setup, SetupName, SetupState, SetupStep
from announcements.people._values import Company, Workspace, WorkspaceChanges, as_workspace

LOGO_SIZES = (64, 256)
MOST_CLOCKS, MOST_LINKS = 12, 24
STEPS: tuple[SetupName, ...] = get_args(SetupName)


def workspace(*, workspace_id: int) -> Workspace:
    """Return a workspace; raise NotFound."""
    row = models.Workspace.objects.filter(pk=workspace_id).first()
    if row is None:
        raise errors.NotFound
    return as_workspace(row)


def hold(*, workspace_id: int) -> None:
    """Hold a workspace until the transaction ends, for what may be done there by one at a time."""
    _checks.locked(workspace_id)


def company(*, workspace_id: int) -> Company:
    """Return a workspace with its domains and how many people it lists; raise NotFound."""
    return _whole(workspace(workspace_id=workspace_id))


def retentions() -> dict[int, int]:
    """Return for how many days each workspace keeps single facts about reading."""
    return dict(models.Workspace.objects.order_by("id").values_list("id", "retention_days"))


_profiles = Prepared(lambda: models.Workspace.objects.filter(Among("ids", "id")).values_list("id", "privacy"))


def privacies(*, workspace_ids: Collection[int]) -> dict[int, Privacy]:
    """Return the privacy profile of each of these workspaces."""
    return dict(_profiles(ids=sorted(workspace_ids)))


def _whole(found: Workspace) -> Company:
    claimed = models.Domain.objects.filter(workspace_id=found.id).order_by("name", "id")
    fields = {name: getattr(found, name) for name in Workspace.__slots__}
    many = models.Person.objects.of(found.id).count()
    return Company(**fields, domains=tuple(claimed.values_list("name", flat=True)), people=many)


def _clocks(given: tuple[Clock, ...]) -> list[dict[str, str]]:
    if len(given) > MOST_CLOCKS:
        raise errors.Invalid({"clocks": [_("At most %(most)d clocks.") % {"most": MOST_CLOCKS}]})
    kept = _each(
        "clocks", given, lambda one: Clock(_checks.label("label", one.label, most=40), _checks.zone(one.timezone))
    )
    return [asdict(clock) for clock in kept]


def checked_links(given: tuple[Link, ...], *, schemes: tuple[str, ...] = ("https",)) -> list[dict[str, str]]:
    """Return links as they are kept; raise Invalid by the place of each."""
    if len(given) > MOST_LINKS:
        raise errors.Invalid({"links": [_("At most %(most)d links.") % {"most": MOST_LINKS}]})
    kept = _each(
        "links",
        given,
        lambda one: Link(_checks.label("label", one.label, most=40), _address(one.url, schemes), _icon(one)),
    )
    return [asdict(link) for link in kept]


def _each(name: str, given: tuple[Any, ...], check: Callable[[Any], Any]) -> list[Any]:
    """Return the checked items of a list; raise Invalid naming each item's fields by its place."""
    kept, faults = [], dict[str, list[str]]()
    for place, one in enumerate(given):
        try:
            kept.append(check(one))
        except errors.Invalid as refusal:
            faults |= {f"{name}.{place}.{field}": said for field, said in refusal.fields.items()}
    if faults:
        raise errors.Invalid(faults)
    return kept


def _icon(link: Link) -> str:
    return _checks.one_of("icon", link.icon, ICONS)


def _address(given: str, schemes: tuple[str, ...]) -> str:
    """Return a whole address of one of these schemes; raise Invalid."""
    try:
        parts = urlsplit(given.strip())
        good = parts.scheme in schemes and parts.hostname and not parts.username and (parts.port or 443) > 0
    except ValueError:
        good = False
    if not good or not given.strip().isprintable() or " " in given.strip() or len(given) > 2000:
        raise errors.Invalid({"url": [_("Use a whole address that begins with https://.")]})
    return given.strip()


def _retention(days: int) -> int:
    if days not in range(7, 3651):
        raise errors.Invalid({"retention_days": [_("Use a number of days from 7 to 3650.")]})
    return days


_WORKSPACE: dict[str, Callable[[Any], Any]] = {
    "name": lambda value: _checks.label("name", value),
    "timezone": _checks.zone,
    "work_days": _checks.week,
    "nudge_hours": steps.checked,
    "join_policy": lambda value: _checks.one_of("join_policy", value, {"open", "approval", "invite"}),
    "brand_hue": _checks.hue,
    "calendar": _calendars.checked,
    "privacy": lambda value: _checks.one_of("privacy", value, get_args(Privacy)),
    "retention_days": _retention,
    "clocks": _clocks,
    "links": checked_links,
}


@transaction.atomic
def update_workspace(*, by: int, changes: WorkspaceChanges, now: datetime) -> Company:
    """Change the workspace; raise Forbidden, or Invalid by field. What stays the same is no change.

    Privacy and retention are for owners: the one decides whose reading an admin may see by name, the other cannot be undone.
    """
    actor = _checks.admin(by)
    row = actor.workspace
    given = {name: value for name in WorkspaceChanges.__slots__ if (value := getattr(changes, name)) is not None}
    checked = {name: _WORKSPACE[name](value) if name in _WORKSPACE else value for name, value in given.items()}
    changed = {name: value for name, value in checked.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    _checks.hours(row, given)
    if changed:
        row.save(update_fields=list(changed))
        _note(row, by, sorted(changed), now)
    if changed.get("second_factor_required"):
        events.second_factor_asked.send(sender=None, person_ids=_active(row), at=now)
    return _whole(as_workspace(row))


def _active(row: models.Workspace) -> list[int]:
    return list(models.Person.objects.of(row.pk).active().values_list("id", flat=True))


def set_logo(*, by: int, content: bytes, now: datetime) -> Company:
    """Keep a picture as the company's logo, made anew in fixed sizes; raise Forbidden, or Invalid."""
    row = _checks.admin(by).workspace
    digest = images.keep(_folder(row.pk), images.squares(content, LOGO_SIZES, field="logo"), now)
    return _whole(_logo(row, by, digest, now))


def remove_logo(*, by: int, now: datetime) -> Workspace:
    """Go back to the first letter; raise Forbidden."""
    return _logo(_checks.admin(by).workspace, by, "", now)


def logo(*, workspace_id: int, digest: str, side: int) -> bytes:
    """Return the PNG of a workspace's logo as it is now, of this side; raise NotFound."""
    shown = models.Workspace.objects.filter(pk=workspace_id, logo=digest).exclude(logo="")
    if side not in LOGO_SIZES or not shown.exists():
        raise errors.NotFound
    return images.kept(_folder(workspace_id), digest, side)


@transaction.atomic
def _logo(row: models.Workspace, by: int, digest: str, now: datetime) -> Workspace:
    """Write which logo is shown. The files of the one before go after the commit."""
    before = models.Workspace.objects.select_for_update().get(pk=row.pk).logo
    row.logo = digest
    row.save(update_fields=["logo"])
    if before != digest:
        _note(row, by, ["logo"], now)
        if before:
            transaction.on_commit(partial(images.forget, _folder(row.pk), before, LOGO_SIZES), robust=True)
    return as_workspace(row)


def _folder(workspace_id: int) -> str:
    return f"logos/{workspace_id}"


def _note(row: models.Workspace, by: int, fields: list[str], now: datetime) -> None:
    subject, details = f"workspace:{row.pk}", {"fields": fields}
    events.noted.send(
        sender=None, workspace_id=row.pk, by=by, verb="workspace_changed", subject=subject, details=details, at=now
    )


def setup(*, by: int) -> Setup:
    """Return how far the company is set up; raise Forbidden unless owner."""
    return _as_setup(_checks.owner(by).workspace)


@transaction.atomic
def update_setup(
    *, by: int, steps: dict[str, SetupState] | None = None, draft_id: int | None = None, closed: bool | None = None,
    now: datetime,
) -> Setup:  # fmt: skip
    """Note answers; raise Forbidden, or Invalid by field. With no step left open the set-up closes by itself; it can be reopened.

    The first step cannot be skipped: there is no workspace without it.
    """
    row = models.Workspace.objects.select_for_update().get(pk=_checks.owner(by).workspace_id)
    for step, state in (steps or {}).items():
        allowed = ["done"] if step == "organization" else get_args(SetupState)
        _checks.one_of("steps", step, STEPS)
        _checks.one_of(f"steps.{step}", state, allowed)
    row.setup |= steps or {}
    if draft_id is not None:
        row.setup_draft = draft_id
    finished = bool(steps) and _as_setup(row).current is None
    if finished or closed is not None:
        row.setup_closed_at = now if finished or closed else None
    row.save(update_fields=["setup", "setup_draft", "setup_closed_at"])
    return _as_setup(row)


def _as_setup(row: models.Workspace) -> Setup:
    states: dict[str, SetupState] = {"organization": "done"} | row.setup
    return Setup(
        steps=tuple(SetupStep(step, states.get(step, "open")) for step in STEPS),
        draft_id=row.setup_draft,
        closed_at=row.setup_closed_at,
    )
