"""Polls, a tenth of them failing in every way: descriptors, tasks and memory stay as they were.

`make soak` runs the long form of 10,000 polls, which takes less than a minute, and shows its figures.
"""

import asyncio
import gc
import os
import resource
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path

import pytest

from agent.io.snmp import SnmpAdapter
from agent.io.snmp.credentials import Credentials
from agent.io.snmp.engine import Engine
from collectors.core import ProbeError
from collectors.core.ports import Oid, SnmpAgent, SnmpValue
from collectors.core.values import Secret
from tests.fakes.hurry import hurried
from tests.fakes.snmp_wire import Request, wire_agent
from tests.lab.snmpd import Snmpd, free_udp_port

POLLS = int(os.environ.get("SNMP_POLLS", "800"))
AT_ONCE = 20
MOST_GROWTH = 4 * 1024 * 1024  # bytes, by what the allocator has not given back

CHARGE = "1.3.6.1.2.1.33.1.2.4.0"
UP_TIME = "1.3.6.1.2.1.1.3.0"


def answering(request: Request) -> bytes:
    return request.answer({CHARGE: 77, UP_TIME: 1})


def held() -> tuple[int, int]:
    """Open descriptors and living tasks."""
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir())), len(asyncio.all_tasks())


async def test_polls_hold_nothing_open_afterwards() -> None:
    adapter = SnmpAdapter()
    async with wire_agent(answering) as (_, agent), wire_agent(lambda _: None) as (_, silent):

        async def round_of_polls() -> None:
            await asyncio.gather(*(adapter.get(agent, (CHARGE,), 5) for _ in range(9)))
            with pytest.raises(ProbeError):
                await adapter.get(silent, (CHARGE,), 0.2)

        await round_of_polls()
        before = held()
        for _ in range(25):  # the silent agent makes the adapter rebuild its engine every few rounds
            await round_of_polls()
        assert held() == before
        await adapter.close()
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == 1


def resident() -> int:
    """Bytes of memory of this process."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


@dataclass
class Record:
    """How many polls have failed, and what was held at twenty times between the first poll and the last."""

    polls: int = 0
    failed: int = 0
    held: list[tuple[int, int, int]] = field(default_factory=list)  # bytes, descriptors, tasks

    def count(self, *, failed: bool) -> None:
        self.polls += 1
        self.failed += failed
        if self.polls % (POLLS // 20) == 0:
            self.held.append((resident(), *held()))

    def growth(self) -> int:
        """Bytes since the middle."""
        return self.held[-1][0] - self.held[len(self.held) // 2][0]

    def __str__(self) -> str:
        steps = "; ".join(f"{memory / 2**20:.1f} {files} {tasks}" for memory, files, tasks in self.held)
        return f"{self.polls} polls, {self.failed} failed; MiB, descriptors, tasks: {steps}"


KEY = Secret("a key to prove it")
DIRECTIVES = (
    "rocommunity public",
    f'createUser reader SHA "{KEY.reveal()}" AES "{KEY.reveal()}"',
    "rouser reader priv",
    f"override {CHARGE} integer 77",
)


def turns(good: SnmpAgent, silent: SnmpAgent, garbage: SnmpAgent) -> Iterator[tuple[SnmpAgent, bool]]:
    """Whom to ask, and whether it will fail: each tenth, for another reason each time."""
    signed = replace(good, version="3", user="reader", auth="sha", auth_key=KEY, privacy="aes128", privacy_key=KEY)
    closed = SnmpAgent("127.0.0.1", free_udp_port())
    stranger = replace(good, community=Secret("not it"))
    forger = replace(signed, auth_key=Secret("another key"))
    wrong = cycle((silent, garbage, closed, stranger, forger))
    for number in range(POLLS):
        yield (next(wrong), True) if number % 10 == 9 else ((good, signed)[number % 2], False)


async def polled(adapter: SnmpAdapter, agent: SnmpAgent, timeout: float) -> Mapping[Oid, SnmpValue]:
    try:
        return await adapter.get(agent, (CHARGE,), timeout)
    except ProbeError:
        return {}


async def answer(adapter: SnmpAdapter, agent: SnmpAgent) -> Mapping[Oid, SnmpValue]:
    """Of one that answers: with a clock that runs fast, on a machine that is busy, not always in time."""
    for _ in range(100):
        if found := await polled(adapter, agent, 100):
            return found
    return {}


@pytest.mark.timeout(60 + POLLS / 10)
def test_memory_descriptors_and_tasks_stay_flat_over_many_polls(tmp_path: Path) -> None:
    """The clock runs fast, because pysnmp forgets some things only after five minutes."""
    hurried(_many_polls(tmp_path), haste=20)


async def _many_polls(tmp_path: Path) -> None:
    adapter, record = SnmpAdapter(), Record()
    snmpd = Snmpd(tmp_path, DIRECTIVES, "127.0.0.1", free_udp_port())
    async with wire_agent(lambda _: None) as (mute, silent), wire_agent(lambda _: b"\x30\x84\xff") as (noise, garbage):
        with snmpd.running():
            agents = turns(SnmpAgent(snmpd.host, snmpd.port), silent, garbage)

            async def worker() -> None:
                for agent, is_wrong in agents:
                    found = await polled(adapter, agent, 8) if is_wrong else await answer(adapter, agent)
                    assert found == ({} if is_wrong else {CHARGE: 77})
                    for wire in (mute, noise):
                        wire.requests.clear()
                    record.count(failed=is_wrong)

            await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    print(record)
    await adapter.close()
    assert record.growth() < MOST_GROWTH
    for _, files, tasks in record.held:
        assert files <= 5 * AT_ONCE
        assert tasks <= 5 * AT_ONCE
    assert len(asyncio.all_tasks()) == 1


async def test_a_dead_card_costs_those_that_answer_no_new_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    build = Engine.open

    async def counted(credentials: Credentials) -> Engine:
        opened.append(credentials)
        return await build(credentials)

    monkeypatch.setattr(Engine, "open", counted)
    adapter = SnmpAdapter()
    async with wire_agent(answering) as (_, agent), wire_agent(lambda _: None) as (_, silent):
        for _ in range(5):
            with pytest.raises(ProbeError):
                await adapter.get(silent, (CHARGE,), 0.5)
            assert await adapter.get(agent, (CHARGE,), 5) == {CHARGE: 77}
    await adapter.close()
    assert len(opened) == 1


async def test_a_closed_adapter_has_closed_its_sockets_and_timers() -> None:
    before = held()
    adapter = SnmpAdapter()
    async with wire_agent(answering) as (_, agent):
        await asyncio.gather(
            *(adapter.get(SnmpAgent(agent.host, agent.port, version), (CHARGE,), 5) for version in ("1", "2c"))
        )
        await adapter.close()
    await asyncio.sleep(0)
    assert held() == before


async def test_closing_an_adapter_that_was_never_used_is_fine() -> None:
    await SnmpAdapter().close()


async def test_closing_while_a_poll_waits_ends_within_the_polls_own_time() -> None:
    adapter = SnmpAdapter()
    asked = asyncio.Event()
    async with wire_agent(lambda _: asked.set()) as (_, agent):
        poll = asyncio.create_task(adapter.get(agent, (CHARGE,), 1))
        await asked.wait()
        await adapter.close()
        with pytest.raises(ProbeError):
            await poll
