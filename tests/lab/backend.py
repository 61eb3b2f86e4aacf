"""The part of a service host that nginx cannot play: make a request wait before it is answered.

usage: python -m tests.lab.backend SOCKET

Listens on a Unix socket; `GET /wait/8` is answered with the status 204 after eight seconds. nginx asks it before it
serves a page, so that a slow host sends the right page late, and a frozen one takes a request and stays silent.
"""

import asyncio
import re
import sys
from contextlib import suppress

REQUEST = re.compile(rb"GET /wait/(\d+) ")


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request, one connection; ends early when nginx gives up."""
    with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        wait = REQUEST.match(await reader.readuntil(b"\r\n\r\n"))
        with suppress(TimeoutError):
            await asyncio.wait_for(reader.read(), int(wait[1]) if wait else 0)
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        await writer.drain()
    writer.close()


async def serve(path: str) -> None:
    """Until it is killed."""
    server = await asyncio.start_unix_server(answer, path)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
