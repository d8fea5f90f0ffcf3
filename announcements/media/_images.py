"""Taking images in, making them anew, and letting go of what nothing shows."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from announcements.kernel import decoding, errors
from announcements.media import _files, events, models
from announcements.media._values import CONTENT_TYPE, File, Image, as_image
from announcements.people import services as people

MOST_BYTES = _files.LIMITS.megabytes * 1_000_000
# So many pixels are decoded while the uploader waits, so that a file that was cut off is refused at once.
CHECKED_AT_ONCE = 4_000_000
KEPT_UNUSED = timedelta(days=7)
LEFT_BEHIND = timedelta(days=1)


def upload(*, by: int, content: bytes, now: datetime) -> Image:
    """Take a picture in; a worker makes it anew. Raises Forbidden for who may address nobody, or Invalid at `file`."""
    person = people.person(person_id=by)
    if person.state != "active":
        raise errors.NotFound
    if not people.may_publish(person_id=by, at=now):
        raise errors.Forbidden(_("You may publish once you manage a group. Ask an admin."))
    seen = decoding.look(content, _files.LIMITS, field="file")
    if seen.width * seen.height <= CHECKED_AT_ONCE:
        decoding.picture(content, _files.LIMITS, field="file")
    key = secrets.token_hex(16)
    _files.put(_files.incoming(key), content)
    with transaction.atomic():
        row = models.Image.objects.create(
            workspace_id=person.workspace_id,
            uploader_id=by,
            key=key,
            width=seen.width,
            height=seen.height,
            still=seen.moves,
            uploaded_at=now,
            unused_since=now,
        )
        events.image_came.send(sender=None, image_id=row.pk)
    return as_image(row)


def check(*, content: bytes) -> None:
    """Raise Invalid at `file` for what is plainly no picture that could be uploaded: its head is looked at, no pixel decoded."""
    decoding.look(content, _files.LIMITS, field="file")


def make(*, image_id: int, now: datetime) -> bool:
    """Make an image anew in its sizes; return whether this call did. Twice changes nothing."""
    free = models.Image.objects.filter(pk=image_id).free(now)
    if not free.update(claimed_at=now, tries=F("tries") + 1):
        return False  # it is done, or another worker has it
    row = models.Image.objects.get(pk=image_id)
    fault = _("This picture could not be read. Save it anew and try again.") if row.tries > models.MOST_TRIES else ""
    try:
        if not fault:
            _files.make(row.key, row.width)
    except errors.Invalid as problem:
        fault = problem.fields["file"][0]
    except FileNotFoundError:
        fault = _("The file of this picture is lost. Add it again.")
    done = {"fault": fault[:200]} if fault else {"ready_at": now, "sizes": _files.widths(row.width)}
    if not models.Image.objects.filter(pk=image_id, claimed_at=now).update(**done):
        if not models.Image.objects.filter(pk=image_id).exists():
            _files.remove(row.key, _files.widths(row.width))  # nothing shows it any more
        return False  # or it took so long that another worker has it now, and needs the bytes
    _files.remove(row.key, ())
    return True


def waiting(*, now: datetime) -> list[int]:
    """Return the images that no worker is at, the longest waiting first."""
    late = models.Image.objects.free(now).filter(uploaded_at__lte=now - timedelta(seconds=10))
    return list(late.order_by("uploaded_at", "id").values_list("pk", flat=True)[:100])


def remove_unused(*, now: datetime) -> int:
    """Remove the images that nothing has shown for a week; return how many."""
    old = models.Image.objects.filter(unused_since__lte=now - KEPT_UNUSED).order_by("unused_since", "id")
    return sum(_remove(pk, now) for pk in old.values_list("pk", flat=True)[:100])


@transaction.atomic
def _remove(pk: int, now: datetime) -> bool:
    row = models.Image.objects.select_for_update().filter(pk=pk, unused_since__lte=now - KEPT_UNUSED).first()
    if row is None:
        return False  # somebody has put it into a text meanwhile
    row.delete()
    transaction.on_commit(partial(_files.remove, row.key, row.sizes), robust=True)
    return True


def remove_left_behind(*, now: datetime) -> int:
    """Remove the files of a day ago that no image waits for: who took them in, or made them anew, was cut off. Return how many."""
    lying = _files.lying(now - LEFT_BEHIND)
    needed = set(models.Image.objects.waiting().filter(key__in=lying).values_list("key", flat=True))
    gone = [key for key in lying if key not in needed]
    for key in gone:
        _files.remove(key, ())
    return len(gone)


def get(*, key: str) -> Image:
    """Return an image, for a capability that has decided who may see it; raise NotFound."""
    # A key has no other signs, and PostgreSQL takes no zero byte at all.
    row = models.Image.objects.filter(key=key).first() if key.isalnum() else None
    if row is None:
        raise errors.NotFound
    return as_image(row)


def get_many(*, keys: Collection[str]) -> dict[str, Image]:
    """Return the images with these keys, for a capability that holds them; absent ones are left out."""
    return {row.key: as_image(row) for row in models.Image.objects.filter(key__in=keys)}


def read(*, key: str, width: int = 1920) -> File:
    """Return an image as a file, for who has decided that it may be seen: the next larger size; raise NotFound until it is ready."""
    image = get(key=key)
    if image.state != "ready":
        raise errors.NotFound
    try:
        return File(content=_files.get(_files.sized(key, image.size(width))), content_type=CONTENT_TYPE)
    except FileNotFoundError:
        raise errors.NotFound from None
