"""Who is nudged by hand, who is not, and when: of who is missing, each is in one heap."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from announcements.delivery import _suppressions, models
from announcements.delivery._transports import Gets, way_out
from announcements.people import services as people
from announcements.publishing import services as publishing

BY_HAND = 100
A_DAY = timedelta(days=1)
# By hand, and not out yet.
TO_COME = Q(step__gte=BY_HAND, state__in=["queued", "submitting"])


@dataclass(frozen=True, slots=True)
class Nudged:
    """What became of nudging by hand: how many were `queued`, how many are missing whom no mail reaches, and how many were left out who
    had a nudge `lately`, or are `never_at_work`. `mail` says whether anything keeps what is queued."""

    queued: int
    unreachable: int
    lately: int = 0
    never_at_work: int = 0
    mail: Gets = "sending"


@dataclass(frozen=True, slots=True)
class NudgePreview:
    """What nudging by hand would do: who is at work gets it at once (`at_work`), who is `outside` of their working hours when they are at
    work next, from `outside_first` to `outside_last`, at the time `outside_at` on their own clock where that is one for all.

    Left out are who had a nudge `lately`, in the last 24 hours, unless they are asked for; who has one by hand `on_its_way`; who is
    `never_at_work`, so that no clock lets a mail out to them; and whom no mail reaches. Whoever is missing is in one of these. In the
    privacy profile *works council* who is never at work is told among the unreachable.

    `mail` says how the workspace's mail gets on: unless it is `sending`, nudges wait. `mail_until` is when a server in trouble is asked again.
    """

    at_work: int
    outside: int
    outside_first: datetime | None
    outside_last: datetime | None
    outside_at: time | None
    lately: int
    on_its_way: int
    never_at_work: int
    unreachable: int
    mail: Gets
    mail_until: datetime | None


@dataclass(frozen=True, slots=True)
class Missing:
    """Who is missing: who would be `reached`, and when; and how many are not, and why."""

    reached: tuple[tuple[people.Person, datetime], ...]
    lately: int
    on_its_way: int
    never_at_work: int
    unreachable: int

    def preview(self, workspace_id: int, now: datetime) -> NudgePreview:
        """Return them as counts, and whether their mail would go out."""
        mail, mail_until = way_out(workspace_id, now)
        outside = sorted(at for _person, at in self.reached if at != now)
        theirs = {at.astimezone(ZoneInfo(person.timezone)).time() for person, at in self.reached if at != now}
        return NudgePreview(
            at_work=len(self.reached) - len(outside),
            outside=len(outside),
            outside_first=outside[0] if outside else None,
            outside_last=outside[-1] if outside else None,
            outside_at=theirs.pop() if len(theirs) == 1 else None,
            lately=self.lately,
            on_its_way=self.on_its_way,
            never_at_work=self.never_at_work,
            unreachable=self.unreachable,
            mail=mail,
            mail_until=mail_until,
        )


def missing(
    said: publishing.Announcement, person_ids: list[int] | None, *, again: bool = False, now: datetime
) -> Missing:
    """Return who is missing, of all or of some people; who was nudged lately is reached only where they are to be nudged `again`."""
    rows = models.Delivery.objects.filter(announcement_id=said.id, acknowledged_at=None, delivered_at__lte=now)
    if person_ids is not None:
        rows = rows.filter(recipient_id__in=person_ids)
    readers = _suppressions.readers(set(rows.values_list("recipient_id", flat=True)))
    unreachable = {id for id, reader in readers.items() if reader == "suppressed"}
    persons = {id: reader for id, reader in readers.items() if isinstance(reader, people.Person)}
    never = {id for id, person in persons.items() if not person.working_time.is_ever_working(now)}
    if never and _tells_no_absence(said.workspace_id):
        unreachable |= never
        persons = {id: person for id, person in persons.items() if id not in never}
    nudges = models.Nudge.objects.filter(announcement_id=said.id)
    on_its_way = persons.keys() & set(nudges.filter(TO_COME).values_list("recipient_id", flat=True))
    never &= persons.keys() - on_its_way
    had_one = set(nudges.filter(_since(now - A_DAY)).values_list("recipient_id", flat=True))
    lately = persons.keys() & had_one - on_its_way - never
    reached = persons.keys() - on_its_way - never - (set() if again else lately)
    return Missing(
        reached=tuple((persons[id], persons[id].working_time.next_moment(now)) for id in sorted(reached)),
        lately=len(lately),
        on_its_way=len(on_its_way),
        never_at_work=len(never),
        unreachable=len(unreachable),
    )


def _tells_no_absence(workspace_id: int) -> bool:
    """Tell whether the privacy profile keeps who is away for long among all whom no mail reaches: asked of one person, a count names them."""
    return people.privacies(workspace_ids=[workspace_id])[workspace_id] == "works_council"


def nudges_to_come(*, announcement_id: int, person_ids: Collection[int]) -> dict[int, datetime]:
    """Return who of these people has a nudge to come, by hand or by itself, and when the first of theirs is due."""
    to_come = {"state__in": ["queued", "submitting"], "recipient_id__in": person_ids}
    rows = models.Nudge.objects.filter(announcement_id=announcement_id, **to_come)
    return dict(rows.order_by("-due_at").values_list("recipient_id", "due_at"))


def _since(at: datetime) -> Q:
    """Return the nudges that went out after a moment or are going out, or were to by hand; those that failed reached nobody."""
    by_hand = Q(step__gte=BY_HAND, due_at__gt=at)
    begun = Q(submitted_at__gt=at) | Q(state__in=["submitting", "uncertain"], body_started_at__gt=at)
    return (by_hand | begun) & ~Q(state__in=["failed", "skipped"])
