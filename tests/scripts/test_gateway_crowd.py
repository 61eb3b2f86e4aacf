"""The gateway under connections that want to harm it: bounded, and the offices notice nothing."""

import asyncio
import resource
import socket
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from agent.gateway.envelope import pack
from agent.gateway.porch import Porch
from tests.servers.gateway import OFFICES, Running, message, post, running

MANY = 10_000
HELLOS = 600  # of them say hello, and nothing more
ALLOWED = 400  # a twentieth of what is usual: the test is not to take long
ELSEWHERE = "127.0.0.2"
MEBIBYTE = 1 << 20

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@contextmanager
def descriptors(wanted: int) -> Iterator[None]:
    """Room for so many connections in this process; what it starts inherits the hard bound only."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"this machine lets a process have {hard} descriptors, and {wanted} are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def hello() -> bytes:
    """What a TLS client says first."""
    said = ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), said, server_hostname="gateway")
    with suppress(ssl.SSLWantReadError):
        client.do_handshake()
    return said.read()


def connected(port: int) -> socket.socket:
    """From another address than the offices; maybe on the way still."""
    made = socket.socket()
    made.setblocking(False)
    made.bind((ELSEWHERE, 0))
    made.connect_ex(("127.0.0.1", port))
    return made


@asynccontextmanager
async def streams(gateway: Running, office: str, many: int) -> AsyncIterator[list[Streams]]:
    """Connections with a certificate, whose handshake is done on our side."""
    context, opened = gateway.authority.trusted_by(gateway.papers[office]), list[Streams]()
    try:
        for _ in range(many):
            with suppress(OSError):
                opened.append(await asyncio.open_connection("127.0.0.1", gateway.port, ssl=context))
        yield opened
    finally:
        for _, writer in opened:
            writer.transport.abort()


async def dropped(gateway: Running, least: int, *reasons: str) -> None:
    """Wait until so many connections have been ended for one of these reasons."""
    names = [f'gateway_connections_dropped_total{{reason="{reason}"}}' for reason in reasons]
    async with asyncio.timeout(50):
        while True:
            page = await gateway.page()
            if sum(page[name] for name in names) >= least:
                return
            await asyncio.sleep(0.1)


async def takes(gateway: Running, office: str) -> None:
    """On a new connection."""
    body = pack(message(time.time(), office))
    assert (await gateway.send(body, paper=gateway.papers[office]))[0] == 204


async def test_ten_thousand_connections_that_say_nothing_harm_nobody(tmp_path: Path) -> None:
    """No certificate was asked for yet: the oldest of the address with most of them goes, offices come in."""
    with descriptors(MANY + 500), ExitStack() as opened:
        async with running(tmp_path, ALLOWED) as gateway, gateway.office() as before:
            assert (await post(before, gateway.url, pack(message(time.time())))).status == 204
            process = psutil.Process(gateway.process.pid)
            memory, greeting = process.memory_info().rss, hello()
            for number in range(MANY):
                one = opened.enter_context(connected(gateway.port))
                if number % 500 == 499:
                    await asyncio.sleep(0)
                if number >= MANY - HELLOS:
                    await asyncio.get_running_loop().sock_sendall(one, greeting)
            await dropped(gateway, MANY - 2000, "crowded", "handshake")
            assert (await post(before, gateway.url, pack(message(time.time())))).status == 204
            await takes(gateway, OFFICES[1])
            assert process.memory_info().rss - memory < 64 * MEBIBYTE
            assert process.num_fds() < ALLOWED + 100


async def test_one_office_with_many_connections_keeps_nobody_out(tmp_path: Path) -> None:
    async with running(tmp_path) as gateway, streams(gateway, OFFICES[0], 60):
        await dropped(gateway, 52, "repeated")
        assert (await gateway.page())["gateway_connections"] <= 9
        await takes(gateway, OFFICES[1])
        await takes(gateway, OFFICES[0])  # its newest is likeliest to be the one that it uses


async def test_who_says_nothing_is_shown_out() -> None:
    ended = list[str]()
    porch = Porch(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), lambda: False, ended.append, 10, patience=0.05)
    port = porch.listen("127.0.0.1", 0)
    admitting = asyncio.create_task(porch.admit(asyncio.Protocol))
    with connected(port) as silent:
        async with asyncio.timeout(30):
            while not ended:
                await asyncio.sleep(0.01)
        assert await asyncio.get_running_loop().sock_recv(silent, 1) == b""
    assert ended == ["handshake"]
    admitting.cancel()
    await asyncio.wait([admitting])


async def test_who_asks_drop_by_drop_is_shown_out(tmp_path: Path) -> None:
    async with running(tmp_path) as gateway, streams(gateway, OFFICES[0], 1) as ((reader, writer),):
        writer.write(b"POST /api/v1/write HTTP/1.1\r\nHost: drip\r\n")
        await dropped(gateway, 1, "slow")
        assert await reader.read() == b""
        await takes(gateway, OFFICES[0])
