"""The faults. Each does its worst while mail goes out; what may be left over is written beside it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import resource
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time as wall

from tests.faults import clocks, databases
from tests.faults.servers import (
    a_byte_a_second,
    bad_addresses,
    everything_smtp,
    no_banner,
    rate_limit,
    smtp,
)
from tests.faults.stage import Stage
from tests.faults.tree import until
from tests.mail_servers import CUT


@dataclass(frozen=True)
class Fault:
    """`do` publishes, and does it. At most `uncertain` rows may end uncertain, at most `failed` refused; shares of all below 1."""

    name: str
    do: Callable[[Stage], None]
    uncertain: float = 0
    failed: float = 0
    quick: bool = False
    only: str = ""


def nothing(stage: Stage) -> None:
    stage.publish()


def kill_workers(stage: Stage) -> None:
    stage.publish()
    for _kill in range(stage.kills):
        stage.sending(random.randint(1, 25))
        time.sleep(random.uniform(0, 0.05))
        stage.tree.again(stage.tree.some_worker())


def kill_the_sweep(stage: Stage) -> None:
    """Kill the worker that holds mails, and then whichever one would find them, again and again."""
    stage.publish()
    stage.sending(5)
    for _kill in range(6 if stage.full else 2):
        stage.tree.again(stage.tree.some_worker())
        time.sleep(random.uniform(1, 5))


def kill_the_beat(stage: Stage) -> None:
    stage.publish()
    stage.sending(1)
    stage.tree.kill("beat")
    time.sleep(3)
    stage.tree.start("beat")


def kill_the_web_server(stage: Stage) -> None:
    """Between the commit of publishing and the queueing of its task: the broker stands still just then."""
    os.kill(stage.tree.pid("broker"), 19)
    try:
        stage.publish_by_web()
        stage.committed()
        stage.tree.kill("web")
    finally:
        os.kill(stage.tree.pid("broker"), 18)
    stage.tree.start("web")


def two_of_each(stage: Stage) -> None:
    stage.tree.start("worker-9", "beat-2")
    stage.publish()
    stage.sending(5)
    time.sleep(8 if stage.full else 3)
    stage.tree.kill("beat-2")
    stage.tree.kill("worker-9")


def kill_redis(stage: Stage) -> None:
    stage.publish()
    stage.sending(3)
    stage.tree.kill("broker")
    time.sleep(3)
    stage.tree.start("broker")


def flush_redis(stage: Stage) -> None:
    stage.publish()
    for _flush in range(10 if stage.full else 3):
        stage.redis().flushall()
        time.sleep(0.3)


def stop_redis(stage: Stage) -> None:
    stage.publish()
    stage.sending(3)
    stage.tree.pause("broker", 60 if stage.full else 3)


def fill_redis(stage: Stage) -> None:
    stage.redis().config_set("maxmemory", 1)
    try:
        stage.publish()
        time.sleep(10)
    finally:
        stage.redis().config_set("maxmemory", 0)


def busy_sqlite(stage: Stage) -> None:
    """Somebody else holds the write lock, past our queue of writers and past SQLite's patience."""
    stage.publish()
    stage.sending(3)
    held = sqlite3.connect(stage.tree.data / "hub.sqlite3", timeout=20, isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    time.sleep(25 if stage.full else 4)
    held.execute("ROLLBACK")
    held.close()


def lock_of_writers(stage: Stage) -> None:
    stage.publish()
    stage.sending(3)
    with (stage.tree.data / "hub.sqlite3.lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        time.sleep(30)


def full_disk(stage: Stage) -> None:
    """No file of the worker's can grow: every write of the database fails."""
    stage.publish()
    stage.sending(3)
    pid = stage.tree.pid("worker-1")
    unlimited = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, unlimited[1]))
    time.sleep(10)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)


def an_older_database(stage: Stage) -> None:
    """Bring a database back that does not know what was sent since, for ten seconds. What is sent then goes out twice."""
    stage.publish()
    stage.sending(stage.company.size // 2)
    old, new = stage.tree.data / "old", stage.tree.data / "new"
    databases.keep(stage.tree.data, old)
    stage.sending(stage.company.size)
    until(stage.done, seconds=60, what="the last row")
    time.sleep(5)  # until the ticks that are at it have ended
    databases.keep(stage.tree.data, new)
    sent = len(stage.sink.mails)
    databases.bring_back(stage.tree.data, old)
    time.sleep(10)
    if not stage.held():
        stage.wrong.append("mail is not held")
    databases.bring_back(stage.tree.data, new)
    if len(stage.sink.mails) > sent:
        stage.wrong.append(f"{len(stage.sink.mails) - sent} were sent again")
    stage.resume()


def stop_postgres(stage: Stage) -> None:
    stage.publish()
    stage.sending(3)
    databases.pg_ctl("-m", "immediate", "restart")


def full_disk_of_postgres(stage: Stage) -> None:
    """No file of the sessions' can grow: whoever commits takes the whole server down, and it comes back, again and again."""
    stage.publish()
    for _second in range(10):
        stage.sending(1)
        databases.forbid_to_grow(4096)
        time.sleep(1)


def _statement(sql: str, seconds: float = 0) -> None:
    import psycopg

    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(databases.POSTGRES) as line:
        line.execute(sql)
        time.sleep(seconds)


def end_sessions(stage: Stage) -> None:
    stage.publish()
    for _end in range(10 if stage.full else 3):
        stage.sending(3)
        _statement("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")


def hold_a_lock(stage: Stage) -> None:
    stage.publish()
    stage.sending(3)
    _statement("lock table delivery_nudge in access exclusive mode", 30)


# A worker runs four ticks at most, each with so many mails under way: each of those may be cut off in the middle.
AT_ONCE = 4 * int(os.environ.get("HUB_MAIL_AT_ONCE") or 1)
FAULTS = (
    Fault("nothing", nothing),
    Fault("worker killed, again and again", kill_workers, uncertain=50 * AT_ONCE, quick=True),
    Fault("the sweep killed, and the one after it", kill_the_sweep, uncertain=6 * AT_ONCE),
    Fault("beat killed", kill_the_beat),
    Fault("web killed between commit and queueing", kill_the_web_server, quick=True),
    Fault("two beats, three workers", two_of_each, uncertain=AT_ONCE),
    Fault("Redis killed", kill_redis),
    Fault("Redis flushed, again and again", flush_redis, quick=True),
    Fault("Redis stands still", stop_redis),
    Fault("Redis full", fill_redis),
    Fault("421 to a tenth of MAIL", smtp("MAIL", "421 4.7.0 enough", 0.1)),
    Fault("421 to a tenth of RCPT", smtp("RCPT", "421 4.3.2 slow down", 0.1)),
    Fault("450 to a tenth of RCPT", smtp("RCPT", "450 4.2.0 busy", 0.1)),
    Fault("451 to a tenth after the dot", smtp("BODY", "451 4.3.0 not now", 0.1)),
    Fault("550 for some addresses", bad_addresses("RCPT", "550 5.1.1 nobody"), failed=1),
    Fault("552 after the dot for some", bad_addresses("BODY", "552 5.2.3 too large"), failed=1),
    Fault("554 after the dot for some", bad_addresses("BODY", "554 5.6.0 no"), failed=1),
    Fault("554 to DATA for some", bad_addresses("DATA", "554 5.7.1 no"), failed=1),
    Fault("550 to a tenth of MAIL", smtp("MAIL", "550 5.7.1 not yours", 0.1)),
    Fault("no banner, three times", no_banner),
    Fault("a byte a second", a_byte_a_second),
    Fault("cut at a tenth of RCPT", smtp("RCPT", CUT, 0.1)),
    Fault("cut at a tenth of DATA", smtp("DATA", CUT, 0.1)),
    Fault("cut in the middle of a tenth of bodies", smtp("HALF", CUT, 0.1), uncertain=0.3),
    Fault("cut after the final dot, a tenth", smtp("BODY", CUT, 0.1), uncertain=0.2),
    Fault("a little of each", everything_smtp, uncertain=0.2, failed=1, quick=True),
    Fault("a rate limit half-way", rate_limit),
    Fault("SQLite busy", busy_sqlite, only="sqlite", uncertain=AT_ONCE, quick=True),
    Fault("the lock of writers held 30 s", lock_of_writers, only="sqlite", uncertain=AT_ONCE),
    Fault("disk full", full_disk, only="sqlite", uncertain=AT_ONCE),
    Fault("an older database comes back", an_older_database),
    Fault("clocks set ahead and back by an hour", clocks.step, uncertain=AT_ONCE),
    Fault("the night with an hour less", clocks.night(3, wall(1))),
    Fault("the night with an hour twice", clocks.night(10, wall(0, 30))),
    Fault("disk full", full_disk_of_postgres, only="postgresql", uncertain=20 * AT_ONCE),
    Fault("PostgreSQL stopped immediately", stop_postgres, only="postgresql", uncertain=2 * AT_ONCE),
    Fault("its sessions terminated", end_sessions, only="postgresql", uncertain=20 * AT_ONCE),
    Fault("its table locked 30 s", hold_a_lock, only="postgresql", uncertain=2 * AT_ONCE),
)
