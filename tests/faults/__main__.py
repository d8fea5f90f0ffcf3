"""Do every fault to a hub that sends mail, and print what was lost, doubled, uncertain.

`python -m tests.faults [--quick] [--people 1000] [--kills 50] [--only WORDS]`. On SQLite in a folder of its own; on PostgreSQL with
`bin/with-postgres` before it. Ends with 1 when an audit found anything wrong.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.faults.tree import QUICK, Tree


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the set that the test suite runs")
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--only", default="", help="faults whose names contain these words, or others after a comma")
    parser.add_argument("--kills", type=int, default=0, help="how often workers are killed; 50, or 2 in the quick set")
    parser.add_argument("--seconds", type=float, default=600, help="how long nothing may end while a fault is mended")
    options = parser.parse_args()
    random.seed(6)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # and end what runs, and remove what was written
    data = Path(tempfile.mkdtemp(prefix="mantel-faults-"))
    try:
        return run(data, options)
    finally:
        shutil.rmtree(data, ignore_errors=True)


def run(data: Path, options: argparse.Namespace) -> int:
    from tests.mail_servers import Scripted

    with Scripted(offers="PIPELINING", dawdle=0.002) as sink:
        tree = Tree(data, sink.url)
        os.environ |= tree.told | QUICK | {"DJANGO_SETTINGS_MODULE": "hub.settings"}
        try:
            return _all(tree, sink, options)
        finally:
            tree.end()


def _all(tree: Tree, sink: Any, options: argparse.Namespace) -> int:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    tree.start("broker")
    call_command("migrate", verbosity=0)
    (tree.data / "static").mkdir(exist_ok=True)
    from tests.faults import company as firm
    from tests.faults.faults import FAULTS
    from tests.faults.stage import Stage

    size = options.people or (60 if options.quick else 1000)
    stage = Stage(
        tree, sink, firm.found(size), full=not options.quick, kills=options.kills or (2 if options.quick else 50)
    )
    tree.start("web", "worker-1", "worker-2", "beat")
    say(f"{connection.vendor}, {size} mails each\n")
    say("| fault | submitted | failed | uncertain | of these arrived | lost | doubled | to strangers | s |")
    say("|---|---|---|---|---|---|---|---|---|")
    bad = 0
    for fault in FAULTS:
        fits = not fault.only or fault.only == connection.vendor
        if (
            fits
            and (fault.quick or not options.quick)
            and any(words in fault.name for words in options.only.split(","))
        ):
            bad += _one(stage, fault, options.seconds)
    return 1 if bad else 0


def _one(stage: Any, fault: Any, seconds: float) -> int:
    """Do one fault, print its line, return whether anything was wrong."""
    stage.begin()
    began = time.monotonic()
    late = ""
    try:
        fault.do(stage)
    except TimeoutError as problem:
        late = str(problem)
    found = stage.finish(seconds)
    found.wrong += [late] if late else []
    size, rows = stage.company.size, found.rows
    took = time.monotonic() - began
    say(
        f"| {fault.name} | {rows['submitted']} | {rows['failed']} | {rows['uncertain']} | {found.uncertain_gone} "
        f"| {found.lost} | {found.doubled} | {found.strangers} | {took:.0f} |"
    )
    found.wrong += too_many(rows, fault, size)
    for line in found.wrong[:10]:
        say(f"    {line}")
    return not found.good


def too_many(rows: Mapping[str, int], fault: Any, size: int) -> list[str]:
    """Return of what more is left over than the fault may leave. A refused address is skipped from the next mail on: both count as one."""
    wrong = []
    for states, allowed in ((("uncertain",), fault.uncertain), (("failed", "skipped"), fault.failed)):
        many, most = sum(rows[state] for state in states), allowed if allowed > 1 else allowed * size
        if many > most:
            wrong.append(f"{many} {' or '.join(states)}, where at most {most:.0f} may be")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
