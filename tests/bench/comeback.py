"""The gateway before a real store: a minute of the whole country, and all of it coming back at once after an hour.

The worst that can happen: the gateway is killed, an hour piles up in every office, and all notice in the same moment
that it is there again (after most outages chance spreads them over five minutes).
"""

import asyncio
import http.client
import os
import resource
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from threading import Event

import aiohttp

from agent.gateway.porch import spare_memory
from tests.bench.country import MINUTE, OFFICES, PIECE, SCRAPE, Office, ended, offices
from tests.bench.stand import free_ports, is_open
from tests.bench.usage import Usage, usage
from tests.lab.process import CHECKOUT
from tests.servers.stores import Store, prometheus, store, victoria_metrics

STORES = {"VictoriaMetrics 1.79": victoria_metrics, "Prometheus 2.42": prometheus}
HOUR = 6  # pieces of ten minutes
PATIENCE = 3600.0  # seconds
CONFIG = """\
version: 1
listen: 127.0.0.1:{port}
metrics: 127.0.0.1:{metrics}
tls: {{certificate: {ca}/server.crt, key: {ca}/server.key, authority: {ca}/authority.pem}}
identities: {folder}/identities.yml
store: {{url: "{store}/api/v1/write"}}
"""
TITLE = "## The country comes back to the gateway"
SECTION = """{title}

{offices:,} offices with {series} series each, once a minute, through a gateway with its own settings into a real
store: a minute as always; then the gateway is killed, each office has an hour more to send, and all come back in the
same moment. Gateway, store and the offices (one process) share {cpus} cores with whatever else was under way, load
average {load:.0f}: times are those of all together, CPU seconds those of one process.

| | {names} |
|---|{rule}
{rows}

Live data of an office are {usual:.0f} s old at most as long as nothing is wrong: a minute and a scrape.
"""
ROWS: Sequence[tuple[str, Callable[["Comeback"], str]]] = (
    ("a minute of all: gateway, CPU s", lambda one: f"{one.minute.cpu:.1f}"),
    ("a minute of all: store, CPU s", lambda one: f"{one.store_minute:.1f}"),
    ("offices at 60 s per core of the gateway", lambda one: f"{OFFICES * MINUTE / one.minute.cpu:,.0f}"),
    ("live samples/s per core of the gateway", lambda one: f"{one.live_rate:,.0f}"),
    ("gateway with all connected, RSS MiB", lambda one: f"{one.minute.rss / 2**20:.0f}"),
    ("all back: half, the last with live data, after s", lambda one: f"{one.first[0]:.0f}, {one.first[1]:.0f}"),
    ("handshakes of an office, on average", lambda one: f"{one.handshakes:.2f}"),
    ("an hour of all drained after s", lambda one: f"{one.drained:.0f}"),
    ("samples/s meanwhile", lambda one: f"{one.rate:,.0f}"),
    ("gateway meanwhile, CPU s, of which to come back", lambda one: f"{one.cpu:.0f}, {one.back_cpu:.0f}"),
    ("live data meanwhile, oldest of 99 %, of all offices, s", lambda one: f"{one.ages[0]:.0f}, {one.ages[1]:.0f}"),
    ("told to wait, times per office", lambda one: f"{one.waits:.1f}"),
    ("longest wait for /healthz, s", lambda one: f"{one.held:.1f}"),
    ("gateway at its largest, RSS MiB", lambda one: f"{one.rss / 2**20:.0f}"),
    ("samples sent and taken, and not in the store", lambda one: f"{one.taken:,} and {one.missing}"),
)


@dataclass(slots=True)
class Comeback:
    """What was seen. Times are seconds since the gateway was there again, ages those of an office's newest data."""

    minute: Usage
    store_minute: float
    live_rate: float
    first: tuple[float, float] = (0.0, 0.0)
    handshakes: float = 0.0
    drained: float = 0.0
    rate: float = 0.0
    cpu: float = 0.0
    back_cpu: float = 0.0
    ages: tuple[float, float] = (0.0, 0.0)
    waits: float = 0.0
    held: float = 0.0
    rss: int = 0
    taken: int = 0
    missing: int = 0


async def comebacks(folder: Path, series: int = 150) -> str:
    """The section of the page."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    spare_memory()
    everybody = list(offices(folder, series))
    found = {}
    for number, (name, arguments) in enumerate(STORES.items()):
        for one in everybody:
            one.forget()
        (folder / str(number)).mkdir()
        async with store(arguments, folder / str(number)) as behind:
            found[name] = await _one_store(folder, behind, everybody)
            print(f"bench: the country has come back to {name}: {found[name]}", flush=True)
    return section(found, series)


def section(found: Mapping[str, Comeback], series: int) -> str:
    """found: by the store's name."""
    rows = (f"| {name} | " + " | ".join(show(one) for one in found.values()) + " |" for name, show in ROWS)
    return SECTION.format(
        title=TITLE, offices=OFFICES, series=series, cpus=len(os.sched_getaffinity(0)), load=os.getloadavg()[2],
        names=" | ".join(found), rule="---|" * len(found), rows="\n".join(rows), usual=MINUTE + SCRAPE,
    )  # fmt: skip


async def _one_store(folder: Path, behind: Store, everybody: Sequence[Office]) -> Comeback:
    now = int(time.time() / SCRAPE)
    async with _gateway(folder, behind.url) as (pid, port, _):
        found = await _usual(pid, port, behind, everybody)
    for one in everybody:
        one.live.clear()
        one.line.handshakes = 0
        one.backlog = [(now - 5 - PIECE * (HOUR - 1 - piece), PIECE) for piece in range(HOUR)]
    async with _gateway(folder, behind.url) as (pid, port, metrics):
        await _return(pid, port, metrics, everybody, found)
    found.taken = sum(one.scrapes * one.series for one in everybody)
    found.missing = max(0, found.taken - await _held(behind, everybody[0].series))  # more: whose answer was lost
    return found


async def _usual(pid: int, port: int, behind: Store, everybody: Sequence[Office]) -> Comeback:
    tasks = [asyncio.create_task(one.run(port)) for one in everybody]
    await asyncio.sleep(MINUTE + 5)
    store_pid = behind.process.pid if behind.process else 0
    before, store_before, begun = usage(pid), usage(store_pid), sum(one.scrapes for one in everybody)
    await asyncio.sleep(MINUTE)
    after, store_after, scrapes = usage(pid), usage(store_pid), sum(one.scrapes for one in everybody) - begun
    await ended(tasks)
    used = Usage(after.cpu - before.cpu, after.rss, after.pss)
    return Comeback(used, store_after.cpu - store_before.cpu, scrapes * everybody[0].series / used.cpu)


async def _return(pid: int, port: int, metrics: int, everybody: Sequence[Office], found: Comeback) -> None:
    begun, before, samples = time.monotonic(), usage(pid), sum(one.scrapes for one in everybody)
    tasks = [asyncio.create_task(one.run(port, at_once=True)) for one in everybody]
    look = Look(metrics)
    looking = asyncio.create_task(asyncio.to_thread(look.go_on))
    async with asyncio.timeout(PATIENCE):
        while not all(one.live for one in everybody):
            await asyncio.sleep(0.2)
        found.back_cpu = usage(pid).cpu - before.cpu
        while any(one.backlog for one in everybody):
            found.rss = max(found.rss, usage(pid).rss)
            await asyncio.sleep(1)
    look.stop.set()
    await looking
    after = usage(pid)
    await ended(tasks)
    firsts = sorted(one.live[0][0] - begun for one in everybody)
    ages = sorted(max(age for _, age in one.live[1:] or one.live) for one in everybody)
    found.first, found.ages = (firsts[OFFICES // 2], firsts[-1]), (quantiles(ages, n=100)[98], ages[-1])
    found.drained = max(one.drained for one in everybody) - begun
    found.rate = (sum(one.scrapes for one in everybody) - samples) * everybody[0].series / found.drained
    found.cpu, found.handshakes = after.cpu - before.cpu, sum(one.line.handshakes for one in everybody) / OFFICES
    found.waits = sum(one.waits for one in everybody) / OFFICES
    found.held = look.longest


class Look:
    """Asks again and again how the gateway is, from a thread of its own."""

    def __init__(self, port: int) -> None:
        self._port, self.longest, self.stop = port, 0.0, Event()

    def go_on(self) -> None:
        while not self.stop.wait(0.2):
            begun = time.monotonic()
            line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            line.request("GET", "/healthz")
            line.getresponse().read()
            line.close()
            self.longest = max(self.longest, time.monotonic() - begun)


async def _held(behind: Store, series: int) -> int:
    """Samples in the store."""
    await behind.flush()
    found = 0
    async with aiohttp.ClientSession() as session:
        for number in range(series):
            query = {"query": f"sum(count_over_time(toy_{number}[3h]))", "time": f"{time.time():.3f}"}
            async with session.get(f"{behind.url}/api/v1/query", params=query) as answer:
                (only,) = (await answer.json(content_type=None))["data"]["result"]
                found += int(only["value"][1])
    return found


@asynccontextmanager
async def _gateway(folder: Path, url: str) -> AsyncIterator[tuple[int, int, int]]:
    """Its process, its port and the one of its page; killed at the end."""
    port, metrics = free_ports(2)
    config = folder / "gateway.yml"
    config.write_text(CONFIG.format(port=port, metrics=metrics, ca=folder / "ca", folder=folder, store=url))
    command = [sys.executable, "communewatch.py", "gateway", "run", "--config", str(config)]
    process = await asyncio.create_subprocess_exec(*command, stderr=(folder / "gateway.log").open("ab"), cwd=CHECKOUT)
    try:
        async with asyncio.timeout(30):
            while not await is_open(port):
                await asyncio.sleep(0.05)
        yield process.pid, port, metrics
    finally:
        process.kill()
        await process.wait()
