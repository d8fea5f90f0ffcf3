"""An import whose worker is killed in the middle of writing: what is said meanwhile, and what another worker makes of it."""

from __future__ import annotations

import csv
import fcntl
import io
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import needs_chromium
from tests.journeys.hub import Hub
from tests.journeys.people import Somebody, signed_up, until
from tests.journeys.sink import Sink

pytestmark = [
    pytest.mark.services,
    pytest.mark.browser,
    needs_chromium,
]
ROWS, BATCH = 4000, 1000
LIST = "name,email,team\n" + "".join(f"Person {n},p{n}@northwind.test,Team {n % 8}\n" for n in range(ROWS))


@pytest.fixture
def ines(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Somebody]:
    """Return the owner of a company, on a hub that looks for lost work every second."""
    data = tmp_path_factory.mktemp("import") / "data"
    with Sink() as sink, Hub(data, HUB_SMTP_URL=sink.url, HUB_SWEEP_SECONDS="1", HUB_OPEN="1") as hub:
        zone, company = "Europe/Amsterdam", "Northwind Freight"
        with signed_up(chromium, hub, sink, "Ines Carvalho", "ines@northwind.test", zone, company) as owner:
            yield owner


def upload_and_check(ines: Somebody) -> str:
    """Bring a list as far as it goes without changing anybody; return its address."""
    file = {"name": "november.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    address = f"{ines.hub.url}/api/v1/imports"
    sent = ines.page.request.post(address, multipart={"file": file}, headers=ines._csrf()).json()
    at = f"imports/{sent['id']}"
    columns = until(lambda: (found := ines.get(at))["stage"] == "matching" and found["columns"], what="reading")
    ines.patch(at, {"columns": columns})
    until(lambda: ines.get(at)["stage"] == "checked", what="checking")
    ines.post(f"{at}/decisions", {"problem": "group", "do": "use"})
    until(lambda: ines.get(at)["stage"] == "checked", what="checking again")
    return at


def kill_while_it_writes(hub: Hub) -> None:
    """Stop the worker again and again until it holds the lock of the database, that is inside a transaction; kill it there."""
    worker = hub.parts["worker"]
    end = time.monotonic() + 20
    while time.monotonic() < end:
        os.kill(worker, signal.SIGSTOP)
        time.sleep(0.1)  # whoever else was writing has ended by now
        if _somebody_writes(hub):
            os.kill(worker, signal.SIGKILL)
            return
        os.kill(worker, signal.SIGCONT)
        time.sleep(0.03)
    raise AssertionError("the worker never wrote")


def _somebody_writes(hub: Hub) -> bool:
    with (hub.data / "hub.sqlite3.lock").open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def everybody(ines: Somebody) -> list[dict[str, str]]:
    found = ines.page.request.get(f"{ines.hub.url}/api/v1/people/export").body().decode("utf-8-sig")
    return [row for row in csv.DictReader(io.StringIO(found)) if row["Name"] != "Ines Carvalho"]


def test_another_worker_finishes_it_and_nothing_is_lost_or_doubled(ines: Somebody) -> None:
    at = upload_and_check(ines)
    assert everybody(ines) == []
    ines.post(f"{at}/start", {})
    until(lambda: ines.get(at)["done"] > 0, what="the first batch")

    kill_while_it_writes(ines.hub)

    between = ines.get(at)
    assert (between["stage"], between["total"], between["fault"]) == ("importing", ROWS, "")
    assert between["done"] in range(BATCH, ROWS, BATCH)
    assert len(everybody(ines)) == between["done"]  # of the batch that died there is nothing
    ines.goes(f"/people/import/{between['id']}")
    expect(ines.page.get_by_text(f"{between['done']} of {ROWS} rows")).to_be_visible()
    expect(ines.page.get_by_text("This goes on by itself")).to_be_visible()

    after = until(lambda: (found := ines.get(at))["stage"] == "imported" and found, seconds=60, what="the rest")
    assert (after["done"], after["total"], after["failed"]) == (ROWS, ROWS, 0)
    rows = everybody(ines)
    assert Counter(row["Email"] for row in rows) == Counter(f"p{n}@northwind.test" for n in range(ROWS))
    assert Counter(row["Groups"] for row in rows) == {f"Team {n}": ROWS // 8 for n in range(8)}
    assert len(ines.get("audit?verb=import_finished")["results"]) == 1
    expect(ines.page.get_by_role("button", name="Undo the import")).to_be_visible()
