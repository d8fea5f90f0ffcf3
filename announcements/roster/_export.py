"""The people of a workspace as a file, which the import reads again as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from announcements.kernel import sheets
from announcements.people import services as people
from announcements.roster import _said, events

HEADER = ("Name", "Email", "Title", "Location", "Time zone", "Language", "Role", "Groups")
BATCH = 1000


def export(*, by: int, now: datetime) -> Iterator[str]:
    """Return everybody who is not deactivated as lines of CSV, and note that they were taken; raise Forbidden unless admin or owner."""
    workspace_id = people.acting_admin(by=by).workspace_id
    events.noted.send(
        sender=None, workspace_id=workspace_id, by=by, verb="people_exported", subject="", details={}, at=now
    )
    return sheets.to_csv(HEADER, _sheet(by, workspace_id, now))


def _sheet(by: int, workspace_id: int, now: datetime) -> Iterator[tuple[str, ...]]:
    names = people.group_names(workspace_id=workspace_id)
    after = 0
    while page := people.listed(by=by, after=after, limit=BATCH, now=now):
        for one in page:
            if one.state != "deactivated":
                groups = _said.one_cell(names[group_id] for group_id in one.group_ids)
                yield (one.name, one.email, one.title, one.location, one.timezone, one.locale, one.role, groups)
        after = page[-1].id
