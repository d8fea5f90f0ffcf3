"""What measures must go on measuring: each command of bench/ that needs no more than a minute with little to do ends well."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# Each begins with an empty database: where the tests run on PostgreSQL, with a PostgreSQL of its own.
ALONE = ["bin/with-postgres"] if "HUB_DATABASE_URL" in os.environ else []

pytestmark = pytest.mark.services


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("feed --people 20 --items 2 --seconds 0.2 --rounds 1", "304 / hello"),
        ("load --people 20 --items 2 --rate 20 --seconds 2 --burst 30 --burst-seconds 1", "burst"),
        ("mail --mails 5 --rounds 1", "nudges, ten at once"),
        ("mailparts --mails 20 --rounds 1", "look at it again"),
        ("fanout --people 50 --rounds 1", "bare"),
        ("receipts --people 20 --items 16 --single 20 --rate 10 --seconds 2", "bare upsert"),
    ],
)
def test_it_measures(command: str, said: str) -> None:
    measure = [*ALONE, sys.executable, "-m", *f"bench.{command}".split()]
    around = {name: value for name, value in os.environ.items() if name != "HUB_DATABASE_URL"}

    run = subprocess.run(measure, env=around, capture_output=True, text=True, timeout=120, check=False)

    assert run.returncode == 0, run.stderr[-2000:]
    assert said in run.stdout
    assert "Traceback" not in run.stderr
