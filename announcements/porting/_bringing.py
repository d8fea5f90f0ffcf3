"""Bringing in what was checked: its pictures first, for which no transaction waits, then each announcement at once and whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from itertools import accumulate
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from announcements.kernel import errors, text
from announcements.media import services as media
from announcements.people import services as people
from announcements.porting import _keys, _placing, models
from announcements.porting._archives import Broken, shown
from announcements.porting._items import Source
from announcements.publishing import services as publishing

# What a worker is done with long before its lease ends.
BATCH, MOST_PICTURES = 20, 20


def bring(row: models.Import, source: Source, now: datetime) -> bool:
    """Bring in the next announcements; return whether there were any. Raises what keeps all of them out."""
    batch = _some(list(row.entries.filter(kind="new", applied_at=None).order_by("number")[:BATCH]))
    known = set[str]().union(*(_placing.emails(entry.said) for entry in batch))
    here = _placing.company(by=row.acting, emails=known, now=now)
    for entry in batch:
        _one(row, entry, source, here, now)
    return bool(batch)


def _some(entries: list[models.Entry]) -> list[models.Entry]:
    """Return the first, and those that follow as long as their pictures are not too many for a batch."""
    many = accumulate(len(entry.pictures) for entry in entries)
    return [entry for entry, pictures in zip(entries, many, strict=True) if pictures <= MOST_PICTURES] or entries[:1]


def _one(row: models.Import, entry: models.Entry, source: Source, here: _placing.Company, now: datetime) -> None:
    keys = {name: _picture(row, entry, file, source, now) for name, file in entry.pictures.items()}
    said = _swapped(entry.said, keys)
    try:
        with transaction.atomic():
            _write(row, entry, said, here, now)
    except (errors.Invalid, Broken, errors.Conflict) as problem:
        told = problem.said if isinstance(problem, Broken) else problem.message
        mine = models.Entry.objects.filter(pk=entry.pk, applied_at=None)
        mine.update(applied_at=now, problems=[told], notes=entry.notes)
        row.refresh_from_db(fields=["created_groups"])  # with the announcement its groups went too
    except IntegrityError:
        # Another import brings the same in at this moment: the next batch finds it here.
        row.refresh_from_db(fields=["created_groups"])
        if not _keys.here(workspace_id=row.workspace_id, keys=[entry.key]):
            raise


def _picture(row: models.Import, entry: models.Entry, file: str, source: Source, now: datetime) -> str | None:
    """Return the key of a picture that is here now; None for one that stays behind."""
    digest = hashlib.blake2b(file.encode(), digest_size=32).hexdigest()
    mine = row.pictures.filter(file=digest, uploader_id=row.acting)
    if (there := mine.values_list("key", flat=True).first()) and media.get_many(keys=[there]):
        return str(there)
    try:
        image = media.upload(by=row.acting, content=source.picture(file), now=now)
    except (errors.Invalid, Broken) as problem:
        why = problem.said if isinstance(problem, Broken) else f"{shown(file)}: {problem.message}"
        entry.notes = [*entry.notes, _("%(why)s The picture stays behind.") % {"why": why}]
        return None
    models.Picture.objects.update_or_create(
        imported=row, file=digest, uploader_id=row.acting, defaults={"key": image.key}
    )
    return image.key


def _swapped(said: Mapping[str, Any], keys: Mapping[str, str | None]) -> dict[str, Any]:
    """Return what is said with its pictures as they are called here, without those that stayed behind."""

    def swap(body: str) -> str:
        shown = text.image_keys(body)
        for name in shown:
            key = keys.get(name)
            body = body.replace(text.image_address(name), text.image_address(key) if key else "")
        return text.sanitize(body) if shown else body

    swapped = {**said, "body": swap(said["body"])}
    if versions := said.get("versions"):
        swapped["versions"] = [{**one, "body": swap(one["body"])} for one in versions]
    return swapped


def _write(
    row: models.Import, entry: models.Entry, said: dict[str, Any], here: _placing.Company, now: datetime
) -> None:
    """Write one announcement and what it is known by, in one transaction that is claimed by the row of its entry."""
    if not models.Entry.objects.filter(pk=entry.pk, applied_at=None, kind="new").update(applied_at=now):
        return  # another worker has brought it in
    if there := _keys.here(workspace_id=row.workspace_id, keys=[entry.key]):
        found = {"kind": "here", "applied_at": None, "announcement_id": there[entry.key]}
        models.Entry.objects.filter(pk=entry.pk).update(**found)
        return
    placed = _placing.place(said, here, publishing.audience_of(stored=row.audience))
    whole = _placing.joined(placed, _groups(row, placed.creates, now), said)
    brought = publishing.bring_in(by=row.acting, whole=whole, now=now)
    models.Known.objects.filter(workspace_id=row.workspace_id, key=entry.key).delete()  # of what is gone
    models.Known.objects.create(workspace_id=row.workspace_id, key=entry.key, announcement_id=brought.id)
    models.Entry.objects.filter(pk=entry.pk).update(
        announcement_id=brought.id, revision=brought.revision, notes=entry.notes
    )


def _groups(row: models.Import, names: tuple[str, ...], now: datetime) -> dict[str, int]:
    """Return the groups of these names, by name as it is compared; create those that are not there."""
    missing = {people.tidy_name(name=name): name for name in names}
    missing = {compared: name for compared, name in missing.items() if compared not in row.created_groups}
    if missing:
        made = people.create_groups(by=row.acting, names=list(missing.values()), now=now)
        row.created_groups = row.created_groups | {compared: made[name] for compared, name in missing.items()}
        models.Import.objects.filter(pk=row.pk).update(created_groups=row.created_groups)
    return dict(row.created_groups)
