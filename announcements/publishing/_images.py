"""Which images a text may show: one's own, and those of announcements that one manages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from announcements.kernel import errors, text
from announcements.media import services as media
from announcements.publishing import _rights as rights
from announcements.publishing import models


def bind(row: models.Announcement, given: dict[str, Any], *, by: int, now: datetime) -> None:
    """Note what the saved body shows; raise Invalid at `body`, in the transaction that saves it, for what `by` may not show.

    Knowing an address is not enough: whoever puts an image into a draft of theirs could look at it from then on.
    """
    if "body" not in given:
        return
    may_show(row, given["body"], by=by, now=now)
    media.bind(announcement_id=row.pk, keys=text.image_keys(given["body"]), keep=row.published_at is not None, now=now)


def may_show(row: models.Announcement, body: str, *, by: int, now: datetime) -> None:
    """Raise Invalid at `body` for what `by` may not show in this announcement."""
    keys = text.image_keys(body)
    images = media.get_many(keys=keys)
    uses = {key: {use.announcement_id for use in found} for key, found in media.uses_many(keys=keys).items()}
    elsewhere = {key for key in keys if row.pk not in uses.get(key, ())}
    foreign = {key for key in elsewhere if not _own(images.get(key), row, by)}
    around = set[int]().union(*(uses.get(key, ()) for key in foreign))
    mine = set(rights.managed(by=by, ids=around, now=now)) if around else set[int]()
    if any(not mine & uses.get(key, set()) for key in foreign):
        said = _("A picture in this text is not here, or not yours to show. Take it out, or add it again from a file.")
        raise errors.Invalid({"body": [said]})


def _own(image: media.Image | None, row: models.Announcement, by: int) -> bool:
    return image is not None and image.workspace_id == row.workspace_id and image.uploader_id == by


def may_go_out(body: str, before: str = "") -> dict[str, list[str]]:
    """Return, at `body`, that it shows what could not be read, and was not shown `before`."""
    keys = text.image_keys(body) - text.image_keys(before)
    if not any(image.state == "failed" for image in media.get_many(keys=keys).values()):
        return {}
    return {"body": [_("A picture in this text could not be read. Take it out, or add it again from a file.")]}


def release(announcement_id: int, now: datetime) -> None:
    """Note that nothing is shown any more by a draft that is gone."""
    media.bind(announcement_id=announcement_id, keys=(), keep=False, now=now)
