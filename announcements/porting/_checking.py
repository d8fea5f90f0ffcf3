"""Looking at what a source says, before anything of it is brought in: what is new, what is here already, what cannot come in and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from announcements.kernel import errors, text
from announcements.media import services as media
from announcements.porting import _keys, _placing, models
from announcements.porting._archives import Broken, shown
from announcements.porting._items import Item, Source, cut
from announcements.publishing import services as publishing

MOST_NOTES = 20


def check(row: models.Import, source: Source, places: Sequence[int], now: datetime) -> None:
    """Write an entry for each of these places of a source. What is there already stays."""
    looked = [_read(source, place) for place in places]
    items = [item for item in looked if isinstance(item, Item)]
    known = set[str]().union(*(_placing.emails(item.said) for item in items))
    here = _placing.company(by=row.acting, emails=known, now=now)
    there = _keys.here(workspace_id=row.workspace_id, keys={item.key for item in items})
    twice = dict(row.entries.filter(key__in=[item.key for item in items]).values_list("key", "name"))
    entries = []
    for place, item in zip(places, looked, strict=True):
        entry = models.Entry(imported=row, number=place + 1, kind="problem", name=shown(source.names[place])[:200])
        if isinstance(item, Item):
            _look(entry, item, source, here, now)
            _met(entry, there, twice)
        else:
            entry.problems = [item.said]
        entries.append(entry)
    models.Entry.objects.bulk_create(entries, ignore_conflicts=True, batch_size=500)


def _read(source: Source, place: int) -> Item | Broken:
    try:
        return source.item(place)
    except Broken as problem:
        return problem


def _met(entry: models.Entry, there: dict[str, int], twice: dict[str, str]) -> None:
    """Say of an entry that it is here already, or stands in the file twice."""
    if entry.key in twice:
        entry.kind = "problem"
        entry.problems = [_("It stands in the file twice; the first is “%(name)s”.") % {"name": twice[entry.key]}]
    elif entry.key in there:
        entry.kind, entry.announcement_id, entry.said, entry.pictures = "here", there[entry.key], {}, {}
    twice.setdefault(entry.key, entry.name)


def _look(entry: models.Entry, item: Item, source: Source, here: _placing.Company, now: datetime) -> None:
    """Write into an entry what an item says, and whether it may come in as it is."""
    entry.name, entry.key = entry.name or shown(item.name)[:200], item.key
    try:
        # First as it stands: what is far too long is not even tidied.
        _placing.place(item.said, here, _placing.EVERYONE)
        _tidy(item)
        placed = _placing.place(item.said, here, _placing.EVERYONE)
        said = placed.whole.announcement
        entry.title, entry.published_at = cut(said.title, 120), said.published_at
        entry.author = cut(_author(item.said), 254)
        publishing.may_come_in(by=here.me.id, whole=placed.whole, now=now)
    except Broken as problem:
        entry.problems = [problem.said]
        return
    except errors.Invalid as problem:
        entry.problems = [f"{field}: {said}" for field, all in problem.fields.items() for said in all]
        return
    notes = [*item.notes, *_pictures(item, source), *placed.notes]
    entry.kind, entry.said, entry.pictures = "new", item.said, item.pictures
    entry.notes = notes[:MOST_NOTES]


def _author(said: dict[str, Any]) -> str:
    who = said.get("author") or {}
    return str(who.get("name") or who.get("email") or "") if isinstance(who, dict) else ""


def _tidy(item: Item) -> None:
    """Sanitize the bodies of an item where they stand."""
    for said in (item.said, *(item.said.get("versions") or ())):
        said["body"] = text.sanitize(said.get("body") or "")


def bodies(said: dict[str, Any]) -> list[str]:
    """Return the bodies of all versions, and of what it says now."""
    return [one.get("body") or "" for one in (said, *(said.get("versions") or ()))]


def _pictures(item: Item, source: Source) -> list[str]:
    """Leave out the pictures that are not there or are none; return what is said of it."""
    notes = []
    for key in sorted(set[str]().union(*map(text.image_keys, bodies(item.said)))):
        file = item.pictures.get(key)
        if file is None:
            notes.append(_("A picture in it is not there and stays behind."))
            continue
        try:
            media.check(content=source.picture(file))
        except Broken as problem:
            said = problem.said
        except errors.Invalid as problem:
            said = f"{shown(file)}: {problem.fields['file'][0]}"
        else:
            continue
        del item.pictures[key]
        notes.append(_("%(why)s The picture stays behind.") % {"why": said})
    return notes
