"""Connections to the server that is measured, as a proxy keeps them."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque

MOST = 400


class Connections:
    """Kept-open connections to the server, as a proxy has them: the one that is free first takes the next request."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = deque()
        self._room = asyncio.Semaphore(MOST)

    async def ask(self, head: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
        """Send a request and read its answer: status, headers in small letters, body."""
        async with self._room:
            while self._free:
                with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                    return await self._over(*self._free.pop(), head, body)
                # It had been closed meanwhile: as a browser and a proxy do, ask again over another.
            return await self._over(*await asyncio.open_connection("127.0.0.1", self._port), head, body)

    async def _over(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str, body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        try:
            writer.write(f"{head}Host: localhost\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            answer = await _answer(reader)
        except BaseException:
            writer.close()
            raise
        self._free.append((reader, writer))
        return answer

    def close(self) -> None:
        """Close them."""
        for _reader, writer in self._free:
            writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in head[1:] if line)
    }
    body = b""
    if headers.get("transfer-encoding") == "chunked":
        while size := int((await reader.readline()).strip() or b"0", 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
    elif length := int(headers.get("content-length", 0)):
        body = await reader.readexactly(length)
    return int(head[0].split()[1]), headers, body
