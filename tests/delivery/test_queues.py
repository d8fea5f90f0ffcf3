"""Mail never stands in the way of an announcement that has to reach its audience."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from celery.beat import PersistentScheduler, Scheduler
from django.conf import settings as product
from django.db import connection
from kombu.utils.imports import symbol_by_name

from announcements.delivery import tasks
from announcements.people import services as people
from hub import env
from hub.celery import app
from tests.delivery.mailing import HOUR, reach, step, tick
from tests.journeys.sink import Sink


def test_mail_and_fan_outs_have_queues_of_their_own_and_a_worker_listens_to_all() -> None:
    app.loader.import_default_modules()

    assert set(app.amqp.queues) == {"celery", "mail", "fan-out", "images", "analytics"}
    assert app.amqp.router.route({}, tasks.tick.name)["queue"].name == "mail"
    assert app.amqp.router.route({}, tasks.fan_out.name)["queue"].name == "fan-out"
    assert app.amqp.router.route({}, tasks.send_letter.name).get("queue", app.amqp.queues["celery"]).name == "celery"


def test_ticks_do_not_heap_up_while_no_worker_takes_them() -> None:
    assert product.CELERY_BEAT_SCHEDULE["tick"]["options"]["expires"] == product.TICK_SECONDS


def test_a_beat_that_keeps_nothing_asks_for_everything_at_once() -> None:
    entries = Scheduler(app=app).schedule

    assert all(entries[name].is_due().is_due for name in product.CELERY_BEAT_SCHEDULE)


def beat(folder: Path) -> Any:
    """Return what keeps the beat's time, with what it noted in a folder."""
    return symbol_by_name(app.conf.beat_scheduler)(app=app, schedule_filename=str(folder / "beat"))


def test_a_clock_that_is_set_back_silences_no_beat(tmp_path: Path) -> None:
    scheduler = beat(tmp_path)
    asked = scheduler.reserve(scheduler.schedule["tick"])

    with time_machine.travel(datetime.now(UTC) - HOUR):
        assert asked.is_due().next <= product.TICK_SECONDS


def celerys(folder: Path) -> Any:
    """Return Celery's own, which beats of before went by."""
    return PersistentScheduler(app=app, schedule_filename=str(folder / "beat"))


@pytest.mark.parametrize("noted_by", [beat, celerys])
def test_a_clock_that_was_ahead_before_it_began_silences_no_beat(tmp_path: Path, noted_by: Callable[..., Any]) -> None:
    before = noted_by(tmp_path)
    for entry in before.schedule.values():
        entry.last_run_at = datetime.now(UTC) + HOUR
    before.close()

    assert beat(tmp_path).schedule["tick"].is_due().next <= product.TICK_SECONDS


@pytest.mark.parametrize("noted_by", [beat, celerys])
def test_a_beat_that_starts_again_asks_for_nothing_too_early(tmp_path: Path, noted_by: Callable[..., Any]) -> None:
    before = noted_by(tmp_path)
    for entry in before.schedule.values():
        entry.last_run_at = datetime.now(UTC)
    before.close()

    assert not beat(tmp_path).schedule["forget"].is_due().is_due


@pytest.mark.django_db(transaction=True)
def test_a_silent_mail_server_holds_only_some_threads_of_a_worker(
    ines: people.Person, operations: people.Group, now: datetime, settings: Any, monkeypatch: Any
) -> None:
    said = reach(ines, operations, now)
    monkeypatch.setattr(tasks, "SENDING", threading.BoundedSemaphore(1))
    with Sink() as silent, time_machine.travel(now + HOUR, tick=True):
        settings.SMTP = env.smtp(silent.url)
        silent.hold()
        waiting = threading.Thread(target=_tick_in_a_thread)
        waiting.start()
        assert silent.waiting.wait(10)

        tasks.tick()  # comes back at once

        assert waiting.is_alive()
        silent.release()
        waiting.join(10)
        assert step(ines, said, now).submitted == len(silent.mails) == 3
        assert tick(now + 2 * HOUR) == 0


def _tick_in_a_thread() -> None:
    tasks.tick()
    connection.close()
