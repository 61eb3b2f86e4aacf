"""`python -m tests.bench.uplink`: 72 hours of one office into real stores, and through a line of 256 kbit/s.

Says what each took, and whether the store then holds every sample with its value and time.
"""

import argparse
import asyncio
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import aiohttp

from agent.buffer.durable import DurableBuffer
from agent.buffer.scrape import Labels
from agent.disk import Disk
from tests.bench.scrapes import SERIES, labels
from tests.end_to_end.chain import Chain, in_a_row
from tests.lab import net
from tests.rules.servers import free_port
from tests.servers.backlog import LongRunning
from tests.servers.stores import prometheus, store, victoria_metrics
from tests.tools.debian import CHECKOUT

Command = list[str]


def main() -> int:
    """Exit status 0 when nothing is missing anywhere."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.uplink", description=__doc__)
    parser.add_argument("--hours", type=float, default=72)
    parser.add_argument("--kbit", type=float, default=256, help="0 leaves the shaped line out")
    parser.add_argument("--share", type=float, default=0.8, help="of the shaped line")
    found = parser.parse_args()
    good = [
        asyncio.run(_direct(name, arguments, found.hours))
        for name, arguments in (("Prometheus", prometheus), ("VictoriaMetrics", victoria_metrics))
    ]
    if found.kbit:
        good.append(_shaped(found.hours, found.kbit, found.share))
    return 0 if all(good) else 1


async def _direct(name: str, arguments: Callable[[Path, int], tuple[str, ...]], hours: float) -> bool:
    with tempfile.TemporaryDirectory(prefix="communewatch-bench-") as folder:
        async with store(arguments, Path(folder)) as found:
            command = _office(found.url, Path(folder) / "buffer", hours, 1.0)
            process = await asyncio.create_subprocess_exec(*command, cwd=CHECKOUT, stdout=subprocess.PIPE)
            said, _ = await process.communicate()
            _show(name, json.loads(said))
            await found.flush()
            # VictoriaMetrics keeps decimals: of the 17 digits that a value may need it drops the last.
            near = 1e-12 if arguments is victoria_metrics else 0.0
            return await _exact(found.url, Path(folder) / "buffer", hours, near)


def _shaped(hours: float, kbit: float, share: float) -> bool:
    with tempfile.TemporaryDirectory(prefix="communewatch-bench-") as folder, _far_store(Path(folder), kbit) as line:
        chain, url = line
        command = _office(url, Path(folder) / "buffer", hours, share)
        said = chain.office.call(partial(subprocess.run, command, cwd=CHECKOUT, capture_output=True, check=True)).stdout
        _show(f"Prometheus behind {kbit:g} kbit/s", json.loads(said))
        return chain.far.call(lambda: asyncio.run(_exact(url, Path(folder) / "buffer", hours)))


@contextmanager
def _far_store(folder: Path, kbit: float) -> Iterator[tuple[Chain, str]]:
    with in_a_row("bench-office", "bench-router", "bench-far") as chain:
        port = free_port()
        listening = [
            argument.replace("--web.listen-address=127.0.0.1", "--web.listen-address=0.0.0.0")
            for argument in prometheus(folder, port)
        ]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = chain.far.call(lambda: subprocess.Popen(listening, **quiet))  # type: ignore[call-overload]
        try:
            time.sleep(5)
            for end in (chain.links[0][1], chain.links[1][0]):
                net.shape(end, kbit * 1000)
            yield chain, f"http://{chain.far_address}:{port}"
        finally:
            process.kill()
            process.wait()


def _office(url: str, folder: Path, hours: float, share: float) -> Command:
    write = f"{url}/api/v1/write"
    python = [sys.executable, "-m", "tests.bench.uplink_office"]
    return [*python, write, str(folder), "--hours", str(hours), "--share", str(share)]


def _show(name: str, took: Mapping[str, float]) -> None:
    samples = took["samples"]
    print(
        f"{name}: {samples:,.0f} samples in {took['seconds']:.1f} s, {took['bytes'] / samples:.2f} B/sample sent,"
        f" {took['cpu'] / samples * 1e6:.2f} ms CPU per 1,000, {took['buffer_bytes'] / 1e6:.1f} MB on disk,"
        f" {took['memory'] / 2**20:.0f} MiB, live data at most {took['latest']:.0f} s old",
        flush=True,
    )


async def _exact(url: str, folder: Path, hours: float, near: float = 0.0) -> bool:
    """Whether the store has every value that was acknowledged, at its time."""
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
    missing = [await _missing(url, key, values, hours, near) for key, values in expected.items()]
    print(f"  {sum(map(len, expected.values())):,} expected, {sum(missing):,} missing or different", flush=True)
    return not sum(missing)


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
