"""The agent as a process that is killed, and what its journal says when it is back."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from agent.journal import entry
from agent.journal.keeper import FILE
from agent.journal.slots import Slots
from tests.lab.machine import Machine
from tests.lab.process import CHECKOUT, LAUNCH
from tests.rules.servers import free_port, until
from tests.tools import needs_root

CONFIG = """
version: 1
identity: {{province: "04", commune: "01273", office: 01273-1}}
name: {{vi: Trung tâm xã Trường Hà, en: Truong Ha}}
listen: 127.0.0.1:{port}
probes: [{{collector: host, every: 1s, timeout: 1s}}]
"""
DARK = 7200.0  # seconds


class Office:
    """A machine's folder with the agent's configuration and state."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "state"
        self.state.mkdir()
        self.machine = Machine(folder / "machine")
        self._config, self._port = folder / "agent.yml", free_port()
        self._config.write_text(CONFIG.format(port=self._port), encoding="utf-8")

    async def page(self, path: str) -> str:
        try:
            async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{self._port}{path}") as got:
                return await got.text()
        except aiohttp.ClientError:
            return ""

    async def shows(self, *words: str, path: str = "/metrics") -> str:
        """The line of a page that holds all these words, as soon as there is one."""
        found: list[str] = []

        async def there() -> bool:
            found[:] = [line for line in (await self.page(path)).splitlines() if all(word in line for word in words)]
            return bool(found)

        await until(there)
        return found[0]

    @asynccontextmanager
    async def agent(self, prefix: Sequence[str] = ()) -> AsyncIterator[None]:
        """Running until the end of the block, where it is killed as by a power cut."""
        argv = (*prefix, sys.executable, "communewatch.py", "agent", "run", "--config", str(self._config))
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd=CHECKOUT,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "STATE_DIRECTORY": str(self.state)},
        )
        try:
            yield
        finally:
            process.kill()
            await process.wait()

    @property
    def booted(self) -> Sequence[str]:
        """Before a program that is to see this machine's boot."""
        return (sys.executable, "-I", "-S", str(LAUNCH), str(os.getpid()), "", json.dumps(dict(self.machine.mounts)))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


async def written(office: Office) -> None:
    async def there() -> bool:
        return (office.state / FILE).exists() and Slots(office.state / FILE).read() is not None

    await until(there)


async def test_every_kill_of_the_agent_is_counted_as_its_own_absence(office: Office) -> None:
    for kills in range(4):
        async with office.agent():
            if kills:
                await office.shows("office_absences_total", 'cause="agent"', 'evidence="journal"', f"}} {kills}")
            await office.shows("probe_success")
            await written(office)


async def test_an_office_without_a_ups_infers_a_power_cut_and_tells_its_officers(office: Office) -> None:
    needs_root()
    async with office.agent(office.booted):
        await written(office)
        await office.shows("probe_success")
    age(office)
    office.machine.boot()
    async with office.agent(office.booted):
        line = await office.shows("office_last_absence_seconds", 'cause="power"', 'evidence="inferred"')
        assert DARK < float(line.split()[-1]) < DARK + time.clock_gettime(time.CLOCK_BOOTTIME) + 60
        assert "suy đoán" in await office.shows("máy tại trụ sở ngừng hoạt động", path="/")


def age(office: Office) -> None:
    """Let the journal have ended so long before this machine booted."""
    slots = Slots(office.state / FILE)
    text = slots.read()
    assert text
    booted = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
    slots.write(entry.write(replace(entry.read(text), time=booted - DARK)))
