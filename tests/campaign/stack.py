"""The centre under test: Prometheus, Alertmanager and relay as real processes, with the product's rules and routes."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from alerts.build import write
from alerts.engines import Engine
from alerts.promql import duration
from alerts.render import rule_files, to_yaml
from alerts.routing import alertmanager
from alerts.settings import PRODUCTION, Settings
from inventory.model import Inventory
from tests.campaign import peer, victoria
from tests.campaign.country import channels
from tests.campaign.sink import PEER, Sink
from tests.lab.process import Command, Process, Processes
from tests.lab.product import COMMAND
from tests.rules.servers import free_port
from tests.tools import tool

_IDEMPOTENCY = 600.0
_READY = 60.0
_GRACE = 60.0  # as deploy/province/compose.yml has it
_MISSED_BY_VMALERT = re.compile(r'^vmalert_iteration_missed_total\{[^}]*group="([^"]*)"[^}]*\} (\S+)$', re.MULTILINE)
_MISSED = re.compile(r'^prometheus_rule_group_iterations_missed_total\{rule_group="([^"]*)"\} (\S+)$', re.MULTILINE)
_TOOK = re.compile(r'^prometheus_rule_group_last_duration_seconds\{rule_group="([^"]*)"\} (\S+)$', re.MULTILINE)


@dataclass(slots=True)
class Stack:
    """Running. prometheus: the store's address; evaluator: of whoever looks at the rules."""

    prometheus: str
    evaluator: str
    processes: Processes
    relay_log: Path

    @property
    def write_url(self) -> str:
        return f"{self.prometheus}/api/v1/write"

    @property
    def store(self) -> Process:
        return self.processes["prometheus"]

    async def missed(self) -> float:
        """Evaluations of rule groups that were left out because the one before took too long."""
        pattern = _MISSED if self.evaluator == self.prometheus else _MISSED_BY_VMALERT
        return sum(map(float, (await self._meters(pattern)).values()))

    async def took(self) -> Mapping[str, float]:
        """Seconds that the last evaluation of each rule group took, by its name."""
        return {name.rpartition(";")[2]: float(value) for name, value in (await self._meters(_TOOK)).items()}

    async def firing(self) -> int:
        """Alerts of ours that fire now. Not waited for: the Watchdog, and what looks back over an hour."""
        query = f'count(ALERTS{{alertstate="firing", alertname!~"Watchdog|LinkUnstable", {peer.RULESET}=""}})'
        url = f"{self.prometheus}/api/v1/query"
        async with aiohttp.ClientSession() as web, web.get(url, params={"query": query}) as answer:
            found = (await answer.json())["data"]["result"]
        return int(found[0]["value"][1]) if found else 0

    async def ready(self) -> None:
        await self.processes.until(partial(_answers, f"{self.prometheus}/-/ready"), "Prometheus", _READY)

    async def _meters(self, pattern: re.Pattern[str]) -> Mapping[str, str]:
        async with aiohttp.ClientSession() as web, web.get(f"{self.evaluator}/metrics") as answer:
            return dict(pattern.findall(await answer.text()))


# Memory for processor time: rules of the whole country throw away much, and collecting it takes its share.
_GARBAGE = {"GOGC": "400"}


@asynccontextmanager
async def standing(
    folder: Path, inventory: Inventory, sink: Sink, pace: float, *, plain: bool, engine: Engine = Engine.PROMETHEUS
) -> AsyncIterator[Stack]:
    """Until the end of the block. plain: with the peer's rules beside ours; engine: who evaluates them."""
    settings = PRODUCTION.scaled(pace) if pace != 1 else PRODUCTION
    where = {name: f"127.0.0.1:{free_port()}" for name in ("prometheus", "alertmanager", "relay", "vmalert")}
    _write(folder, settings, inventory, where, sink, pace, plain=plain, engine=engine)
    processes = Processes(folder / "logs")
    prometheus = engine is Engine.PROMETHEUS
    store = (_prometheus(folder, where, pace),) if prometheus else victoria.commands(folder, where, pace, settings)
    try:
        for command in (_relay(folder), _alertmanager(folder, where), *store):
            await processes.start(command)
        evaluator = "prometheus" if prometheus else "vmalert"
        urls = {name: f"http://{address}" for name, address in where.items()}
        stack = Stack(urls["prometheus"], urls[evaluator], processes, folder / "logs" / "relay.log")
        health = {"relay": "/healthz", "alertmanager": "/-/ready", "prometheus": "/-/ready", evaluator: "/-/ready"}
        if not prometheus:
            health |= {"prometheus": "/health", "vmalert": "/health"}
        for name, path in health.items():
            await processes.until(partial(_answers, urls[name] + path), name, _READY)
        yield stack
    finally:
        await processes.stop()


def _write(
    folder: Path, settings: Settings, inventory: Inventory, where: Mapping[str, str], sink: Sink, pace: float, *,
    plain: bool, engine: Engine,
) -> None:  # fmt: skip
    config = alertmanager(settings, inventory, f"http://{where['relay']}")
    found = {f"rules/{name}": text for name, text in rule_files(settings, engine=engine).items()}
    if plain:
        found["rules/plain.yml"] = to_yaml(peer.rules(settings, pace))
        config = peer.joined(config, f"http://{sink.url}/{PEER}")
    found["alertmanager.yml"] = to_yaml(config)
    found["relay.yml"] = _plain(_relay_settings(folder, inventory, where["relay"], sink, pace))
    found["prometheus.yml"] = _plain(_prometheus_settings(folder, settings, where["alertmanager"]))
    write(folder, found)


def _plain(content: Mapping[str, Any]) -> str:
    return yaml.safe_dump(content, sort_keys=False)


def _relay_settings(folder: Path, inventory: Inventory, listen: str, sink: Sink, pace: float) -> Mapping[str, Any]:
    names = ("nobody", *channels(inventory))
    return {
        "version": 1,
        "listen": listen,
        "queue": str(folder / "queue"),
        "channels": {name: {"url": f"json://{sink.url}/{name}", "per_minute": 6000} for name in names},
        "default": ["nobody"],
        "idempotency": duration(_IDEMPOTENCY / pace),
    }


def _prometheus_settings(folder: Path, settings: Settings, alertmanager_at: str) -> Mapping[str, Any]:
    every = duration(settings.windows.evaluation_seconds)
    return {
        "global": {"scrape_interval": "15s", "evaluation_interval": every},
        "rule_files": [f"{folder}/rules/*.yml"],
        "storage": {"tsdb": {"out_of_order_time_window": "80h"}},
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager_at]}]}]},
    }


def _relay(folder: Path) -> Command:
    return Command("relay", (*COMMAND, "relay", "run", "--config", str(folder / "relay.yml")))


def _alertmanager(folder: Path, where: Mapping[str, str]) -> Command:
    return Command("alertmanager", (
        str(tool("alertmanager")), f"--config.file={folder}/alertmanager.yml", f"--storage.path={folder}/alertmanager",
        f"--web.listen-address={where['alertmanager']}", "--cluster.listen-address=", "--log.level=warn",
    ))  # fmt: skip


def _prometheus(folder: Path, where: Mapping[str, str], pace: float) -> Command:
    back, again, grace = (duration(seconds / pace) for seconds in (victoria.LOOKBACK, victoria.RESEND, _GRACE))
    return Command("prometheus", (
        str(tool("prometheus")), f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/prometheus",
        f"--web.listen-address={where['prometheus']}", "--web.enable-remote-write-receiver", "--log.level=warn",
        f"--query.lookback-delta={back}", f"--rules.alert.resend-delay={again}",
        f"--rules.alert.for-grace-period={grace}", "--alertmanager.notification-queue-capacity=200000",
    ), environment=_GARBAGE)  # fmt: skip


async def _answers(url: str) -> bool:
    try:
        async with aiohttp.ClientSession() as web, web.get(url) as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False
