"""The quick set of what befalls hosts; `make hosts` does it all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.hub import ROOT


def _possible() -> bool:
    """Tell whether hosts of their own can be made here."""
    if sys.platform != "linux" or os.getuid() != 0 or not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return False
    tried = ["unshare", "--net", "--mount", "sh", "-c", "ip link add hosts type bridge && mount -t tmpfs none /mnt"]
    try:
        return subprocess.run(tried, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not _possible(), reason="needs root on Linux, network namespaces and PostgreSQL's programs"),
]


@pytest.mark.timeout(600)
def test_nothing_is_lost_when_a_host_is_cut_off_or_lost() -> None:
    command = [sys.executable, "-m", "tests.hosts", "--quick"]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=580)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "| a web host is lost |" in ended.stdout
