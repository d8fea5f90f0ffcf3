"""A Celery task for each mail, as it is usually done."""

from __future__ import annotations

import os

from celery import Celery

SENT = "bench:peer:sent"
app = Celery("peer", broker=os.environ["HUB_REDIS_URL"].replace("unix://", "redis+socket://").replace("?db=", "?virtual_host="))  # fmt: skip
app.conf.update(task_ignore_result=True, task_acks_late=True, broker_connection_retry_on_startup=True)


@app.on_after_configure.connect
def ready(**_: object) -> None:
    import django

    django.setup()


@app.task(name="peer.send")
def send(n: int, half: str) -> None:
    from django.core.mail import send_mail

    from announcements.delivery._kept import store

    send_mail("Dock 4", half, "mantel@bench.example", [f"p{n}@bench.example"], html_message=half)
    store().incr(SENT)
