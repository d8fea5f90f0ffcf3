"""Measure mail: `python -m bench.mail [--mails 300] [--rounds 3]`.

CPU of the sender per mail, as ratios of one run, rounds taking turns. On SQLite in a folder of its own, or on the empty database that
HUB_DATABASE_URL names. `smtp-source` (of Postfix), django-post-office and django-mailer take part where they are installed.
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
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time as at_time
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from bench import parts

SENDER = "mantel@bench.example"


@dataclass
class Case:
    """A way to send some mails. `prepare` is not measured; `send` returns how many went."""

    name: str
    send: Callable[[], int]
    prepare: Callable[[], object] = lambda: None
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def run(self) -> None:
        self.prepare()
        cpu, began = _cpu(), time.monotonic()
        sent = self.send()
        self.cpu.append((_cpu() - cpu) / sent * 1e6)
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
    """Return the bytes of a real nudge."""
    from django.utils import timezone

    from announcements.delivery.channels import mail
    from announcements.people import models
    from announcements.people import services as people
    from announcements.publishing import services as publishing

    who = people.person(person_id=models.Person.objects.values_list("id", flat=True)[0])
    said = next(iter(publishing.mine(by=who.id, now=timezone.now())))
    asked = mail.Asked(announcement=said, author=who, step=(1, 1), confirmed=(3, 52))
    made = mail.nudge_mail(person=who, head=mail.letterhead(who.workspace_id), asked=asked, now=timezone.now())
    return made.data


def conversation(data: bytes, many: int) -> int:
    from announcements.kernel.smtp import Mail, Transport

    with Transport() as transport:
        for n in range(many):
            assert transport.submit(Mail(SENDER, f"p{n}@bench.example", "", data), lambda: True).kind == "submitted"
    return many


def django_mails(data: bytes, many: int, *, together: bool) -> int:
    """Send a text and an HTML part as large as a nudge's, each by a call of its own or all by one connection."""
    from django.core.mail import EmailMultiAlternatives, get_connection, send_mail

    half = data.decode("ascii")[: len(data) // 2]
    if not together:
        for n in range(many):
            send_mail("Dock 4", half, SENDER, [f"p{n}@bench.example"], html_message=half)
        return many
    mails = []
    for n in range(many):
        mails.append(EmailMultiAlternatives("Dock 4", half, SENDER, [f"p{n}@bench.example"]))
        mails[-1].attach_alternative(half, "text/html")
    return int(get_connection().send_messages(mails))


def smtp_source(tool: str, port: int, data: bytes, many: int) -> int:
    command = [
        tool,
        "-d",
        "-s",
        "1",
        "-m",
        str(many),
        "-l",
        str(len(data)),
        "-t",
        "p@bench.example",
        f"127.0.0.1:{port}",
    ]
    subprocess.run(command, check=True)
    return many


def post_office() -> int:
    """Send what is queued there, a hundred at a time as it does; return how many went."""
    from post_office import mail

    sent = 0
    while settled := mail.send_queued()[0]:
        sent += settled
    return sent


def queue_post_office(data: bytes, many: int) -> None:
    from post_office import mail

    half = data.decode("ascii")[: len(data) // 2]
    for n in range(many):
        mail.send(f"p{n}@bench.example", SENDER, subject="Dock 4", message=half, html_message=half)


def django_mailer(many: int) -> int:
    from mailer.engine import send_all

    send_all()
    return many


def queue_django_mailer(data: bytes, many: int) -> None:
    from mailer import send_html_mail

    half = data.decode("ascii")[: len(data) // 2]
    for n in range(many):
        send_html_mail("Dock 4", half, half, SENDER, [f"p{n}@bench.example"])


def cases(port: int, many: int) -> list[Case]:
    owner, ids = found(many)
    publish(owner, ask=True)
    data = letter()
    tick()
    for _item in range(9):
        publish(owner, ask=False)
    tool = shutil.which("smtp-source") or os.environ.get("SMTP_SOURCE", "")
    print(f"a nudge has {len(data)} bytes")
    return [
        *([Case("smtp-source", lambda: smtp_source(tool, port, data, many))] if tool else []),
        Case("conversation alone", lambda: conversation(data, many)),
        Case("nudges", tick, lambda: publish(owner, ask=True)),
        Case("digests of 10 items", tick, lambda: plan_digests(owner, ids)),
        Case("Django send_messages", lambda: django_mails(data, many, together=True)),
        Case("Django send_mail", lambda: django_mails(data, many, together=False)),
        *([Case("django-post-office", post_office, lambda: queue_post_office(data, many))] if find_spec("post_office") else []),
        *([Case("django-mailer", lambda: django_mailer(many), lambda: queue_django_mailer(data, many))] if find_spec("mailer") else []),
    ]  # fmt: skip


def run(port: int, options: argparse.Namespace) -> None:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    everything = cases(port, options.mails)
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
    options = parser.parse_args()
    folder, port = Path(tempfile.mkdtemp(prefix="mantel-bench-")), parts.free_port()
    sink = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port)])
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
            run(port, options)
    finally:
        sink.kill()
        sink.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
