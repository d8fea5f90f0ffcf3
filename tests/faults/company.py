"""A company to send to, and the audit: what stands in the rows beside what the mail server took."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta

from django.utils import timezone

from announcements.delivery import models
from announcements.delivery import services as delivery
from announcements.people import models as people_models
from announcements.people import services as people
from announcements.publishing import services as publishing

FINAL = ("submitted", "failed", "uncertain", "skipped")
MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.MULTILINE | re.IGNORECASE)
SOON = (0.0003,)  # hours


@dataclass
class Company:
    """Whom mail goes to: `size` people, the author among them."""

    author: int
    size: int


@dataclass
class Verdict:
    """How a fault ended. `lost`: submitted by the rows, with no mail to show for it, or no row at all."""

    rows: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    doubled: int = 0
    strangers: int = 0
    uncertain_gone: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.strangers or self.wrong)


def found(size: int) -> Company:
    """Make a company whose people work round the clock."""
    now = timezone.now() - timedelta(hours=1)
    owner = people.NewPerson(email="olga@faults.test", name="Olga Berg", password="a calm long password")
    olga = people.found(name="Faults", owner=owner, now=now)
    people_models.Person.objects.bulk_create(
        [
            people_models.Person(
                workspace_id=olga.workspace_id, email=f"p{n}@faults.test", name=f"Person {n}", invited_at=now,
                joined_at=now, password="!",
            )
            for n in range(size - 1)
        ],
        batch_size=500,
    )  # fmt: skip
    company = Company(olga.id, size)
    work(company)
    everybody = people_models.Person.objects.filter(workspace_id=olga.workspace_id)
    models.Preference.objects.bulk_create(
        models.Preference(person_id=pk, digest="never", changed_at=now) for pk in everybody.values_list("pk", flat=True)
    )
    return company


def work(company: Company, *, timezone: str = "UTC", starts: time = time(0)) -> None:
    """Let all of a company work each day from then until midnight; round the clock, unless it is told otherwise."""
    workspace = people.person(person_id=company.author).workspace_id
    everybody = people_models.Person.objects.filter(workspace_id=workspace)
    everybody.update(timezone=timezone, work_days=list(range(7)), work_starts=starts, work_ends=time(0))


def write(company: Company, title: str = "Dock 4 closes") -> int:
    """Write a draft to a company's people, with one nudge at once; return its id."""
    draft = publishing.Draft(
        title=title,
        summary="Use dock 6.",
        body="<p>From Monday on.</p>",
        audience=people.Audience(everyone=True),
        ask_acknowledge=True,
        nudge_hours=SOON,
    )
    return publishing.create(by=company.author, draft=draft, now=timezone.now()).id


def publish(company: Company) -> int:
    made = write(company)
    publishing.publish(announcement_id=made, by=company.author, now=timezone.now())
    return made


def forget() -> None:
    """Let the next fault begin with good addresses and a server that nothing is known against."""
    models.Suppression.objects.all().delete()
    models.Transport.objects.update(failures=0, rests_until=None, most=None)


def hurry(announcement_id: int) -> None:
    """Move the clock on for what waits to be tried again, and for the server that rests."""
    now = timezone.now()
    models.Transport.objects.update(rests_until=None)
    rows = models.Nudge.objects.filter(announcement_id=announcement_id, state="queued", due_at__gt=now)
    rows.update(due_at=now)


def final(announcement_id: int) -> int:
    """Return how many rows have ended."""
    return models.Nudge.objects.filter(announcement_id=announcement_id, state__in=FINAL).count()


def finished(company: Company, announcement_id: int) -> bool:
    return final(announcement_id) >= company.size


def audit(company: Company, announcement_id: int, taken: Sequence[tuple[str, bytes]]) -> Verdict:
    """Compare every row with what the server took."""
    verdict = Verdict()
    copies = Counter(recipient for recipient, _data in taken)
    rows = list(models.Nudge.objects.filter(announcement_id=announcement_id))
    address = {p.id: p.email for p in people.get_many(ids=[row.recipient_id for row in rows]).values()}
    verdict.rows = Counter(row.state for row in rows)
    verdict.strangers = len(set(copies) - set(address.values()))
    verdict.doubled = sum(many - 1 for many in copies.values())
    verdict.lost = company.size - len(rows)
    for row in rows:
        got = copies[address[row.recipient_id]]
        verdict.lost += row.state == "submitted" and not got
        verdict.uncertain_gone += row.state == "uncertain" and got == 1
        if row.state in ("failed", "skipped") and got:
            verdict.wrong.append(f"{address[row.recipient_id]} is {row.state} and got it")
        if (
            row.state == "skipped" and row.reason != "suppressed"
        ):  # refused to a worker that had lost its lease, then passed over
            verdict.wrong.append(f"{address[row.recipient_id]} is skipped: {row.reason}")
        if row.state not in FINAL:
            verdict.wrong.append(f"{address[row.recipient_id]} is {row.state}")
    verdict.wrong += _counters(company, announcement_id, verdict.rows)
    verdict.wrong += _ids(taken)
    return verdict


def _counters(company: Company, announcement_id: int, rows: Counter[str]) -> list[str]:
    """Compare what the doors count with the rows."""
    wrong = []
    plan = delivery.nudge_plan(by=company.author, announcement_id=announcement_id, now=timezone.now())
    if len(plan) != 1:
        return [f"the plan has {len(plan)} steps"]
    (step,) = plan
    for state in FINAL:
        if getattr(step, state) != rows[state]:
            wrong.append(f"the plan counts {getattr(step, state)} {state}, there are {rows[state]}")
    progress = delivery.progress(announcement_id=announcement_id)
    if not progress.finished_at or (progress.total, progress.done) != (company.size, company.size):
        wrong.append(f"the fan-out says {progress}")
    return wrong


def _ids(taken: Sequence[tuple[str, bytes]]) -> list[str]:
    """Every copy of a mail has one Message-ID, and no two mails share one."""
    by_id: dict[bytes, set[str]] = {}
    for recipient, data in taken:
        found = MESSAGE_ID.search(data)
        by_id.setdefault(found[1] if found else b"", set()).add(recipient)
    return [f"{key!r} went to {len(whom)} people" for key, whom in by_id.items() if len(whom) > 1 or not key]
