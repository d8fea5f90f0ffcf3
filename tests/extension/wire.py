"""A wire between a browser and a server that can be cut and mended: the same for pages, workers and every browser."""

from __future__ import annotations

import contextlib
import socket
import threading
import time


class Wire:
    """Listens on a port of this machine and passes everything on, as long as it is whole."""

    def __init__(self, host: str, port: int) -> None:
        self._there = (host, port)
        self._ends: list[socket.socket] = []
        self._far = set[socket.socket]()
        self._whole = True
        self.cut_at = b""  # it is cut when this is asked
        self.delay = 0.0  # seconds that each piece takes
        self.answers = True  # without them what is asked arrives, and what is answered does not
        self._here = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._here.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """End every connection, and refuse new ones."""
        self._whole = False
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._ends.clear()

    def mend(self) -> None:
        """Let connections through again, and answers too."""
        self._whole = self.answers = True

    def close(self) -> None:
        """End it."""
        self.cut()
        self._here.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = self._here.accept()
                if not self._whole:
                    near.close()
                    continue
                far = socket.create_connection(self._there)
                self._ends += [near, far]
                self._far.add(far)
                threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        with near, far:
            back = threading.Thread(target=self._pass, args=(far, near), daemon=True)
            back.start()
            self._pass(near, far)
            back.join()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while content := source.recv(65536):
                time.sleep(self.delay)
                if self.cut_at and self.cut_at in content:
                    self.cut()
                if source in self._far and not self.answers:
                    break
                target.sendall(content)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
