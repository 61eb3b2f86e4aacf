"""The dead man's switch: somebody outside hears it all the time, and no more once anything on the way has died."""

import asyncio
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web

from alerts.build import ALERTMANAGER, files, write
from alerts.promql import duration
from alerts.settings import PRODUCTION
from inventory.load import load
from tests.lab.centre import DEPLOY
from tests.lab.process import Command, Processes
from tests.lab.product import COMMAND
from tests.rules.scene import Scene, province, values
from tests.rules.servers import free_port, until
from tests.servers.answers import service
from tests.tools import tool

SETTINGS = PRODUCTION.scaled(120)  # pressed twice a second
BEAT = SETTINGS.windows.watchdog_seconds
QUIET = 6 * BEAT
ON_THE_WAY = ("prometheus", "alertmanager", "relay")
PRESSED = 'count(ALERTS{alertname="Watchdog", alertstate="firing"})'


@dataclass
class Outside:
    """A service that waits for a heartbeat. beats: when one came, by a steady clock."""

    beats: list[float] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        if request.method != "POST":
            raise web.HTTPMethodNotAllowed(request.method, ["POST"])
        self.bodies.append(await request.json())
        self.beats.append(time.monotonic())
        return web.Response(text="OK")

    async def hears(self, more: int) -> None:
        enough = len(self.beats) + more

        async def heard() -> bool:
            return len(self.beats) >= enough

        await until(heard)

    async def hears_regularly(self) -> None:
        """Until it has come at each turn for a while: not at each second one."""

        async def regular() -> bool:
            gaps = [after - before for before, after in pairwise(self.beats[-6:])]
            return len(gaps) == 5 and max(gaps) < 1.5 * BEAT

        await until(regular)

    async def misses_it(self) -> None:
        """Until nothing has come for several times as long as usual."""
        since = time.monotonic()

        async def quiet() -> bool:
            return time.monotonic() - max(since, self.beats[-1]) > QUIET

        await until(quiet)


def commands(folder: Path, outside: str) -> list[Command]:
    """The centre as a province installs it, only faster."""
    where = {name: f"127.0.0.1:{free_port()}" for name in ON_THE_WAY}
    write(folder, files(SETTINGS, load(), f"http://{where['relay']}", outside))
    relay = {
        "version": 1, "listen": where["relay"], "queue": str(folder / "queue"),
        "channels": {"log": {"url": "log:"}}, "default": ["log"],
    }  # fmt: skip
    written = {"relay.yml": relay, "prometheus.yml": prometheus(folder, where)}
    for name, content in written.items():
        (folder / name).write_text(yaml.safe_dump(content), encoding="utf-8")
    return [
        Command("relay", (*COMMAND, "relay", "run", "--config", f"{folder}/relay.yml")),
        Command("alertmanager", (
            str(tool("alertmanager")), f"--config.file={folder / ALERTMANAGER}", f"--storage.path={folder}/told",
            f"--web.listen-address={where['alertmanager']}", "--cluster.listen-address=",
        )),
        Command("prometheus", (
            str(tool("prometheus")), f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
            f"--web.listen-address={where['prometheus']}", f"--rules.alert.resend-delay={duration(BEAT)}",
        )),
    ]  # fmt: skip


def prometheus(folder: Path, where: dict[str, str]) -> dict[str, Any]:
    """The province's own file, with what it has to say about the relay."""
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "prometheus.yml").read_text(encoding="utf-8"))
    found["global"] = {"scrape_interval": duration(BEAT), "scrape_timeout": duration(BEAT)}
    found["rule_files"] = [f"{folder}/rules/live.yml"]
    found["alerting"]["alertmanagers"] = [{"static_configs": [{"targets": [where["alertmanager"]]}]}]
    found["scrape_configs"] = [job for job in found["scrape_configs"] if job["job_name"] == "relay"]
    found["scrape_configs"][0]["static_configs"] = [{"targets": [where["relay"]]}]
    return found


@pytest.mark.timeout(180)
async def test_it_is_heard_outside_until_anything_on_the_way_has_died(tmp_path: Path) -> None:
    processes = Processes(tmp_path / "logs")
    outside = Outside()
    async with service(outside.take) as address:
        try:
            await asyncio.gather(*(processes.start(command) for command in commands(tmp_path, f"{address}/0")))
            await outside.hears_regularly()
            for part in ON_THE_WAY:
                await outside.hears(2)
                await processes[part].kill()
                await outside.misses_it()
                await processes[part].start()
            await outside.hears(1)
        finally:
            await processes.stop()
    assert {one["status"] for one in outside.bodies} == {"firing"}
    assert {one["commonLabels"]["alertname"] for one in outside.bodies} == {"Watchdog"}


def test_a_relay_that_is_dead_for_long_releases_it_and_one_that_begins_anew_does_not(tmp_path: Path) -> None:
    heard = 'up{job="relay", instance="127.0.0.1:9819"}'
    hold = PRODUCTION.windows.relay_hold_seconds
    series = province(1, 3000) | {heard: values((1, 600), (0, 120), (1, 600), (0, 900), (1, 780))}
    pressed = {600: 1, 720: 1, 1320 + hold - 30: 1, 1320 + hold + 15: 0, 2205: 0, 2235: 1}
    found = {(moment, PRESSED): {"{}": 1} if yes else {} for moment, yes in pressed.items()}
    Scene(series, values=found).judge(tmp_path)
