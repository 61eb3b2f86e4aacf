"""Samples that come hours late wake nobody: the faults of all alerts, written afterwards to a real Prometheus."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from agent.uplink.series import Series, encode
from agent.uplink.snappy import compress
from alerts.render import rule_files
from alerts.settings import PRODUCTION
from tests.rules.case import ONE, ups
from tests.rules.every_case import CASES
from tests.rules.late import late, length, samples
from tests.rules.scene import province
from tests.rules.servers import free_port, until
from tests.servers.stores import Store, prometheus

HOUR = 3600.0
_FAST = PRODUCTION.scaled(7.5)  # an evaluation each two seconds, an office silent after eight
SETTINGS = replace(
    _FAST,
    windows=replace(_FAST.windows, register_seconds=2),
    trends=replace(_FAST.trends, evaluation_seconds=2, contract_evaluation_seconds=2, share_evaluation_seconds=2),
    objectives=replace(_FAST.objectives, evaluation_seconds=2),
)
NOT_OF_OFFICES = {"Watchdog", "FactsMissing"}  # one fires always, the other for want of a page
WORLD = dict.fromkeys(province(12, 15), "1")
FAULTS = 'count by (alertname) (last_over_time(ALERTS{alertname!="Watchdog"}[1h]))'


def judged(folder: Path, port: int) -> tuple[str, ...]:
    """A Prometheus that takes late samples and has our rules."""
    found = prometheus(folder, port)
    for name, text in rule_files(SETTINGS).items():
        (folder / name).write_text(text, encoding="utf-8")
    config = folder / "prometheus.yml"
    files = ", ".join(f'"{folder / name}"' for name in rule_files(SETTINGS))
    config.write_text(f"{config.read_text()}rule_files: [{files}]\n")
    return found


async def write(store: Store, series: Iterable[Series]) -> None:
    headers = {"Content-Encoding": "snappy", "X-Prometheus-Remote-Write-Version": "0.1.0"}
    body = compress(encode(series))
    async with (
        aiohttp.ClientSession() as web,
        web.post(f"{store.url}/api/v1/write", data=body, headers=headers) as said,
    ):
        assert said.status == 204, await said.text()


async def ask(store: Store, query: str) -> Mapping[str, float]:
    async with aiohttp.ClientSession() as web, web.get(f"{store.url}/api/v1/query", params={"query": query}) as said:
        rows = (await said.json())["data"]["result"]
    return {row["metric"].get("alertname", ""): float(row["value"][1]) for row in rows}


async def live(store: Store, more: Mapping[str, str]) -> None:
    """All is well, all the time."""
    while True:
        await write(store, late({**WORLD, **more}, time.time()))
        await asyncio.sleep(1)


async def rounds(store: Store) -> float:
    """How often the least evaluated group has been evaluated."""
    async with aiohttp.ClientSession() as web, web.get(f"{store.url}/metrics") as said:
        lines = (await said.text()).splitlines()
    counts = [line for line in lines if line.startswith("prometheus_rule_group_iterations_total{")]
    return min((float(line.rpartition(" ")[2]) for line in counts), default=0.0)


async def evaluations(store: Store, count: int) -> None:
    """Wait for so many more of every group."""
    enough = await rounds(store) + count

    async def done() -> bool:
        return await rounds(store) >= enough

    await until(done)


def everything() -> list[list[Series]]:
    """The faults of all alerts, one after the other, the last of them over an hour ago."""
    found, end = [], time.time() - 1.2 * HOUR
    for name in sorted(CASES.keys() - NOT_OF_OFFICES):
        end -= length(CASES[name].series)
        found.append(list(late(CASES[name].series, end)))
    return found


@pytest.mark.timeout(180)
async def test_faults_that_are_told_hours_later_wake_nobody(tmp_path: Path) -> None:
    store = Store(judged, tmp_path, free_port())
    await store.start()
    fine = asyncio.create_task(live(store, {}))
    try:
        await evaluations(store, 4)
        assert await ask(store, FAULTS) == {}
        for series in everything():
            await write(store, series)
        await evaluations(store, 4)
        assert await ask(store, FAULTS) == {}
        await write(store, late(dict.fromkeys(ups(ONE, (1, 15)), "1"), time.time()))
        await until(lambda: fired(store, "OnBattery"))  # it would have been seen
    finally:
        fine.cancel()
        await asyncio.gather(fine, return_exceptions=True)
        await store.kill()


async def fired(store: Store, name: str) -> bool:
    return name in await ask(store, FAULTS)


def test_a_scene_is_read_as_promtool_reads_it() -> None:
    assert list(samples("1x2 stale _x1 0+15x2 _ 7")) == [1, 1, 1, None, None, 0, 15, 30, None, 7]
    (one,) = late({'up{office="o", job="agent"}': "1x1"}, 100)
    assert one.labels == (("__name__", "up"), ("job", "agent"), ("office", "o"))
    assert one.points == ((100_000, 1.0), (115_000, 1.0))
