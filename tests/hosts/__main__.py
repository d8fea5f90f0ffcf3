"""Cut hosts off, lose them, bring them back, while an announcement goes out and people read: nothing may be lost.

`python -m tests.hosts [--quick] [--people 200] [--only WORDS]`; needs root on Linux, and PostgreSQL's programs. Ends with 1 when an
audit found anything wrong.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.hosts import network

HERE = "MANTEL_TESTS_HOSTS"
Do = Callable[[Any], None]


def away(*names: str, seconds: float = 8) -> Do:
    """Return what cuts hosts off for a while."""

    def do(machines: Any) -> None:
        for name in names:
            machines.hosts[name].cut()
        time.sleep(seconds)
        for name in names:
            machines.hosts[name].join()

    return do


def lost(name: str, seconds: float = 4) -> Do:
    """Return what loses a host, and brings another in its place."""

    def do(machines: Any) -> None:
        machines.hosts[name].die()
        time.sleep(seconds)
        machines.start(name)

    return do


def no_mail(machines: Any) -> None:
    workers = [machines.hosts[name] for name in ("worker-1", "worker-2")]
    for host in workers:
        host.lose_mail()
    time.sleep(8)
    for host in workers:
        host.find_mail()


# What is done, whether the suite does it, and whether some readers may be told to come again meanwhile.
FAULTS: list[tuple[str, Do, bool, bool]] = [
    ("nothing", lambda _machines: None, True, False),
    ("a worker's host is cut off", away("worker-1"), True, False),
    ("a worker's host is lost", lost("worker-2"), False, False),
    ("a web host is cut off", away("web-1"), False, False),
    ("a web host is lost", lost("web-2"), True, False),
    ("the database is cut off", away("database"), False, True),
    ("the database is lost and starts again", lost("database"), False, True),
    ("the queue is cut off", away("queue"), False, True),
    ("the queue is lost, and comes back empty", lost("queue"), False, True),
    ("mail is cut off", no_mail, False, False),
]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the set that the test suite runs")
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    if os.environ.get(HERE) is None:
        # Once more, where bridge and hosts are seen by nobody else and go when we do.
        command = ["unshare", "--net", "--mount", sys.executable, "-m", "tests.hosts", *sys.argv[1:]]
        return subprocess.run(command, check=False, env=os.environ | {HERE: "1"}).returncode
    Path("/run/netns").mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "none", "/run/netns"], check=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="mantel-hosts-"))
    folder.chmod(0o711)  # PostgreSQL runs as somebody else
    try:
        return run(folder, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(folder: Path, options: argparse.Namespace) -> int:
    from tests.hosts.machines import Machines
    from tests.mail_servers import Scripted

    network.lay()
    with Scripted(offers="PIPELINING", dawdle=0.02, at=network.MAIL) as sink:
        machines = Machines(folder, sink.url)
        os.environ |= machines.told
        try:
            machines.start("database", "queue")
            return _all(machines, sink, options)
        finally:
            machines.end()


def _all(machines: Any, sink: Any, options: argparse.Namespace) -> int:
    import django

    django.setup()
    from tests.hosts.story import Story

    size = options.people or (40 if options.quick else 200)
    story = Story(machines, sink, size)
    machines.start("web-1", "web-2", "worker-1", "worker-2")
    story.wait_for_web()
    say(f"{size} mails each, two web hosts, two workers\n")
    say("| fault | submitted | uncertain | lost | doubled | feeds answered | by the other host | refused | s |")
    say("|---|---|---|---|---|---|---|---|---|")
    bad = 0
    for name, do, quick, refuses in FAULTS:
        if (quick or not options.quick) and any(words in name for words in options.only.split(",")):
            bad += story.tell(name, do, refuses=refuses, say=say)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
