"""The SNMP adapter finds out whether a card that is asked by community knows version 2c, or only version 1."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import pytest

from agent.io.snmp import SnmpAdapter
from agent.io.snmp.port import FULL_TRY, LOST_AFTER
from collectors.core import ProbeError, Reason
from collectors.core.ports import SnmpAgent, SnmpVersion
from tests.fakes.hurry import skipping
from tests.fakes.snmp_wire import OBJECTS, WANTED, Request, WireAgent, well_behaved, wire_agent

A_POLL, PLENTY = 12.0, 60.0  # seconds
ONE, TWO = 0, 1  # versions 1 and 2c on the wire
VERSIONS: tuple[SnmpVersion, ...] = ("1", "2c")


@dataclass
class Card:
    """Answers these versions, and knows what it was asked in."""

    speaks: set[int]
    asked: list[int] = field(default_factory=list)

    def __call__(self, request: Request) -> bytes | None:
        self.asked.append(request.version)
        return well_behaved(request) if request.version in self.speaks else None


def talk(card: Card, delay: float, story: Callable[[SnmpAdapter, SnmpAgent, WireAgent], Awaitable[None]]) -> None:
    async def told() -> None:
        adapter = SnmpAdapter()
        async with wire_agent(well_behaved) as (wire, agent):
            for version in VERSIONS:  # what it takes to be able to speak a version at all is not hurried
                await adapter.get(replace(agent, version=version), WANTED, PLENTY)
            wire.behave, wire.delay = card, delay
            await story(adapter, replace(agent, version="auto"), wire)
        await adapter.close()

    skipping(told())


async def failed(adapter: SnmpAdapter, agent: SnmpAgent) -> ProbeError:
    with pytest.raises(ProbeError) as caught:
        await adapter.get(agent, WANTED, A_POLL)
    return caught.value


async def silent(adapter: SnmpAdapter, agent: SnmpAgent) -> bool:
    try:
        return await adapter.get(agent, WANTED, A_POLL) != OBJECTS
    except ProbeError:
        return True


def test_a_card_that_knows_no_version_2c_is_read_in_version_1_and_stays_so() -> None:
    card = Card({ONE})

    async def story(adapter: SnmpAdapter, agent: SnmpAgent, _: WireAgent) -> None:
        assert await adapter.get(agent, WANTED, PLENTY) == OBJECTS
        card.asked.clear()
        assert await adapter.get(agent, WANTED, PLENTY) == OBJECTS
        assert set(card.asked) == {ONE}

    talk(card, 0.0, story)


@pytest.mark.parametrize("delay", [0.0, 4.0], ids=["quick", "slow"])
def test_a_card_that_knows_both_is_read_in_version_2c(delay: float) -> None:
    card = Card({ONE, TWO})

    async def story(adapter: SnmpAdapter, agent: SnmpAgent, _: WireAgent) -> None:
        assert await adapter.get(agent, WANTED, PLENTY) == OBJECTS
        card.asked.clear()
        assert await adapter.get(agent, WANTED, PLENTY) == OBJECTS
        assert set(card.asked) == {TWO}

    talk(card, delay, story)


def test_a_slow_card_that_knows_only_version_1_is_read_with_the_next_poll() -> None:
    async def story(adapter: SnmpAdapter, agent: SnmpAgent, _: WireAgent) -> None:
        await failed(adapter, agent)
        assert await adapter.get(agent, WANTED, PLENTY) == OBJECTS

    talk(Card({ONE}), 4.0, story)


def test_a_lost_card_is_asked_in_version_2c_again() -> None:
    card = Card({ONE})

    async def story(adapter: SnmpAdapter, agent: SnmpAgent, _: WireAgent) -> None:
        await adapter.get(agent, WANTED, PLENTY)
        card.speaks = {TWO}  # another card, or a new firmware
        for _number in range(LOST_AFTER):
            assert (await failed(adapter, agent)).reason is Reason.NO_ANSWER
        assert await adapter.get(agent, WANTED, PLENTY) == OBJECTS

    talk(card, 0.0, story)


def test_a_card_that_was_heard_in_version_2c_is_asked_in_1_only_once_it_is_lost() -> None:
    card = Card({TWO})

    async def story(adapter: SnmpAdapter, agent: SnmpAgent, _: WireAgent) -> None:
        await adapter.get(agent, WANTED, PLENTY)
        card.speaks = {ONE}
        for _number in range(LOST_AFTER):
            await failed(adapter, agent)
        assert set(card.asked) == {TWO}
        tries = [await silent(adapter, agent) for _number in range(FULL_TRY)]
        assert not tries[-1]
        assert card.asked[-1] == ONE

    talk(card, 0.0, story)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_that_is_written_down_is_the_only_one(version: SnmpVersion) -> None:
    card = Card({TWO if version == "1" else ONE})

    async def story(adapter: SnmpAdapter, agent: SnmpAgent, _: WireAgent) -> None:
        only = replace(agent, version=version)
        assert (await failed(adapter, only)).reason is Reason.NO_ANSWER
        assert set(card.asked).isdisjoint(card.speaks)

    talk(card, 0.0, story)


def test_a_card_that_says_nothing_in_either_version_is_silent_in_time() -> None:
    card = Card(set())

    async def story(adapter: SnmpAdapter, agent: SnmpAgent, _: WireAgent) -> None:
        assert (await failed(adapter, agent)).reason is Reason.NO_ANSWER
        assert set(card.asked) == {ONE, TWO}

    talk(card, 0.0, story)
