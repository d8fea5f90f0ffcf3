"""Who asks about a company, for which weeks, and whose numbers they see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from announcements.analytics._shares import EVERYBODY
from announcements.analytics._sums import WEEK, Scope
from announcements.kernel import errors
from announcements.people import services as people

Weeks = Literal[4, 12, 52]
By = people.GroupKind | Literal["topic"]


class AlignmentNotYours(errors.Forbidden):
    """Alignment is for those who manage a group, admins and owners."""

    code = "alignment_not_yours"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, for which weeks, and whose numbers they see: of everybody (`whole`), or of the groups they manage.

    `groups` are those whose numbers are asked for, `at_the_top` all of the kind, whoever may see them.
    """

    by: int
    company: people.Workspace
    groups: tuple[people.Group, ...]
    at_the_top: tuple[people.Group, ...]
    whole: bool
    by_kind: bool
    starts: tuple[datetime, ...]
    now: datetime

    @property
    def council(self) -> bool:
        """Tell whether the privacy profile is the works council's."""
        return self.company.privacy == "works_council"

    def scope(self, *, by_kind: bool = False, together: bool = False) -> Scope:
        """Return what is added up: by group, by kind, or all together."""
        ids = (EVERYBODY,) if by_kind or together else (EVERYBODY, *(group.id for group in self.groups))
        return Scope(self.company.id, ids, by_kind=by_kind, council=self.council)


def asked(by: int, weeks: Weeks, kind: By, now: datetime) -> Asked:
    """Return who asks; raise AlignmentNotYours for who manages no group."""
    person = people.person(person_id=by)
    groups = people.groups(by=by, at=now)
    whole = person.role != "member"
    top = _at_the_top(groups, kind)
    shown = top if whole else [group for group in groups if group.manages]
    if person.state != "active" or not (whole or shown):
        raise AlignmentNotYours(_("Alignment is for those who manage a group, admins and owners."))
    company = people.workspace(workspace_id=person.workspace_id)
    starts = _mondays(now.astimezone(ZoneInfo(company.timezone)), weeks)
    return Asked(by, company, tuple(shown), tuple(top), whole, whole and kind == "topic", tuple(starts), now)


def _at_the_top(groups: Sequence[people.Group], kind: By) -> list[people.Group]:
    """Return the groups of a kind that are part of no other of it."""
    of_kind = {group.id for group in groups if group.kind == kind}
    return [group for group in groups if group.id in of_kind and group.parent_id not in of_kind]


def _mondays(now: datetime, weeks: int) -> list[datetime]:
    monday = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    return [monday - n * WEEK for n in reversed(range(weeks))]
