"""What echoes cost, beside fping: `python -m tests.bench.echo`. CPU of the office's end, of the responder, bytes a day.

The office's end is the collector with the real port in a process of its own; fping sends as often, to the same host.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from agent.io.echo.client import EchoClient
from agent.io.resolver import Resolver
from collectors.core.values import Duration, HostPort, Secret
from collectors.echo import COLLECTOR, Target
from collectors.echo.metrics import BYTES, ROUND_TRIP, SENT
from tests.fakes.time import FakeClock
from tests.servers.responder import KEY, responding
from tests.tools import tool

SECONDS = 60.0  # of each row
METERED = 5.0  # seconds between two echoes
MOST_SHARE, MOST_SIZE = 0.2, 5e6  # of a core, in per cent; bytes a day on metered links
_DAY = 86400

SECTION = """## What echoes cost

Echoes for {seconds:.0f} s over the loopback, fping to the same host as often, beside. Bytes are of the IP layer, both
ways. The aims are {share} % of a core, and on metered links {size:.0f} MB a day.

| echoes | office, % of a core | us an echo | fping, % of a core | responder for it, % of a core | MB a day |
|---|---|---|---|---|---|
{rows}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run: CPU seconds, echoes, bytes at the IP layer, median round trip in seconds."""

    cpu: float
    echoes: float
    size: float
    round_trip: float


async def _office(port: int, interval: float, seconds: float) -> Cost:
    ports: Any = SimpleNamespace(clock=FakeClock(), net=SimpleNamespace(echo=EchoClient(Resolver()).run))
    target = Target(HostPort("127.0.0.1", port), Secret(KEY), Duration(interval))
    begun = time.process_time()
    reading, _ = COLLECTOR.compare(await COLLECTOR.collect(target, ports, seconds), COLLECTOR.past(), 0.0)
    cpu = time.process_time() - begun
    found = {(sample.metric.name, sample.label("stat")): sample.value for sample in reading.samples}
    return Cost(cpu, found[SENT.name, ""], found[BYTES.name, ""], found[ROUND_TRIP.name, "p50"])


async def _measure(interval: float, seconds: float) -> tuple[Cost, float, float]:
    """The office's end, CPU seconds of the responder, CPU seconds of fping."""
    async with responding() as (_, port):
        command = [sys.executable, "-m", "tests.bench.echo", "--office", str(port)]
        command += ["--interval", str(interval), "--seconds", str(seconds)]
        own = time.process_time()
        office = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
        ping = asyncio.create_task(asyncio.to_thread(_fping, interval, seconds))
        said, _ = await office.communicate()
        responder = time.process_time() - own
        return Cost(*map(float, said.split())), responder, await ping


def _fping(interval: float, seconds: float) -> float:
    command = [str(tool("fping")), "-q", "-c", str(max(1, int(seconds / interval))), "-p", str(round(interval * 1000))]
    process = subprocess.Popen([*command, "127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return used.ru_utime + used.ru_stime


def section() -> str:
    """Of docs/benchmarks.md."""
    rows = "\n".join(_row(name, interval) for name, interval in (("as usual", 1.0), ("on metered links", METERED)))
    return SECTION.format(rows=rows, seconds=SECONDS, share=MOST_SHARE, size=MOST_SIZE / 1e6)


def _row(name: str, interval: float) -> str:
    cost, responder, fping = asyncio.run(_measure(interval, SECONDS))
    ours, theirs, other = (f"{100 * cpu / SECONDS:.3f}" for cpu in (cost.cpu, fping, responder))
    size = f"{cost.size / SECONDS * _DAY / 1e6:.2f}"
    each = f"{cost.cpu / cost.echoes * 1e6:.0f}"
    return f"| {name}, each {interval:g} s | {ours} | {each} | {theirs} | {other} | {size} |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.echo", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--interval", type=float, default=1.0)
    parser.add_argument("--office", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.office:
        cost = asyncio.run(_office(arguments.office, arguments.interval, arguments.seconds))
        print(cost.cpu, cost.echoes, cost.size, cost.round_trip)
        return 0
    cost, responder, fping = asyncio.run(_measure(arguments.interval, arguments.seconds))
    share = 100 / arguments.seconds
    print(f"office: {cost.cpu * share:.3f} % of a core, {cost.cpu / cost.echoes * 1e6:.0f} us an echo")
    print(f"responder: {responder * share:.3f} % of a core for one office")
    print(f"fping: {fping * share:.3f} % of a core")
    print(f"bytes a day: {cost.size / arguments.seconds * _DAY / 1e6:.2f} MB; median {cost.round_trip * 1e6:.0f} us")
    return 0


if __name__ == "__main__":
    sys.exit(main())
