"""A mail server that takes everything and keeps nothing: `python -m bench.sink PORT [MILLISECONDS]`. It offers pipelining.

It may be so many milliseconds away, there and back: each answer comes that much later.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

ANSWERS = {
    b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}


async def talk(reader: asyncio.StreamReader, answer: Callable[[bytes], None]) -> None:
    answer(b"220 sink\r\n")
    while line := await reader.readline():
        verb = line[:4].upper()
        answer(ANSWERS.get(verb, b"250 ok\r\n"))
        if verb == b"DATA":
            await reader.readuntil(b"\r\n.\r\n")
            answer(b"250 kept\r\n")
        if verb == b"QUIT":
            break


async def main(port: int, away: float) -> None:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def answer(line: bytes) -> None:
            if away:
                asyncio.get_running_loop().call_later(away, writer.write, line)
            else:
                writer.write(line)

        try:
            await talk(reader, answer)
            await asyncio.sleep(away)
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", port, limit=2**22)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]) / 1000 if len(sys.argv) > 2 else 0))
