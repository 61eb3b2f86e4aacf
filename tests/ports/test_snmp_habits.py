"""The SNMP adapter learns the habits of cards: what real ones have been seen to do."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Literal

import pytest
from pysnmp.proto import rfc1902

from agent.io.snmp import SnmpAdapter
from collectors.core import ProbeError
from collectors.core.ports import Oid
from tests.fakes.snmp_wire import OBJECTS, UP_TIME, WANTED, Behaviour, Request, well_behaved, wire_agent

GEN_ERR, TOO_BIG, NO_SUCH_NAME = 5, 1, 2


@pytest.fixture
async def adapter() -> AsyncIterator[SnmpAdapter]:
    adapter = SnmpAdapter()
    yield adapter
    await adapter.close()


async def test_an_agent_that_ignores_all_but_single_objects_is_read_one_by_one(adapter: SnmpAdapter) -> None:
    def singles_only(request: Request) -> bytes | None:
        return well_behaved(request) if len(request.oids) == 1 else None

    async with wire_agent(singles_only) as (wire, agent):
        assert await adapter.get(agent, WANTED, 10) == OBJECTS
        wire.requests.clear()
        assert await adapter.get(agent, WANTED, 10) == OBJECTS
        assert {len(request.oids) for request in wire.requests} == {1}, "what was learnt is remembered"


async def test_a_request_that_is_too_big_is_halved_until_it_fits(adapter: SnmpAdapter) -> None:
    def three_at_most(request: Request) -> bytes:
        fits = len(request.oids) <= 3
        return well_behaved(request) if fits else request.answer({}, status=TOO_BIG)

    async with wire_agent(three_at_most) as (wire, agent):
        assert await adapter.get(agent, WANTED, 5) == OBJECTS
        wire.requests.clear()
        await adapter.get(agent, WANTED, 5)
        assert max(len(request.oids) for request in wire.requests) <= 3


def failing_because_of(culprit: Oid, status: int, *, named: bool = True) -> Behaviour:
    """An agent that fails a whole request because of one object, and says or does not say because of which."""
    others = {oid: value for oid, value in {**OBJECTS, **UP_TIME}.items() if oid != culprit}

    def behave(request: Request) -> bytes:
        if culprit not in request.oids or request.is_next:
            return request.answer(others)
        return request.answer({**OBJECTS, **UP_TIME}, status, request.oids.index(culprit) + 1 if named else 0)

    return behave


async def test_version_1_leaves_out_the_missing_object_and_remembers_it(adapter: SnmpAdapter) -> None:
    missing = WANTED[3]
    rest = {oid: value for oid, value in OBJECTS.items() if oid != missing}
    async with wire_agent(failing_because_of(missing, NO_SUCH_NAME)) as (wire, agent):
        assert await adapter.get(replace(agent, version="1"), WANTED, 5) == rest
        wire.requests.clear()
        assert await adapter.get(replace(agent, version="1"), WANTED, 5) == rest
        first, second = wire.requests
        assert first.oids == tuple(rest), "what is there is not to be voided by what is not"
        assert second.is_next or second.oids == (missing,), "asked again, but by itself"


async def test_an_object_that_appears_later_is_found(adapter: SnmpAdapter) -> None:
    async with wire_agent(failing_because_of(WANTED[3], NO_SUCH_NAME)) as (wire, agent):
        await adapter.get(replace(agent, version="1"), WANTED, 5)
        wire.behave = well_behaved
        assert await adapter.get(replace(agent, version="1"), WANTED, 5) == OBJECTS


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("version", ["1", "2c"])
async def test_one_object_with_a_general_error_costs_only_itself(
    adapter: SnmpAdapter, version: Literal["1", "2c"], named: bool
) -> None:
    culprit = WANTED[5]
    async with wire_agent(failing_because_of(culprit, GEN_ERR, named=named)) as (_, agent):
        found = await adapter.get(replace(agent, version=version), WANTED, 5)
    assert found == {oid: value for oid, value in OBJECTS.items() if oid != culprit}


async def test_null_is_absent(adapter: SnmpAdapter) -> None:
    nulls = {WANTED[0]: rfc1902.Null("")}
    async with wire_agent(lambda request: request.answer({**OBJECTS, **UP_TIME, **nulls})) as (_, agent):
        assert WANTED[0] not in await adapter.get(agent, WANTED, 5)


async def test_numbers_keep_their_value_whatever_their_type(adapter: SnmpAdapter) -> None:
    typed = {
        WANTED[0]: rfc1902.Gauge32(4_000_000_000),
        WANTED[1]: rfc1902.Counter64(2**63),
        WANTED[2]: rfc1902.TimeTicks(12),
        WANTED[3]: rfc1902.OctetString("12"),
        WANTED[4]: rfc1902.IpAddress("10.0.0.5"),
        WANTED[5]: rfc1902.Opaque(b"\x9f\x78\x04\x41\xd0\x00\x00"),
        WANTED[6]: rfc1902.ObjectIdentifier("1.3.6.1"),
    }
    async with wire_agent(lambda request: request.answer({**UP_TIME, **typed})) as (_, agent):
        assert list((await adapter.get(agent, WANTED, 5)).values()) == [
            4_000_000_000, 2**63, 12, b"12", bytes((10, 0, 0, 5)), b"\x9f\x78\x04\x41\xd0\x00\x00", "1.3.6.1",
        ]  # fmt: skip


async def test_answers_to_other_questions_are_not_taken(adapter: SnmpAdapter) -> None:
    def renamed(request: Request) -> bytes:
        other = replace(request, oids=tuple(f"{oid}.1" for oid in request.oids))
        return other.answer({f"{oid}.1": 99 for oid in request.oids})

    async with wire_agent(renamed) as (_, agent):
        assert await adapter.get(agent, WANTED, 5) == {}


async def test_a_slow_card_is_waited_for(adapter: SnmpAdapter) -> None:
    async with wire_agent(well_behaved) as (wire, agent):
        wire.delay = 0.8
        assert await adapter.get(agent, WANTED, 12) == OBJECTS
        assert len(wire.requests) == 2, "a slow answer is no reason to ask again"


async def test_a_card_known_to_be_slow_is_given_the_time_that_it_needs(adapter: SnmpAdapter) -> None:
    async with wire_agent(well_behaved) as (wire, agent):
        wire.delay = 1.0
        await adapter.get(agent, WANTED, 8)
        wire.requests.clear()
        assert await adapter.get(agent, WANTED, 2.5) == OBJECTS
        assert len(wire.requests) == 1


async def test_a_poll_too_short_for_a_slow_card_does_not_make_it_a_stranger(adapter: SnmpAdapter) -> None:
    async with wire_agent(well_behaved) as (wire, agent):
        wire.delay = 1.0
        await adapter.get(agent, WANTED, 8)
        with pytest.raises(ProbeError):
            await adapter.get(agent, WANTED, 0.6)
        wire.requests.clear()
        await adapter.get(agent, WANTED, 8)
        assert [request.oids for request in wire.requests] == [WANTED], "no greeting, no narrower requests"


async def test_a_walk_ends_when_the_agent_goes_in_circles(adapter: SnmpAdapter) -> None:
    root = "1.3.6.1.2.1.33.1.6.2.1.2"

    def circling(request: Request) -> bytes:
        return replace(request, oids=(f"{root}.1",)).answer({f"{root}.1": 1})

    async with wire_agent(circling) as (_, agent):
        assert await adapter.walk(agent, root, 24, 5) == {f"{root}.1": 1}
