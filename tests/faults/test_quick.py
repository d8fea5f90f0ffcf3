"""The quick set of faults, on the real process tree; `make faults` does them all."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.journeys.hub import ROOT

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(sys.platform != "linux", reason="stops processes and reads locks as Linux has them"),
]


def test_nothing_is_lost_or_doubled_whatever_befalls_it() -> None:
    command = [sys.executable, "-m", "tests.faults", "--quick"]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "| a little of each |" in ended.stdout
