"""The same with VictoriaMetrics and vmalert: samples that come hours late wake nobody there either.

Only on request, with SOAK=1: when a new series is seen there is a matter of its index, and of how busy the machine is.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from alerts.engines import Engine
from alerts.render import rule_files
from tests.campaign import victoria
from tests.lab.process import Command, Processes
from tests.rules.case import ups
from tests.rules.every_case import CASES
from tests.rules.late import late, length
from tests.rules.scene import Office
from tests.rules.servers import free_port, until
from tests.rules.test_late import HOUR, SETTINGS, WORLD, ask, live, write
from tests.servers.stores import Store, victoria_metrics

KINDS = ("OnBattery", "BatteryLow", "OfficeSilent", "LinkDown", "ServiceDown", "NationalServiceDown")  # of all causes
BEFORE = 5.0  # seconds: vmalert asks for a moment that has just been
TWO = Office(2)
FIRING = 'count by (alertname) (last_over_time(ALERTS{{alertname!="Watchdog", alertstate="firing", {}}}[{:.0f}s]))'
SETTLED = "count(office:heard) == 12"  # a new series is seen some seconds late


@asynccontextmanager
async def judged(folder: Path) -> AsyncIterator[Store]:
    """A store in which all is well, and a vmalert that looks at it."""
    where = {name: f"127.0.0.1:{free_port()}" for name in ("prometheus", "vmalert", "alertmanager")}
    (folder / "rules").mkdir()
    for name, text in rule_files(SETTINGS, engine=Engine.VMALERT).items():
        (folder / "rules" / name).write_text(text, encoding="utf-8")
    processes = Processes(folder / "logs")
    store = Store(victoria_metrics, folder, int(where["prometheus"].rpartition(":")[2]))
    async with asyncio.TaskGroup() as group:
        try:
            metrics, vmalert = victoria.commands(folder, where, 1, SETTINGS)
            await started(processes, metrics, where)
            await write(store, late(WORLD, time.time() - BEFORE))
            await store.flush()
            fine = group.create_task(live(store, {}))
            await started(processes, vmalert, where)
            yield store
            fine.cancel()
        finally:
            await processes.stop()


async def started(processes: Processes, command: Command, where: Mapping[str, str]) -> None:
    await processes.start(command)
    await processes.until(partial(answers, f"http://{where[command.name]}/health"), command.name, 30)


async def answers(url: str) -> bool:
    try:
        async with aiohttp.ClientSession() as web, web.get(url) as said:
            return said.status == 200
    except aiohttp.ClientError:
        return False


async def seen(store: Store, query: str) -> bool:
    """At once: VictoriaMetrics shows a new series some seconds later, else, and each rule waits for the one before."""
    await store.flush()
    await asyncio.sleep(0.5)
    return bool(await ask(store, query))


@pytest.mark.skipif("SOAK" not in os.environ, reason="long forms are asked for: SOAK=1")
@pytest.mark.timeout(150)
async def test_faults_that_are_told_hours_later_wake_nobody_in_vmalert(tmp_path: Path) -> None:
    async with judged(tmp_path) as store:
        await until(partial(seen, store, SETTLED))
        begun = time.time()
        for name in KINDS:
            series = CASES[name].series
            await write(store, late(series, time.time() - 1.2 * HOUR - length(series)))
        await write(store, late(dict.fromkeys(ups(TWO, (1, 15)), "1"), time.time()))
        await until(partial(seen, store, FIRING.format(f'office="{TWO.id}"', 60)))  # it would have been seen
        assert await ask(store, FIRING.format(f'office!="{TWO.id}"', time.time() - begun)) == {}
