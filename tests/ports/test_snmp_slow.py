"""The SNMP adapter and cards that take their time: the loop's clock runs fast, the sockets are real."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.io.snmp import SnmpAdapter
from collectors.core import ProbeError, Reason
from collectors.core.ports import SnmpAgent
from tests.fakes.hurry import skipping
from tests.fakes.snmp_wire import OBJECTS, UP_TIME, WANTED, Request, WireAgent, well_behaved, wire_agent

TOO_BIG = 1
MARKS = tuple(f"1.3.6.1.4.1.{maker}.1.{mark}.0" for maker in range(1, 22) for mark in range(4))
MARK = MARKS[-1]
HAS = {**OBJECTS, **UP_TIME, MARK: 1}

Poll = Callable[[SnmpAdapter, WireAgent, SnmpAgent], Awaitable[None]]


def with_card(work: Poll, behave: Callable[[Request], object] = lambda request: request.answer(HAS)) -> None:
    async def run() -> None:
        adapter = SnmpAdapter()
        try:
            async with wire_agent(behave) as (wire, agent):  # type: ignore[arg-type]
                await work(adapter, wire, agent)
        finally:
            await adapter.close()

    skipping(run())


def now() -> float:
    return asyncio.get_running_loop().time()


async def until_recognised(adapter: SnmpAdapter, agent: SnmpAgent) -> int:
    """How many polls of 12 s it takes to find the mark and read the state."""
    for poll in range(1, 12):
        start = now()
        with suppress(ProbeError):
            if MARK in await adapter.find(agent, MARKS, 12):
                assert await adapter.get(agent, WANTED, start + 12 - now()) == OBJECTS
                return poll
    raise AssertionError("never")


@pytest.mark.parametrize(("delay", "polls"), [(0.0, 1), (0.5, 2), (1.5, 3), (4.0, 6)])
def test_a_slow_card_is_recognised_by_one_of_many_marks_over_some_polls(delay: float, polls: int) -> None:
    async def work(adapter: SnmpAdapter, wire: WireAgent, agent: SnmpAgent) -> None:
        wire.delay = delay
        assert await until_recognised(adapter, agent) <= polls

    with_card(work)


@pytest.mark.parametrize("delay", [0.0, 4.0])
def test_a_card_that_is_known_is_not_asked_again_for_the_marks_of_others(delay: float) -> None:
    async def work(adapter: SnmpAdapter, wire: WireAgent, agent: SnmpAgent) -> None:
        wire.delay = delay
        await until_recognised(adapter, agent)
        wire.requests.clear()
        for _ in range(12):
            start = now()
            assert MARK in await adapter.find(agent, MARKS, 12)
            assert await adapter.get(agent, WANTED, start + 12 - now()) == OBJECTS
            await asyncio.sleep(start + 6 - now())
        asked = [oid for request in wire.requests for oid in request.oids if oid in MARKS]
        assert len(asked) <= 2 * 20, "some 72 seconds: one request a minute"
        assert len(wire.requests) <= 12 + 3

    with_card(work)


def test_a_card_that_answers_one_object_at_a_time_is_recognised_within_one_poll() -> None:
    def singles(request: Request) -> bytes | None:
        return request.answer(HAS) if len(request.oids) == 1 else None

    async def work(adapter: SnmpAdapter, wire: WireAgent, agent: SnmpAgent) -> None:
        wire.delay = 0.02
        assert await until_recognised(adapter, agent) == 1

    with_card(work, singles)


def test_version_1_finds_one_of_many_marks_in_few_requests() -> None:
    async def work(adapter: SnmpAdapter, wire: WireAgent, agent: SnmpAgent) -> None:
        agent = replace(agent, version="1")
        assert await adapter.find(agent, MARKS, 12) == {MARK}
        assert await adapter.get(agent, (*WANTED, *MARKS[:15]), 12) == OBJECTS
        assert len(wire.requests) <= 10

    with_card(work)


def test_version_1_manages_without_getnext() -> None:
    async def work(adapter: SnmpAdapter, wire: WireAgent, agent: SnmpAgent) -> None:
        agent = replace(agent, version="1")
        assert await adapter.get(agent, (*WANTED, *MARKS[:5]), 12) == OBJECTS
        wire.requests.clear()
        assert await adapter.get(agent, (*WANTED, *MARKS[:5]), 12) == OBJECTS
        assert wire.requests[0].oids == WANTED

    with_card(work, lambda request: None if request.is_next else request.answer(HAS))


@pytest.mark.parametrize("version", ["1", "2c"])
@pytest.mark.parametrize("width", [1, 20])
def test_rows_that_appear_with_an_alarm_are_seen_within_two_polls_or_some_where_each_needs_a_request(
    version: str, width: int
) -> None:
    alarms = {f"1.3.6.1.4.1.705.1.7.{number}.0": 1 for number in range(15)}
    few = dict(list(alarms.items())[3:9])
    holds = dict(HAS)

    def behave(request: Request) -> bytes | None:
        return request.answer(holds) if len(request.oids) <= width else None

    async def work(adapter: SnmpAdapter, wire: WireAgent, agent: SnmpAgent) -> None:
        agent = replace(agent, version=version)  # type: ignore[arg-type]
        wanted = (*WANTED, *alarms)
        for _ in range(3):
            assert await adapter.get(agent, wanted, 12) == OBJECTS
            await asyncio.sleep(4)
        holds.update(few)
        found = []
        for _ in range(2 if width > 1 else 6):
            found.append(await adapter.get(agent, wanted, 12))
            await asyncio.sleep(4)
        assert found[-1] == {**OBJECTS, **few}

    with_card(work, behave)


def test_a_slow_cards_alarm_is_seen_whole_as_soon_as_one_of_its_rows_is() -> None:
    alarms = {f"1.3.6.1.4.1.705.1.7.{number}.0": 1 for number in range(30)}
    holds = dict(HAS)

    async def work(adapter: SnmpAdapter, wire: WireAgent, agent: SnmpAgent) -> None:
        wire.delay = 1.5
        wanted = (*WANTED, *alarms)
        await adapter.get(agent, wanted, 12)
        holds.update(alarms)
        assert await adapter.get(agent, wanted, 12) == {**OBJECTS, **alarms}

    with_card(work, lambda request: request.answer(holds))


def test_a_card_that_restarts_is_learnt_anew() -> None:
    """A new firmware may answer what the old one did not, and wider or narrower requests."""
    ticks = 1_000_000
    lacks = True

    def behave(request: Request) -> bytes | None:
        up = {"1.3.6.1.2.1.1.3.0": ticks}
        if not lacks:
            return request.answer({**OBJECTS, **up, MARK: 1, MARKS[0]: 1})
        return request.answer({**OBJECTS, **up, MARK: 1}) if len(request.oids) == 1 else None

    async def work(adapter: SnmpAdapter, wire: WireAgent, agent: SnmpAgent) -> None:
        nonlocal ticks, lacks
        assert await adapter.find(agent, MARKS, 12) == {MARK}
        await adapter.get(agent, (*WANTED, MARKS[0]), 12)
        await asyncio.sleep(15)
        ticks, lacks = 300, False
        wire.requests.clear()
        assert await adapter.get(agent, (*WANTED, MARKS[0]), 12) == {**OBJECTS, MARKS[0]: 1}
        assert await adapter.find(agent, MARKS, 12) == {MARK, MARKS[0]}
        assert max(len(request.oids) for request in wire.requests) > 1

    with_card(work, behave)


def test_another_family_at_the_same_address_is_recognised() -> None:
    other = {**OBJECTS, "1.3.6.1.2.1.1.3.0": 900_000_000, MARKS[1]: 1}
    holds = dict(HAS)

    async def work(adapter: SnmpAdapter, wire: WireAgent, agent: SnmpAgent) -> None:
        assert await adapter.find(agent, MARKS, 12) == {MARK}
        await adapter.get(agent, WANTED, 12)
        await asyncio.sleep(15)
        holds.clear()
        holds.update(other)
        await adapter.get(agent, (MARK, *WANTED), 12)
        assert await adapter.find(agent, MARKS, 12) == {MARKS[1]}

    with_card(work, lambda request: request.answer(holds))


def test_an_answer_counts_that_comes_after_we_have_asked_again() -> None:
    async def work(adapter: SnmpAdapter, wire: WireAgent, agent: SnmpAgent) -> None:
        wire.delay = 5.6
        with pytest.raises(ProbeError) as caught:
            await adapter.get(agent, WANTED, 12)
        assert caught.value.reason is Reason.TIMEOUT, "a greeting and a question are too much for one poll"
        await asyncio.sleep(6)
        assert await adapter.get(agent, WANTED, 12) == OBJECTS

    with_card(work)


def test_a_lost_card_costs_little_time_and_is_seen_at_once_when_it_is_back() -> None:
    async def work(adapter: SnmpAdapter, wire: WireAgent, agent: SnmpAgent) -> None:
        wire.behave = lambda _: None
        spent = []
        for _ in range(8):
            start = now()
            with pytest.raises(ProbeError):
                await adapter.get(agent, WANTED, 12)
            spent.append(now() - start)
        assert sum(spent[5:]) < sum(spent[:3]) / 2, "but for each fourth poll, as patient as any"
        wire.behave = well_behaved
        assert await adapter.get(agent, WANTED, 12) == OBJECTS

    with_card(work)


def test_lost_cards_leave_slots_to_those_that_answer() -> None:
    async def run() -> None:
        adapter = SnmpAdapter(in_flight=3)
        async with wire_agent(lambda _: None) as (_, silent), wire_agent(well_behaved) as (_, agent):
            for _ in range(3):
                with pytest.raises(ProbeError):
                    await adapter.get(silent, WANTED, 12)
            lost = [asyncio.create_task(adapter.get(silent, WANTED, 12)) for _ in range(6)]
            await asyncio.sleep(0.1)
            assert await adapter.get(agent, WANTED, 4) == OBJECTS
            for task in lost:
                task.cancel()
            await asyncio.wait(lost)
            await adapter.close()

    skipping(run())


def moody(seed: int, width: int, slowest: float) -> Callable[[Request], bytes | list[bytes] | None]:
    """A card that does anything that cards do, now and then."""
    chance = random.Random(seed)

    def behave(request: Request) -> bytes | list[bytes] | None:
        if len(request.oids) > width:
            return request.answer({}, status=TOO_BIG) if chance.random() < 0.5 else None
        mood = chance.random()
        if mood < 0.1:
            return None
        if mood < 0.2:
            return b"\x30\x03\x02\x01\x07"
        if mood < 0.3:
            return request.answer({}, status=5, index=chance.randint(0, 4))
        return request.answer(HAS)

    return behave


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    seed=st.integers(0, 999),
    width=st.sampled_from([1, 3, 20]),
    delay=st.sampled_from([0, 0.3, 1.1, 4.0, 7.0]),
    version=st.sampled_from(["1", "2c"]),
    timeout=st.sampled_from([1.0, 5.0, 12.0]),
)
def test_a_poll_keeps_its_deadline_whatever_the_card_does(
    seed: int, width: int, delay: float, version: str, timeout: float
) -> None:
    async def work(adapter: SnmpAdapter, wire: WireAgent, agent: SnmpAgent) -> None:
        agent = replace(agent, version=version)  # type: ignore[arg-type]
        wire.delay = delay
        for ask in (adapter.find(agent, MARKS, timeout), adapter.get(agent, (*WANTED, *MARKS), timeout)):
            start = now()
            found: object = {}
            with suppress(ProbeError):
                found = await ask
            assert now() - start < 1.5 * timeout + 2, "two tenths of a second on a slow machine"
            assert set(found) <= set(HAS)  # type: ignore[call-overload]

    with_card(work, moody(seed, width, delay))
