"""`python -m tests.bench.uplink`: 72 hours of one office into real stores, and through a line of 256 kbit/s.

Says what each took, and whether the store then holds every sample with its value and time.
"""

import argparse
import asyncio
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import aiohttp

from agent.buffer.durable import DurableBuffer
from agent.buffer.scrape import Labels
from agent.disk import Disk
from tests.bench.scrapes import SERIES, labels
from tests.bench.uplink_far import far_end
from tests.servers.backlog import LongRunning
from tests.servers.stores import prometheus, store, victoria_metrics
from tests.tools.debian import CHECKOUT

Command = list[str]
TITLE = "## An outage of an office that pushes, made good"
SECTION = """{title}

{hours:g} hours of 150 series at 15 s, which lie in the buffer on disk, are sent while measuring goes on. Into the
stores directly with nothing in between; by a router whose line carries {kbit:g} kbit/s (tbf, a queue of ten packets):
by snappy to Prometheus, and by zstd and with certificates to the gateway before it. Share: of the time in which a
backlog may use the line; half is usual. Missing: values that the store does not have at their times, asked for one by
one. VictoriaMetrics rounds the last digits. The aims for 72 hours are 600 s, and live data never older than 90 s.

{rows}

Least: at {kbit:g} kbit/s the bodies alone take {floor:.0f} s by snappy, with the whole line for them.
"""
HEAD = (
    "| into | share | samples | missing | s | B/sample | on the wire | live data at most, s old | CPU ms per 1,000 |"
    "\n|---|---|---|---|---|---|---|---|---|"
)


def main() -> int:
    """Exit status 0 when nothing is missing anywhere."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.uplink", description=__doc__)
    parser.add_argument("--hours", type=float, default=72)
    parser.add_argument("--kbit", type=float, default=256, help="0 leaves the shaped line out")
    parser.add_argument("--only", choices=["direct", "store", "gateway"], help="one scene")
    found = parser.parse_args()
    rows = list(scenes(found.hours, found.kbit, found.only))
    print(HEAD, *(one.row() for one in rows), sep="\n")
    return 0 if not sum(one.missing for one in rows) else 1


def section(hours: float, kbit: float = 256) -> str:
    """Of docs/benchmarks.md. RuntimeError where a store does not have everything."""
    found = list(scenes(hours, kbit if os.geteuid() == 0 else 0))
    if lost := [one.name for one in found if one.missing]:
        raise RuntimeError(f"not all samples are in {lost}")
    floor = 8 * found[0].took["bytes"] / (kbit * 1000)
    rows = "\n".join((HEAD, *(one.row() for one in found)))
    return SECTION.format(title=TITLE, hours=hours, kbit=kbit, rows=rows, floor=floor)


def scenes(hours: float, kbit: float, only: str | None = None) -> Iterator["Drained"]:
    """One after the other; those with a slow line take a quarter of an hour each."""
    if only in (None, "direct"):
        yield asyncio.run(_direct("Prometheus", prometheus, hours))
        yield asyncio.run(_direct("VictoriaMetrics", victoria_metrics, hours))
    if kbit and only in (None, "store"):
        yield _shaped(f"Prometheus, {kbit:g} kbit/s, snappy", hours, kbit, 0.9, gateway=False)
    if kbit and only in (None, "gateway"):
        yield _shaped(f"gateway, {kbit:g} kbit/s, zstd", hours, kbit, 0.5, gateway=True)


@dataclass(frozen=True, slots=True)
class Drained:
    """One scene. took: what the office says of it; wire: bytes that left it, 0 = not counted; missing: samples."""

    name: str
    took: Mapping[str, float]
    missing: int
    wire: int = 0
    share: float = 1.0

    def row(self) -> str:
        """Of the table."""
        took, samples = self.took, self.took["samples"]
        cells = (
            self.name, f"{self.share:g}", f"{samples:,.0f}", f"{self.missing:,}", f"{took['seconds']:.0f}",
            f"{took['bytes'] / samples:.2f}", f"{self.wire / samples:.2f}" if self.wire else "",
            f"{took['latest']:.0f}" if self.wire else "", f"{took['cpu'] / samples * 1e6:.2f}",
        )  # fmt: skip
        return f"| {' | '.join(cells)} |"


async def _direct(name: str, arguments: Callable[[Path, int], tuple[str, ...]], hours: float) -> Drained:
    with tempfile.TemporaryDirectory(prefix="communewatch-bench-") as folder:
        async with store(arguments, Path(folder)) as found:
            command = _office(f"{found.url}/api/v1/write", Path(folder) / "buffer", hours, 1.0, {})
            process = await asyncio.create_subprocess_exec(*command, cwd=CHECKOUT, stdout=subprocess.PIPE)
            said, _ = await process.communicate()
            await found.flush()
            # VictoriaMetrics keeps decimals: of the 17 digits that a value may need it drops the last.
            near = 1e-12 if arguments is victoria_metrics else 0.0
            return Drained(name, json.loads(said), await _wrong(found.url, Path(folder) / "buffer", hours, near))


def _shaped(name: str, hours: float, kbit: float, share: float, *, gateway: bool) -> Drained:
    with tempfile.TemporaryDirectory(prefix="communewatch-bench-") as folder:
        buffer = Path(folder) / "buffer"
        with far_end(Path(folder), kbit, gateway=gateway) as far:
            command = _office(far.url, buffer, hours, share, far.paper)
            run = partial(subprocess.run, command, cwd=CHECKOUT, capture_output=True, check=True)
            said, wire = far.chain.office.call(run).stdout, far.sent()
            missing = far.chain.far.call(lambda: asyncio.run(_wrong(far.store, buffer, hours)))
    return Drained(name, json.loads(said), missing, wire, share)


def _office(url: str, folder: Path, hours: float, share: float, paper: Mapping[str, str]) -> Command:
    python = [sys.executable, "-m", "tests.bench.uplink_office"]
    options = [word for pair in paper.items() for word in pair]
    return [*python, url, str(folder), "--hours", str(hours), "--share", str(share), *options]


async def _wrong(url: str, folder: Path, hours: float, near: float = 0.0) -> int:
    """How many of the values that were acknowledged the store does not have at their times."""
    buffer = DurableBuffer(folder, Disk())
    await buffer.open()
    apart = LongRunning().wall() - LongRunning().uptime()
    expected: dict[Labels, dict[int, float]] = {labels(index): {} for index in range(SERIES)}
    low, after = buffer.acknowledged("centre").low, 0
    while after < low and (part := await buffer.read(after, 500)):
        after = part[-1].sequence
        for scrape in part:
            at = round((scrape.stamp.monotonic + apart) / 15 * 10)
            for key, value in scrape.values.items():
                if scrape.sequence <= low:
                    expected[key][at] = value
    await buffer.close()
    return sum([await _missing(url, key, values, hours, near) for key, values in expected.items()])


async def _missing(url: str, key: Labels, values: Mapping[int, float], hours: float, near: float) -> int:
    """Times are compared to a second and a half: what told the office the time had whole seconds."""
    selector = "{" + ",".join(f'{name}="{value}"' for name, value in key) + "}"
    query = {"query": f"{selector}[{round(hours * 3600 + 3600)}s]", "time": str(time.time())}
    async with aiohttp.ClientSession() as web, web.get(f"{url}/api/v1/query", params=query) as answer:
        (found,) = (await answer.json(content_type=None))["data"]["result"]
    held = {round(float(at) / 15 * 10): float(value) for at, value in found["values"]}
    return sum(
        not any(math.isclose(held.get(at + off, math.nan), value, rel_tol=near, abs_tol=near) for off in (-1, 0, 1))
        for at, value in values.items()
    )


if __name__ == "__main__":
    sys.exit(main())
