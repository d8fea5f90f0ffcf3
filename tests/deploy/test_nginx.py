"""The product behind a real nginx with the configuration we hand out."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hub import env

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not NGINX, reason="no nginx; `bin/services nginx` says why"),
]


def certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    (folder / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def proxy(live_server: Any, tmp_path: Path) -> Iterator[int]:
    """Start nginx in front of the product; return the port of its TLS."""
    certificate(tmp_path)
    port = free()
    ours = (env.ROOT / "deploy/proxy/nginx.conf").read_text()
    for theirs, mine in (
        ("/etc/ssl/mantel", str(tmp_path)),
        ("127.0.0.1:8000", f"127.0.0.1:{live_server.thread.port}"),
        ("listen 80;", f"listen 127.0.0.1:{free()};"),
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("mantel.example.com", "localhost"),
    ):
        assert theirs in ours
        ours = ours.replace(theirs, mine)
    folders = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    head = f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}}"
    (tmp_path / "nginx.conf").write_text(f"{head} http {{ access_log off; {folders} {ours} }}")
    process = subprocess.Popen([str(NGINX), "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "log")])
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.02)
    yield port
    process.terminate()
    process.wait()


@contextmanager
def connected(port: int) -> Iterator[HTTPSConnection]:
    connection = HTTPSConnection("127.0.0.1", port, context=ssl._create_unverified_context())
    with closing(connection):
        yield connection


def status(port: int, path: str, **headers: str) -> int:
    with connected(port) as connection:
        connection.request("GET", path, headers={"Host": "localhost"} | headers)
        return connection.getresponse().status


def test_pages_come_through_and_probes_do_not(proxy: int) -> None:
    assert status(proxy, "/accounts/login/") == 200
    assert status(proxy, "/api/v1/me") == 401
    assert status(proxy, "/live") == 404
    assert status(proxy, "/ready") == 404


def test_the_api_is_compressed_and_pages_are_not(proxy: int) -> None:
    for path, wanted in (("/api/v1/hub", "gzip"), ("/accounts/login/", None)):
        with connected(proxy) as connection:
            connection.request("GET", path, headers={"Host": "localhost", "Accept-Encoding": "gzip"})

            assert connection.getresponse().headers["Content-Encoding"] == wanted, path


def test_http_2_is_spoken(proxy: int) -> None:
    context = ssl._create_unverified_context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with socket.create_connection(("127.0.0.1", proxy)) as plain, context.wrap_socket(plain) as spoken:
        assert spoken.selected_alpn_protocol() == "h2"


def test_an_address_that_a_visitor_claims_is_not_believed(proxy: int, settings: Any) -> None:
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    limit = int(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["anon"].partition("/")[0])
    said = [status(proxy, "/api/v1/hub", **{"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(limit + 1)]

    assert said[0] == 200
    assert said[-1] == 429


def test_a_body_that_is_too_large_is_refused_at_the_door(proxy: int) -> None:
    with connected(proxy) as connection:
        connection.putrequest("POST", "/api/v1/images")
        connection.putheader("Content-Length", str(13 * 1024 * 1024))
        connection.endheaders()

        assert connection.getresponse().status == 413
