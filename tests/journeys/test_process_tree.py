"""`python -m hub`: one tree of processes, from the first start to the last signal."""

from __future__ import annotations

import os
import signal
import smtplib
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.hub import Hub, free_port, processes

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to see which processes are left"),
]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with Hub(tmp_path_factory.mktemp("hub") / "data") as running:
        yield running


@pytest.fixture
def own_hub(tmp_path: Path, hub: Hub) -> Iterator[Hub]:
    """Return one that a test may end; static files are built once for all."""
    with Hub(tmp_path / "data", HUB_STATIC=str(hub.data / "static")) as running:
        yield running


def page(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as response:
        return str(response.read().decode())


def serving(hub: Hub) -> bool:
    """Tell whether the web server has begun a process that answers, which loads the product first."""
    web = hub.parts.get("web")
    return web in {parent for parent, _command in processes().values()}


def gone(hub: Hub) -> bool:
    """Tell whether nothing of it is left, after a moment."""
    end = time.monotonic() + 20
    while hub.left_behind() and time.monotonic() < end:
        time.sleep(0.1)
    return not hub.left_behind()


def test_it_starts_all_parts_and_prints_one_address(hub: Hub) -> None:
    assert set(hub.parts) == {"broker", "mail", "worker", "beat", "web"}
    assert f"Mantel is ready: {hub.url}" in hub.output
    assert "</html>" in page(f"{hub.url}/mail/")


def test_what_nobody_waits_for_gives_way_to_what_somebody_does(hub: Hub) -> None:
    own = {name: os.getpriority(os.PRIO_PROCESS, pid) for name, pid in hub.parts.items()}

    assert own["worker"] > own["web"] == own["broker"] == os.getpriority(os.PRIO_PROCESS, 0)


def test_ctrl_c_stops_everything_in_order(own_hub: Hub) -> None:
    assert own_hub.end(signal.SIGINT) == 0

    stopped = [line.rpartition("stopping ")[2] for line in own_hub.lines if "stopping " in line]
    assert stopped == ["beat", "worker", "web", "mail", "broker"]
    assert gone(own_hub)


def test_killing_the_runner_leaves_no_orphans(own_hub: Hub) -> None:
    own_hub.end(signal.SIGKILL)

    assert gone(own_hub), own_hub.left_behind()


def test_killing_the_runner_while_the_web_server_loads_leaves_no_orphans(tmp_path: Path, hub: Hub) -> None:
    starting = Hub(tmp_path / "data", HUB_STATIC=str(hub.data / "static"))
    end = time.monotonic() + 60
    while not serving(starting) and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.3)

    starting.end(signal.SIGKILL)

    assert gone(starting), starting.left_behind()


def test_a_part_that_was_killed_is_started_again(hub: Hub) -> None:
    before = hub.parts["web"]

    os.kill(before, signal.SIGKILL)

    hub.says("web ended (killed by signal 9); starting it again in 1 s")
    end = time.monotonic() + 20
    while hub.parts.get("web") in {None, before} and time.monotonic() < end:
        time.sleep(0.1)
    for _ in range(100):
        try:
            assert "</html>" in page(f"{hub.url}/mail/")
            break
        except OSError:
            time.sleep(0.2)
    else:
        pytest.fail(f"the web server did not come back:\n{hub.output}")


def test_caught_mail_is_shown_on_its_page(hub: Hub) -> None:
    smtp = next(
        word.partition("=")[2]
        for word in Path(f"/proc/{hub.parts['worker']}/environ").read_text().split("\0")
        if word.startswith("HUB_SMTP_URL=")
    )
    with smtplib.SMTP("127.0.0.1", int(smtp.rpartition(":")[2])) as server:
        server.sendmail("a@example.com", ["joao@example.com"], "To: joao@example.com\r\nSubject: Dock <4>\r\n\r\nHello")

    assert "Dock &lt;4&gt;" in page(f"{hub.url}/mail?to=joao")
    assert "Dock" not in page(f"{hub.url}/mail?to=maya")


def test_two_hubs_cannot_share_a_data_folder(hub: Hub) -> None:
    second = Hub(hub.data)

    assert second.wait() == 1
    assert second.lines == [
        f"mantel: Mantel is running on {hub.data} already. Stop it, or set HUB_DATA to another folder."
    ]


def test_a_busy_port_is_named_with_what_to_do(tmp_path: Path) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        hub = Hub(tmp_path / "data", HUB_PORT=str(port))
        assert hub.wait() == 1

    assert hub.lines == [f"mantel: port {port} is taken. Choose another: HUB_PORT={port + 1} make run"]


def test_a_data_folder_that_cannot_be_written_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    hub = Hub(tmp_path / "file" / "data")

    assert hub.wait() == 1
    assert hub.lines == [
        f"mantel: {tmp_path / 'file' / 'data'} cannot be written (Not a directory). Set HUB_DATA to a folder that can."
    ]


def test_a_setting_that_makes_no_sense_is_named_in_one_line(tmp_path: Path) -> None:
    hub = Hub(tmp_path / "data", HUB_TICK_SECONDS="often")

    assert hub.wait() == 1
    assert hub.lines == ["mantel: HUB_TICK_SECONDS must be a number, not 'often'."]


def test_a_broker_that_does_not_run_here_is_named_with_what_to_do(tmp_path: Path) -> None:
    hub = Hub(tmp_path / "data", HUB_VALKEY_BIN="/bin/false")

    assert hub.wait() == 1
    assert hub.lines == ["mantel: /bin/false does not run on this system. Install redis-server, or set HUB_REDIS_URL."]


def test_a_database_that_cannot_be_reached_ends_the_start_with_its_name(tmp_path: Path) -> None:
    hub = Hub(tmp_path / "data", HUB_DATABASE_URL=f"postgresql://nobody@127.0.0.1:{free_port()}/hub")

    assert hub.wait() == 1
    assert "the database cannot be used" in hub.output
    assert "Traceback" not in hub.output
    assert gone(hub)
