"""Templates: what a workspace begins its announcements from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from announcements.kernel import errors, text
from announcements.people import services as people
from announcements.publishing import _checks, models
from announcements.publishing import _rights as rights
from announcements.publishing._five import first_five
from announcements.publishing._values import UNSET, Draft, Kind, Unset

NAME, PURPOSE = 80, 120
MOST = 50
SAID = ("kind", "title", "summary", "body", "ask_acknowledge")


class TooManyTemplates(errors.Conflict):
    """Where there is much to choose from, nobody chooses."""

    code = "too_many_templates"


@dataclass(frozen=True, slots=True)
class Template:
    """Words to begin an announcement with. `name` says which, `purpose` what they are for."""

    id: int
    workspace_id: int
    name: str
    purpose: str
    icon: str
    kind: Kind
    title: str
    summary: str
    body: str
    ask_acknowledge: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class TemplateWords:
    """What is to be kept of a template; what is left out stays as it is. Of `draft` the words and the kind, and whether it asks."""

    name: str | Unset = UNSET
    purpose: str | Unset = UNSET
    icon: str | Unset = UNSET
    draft: Draft = field(default_factory=Draft)


def templates(*, by: int, now: datetime) -> list[Template]:
    """Return the templates of the workspace, the oldest first; raise Forbidden for who may publish nothing.

    A workspace gets its five when they are first asked for.
    """
    person = rights.active(by)
    _may_use(person, now)
    _begin(person.workspace_id, now)
    rows = models.Template.objects.filter(workspace_id=person.workspace_id)
    return [_as_template(row) for row in rows.order_by("created_at", "id")]


def template(*, by: int, template_id: int, now: datetime) -> Template:
    """Return a template; raise NotFound, or Forbidden for who may publish nothing."""
    person = rights.active(by)
    row = _row(person, template_id)
    _may_use(person, now)
    return _as_template(row)


@transaction.atomic
def create_template(*, by: int, words: TemplateWords, now: datetime) -> Template:
    """Add a template; raise Forbidden for who is no admin, TooManyTemplates, or Invalid by field."""
    admin = rights.active(by)
    _may_arrange(admin)
    _begin(admin.workspace_id, now)
    return _add(admin.workspace_id, _columns(admin, words, now), now)


@transaction.atomic
def update_template(*, by: int, template_id: int, words: TemplateWords, now: datetime) -> Template:
    """Change a template; raise NotFound, Forbidden for who is no admin, or Invalid by field. What was begun from it stays as it is."""
    admin = rights.active(by)
    row = _row(admin, template_id)
    _may_arrange(admin)
    given = _columns(admin, words, now, name=row.name)
    models.Template.objects.filter(pk=row.pk).update(**given, updated_at=now)
    row.refresh_from_db()
    return _as_template(row)


@transaction.atomic
def remove_template(*, by: int, template_id: int) -> None:
    """Remove a template; raise NotFound, or Forbidden for who is no admin. What was begun from it stays."""
    admin = rights.active(by)
    row = _row(admin, template_id)
    _may_arrange(admin)
    models.Template.objects.filter(pk=row.pk).delete()


@transaction.atomic
def save_as_template(*, by: int, announcement_id: int, name: str = "", now: datetime) -> Template:
    """Keep the words of an announcement as a template, called by its title unless said otherwise; pictures stay behind.

    Raises NotFound, Forbidden for who is no admin, TooManyTemplates, or Invalid.
    """
    item = rights.find(by=by, announcement_id=announcement_id, now=now)
    admin = rights.active(by)
    _may_arrange(admin)
    _begin(admin.workspace_id, now)
    said = {column: getattr(item, column) for column in SAID} | {"body": text.without_images(item.body)}
    words = TemplateWords(name=name or item.title[:NAME] or _("Untitled"), draft=Draft(**said))
    return _add(admin.workspace_id, _columns(admin, words, now), now)


def _begin(workspace_id: int, now: datetime) -> None:
    """Give a workspace its five, once: its mark in the database is what only one can write."""
    if models.TemplateStart.objects.filter(workspace_id=workspace_id).exists():
        return
    with transaction.atomic():
        _mark, first = models.TemplateStart.objects.get_or_create(workspace_id=workspace_id, defaults={"at": now})
        for given in first_five() if first else []:
            _add(workspace_id, given, now)


def _add(workspace_id: int, given: dict[str, Any], now: datetime) -> Template:
    if models.Template.objects.filter(workspace_id=workspace_id).count() >= MOST:
        raise TooManyTemplates(_("There are %(most)d templates already. Remove one of them first.") % {"most": MOST})
    row = models.Template.objects.create(workspace_id=workspace_id, created_at=now, updated_at=now, **given)
    return _as_template(row)


def _columns(admin: people.Person, words: TemplateWords, now: datetime, name: str = "") -> dict[str, Any]:
    """Return words as columns; raise Invalid with every field that is wrong."""
    problems: dict[str, list[str]] = {}
    given: dict[str, Any] = {}
    for column, value, most in (("name", words.name, NAME), ("purpose", words.purpose, PURPOSE)):
        if not isinstance(value, Unset):
            given |= _gathered(
                problems, lambda column=column, value=value, most=most: {column: _checks.line(column, value, most)}
            )
    if not given.get("name", name):
        problems.setdefault("name", [_("Give it a name.")])
    if not isinstance(words.icon, Unset):
        given["icon"] = words.icon
        if words.icon not in models.ICONS:
            problems["icon"] = [_("Use one of: %(allowed)s.") % {"allowed": ", ".join(models.ICONS)}]
    given |= _gathered(problems, lambda: _checks.columns(words.draft, admin.workspace_id, now))
    if text.image_keys(given.get("body", "")):
        problems["body"] = [_("A template holds no pictures. Take them out; each announcement gets its own.")]
    if problems:
        raise errors.Invalid(problems)
    return given


def _gathered(problems: dict[str, list[str]], read: Any) -> dict[str, Any]:
    try:
        found: dict[str, Any] = read()
    except errors.Invalid as problem:
        problems |= problem.fields
        return {}
    return found


def _row(person: people.Person, template_id: int) -> models.Template:
    row = models.Template.objects.filter(pk=template_id, workspace_id=person.workspace_id).first()
    if row is None:
        raise errors.NotFound
    return row


def _may_use(person: people.Person, now: datetime) -> None:
    if not people.may_publish(person_id=person.id, at=now):
        raise errors.Forbidden(_("You may publish once you manage a group. Ask an admin."))


def _may_arrange(person: people.Person) -> None:
    if person.role == "member":
        raise errors.Forbidden(_("Templates are kept by admins and owners. Ask one of them."))


def _as_template(row: models.Template) -> Template:
    return Template(
        id=row.pk,
        workspace_id=row.workspace_id,
        name=row.name,
        purpose=row.purpose,
        icon=row.icon,
        kind=row.kind,  # type: ignore[arg-type]  # checked on the way in
        title=row.title,
        summary=row.summary,
        body=row.body,
        ask_acknowledge=row.ask_acknowledge,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
