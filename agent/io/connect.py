"""TCP connections: the addresses of a name are raced with a head start each, as a browser would (RFC 8305, light)."""

import asyncio
import errno
import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from functools import reduce

from agent.io.address import IP, SocketAddress, family_of, socket_address
from collectors.core import ProbeError, Reason
from collectors.messages.said import Said

_HEAD_START = 0.25  # seconds until the next address is tried beside the ones still trying
_OWN_FAULT = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EPERM, errno.EACCES)
_KNOWN = {
    errno.ECONNREFUSED: "connection.refused",
    errno.EHOSTUNREACH: "connection.no_route",
    errno.ENETUNREACH: "connection.no_network",
}


async def open_tcp(addresses: Sequence[IP], port: int) -> tuple[socket.socket, IP]:
    """The first connection that stands, with its address. Raises ProbeError when every address failed.

    Takes no timeout: the caller bounds it, and knows why nothing answered in time.
    """
    if len(addresses) == 1:
        return await _connect(addresses[0], port), addresses[0]
    return await _race(addresses, port)


async def _race(addresses: Sequence[IP], port: int) -> tuple[socket.socket, IP]:
    waiting = list(reversed(addresses))
    running: dict[asyncio.Task[socket.socket], IP] = {}
    failed: list[ProbeError] = []
    try:
        while waiting or running:
            if waiting:
                ip = waiting.pop()
                running[asyncio.create_task(_connect(ip, port))] = ip
            done, _ = await asyncio.wait(
                running, timeout=_HEAD_START if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                ip = running.pop(task)
                problem = task.exception()
                if problem is None:
                    return task.result(), ip
                if not isinstance(problem, ProbeError):
                    raise problem
                failed.append(problem)
    finally:
        await _drop(running)
    raise _summary(failed)


async def _drop(running: dict[asyncio.Task[socket.socket], IP]) -> None:
    for task in running:
        task.cancel()
    for late in await asyncio.gather(*running, return_exceptions=True):
        if isinstance(late, socket.socket):
            late.close()


async def _connect(ip: IP, port: int) -> socket.socket:
    connection: socket.socket | None = None
    try:
        connection = socket.socket(family_of(ip), socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        await _reach(connection, socket_address(ip, port))
    except OSError as error:
        if connection:
            connection.close()
        raise explain(error, f"{ip} port {port}") from None
    except BaseException:
        if connection:
            connection.close()
        raise
    return connection


async def _reach(connection: socket.socket, address: SocketAddress) -> None:
    """As sock_connect of the loop, in a third of its time. Raises OSError."""
    with suppress(BlockingIOError, InterruptedError):
        connection.connect(address)
        return
    loop, number = asyncio.get_running_loop(), connection.fileno()
    done: asyncio.Future[None] = loop.create_future()
    loop.add_writer(number, _settle, done)
    try:
        await done
    finally:
        loop.remove_writer(number)
    if error := connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(error, os.strerror(error))


def _settle(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_result(None)


def explain(error: OSError, where: str) -> ProbeError:
    """What a socket call's error means for a probe."""
    known = _KNOWN.get(error.errno or 0)
    why = (os.strerror(error.errno) if error.errno else str(error)).lower()
    message = Said(known, where=where) if known else f"{where}: {why}"
    if isinstance(error, ConnectionRefusedError | ConnectionResetError | BrokenPipeError):
        return ProbeError(Reason.REFUSED, message)
    if error.errno in _OWN_FAULT:
        return ProbeError(Reason.PERMISSION, f"{message} (on this machine)")
    return ProbeError(Reason.UNREACHABLE, message)


def _summary(failed: Sequence[ProbeError]) -> ProbeError:
    """A refusal says more than silence: somebody is there."""
    refused = any(problem.reason is Reason.REFUSED for problem in failed)
    reason = Reason.REFUSED if refused else failed[0].reason
    messages = (problem.message for problem in failed)
    return ProbeError(reason, reduce(lambda one, other: Said("both", one=one, other=other), messages))
