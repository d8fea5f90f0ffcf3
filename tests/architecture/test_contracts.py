"""Each wall of the house is broken once on a copy, to see that the machine notices."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

VIOLATIONS = [
    ("Nothing imports upwards", "people/services.py", "from announcements.publishing import services as upwards"),
    ("Nothing imports upwards", "kernel/text.py", "from announcements.people import services as upwards"),
    ("Nothing imports upwards", "surprise/__init__.py", "import json"),
    ("People is entered", "delivery/services.py", "from announcements.people import models as foreign"),
    ("Nothing imports upwards", "people/services.py", "from announcements.joining import services as upwards"),
    ("Joining is entered", "api/urls.py", "from announcements.joining import models as foreign"),
    ("Roster is entered", "api/urls.py", "from announcements.roster import models as foreign"),
    ("Media is entered", "api/urls.py", "from announcements.media import models as foreign"),
    ("Porting is entered", "api/urls.py", "from announcements.porting import models as foreign"),
    ("Publishing is entered", "delivery/services.py", "from announcements.publishing import models as foreign"),
    ("Delivery is entered", "analytics/services.py", "from announcements.delivery import models as foreign"),
    ("Delivery is entered", "api/urls.py", "from announcements.delivery.channels import mail as foreign"),
    ("Analytics is entered", "api/urls.py", "from announcements.analytics import apps as foreign"),
    ("Audit is entered", "api/urls.py", "from announcements.audit import models as foreign"),
    ("The API is used by HTTP", "web/urls.py", "from announcements.api import auth as private"),
    ("Our own pages know no capability", "web/urls.py", "from announcements.people import services as shortcut"),
    ("Capabilities do not know HTTP", "publishing/services.py", "import rest_framework"),
    ("Only tasks know the queue", "delivery/services.py", "import celery"),
    ("Only tasks know the queue", "people/services.py", "import celery"),
    ("The product does not know its composition root", "delivery/services.py", "import hub.settings"),
    ("Edges call services", "delivery/models.py", "from announcements.delivery import services as upwards"),
    ("Edges call services", "publishing/events.py", "from announcements.publishing import models as sideways"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    for name in ("announcements", "hub"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_house_as_it_stands_keeps_every_contract(house: Path) -> None:
    result = lint(house)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("contract", "file", "line"), VIOLATIONS)
def test_breaking_a_wall_is_noticed(house: Path, contract: str, file: str, line: str) -> None:
    target = house / "announcements" / file
    before = target.read_text() if target.exists() else None
    target.parent.mkdir(exist_ok=True)
    target.write_text(f"{before or ''}\n{line}\n")
    try:
        result = lint(house)
    finally:
        if before is None:
            shutil.rmtree(target.parent)
        else:
            target.write_text(before)

    _kept, _heading, broken = result.stdout.partition("Broken contracts")
    assert contract in broken, result.stdout
