"""The phases that the http adapter measures are those that curl measures on the same servers."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent.io.http import HttpAdapter
from collectors.core.ports import HttpRequest
from tests.fakes.http import Page
from tests.servers.certificates import Certificates
from tests.servers.pages import behaviour
from tests.servers.tcp import Behaviour, listening
from tests.tools import tool

RUNS = 5
DELAYS = {"tls": 0.06, "processing": 0.1, "transfer": 0.14}
TIMES = ("namelookup", "connect", "appconnect", "starttransfer", "total")


def late(port: int) -> Behaviour:
    """Take the connection, and pass it on to a TLS server only after a while."""

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await asyncio.sleep(DELAYS["tls"])
        answers, requests = await asyncio.open_connection("127.0.0.1", port)
        try:
            await asyncio.gather(copy(reader, requests), copy(answers, writer))
        finally:
            requests.close()

    return behave


async def copy(reader: StreamReader, writer: StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.write_eof()


@asynccontextmanager
async def server(scheme: str, certificates: Certificates) -> AsyncIterator[str]:
    page = behaviour(Page(body=b"x" * 2000, seconds=DELAYS))
    if scheme == "http":
        async with listening(page) as port:
            yield f"http://127.0.0.1:{port}/"
    else:
        async with listening(page, certificates.good()) as behind, listening(late(behind)) as port:
            yield f"https://127.0.0.1:{port}/"


async def by_curl(url: str, ca_file: str) -> dict[str, float]:
    """Seconds per phase, from curl's times since the start."""
    wanted = " ".join(f"%{{time_{name}}}" for name in TIMES)
    curl = await asyncio.create_subprocess_exec(
        tool("curl"),
        "-sS",
        "--max-time",
        "20",
        "-o",
        "/dev/null",
        "--cacert",
        ca_file,
        "-w",
        wanted,
        url,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await curl.communicate()
    lookup, connect, secure, first, total = map(float, output.split())
    phases = {"resolve": lookup, "connect": connect - lookup, "tls": secure - connect}
    before = max(connect, secure)
    return phases | {"processing": first - before, "transfer": total - first}


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_each_phase_agrees_with_curl(scheme: str, tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    http = HttpAdapter("communewatch/test")
    ours: list[dict[str, float]] = []
    theirs: list[dict[str, float]] = []
    async with server(scheme, certificates) as url:
        for _ in range(RUNS):
            exchange = await http.exchange(HttpRequest(url, ca_file=certificates.ca_file), 20)
            assert exchange.failure is None
            ours.append(dict(exchange.phases))
            theirs.append(await by_curl(url, certificates.ca_file))
    for phase, delay in DELAYS.items():
        if phase == "tls" and scheme == "http":
            continue
        # The quickest of several runs is the one that a busy machine disturbed least.
        mine, curls = (min(run[phase] for run in runs) for runs in (ours, theirs))
        assert 0.9 * delay < mine < 1.5 * delay
        assert abs(mine - curls) < 0.2 * delay, (phase, mine, curls)
    total, by_curl_in_total = (min(sum(run.values()) for run in runs) for runs in (ours, theirs))
    assert abs(total - by_curl_in_total) < 0.2 * max(DELAYS.values())
