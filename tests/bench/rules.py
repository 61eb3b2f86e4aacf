"""What the rules cost in the whole country: 3,321 offices, forty services each, production's own intervals.

`make bench ARGS=--rules` writes its section of docs/benchmarks.md anew; five minutes.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import aiohttp
import psutil

from alerts import rules
from alerts.settings import PRODUCTION
from inventory.load import load
from tests.bench.sections import with_section
from tests.campaign import country
from tests.campaign.run import World, watched

SERVICES = 40
SECONDS = 180
_SHOWN = 8
_TEXT = """## What the rules cost

{offices} offices with {services} services each, by remote write into one Prometheus, all groups of rules at their own
intervals, for {seconds} s: {series} series. Load average at the end {load:.1f} on {cpus} shared cores: above {cpus} an
evaluation waits for its turn, so the CPU time of Prometheus, what it takes in included, stands beside its own time.

| group | interval | median | worst | of the interval |
|---|---|---|---|---|
{groups}

Prometheus in all: **{cpu:.1f} s of CPU per 15 s**. Evaluations missed: {missed:.0f}. The aim is a third of the
interval.

The dearest rules, as Prometheus has their last evaluation:

| rule | s |
|---|---|
{dearest}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """took: seconds of each evaluation that was seen, by group; cpu: seconds of Prometheus in 15."""

    took: Mapping[str, Sequence[float]]
    dearest: Sequence[tuple[str, float]]
    cpu: float
    missed: float
    series: int


def write(page: Path) -> None:
    """Its section, in place of the older one."""
    section = _section(asyncio.run(_measured()))
    page.write_text(with_section(page.read_text(encoding="utf-8"), section), encoding="utf-8")


async def _measured() -> Cost:
    chosen = [service.id for service in load().provinces["04"].services if service.collector == "service"][:SERVICES]
    async with watched(country.build(services=chosen), 1.0) as world:
        before, missed = _cpu(world), await world.stack.missed()
        took: dict[str, list[float]] = {}
        for _ in range(round(SECONDS / 15)):
            await asyncio.sleep(15)
            for name, seconds in (await world.stack.took()).items():
                took.setdefault(name, []).append(seconds)
        cpu = (_cpu(world) - before) / SECONDS * 15
        api = f"{world.stack.prometheus}/api/v1"
        return Cost(took, await _dearest(api), cpu, await world.stack.missed() - missed, await _series(api))


def _cpu(world: World) -> float:
    times = psutil.Process(world.stack.store.pid).cpu_times()
    return float(times.user + times.system)


async def _dearest(api: str) -> Sequence[tuple[str, float]]:
    async with aiohttp.ClientSession() as web, web.get(f"{api}/rules") as answer:
        groups = (await answer.json())["data"]["groups"]
    found = [(str(rule["name"]), float(rule["evaluationTime"])) for group in groups for rule in group["rules"]]
    return sorted(found, key=lambda one: -one[1])[:_SHOWN]


async def _series(api: str) -> int:
    async with aiohttp.ClientSession() as web, web.get(f"{api}/status/tsdb") as answer:
        return int((await answer.json())["data"]["headStats"]["numSeries"])


def _section(cost: Cost) -> str:
    every = {group.name: group.interval for group in rules.groups(PRODUCTION)}
    rows = [_row(name, took, every[name]) for name, took in sorted(cost.took.items()) if name in every]
    return _TEXT.format(
        offices=len(country.build().sites),
        services=SERVICES,
        seconds=SECONDS,
        series=f"{cost.series:,}",
        load=os.getloadavg()[0],
        cpus=len(os.sched_getaffinity(0)),
        groups="\n".join(rows),
        cpu=cost.cpu,
        missed=cost.missed,
        dearest="\n".join(f"| `{name}` | {seconds:.2f} |" for name, seconds in cost.dearest),
    )


def _row(name: str, took: Sequence[float], every: float) -> str:
    share = median(took) / every
    return f"| {name} | {every:g} s | {median(took):.2f} s | {max(took):.2f} s | {share:.0%} |"
