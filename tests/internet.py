"""An internet of one's own: names that lead to public addresses, behind which real local servers answer.

What connects is real but for the last step: whoever asks for a public address gets the local server that stands for it.
Nothing else is reached, so that a test sees which address was connected to.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

PUBLIC = "93.184.215.14"
Answer = Callable[[BaseHTTPRequestHandler], None]
_connect, _resolve = socket.create_connection, socket.getaddrinfo


class Internet:
    """`names` are what names resolve to, one list for each time they are asked; `connected` is where was connected to."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.names: dict[str, list[list[str]]] = {"site.test": [[PUBLIC]]}
        self.connected: list[tuple[str, int]] = []
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.port = 0

    def resolve(self, host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host not in self.names:
            if any(c.isalpha() for c in str(host)) and ":" not in str(host) and not str(host).startswith("0x"):
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            return _resolve(host, port, *rest, **more)
        waiting = self.names[host]
        found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found
        ]

    def connect(self, place: tuple[str, int], timeout: float = 5, *rest: Any, **more: Any) -> socket.socket:
        self.connected.append(place)
        if place[0] != PUBLIC:
            raise ConnectionRefusedError(place)
        return _connect(("127.0.0.1", self.port), timeout)


@contextmanager
def internet(monkeypatch: pytest.MonkeyPatch) -> Iterator[Internet]:
    """Run a server behind PUBLIC, and lead whoever resolves or connects through this internet."""
    net = Internet()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            net.asked.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
            net.pages.get(self.path, says(404))(self)

        do_GET = do_HEAD = _any  # noqa: N815  the library's names

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # whoever hangs up on us may
    net.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    monkeypatch.setattr(socket, "getaddrinfo", net.resolve)
    monkeypatch.setattr(socket, "create_connection", net.connect)
    try:
        yield net
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def says(status: int, **headers: str) -> Answer:
    """Return what answers with a status."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def drips(seconds: float) -> Answer:
    """Return what sends its headers a byte at a time, for so long."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.02)

    return answer


def pours(handler: BaseHTTPRequestHandler) -> None:
    """Answer with a body that does not end, to HEAD too."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100_000):
        handler.wfile.write(b"x" * 65536)
