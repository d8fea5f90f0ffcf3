"""Others that send mail, each with a text and an HTML part as large as a nudge's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.peer_tasks import SENT, app

SENDER = "mantel@bench.example"


def halves(data: bytes) -> str:
    """Return a part of a mail, as large as half of it."""
    return data.decode("ascii")[: len(data) // 2]


def smtp_source(tool: str, port: int, data: bytes, many: int) -> int:
    words = ["-d", "-s", "1", "-m", str(many), "-l", str(len(data)), "-t", "p@bench.example", f"127.0.0.1:{port}"]
    subprocess.run([tool, *words], check=True)
    return many


def django_mails(data: bytes, many: int, *, together: bool) -> int:
    """Send each by a call of its own, or all by one connection."""
    from django.core.mail import EmailMultiAlternatives, get_connection, send_mail

    half = halves(data)
    if not together:
        for n in range(many):
            send_mail("Dock 4", half, SENDER, [f"p{n}@bench.example"], html_message=half)
        return many
    mails = []
    for n in range(many):
        mails.append(EmailMultiAlternatives("Dock 4", half, SENDER, [f"p{n}@bench.example"]))
        mails[-1].attach_alternative(half, "text/html")
    return int(get_connection().send_messages(mails))


def post_office() -> int:
    """Send what is queued there, a hundred at a time as it does; return how many went."""
    from post_office import mail

    sent = 0
    while settled := mail.send_queued()[0]:
        sent += settled
    return sent


def queue_post_office(data: bytes, many: int, *, rendered: bool) -> None:
    """Queue mails that are rendered already, or from a template that is rendered when each is sent, as a nudge is."""
    from post_office import mail
    from post_office.models import EmailTemplate

    half = halves(data)
    if rendered:
        for n in range(many):
            mail.send(f"p{n}@bench.example", SENDER, subject="Dock 4", message=half, html_message=half)
        return
    said = {"subject": "{{ title }}", "content": half + "{{ name }} {{ key }}", "html_content": half + "{{ name }} {{ key }}"}  # fmt: skip
    EmailTemplate.objects.update_or_create(name="nudge", defaults=said)
    for n in range(many):
        own = {"title": "Dock 4", "name": f"Person {n}", "key": "1-1-1-1.abcdefgh"}
        mail.send(f"p{n}@bench.example", SENDER, template="nudge", context=own, render_on_delivery=True)


def django_mailer(many: int) -> int:
    from mailer.engine import send_all

    send_all()
    return many


def queue_django_mailer(data: bytes, many: int) -> None:
    from mailer import send_html_mail

    half = halves(data)
    for n in range(many):
        send_html_mail("Dock 4", half, half, SENDER, [f"p{n}@bench.example"])


class Worker:
    """A Celery worker of one process with a task for each mail; its CPU counts, and not that of queueing."""

    def __init__(self) -> None:
        words = ["-A", "bench.peer_tasks", "worker", "--pool", "solo", "-Q", "peer", "--loglevel", "ERROR"]
        self._process = subprocess.Popen([sys.executable, "-m", "celery", *words, "--without-mingle"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        self.queue(b"warm up", 1)
        self.sent(1)

    def queue(self, data: bytes, many: int) -> None:
        """Queue so many, while it stands still."""
        self._process.send_signal(signal.SIGSTOP)
        self._store().delete(SENT)
        for n in range(many):
            app.send_task("peer.send", (n, halves(data)), queue="peer")

    def sent(self, many: int) -> int:
        """Let it work until so many have gone."""
        self._process.send_signal(signal.SIGCONT)
        while int(self._store().get(SENT) or 0) < many:
            time.sleep(0.01)
        return many

    def cpu(self) -> float:
        """Return the seconds it has worked."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        self._process.kill()
        self._process.wait()

    def _store(self) -> Any:
        from announcements.delivery._kept import store

        return store()
