"""Three days without a line, made good while agent, gateway and store are killed on the way: sample by sample.

`make soak` runs it; OUTAGE_HOURS and OUTAGE_SEED change what it does.
"""

import asyncio
import json
import math
import os
import random
import re
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.lab.process import CHECKOUT, Command, Process
from tests.rules.servers import free_port, until
from tests.servers.gateway import OFFICES, Authority
from tests.servers.outage import IDENTITY, POISON, Outage
from tests.servers.stores import Store, prometheus, store, victoria_metrics

HOURS = float(os.environ.get("OUTAGE_HOURS", "0"))
SEED = int(os.environ.get("OUTAGE_SEED", "6"))
SERIES, KILLS = 150, 9
PATIENCE = 600.0
DRAINED = 4  # scrapes that wait because they are the newest
PRODUCT = (sys.executable, "-m", "communewatch")
Program = Callable[[Path, int], tuple[str, ...]]

pytestmark = [
    pytest.mark.skipif(not HOURS, reason="takes minutes; `make soak` runs it"),
    pytest.mark.timeout(3600),
]

GATEWAY = """\
version: 1
listen: 127.0.0.1:{port}
metrics: 127.0.0.1:{metrics}
tls: {{certificate: {ca}/server.crt, key: {ca}/server.key, authority: {ca}/authority.pem}}
identities: {folder}/identities.yml
store: {{url: "{store}/api/v1/write"}}
accepted: {{behind: 79h}}
allowed: {{samples_per_second: 1000000, burst: 2000000}}
"""
AGENT = """\
version: 1
identity: {identity}
name: {{vi: Trung tâm xã Trường Hà, en: Truong Ha}}
listen: 127.0.0.1:{port}
probes: [{{collector: host, every: 5s, timeout: 5s}}]
push:
  scrape_interval: 5s
  send_interval: 5s
  receivers:
    centre:
      url: https://127.0.0.1:{gateway}/api/v1/write
      ca_file: {ca}/root.pem
      certificate: {ca}/01273-1.crt
      key: {ca}/01273-1.key
      timeout: 5s
      share: 1.0
"""


class Way:
    """An office with its outage behind it, a gateway, a store; any of them may be killed and started again."""

    def __init__(self, folder: Path, centre: Store, outage: Outage) -> None:
        self.folder, self.centre = folder, centre
        self.buffer = folder / "state" / "buffer"
        authority = Authority(folder / "ca", time.time())
        authority.server("127.0.0.1")
        authority.office(OFFICES[0])
        outage.write(folder / "state")
        (folder / "identities.yml").write_text(f"version: 1\noffices: {{{OFFICES[0]}: {IDENTITY}}}\n")
        self.gateway_page, self.agent_page, port = free_port(), free_port(), free_port()
        places = {"folder": folder, "ca": authority.path, "store": centre.url}
        gateway, agent = folder / "gateway.yml", folder / "agent.yml"
        gateway.write_text(GATEWAY.format(port=port, metrics=self.gateway_page, **places))
        agent.write_text(AGENT.format(identity=IDENTITY, port=self.agent_page, gateway=port, **places))
        self.gateway = self._process("gateway", "gateway", "run", "--config", str(gateway))
        self.agent = self._process("agent", "agent", "run", "--config", str(agent))

    def _process(self, name: str, *arguments: str) -> Process:
        state = {"STATE_DIRECTORY": str(self.folder / "state")}
        return Process(Command(name, (*PRODUCT, *arguments), environment=state), self.folder / f"{name}.log")

    async def begin(self) -> None:
        await self.gateway.start()
        await until(lambda: answers(self.gateway_page))
        await self.agent.start()
        await until(lambda: answers(self.agent_page))

    async def kill(self, victim: str) -> None:
        """And start it again at once."""
        if victim == "store":
            await self.centre.kill()
            await self.centre.start()
            return
        process, page = {"agent": (self.agent, self.agent_page), "gateway": (self.gateway, self.gateway_page)}[victim]
        await process.kill()
        await process.start()
        await until(lambda: answers(page))

    async def shown(self, name: str) -> float:
        """By the agent's page; nan while it does not say."""
        page = await fetched(f"http://127.0.0.1:{self.agent_page}/metrics")
        found = re.search(rf"^{name}(?:{{[^}}]*}})? (\S+)$", page, re.MULTILINE)
        return float(found[1]) if found else math.nan

    async def waits(self, at_most: float) -> None:
        """Until no more scrapes than these wait."""
        async with asyncio.timeout(PATIENCE):
            while not await self.shown("agent_buffer_waiting_scrapes") <= at_most:
                await asyncio.sleep(0.05)

    async def says_that_nothing_waits(self) -> None:
        """At the store, by a look that was taken after the last of the backlog had left."""
        query = f"timestamp(agent_push_backlog_age_seconds) > {time.time()} and agent_push_backlog_age_seconds < 600"
        async with asyncio.timeout(PATIENCE):
            while '"value"' not in await fetched(f"{self.centre.url}/api/v1/query", query=query):
                await self.centre.flush()
                await asyncio.sleep(0.5)

    async def resend(self, *arguments: str) -> None:
        """Ask for something again, and see the agent begin."""
        before = self._resent()
        await said("agent", "buffer", "resend", "--folder", str(self.buffer), *arguments)
        async with asyncio.timeout(PATIENCE):
            while self._resent() == before:
                await asyncio.sleep(0.1)

    def _resent(self) -> int:
        return self.agent.log.read_text().count("event=resend ")


async def answers(port: int) -> bool:
    try:
        return bool(await fetched(f"http://127.0.0.1:{port}/metrics"))
    except aiohttp.ClientError:
        return False


async def fetched(url: str, **parameters: str) -> str:
    async with aiohttp.ClientSession() as web, web.get(url, params=parameters) as answer:
        return await answer.text()


async def said(*arguments: str) -> str:
    """By one of the product's commands."""
    process = await asyncio.create_subprocess_exec(*PRODUCT, *arguments, stdout=asyncio.subprocess.PIPE, cwd=CHECKOUT)
    output, _ = await process.communicate()
    return output.decode()


@asynccontextmanager
async def way(folder: Path, arguments: Program, outage: Outage) -> AsyncIterator[Way]:
    (folder / "store").mkdir()
    async with store(arguments, folder / "store") as centre:
        found = await asyncio.to_thread(Way, folder, centre, outage)
        try:
            await found.begin()
            yield found
        finally:
            await found.agent.kill()
            await found.gateway.kill()


@dataclass(slots=True)
class Found:
    """there: samples; wrong: missing, different or too many; rounded: not the very same double.

    worst, worst_of_largest: the largest error, beside the value itself and beside the largest of its series
    """

    there: int = 0
    wrong: int = 0
    rounded: int = 0
    worst: float = 0.0
    worst_of_largest: float = 0.0


async def compared(centre: Store, outage: Outage) -> Found:
    """With every sample that was measured.

    VictoriaMetrics keeps decimal numbers, those of a block with one exponent: whole numbers are what they were, others
    are off by up to 1e-12 of the largest one near them.
    """
    await centre.flush()
    found, near = Found(), 1e-12 if centre.arguments is victoria_metrics else 0.0
    since, until_ = outage.at(0) - 1, outage.at(outage.count)
    for index in range(outage.series):
        held, wanted = await centre.column(outage.labels(index), since, until_), outage.column(index)
        largest = max(wanted.values())
        missing, surplus = wanted.keys() - held.keys(), held.keys() - wanted.keys()
        errors = {at: abs(held[at] - value) for at, value in wanted.items() if at in held and held[at] != value}
        allowed = near * largest if index % 5 == 4 else 0.0  # the others are whole numbers
        found.there += len(held)
        found.rounded += len(errors)
        found.wrong += len(missing) + len(surplus) + sum(error > allowed for error in errors.values())
        found.worst = max([found.worst, *(error / wanted[at] for at, error in errors.items() if wanted[at])])
        found.worst_of_largest = max([found.worst_of_largest, *(error / largest for error in errors.values())])
    return found


async def obey_the_report(found: Way, hours: float) -> int:
    """Send again what `report completeness` says is missing, until it asks for nothing; how many requests that took."""
    asked, lines = 0, list[str]()
    arguments = ("--prometheus", found.centre.url, "--last", f"{round(hours) + 3}h", "--settle", "1m")
    for _ in range(5):
        await found.says_that_nothing_waits()
        lines = (await said("report", "completeness", *arguments)).splitlines()
        commands = [line.split() for line in lines if " buffer resend " in line]
        if not commands:
            print("", *lines[-4:], sep="\n  ")
            return asked
        for command in commands:
            await found.resend(*command[4:])
        asked += len(commands)
        await found.waits(DRAINED)
    raise AssertionError(f"the report still asks after {asked} requests: {lines[:5]}")


def plan(chance: random.Random, count: int) -> Sequence[tuple[str, int]]:
    """Who is killed, and how many scrapes wait then: each as often, at random moments of the way."""
    victims = ["agent", "gateway", "store"] * (KILLS // 3)
    chance.shuffle(victims)
    return list(zip(victims, sorted((chance.randrange(count) for _ in victims), reverse=True), strict=True))


@pytest.mark.parametrize("arguments", [prometheus, victoria_metrics], ids=["prometheus", "victoria_metrics"])
async def test_an_outage_is_made_good_sample_by_sample(tmp_path: Path, arguments: Program) -> None:
    """What the store forgot after it had said "taken" is sent again as the report on completeness asks for."""
    chance, count = random.Random(SEED), round(HOURS * 240)
    now = time.time()
    outage = Outage(SERIES, count, now - now % 3600 - 3600, poisoned=chance.randrange(count))
    async with way(tmp_path, arguments, outage) as found:
        await found.waits(count - 30)
        await found.centre.restart()  # so that it remembers where the outage began
        began = time.monotonic()
        for victim, waiting in plan(chance, count):
            await found.waits(waiting)
            await found.kill(victim)
        await found.waits(DRAINED)
        drained = time.monotonic() - began
        print(f"\n  {count} looks in {drained:.0f} s with {KILLS} kills: {await compared(found.centre, outage)}")
        asked = await obey_the_report(found, HOURS)
        await found.resend("--since", str(outage.end - 36_000), "--until", str(outage.end))
        await found.waits(DRAINED)
        result = await compared(found.centre, outage)
        print(f"  after {asked} requests of the report, and 10 hours once more: {result}")
        inspected = json.loads(await said("agent", "buffer", "inspect", "--folder", str(found.buffer), "--json"))
    assert (result.there, result.wrong) == (SERIES * count, 0)
    facts = [event["facts"] for event in inspected["events"] if event["what"] == "quarantine"]
    assert {(one["first"], one["series"]) for one in facts} == {(facts[0]["first"], json.dumps(dict(POISON)))}
