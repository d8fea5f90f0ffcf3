"""Measure mail: `python -m bench.mail [--mails 300] [--rounds 3] [--away MILLISECONDS]`.

CPU of the sender per mail, as ratios of one run, rounds taking turns. On SQLite in a folder of its own, or on the empty database that
HUB_DATABASE_URL names. `smtp-source` (of Postfix), django-post-office and django-mailer take part where they are installed. With
`--away` nudges alone are sent, to a server so many milliseconds away, there and back.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import time as at_time
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from bench import parts


@dataclass
class Case:
    """A way to send some mails. `prepare` is not measured; `send` returns how many went; `used` tells the CPU seconds, where it is not ours."""

    name: str
    send: Callable[[], int]
    prepare: Callable[[], object] = lambda: None
    used: Callable[[], float] | None = None
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def run(self) -> None:
        self.prepare()
        used = self.used or _cpu
        cpu, began = used(), time.monotonic()
        sent = self.send()
        self.cpu.append((used() - cpu) / sent * 1e6)
        self.wall.append(sent / (time.monotonic() - began))


def _cpu() -> float:
    """Return the CPU seconds of this process and of the children that have ended."""
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def found(size: int) -> tuple[int, list[int]]:
    """Make a company of that many people who work round the clock; return its owner and all their ids."""
    from django.utils import timezone

    from announcements.people import models
    from announcements.people import services as people

    now = timezone.now() - timedelta(hours=2)
    owner = people.NewPerson(email="owner@bench.example", name="Owner", password="a long bench password")
    olga = people.found(name="Bench", owner=owner, now=now)
    models.Person.objects.bulk_create(
        models.Person(
            workspace_id=olga.workspace_id, email=f"p{n}@bench.example", name=f"Person {n}", invited_at=now,
            joined_at=now, password="!",
        )
        for n in range(size - 1)
    )  # fmt: skip
    everybody = models.Person.objects.filter(workspace_id=olga.workspace_id)
    everybody.update(work_days=list(range(7)), work_starts=at_time(0), work_ends=at_time(0))
    return olga.id, list(everybody.values_list("id", flat=True))


def publish(by: int, *, ask: bool) -> None:
    from django.utils import timezone

    from announcements.delivery import services as delivery
    from announcements.people import services as people
    from announcements.publishing import services as publishing

    now = timezone.now() - timedelta(hours=1)
    draft = publishing.Draft(
        title="Dock 4 closes on Monday",
        summary="Use dock 6. Two lines that say what this is about, so that most people need not open it.",
        body="<p>From Monday on no load leaves by dock 4. " + "The gate opens at six. " * 30 + "</p>",
        audience=people.Audience(everyone=True),
        ask_acknowledge=ask,
        nudge_hours=(0.1,) if ask else (),
    )
    made = publishing.create(by=by, draft=draft, now=now)
    publishing.publish(announcement_id=made.id, by=by, now=now)
    delivery.fan_out(announcement_id=made.id, now=now)


def tick() -> int:
    """Send what is due, tick after tick, as a worker does."""
    from django.utils import timezone

    from announcements.delivery import services as delivery

    sent = 0
    while settled := delivery.tick(now=timezone.now(), clock=timezone.now):
        sent += settled
    return sent


def plan_digests(by: int, ids: list[int]) -> None:
    """Give everybody a digest that is due, of what is unread."""
    from django.utils import timezone

    from announcements.delivery import models

    workspace_id = models.Delivery.objects.values_list("workspace_id", flat=True)[0]
    models.Digest.objects.all().delete()
    models.Mention.objects.all().delete()
    due, period = timezone.now() - timedelta(seconds=1), "2026-W01"
    models.Digest.objects.bulk_create(
        models.Digest(recipient_id=id, workspace_id=workspace_id, period=period, due_at=due) for id in ids
    )


def letter() -> bytes:
    """Return the bytes of a real nudge, as a tick makes them."""
    from django.utils import timezone

    from announcements.delivery.channels import mail
    from announcements.people import models
    from announcements.people import services as people
    from announcements.publishing import services as publishing

    who = people.person(person_id=models.Person.objects.order_by("id").values_list("id", flat=True)[0])
    said = next(iter(publishing.mine(by=who.id, now=timezone.now())))
    asked = mail.Asked(announcement=said, author=who, step=(1, 1), confirmed=(3, 52), audience="Everyone")
    head, press = mail.letterhead(who.workspace_id), mail.Press()
    return mail.nudges(head=head, asked=asked, now=timezone.now(), press=press)(who).data


def digest() -> bytes:
    """Return the bytes of a real digest of all that is unread."""
    from django.utils import timezone

    from announcements.delivery import _missed
    from announcements.delivery.channels import mail
    from announcements.people import models
    from announcements.people import services as people

    who, now = (
        people.person(person_id=models.Person.objects.order_by("id").values_list("id", flat=True)[0]),
        timezone.now(),
    )
    pile = _missed.missed(person_ids=[who.id], workspace_ids=[who.workspace_id], now=now)[who.id]
    recap = mail.Recap(pile, "2026-W01", (0, 1))
    return mail.digests(head=mail.letterhead(who.workspace_id), now=now)(who, recap).data


def conversation(data: bytes, many: int) -> int:
    from announcements.kernel.smtp import Mail, Transport
    from bench import peers

    with Transport() as transport:
        for n in range(many):
            mail = Mail(peers.SENDER, f"p{n}@bench.example", "", data, dotless=True)
            assert transport.submit(mail, lambda: True).kind == "submitted"
    return many


def at_once(many: int) -> Callable[[], int]:
    """Return what sends with so many mails under way at once."""

    def send() -> int:
        from django.conf import settings

        settings.MAIL_AT_ONCE = many
        return tick()

    return send


def cases(port: int, many: int, stack: ExitStack) -> list[Case]:
    from bench import peers

    owner, ids = found(many)
    publish(owner, ask=True)
    data = letter()
    tick()
    for _item in range(9):
        publish(owner, ask=False)
    tool = shutil.which("smtp-source") or os.environ.get("SMTP_SOURCE", "")
    print(f"a nudge has {len(data)} bytes, a digest {len(digest())}")
    worker = peers.Worker()
    stack.callback(worker.end)
    office, mailer = find_spec("post_office"), find_spec("mailer")
    return [
        *([Case("smtp-source", lambda: peers.smtp_source(tool, port, data, many))] if tool else []),
        Case("conversation alone", lambda: conversation(data, many)),
        Case("nudges, one at once", at_once(1), lambda: publish(owner, ask=True)),
        Case("nudges, ten at once", at_once(10), lambda: publish(owner, ask=True)),
        Case("digests of 10 items, one at once", at_once(1), lambda: plan_digests(owner, ids)),
        Case("digests of 10 items, ten at once", at_once(10), lambda: plan_digests(owner, ids)),
        Case("Django send_messages", lambda: peers.django_mails(data, many, together=True)),
        Case("Django send_mail", lambda: peers.django_mails(data, many, together=False)),
        Case("a Celery task each", lambda: worker.sent(many), lambda: worker.queue(data, many), worker.cpu),
        *([Case("django-post-office, rendering", peers.post_office, lambda: peers.queue_post_office(data, many, rendered=False))] if office else []),
        *([Case("django-post-office, rendered", peers.post_office, lambda: peers.queue_post_office(data, many, rendered=True))] if office else []),
        *([Case("django-mailer, rendered", lambda: peers.django_mailer(many), lambda: peers.queue_django_mailer(data, many))] if mailer else []),
    ]  # fmt: skip


def far_away(many: int) -> list[Case]:
    """Return what is worth knowing of a server that takes its time: by how many connections it is made up for."""
    owner, _ids = found(many)
    publish(owner, ask=True)
    at_once(50)()
    return [Case(f"nudges, {n} at once", at_once(n), lambda: publish(owner, ask=True)) for n in (10, 25, 50)]


def run(port: int, options: argparse.Namespace) -> None:
    from django.db import connection

    with ExitStack() as stack:
        everything = far_away(options.mails) if options.away else cases(port, options.mails, stack)
        for _round in range(options.rounds):
            for case in everything:
                case.run()
    floor = statistics.median(everything[0].cpu)
    print(f"{connection.vendor}, {options.mails} mails, {options.rounds} rounds; the floor is {everything[0].name}\n")
    print(
        "| | CPU µs a mail | least | mails per CPU-second / floor | mails a second by the clock |\n|---|---|---|---|---|"
    )
    for case in everything:
        cpu = statistics.median(case.cpu)
        print(
            f"| {case.name} | {cpu:.0f} | {min(case.cpu):.0f} | {floor / cpu:.3f} | {statistics.median(case.wall):.0f} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--away", type=int, default=0)
    options = parser.parse_args()
    with hub(options.away) as port:
        run(port, options)


@contextmanager
def hub(away: int) -> Iterator[int]:
    """Set up a hub in a folder of its own, and a mail server that many milliseconds away; give that server's port."""
    folder, port = Path(tempfile.mkdtemp(prefix="mantel-bench-")), parts.free_port()
    sink = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port), str(away)])
    try:
        with parts.valkey(folder) as (redis_url, _pid):
            os.environ |= {
                "DJANGO_SETTINGS_MODULE": "bench.mail_settings",
                "HUB_DATA": str(folder),
                "HUB_REDIS_URL": redis_url,
                "HUB_SMTP_URL": f"smtp://127.0.0.1:{port}",
                "HUB_LOG_LEVEL": "ERROR",
            }
            parts.wait(port, sink)
            _ready()
            yield port
    finally:
        sink.kill()
        sink.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _ready() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main()
