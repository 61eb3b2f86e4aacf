"""A TCP server that does with every connection what a coroutine says."""

import asyncio
import socket
import ssl
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from queue import Queue

Behaviour = Callable[[StreamReader, StreamWriter], Awaitable[None]]
_RESET = struct.pack("ii", 1, 0)


@asynccontextmanager
async def listening(
    behave: Behaviour, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[int]:
    """The port. At the end of the block every connection is gone, also one that would have stalled for ever."""
    running: set[asyncio.Task[None]] = set()
    over = False

    async def handle(reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        running.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
                if not over:  # a connection may be accepted just when the block ends
                    await behave(reader, writer)
                    await writer.drain()
        finally:
            writer.close()
            with suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()
            running.discard(task)

    server = await asyncio.start_server(handle, host, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        over = True
        server.close()
        for task in tuple(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await server.wait_closed()


@contextmanager
def elsewhere(behave: Behaviour) -> Iterator[int]:
    """The same on an event loop of its own, in another thread."""
    ready: Queue[int] = Queue()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with listening(behave) as port:
            ready.put(port)
            await stop.wait()

    with closing(loop), ThreadPoolExecutor(1) as thread:
        done = thread.submit(loop.run_until_complete, serve())
        yield ready.get()
        loop.call_soon_threadsafe(stop.set)
        done.result()


async def request(reader: StreamReader) -> bytes:
    """The head of an HTTP request."""
    return await reader.readuntil(b"\r\n\r\n")


async def silence() -> None:
    """Nothing, for longer than any test waits."""
    await asyncio.sleep(3600)


def reset(writer: StreamWriter) -> None:
    """End the connection with a RST instead of a FIN."""
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


def closed_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
