"""The phases that the http adapter measures are those that curl measures on the same servers."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles

import pytest

from agent.io.http import HttpAdapter
from collectors.core.ports import HttpRequest
from tests.fakes.http import Page
from tests.servers.certificates import Certificates
from tests.servers.pages import behaviour
from tests.servers.tcp import Behaviour, listening
from tests.tools import tool

RUNS = 100  # on each side
RANKS = (50, 50, 25, 10)  # percentiles, a round each: a busy machine stretches what is computed, the slower runs most
SECONDS, SHARE = 0.002, 0.05  # by which they may differ, whichever is more
DELAYS = {"tls": 0.02, "processing": 0.03, "transfer": 0.04}
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


async def measured(http: HttpAdapter, url: str, ca_file: str, rank: int) -> tuple[dict[str, float], dict[str, float]]:
    """Seconds per phase, ours and curl's. They take turns, so that what disturbs one disturbs the other, too."""
    ours: list[Mapping[str, float]] = []
    theirs: list[Mapping[str, float]] = []
    for _ in range(RUNS):
        exchange = await http.exchange(HttpRequest(url, ca_file=ca_file), 20)
        assert exchange.failure is None
        ours.append(exchange.phases)
        theirs.append(await by_curl(url, ca_file))
    return _percentiles(ours, rank), _percentiles(theirs, rank)


def _percentiles(runs: Sequence[Mapping[str, float]], rank: int) -> dict[str, float]:
    phases = {phase: [run[phase] for run in runs] for phase in runs[0]}
    phases["total"] = [sum(run.values()) for run in runs]
    return {phase: quantiles(times, n=100)[rank - 1] for phase, times in phases.items()}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_the_phases_of_two_hundred_probes_agree_with_curl(scheme: str, tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    http = HttpAdapter("communewatch/test")
    apart: dict[str, tuple[float, float]] = {}
    async with server(scheme, certificates) as url:
        for rank in RANKS:
            ours, theirs = await measured(http, url, certificates.ca_file, rank)
            apart = {phase: (mine, theirs[phase]) for phase, mine in ours.items() if _differ(mine, theirs[phase])}
            if not apart:
                break
    assert not apart


def _differ(ours: float, theirs: float) -> bool:
    return abs(ours - theirs) > max(SECONDS, SHARE * theirs)
