"""Pieces of a bulk flow that both of its ends are made of."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from typing import Any

LOOK = 0.02  # seconds between two looks at the kernel's counts
CHUNK = 262_144  # bytes read at once
WORTHWHILE = 65_536  # bytes; who gets fewer waits for more
GATHER = 0.005  # seconds; at 100 Mbit/s that is no more than the smallest receive window


async def first_of(*jobs: Coroutine[Any, Any, None]) -> None:
    """Run all of them until the first ends, or fails. The others are cancelled and waited for: a socket must not be
    closed while the event loop still watches it.
    """
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def looks() -> AsyncIterator[float]:
    """The time (of the event loop) about every 20 ms. After a delay it goes on from there and does not catch up."""
    loop = asyncio.get_running_loop()
    while True:
        yield loop.time()
        await asyncio.sleep(LOOK)


async def push(connection: socket.socket, stream: Iterable[bytes]) -> None:
    """Send what the stream yields, each piece when there is room for it."""
    loop = asyncio.get_running_loop()
    for piece in stream:
        await loop.sock_sendall(connection, piece)
        await asyncio.sleep(0)  # a fast link never makes sendall wait, and others want to run too


async def drain(connection: socket.socket, read: Callable[[memoryview], bool]) -> None:
    """Hand everything that arrives to `read`, until it says that it has enough or the peer closes.

    A packet is not worth waking up for: after a small catch it waits for more, which saves most of the work of a test.
    """
    loop, buffer = asyncio.get_running_loop(), memoryview(bytearray(CHUNK))
    while count := await loop.sock_recv_into(connection, buffer):
        if read(buffer[:count]):
            return
        await asyncio.sleep(0 if count >= WORTHWHILE else GATHER)
