"""Say where a mail's CPU goes: `python -m bench.mailparts [--mails 1000] [--rounds 5]`.

Each part of what a tick does to nudges is done by itself, as the tick does it, 500 at a time: microseconds of this process a mail, the
median and the least of all rounds, and shares of the tick that does them all. On SQLite in a folder of its own, or on the empty
database that HUB_DATABASE_URL names.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from bench import mail

BATCH = 500
Parts = dict[str, list[float]]


def _timed(found: Parts, part: str, many: int, do: Callable[[], Any]) -> Any:
    began = time.process_time()
    done = do()
    found.setdefault(part, []).append((time.process_time() - began) / many * 1e6)
    return done


def _parts(found: Parts) -> None:
    """Do what is due part by part, and write down that it was taken, though it was not."""
    from django.utils import timezone

    from announcements.delivery import _claims, _sending, models
    from announcements.delivery.channels import mail as letters

    now, press = timezone.now(), letters.Press()
    due = models.Nudge.objects.filter(state="queued", due_at__lte=now).order_by("due_at", "id")
    while ids := _timed(found, "find what is due", BATCH, lambda: list(due.values_list("pk", flat=True)[:BATCH])):
        rows = _timed(found, "claim it", len(ids), partial(_claims.claim, models.Nudge, ids, now))
        makes = _timed(found, "look at it again", len(rows), partial(_sending._look, rows, now, press))
        next(iter(makes.values()))()  # the stencil is cut once for thousands
        written = _timed(found, "fill it in", len(rows), partial(_made, makes))
        _timed(found, "give it its key", len(rows), partial(_marked, written))
        half = len(rows) // 2
        _timed(found, "write it down, one at once", half, partial(_write_down, rows[:half], 1))
        _timed(found, "write it down, ten at once", len(rows) - half, partial(_write_down, rows[half:], 10))


def _made(makes: dict[int, Callable[[], Any]]) -> dict[int, Any]:
    return {id: make() for id, make in makes.items()}


def _marked(written: dict[int, Any]) -> None:
    from announcements.delivery.channels import returns

    mark = returns.marker()
    for id, made in written.items():
        mark(made, "nudge", id)


def _write_down(rows: Sequence[Any], together: int) -> None:
    from django.utils import timezone

    from announcements.delivery import _claims

    taken = dict[Any, str]()
    for n in range(0, len(rows), together):
        begin = rows[n : n + together]
        _claims.step(taken, begin, timezone.now())
        taken = dict.fromkeys(begin, "250 kept")
    _claims.step(taken, [], timezone.now())


def measure(port: int, options: argparse.Namespace) -> None:
    owner, _ids = mail.found(options.mails)
    mail.publish(owner, ask=True)
    data = mail.letter()
    mail.tick()
    found = Parts()
    for _round in range(options.rounds):
        mail.publish(owner, ask=True)
        _parts(found)
        _timed(found, "hand it over", options.mails, lambda: mail.conversation(data, options.mails))
        for many, named in ((1, "the tick, one at once"), (10, "the tick, ten at once")):
            mail.publish(owner, ask=True)
            _timed(found, named, options.mails, mail.at_once(many))
    whole = statistics.median(found["the tick, ten at once"])
    print(
        f"{options.mails} mails, {options.rounds} rounds\n\n| | CPU µs a mail | least | of the tick |\n|---|---|---|---|"
    )
    for part, took in found.items():
        print(f"| {part} | {statistics.median(took):.0f} | {min(took):.0f} | {statistics.median(took) / whole:.2f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with mail.hub(0) as port:
        measure(port, options)


if __name__ == "__main__":
    main()
