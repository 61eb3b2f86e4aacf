"""Throughput tests by the net port: one suite for the fake and for the client against a real responder."""

import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Protocol

import pytest

from agent.io.bulk import BulkClient
from agent.io.resolver import Resolver
from agent.responder import session
from agent.responder.admission import Limits, Ticket
from agent.responder.protocol import Bounds
from collectors.core import Reason
from collectors.core.ports import Arrivals, BulkRequest, Direction, Failure
from tests.fakes.bulk import FakeBulk, constant
from tests.servers.responder import KEY, after, request, responding

DIRECTIONS: tuple[Direction, ...] = ("down", "up")
PLENTY = 20.0
LIMITS = Limits(tests=2, bounds=Bounds.of(2**40, 15.0), hourly_bytes=2**45)  # the loopback is fast


class World(Protocol):
    """A port, a responder that it reaches, and what may be wrong with that."""

    async def bulk(self, request: BulkRequest, timeout: float) -> Arrivals: ...

    @property
    def port(self) -> int: ...

    def take_all_slots(self) -> None: ...

    def vanish(self) -> None: ...


@dataclass(slots=True)
class Fake:
    fake: FakeBulk
    port: int = 1

    async def bulk(self, request: BulkRequest, timeout: float) -> Arrivals:
        return await self.fake.bulk(request, timeout)

    def take_all_slots(self) -> None:
        self.fake.failure = Failure(Reason.BUSY, "handshake", "busy", again=2.0)

    def vanish(self) -> None:
        self.fake.failure = Failure(Reason.REFUSED, "connect", "nobody there")


@dataclass(slots=True)
class Real:
    client: BulkClient
    responder: Any
    port: int
    nobody: int

    async def bulk(self, request: BulkRequest, timeout: float) -> Arrivals:
        return await self.client.transfer(request, timeout)

    def take_all_slots(self) -> None:
        admission = self.responder.admission
        for number in range(admission.limits.tests):
            assert isinstance(admission.admit(f"client {number}", Bounds(1, 1000), 0.0), Ticket)

    def vanish(self) -> None:
        self.port = self.nobody


@pytest.fixture(params=["fake", "adapter"])
async def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    if request.param == "fake":
        yield Fake(FakeBulk(constant(1000), key=KEY))
        return
    monkeypatch.setattr(session, "PATIENCE_SECONDS", 0.1)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # taken, but nobody listens
        async with responding(LIMITS) as (responder, port):
            yield Real(BulkClient(Resolver()), responder, port, nobody.getsockname()[1])


@pytest.mark.parametrize("direction", DIRECTIONS)
async def test_a_test_ends_when_it_is_told_that_it_is_enough(world: World, direction: Direction) -> None:
    asked: list[int] = []

    def enough(points: Any, round_trip: float) -> bool:
        asked.append(len(points))
        assert round_trip >= 0
        return after(4)(points, round_trip)

    seen = await world.bulk(request(world.port, direction, enough=enough), PLENTY)
    assert seen.failure is None
    assert seen.ended == "enough"
    assert asked[-1] == len(seen.points)
    assert asked == sorted(set(asked))


@pytest.mark.parametrize("direction", DIRECTIONS)
async def test_points_ascend_and_what_was_used_covers_them(world: World, direction: Direction) -> None:
    seen = await world.bulk(request(world.port, direction, enough=after(5)), PLENTY)
    times, sizes = [seconds for seconds, _ in seen.points], [size for _, size in seen.points]
    assert times == sorted(times)
    assert sizes == sorted(sizes)
    assert 0 < sizes[-1] <= seen.used_bytes * 1.01
    assert seen.round_trip_seconds > 0
    assert seen.congestion
    assert 0 <= (seen.repeated or 0) < 0.5
    assert 1 < seen.segment.at_ip_layer < 1.1
    assert list(seen.phases) == ["resolve", "connect", "handshake", "flow"]


@pytest.mark.parametrize("direction", DIRECTIONS)
async def test_a_test_keeps_to_its_bytes(world: World, direction: Direction) -> None:
    seen = await world.bulk(request(world.port, direction, size=2_000_000), PLENTY)
    assert seen.failure is None
    assert seen.ended == "bytes"
    assert seen.points[-1][1] >= 1_900_000
    assert seen.used_bytes < 20_000_000


@pytest.mark.parametrize("direction", DIRECTIONS)
async def test_a_test_keeps_to_its_seconds(world: World, direction: Direction) -> None:
    seen = await world.bulk(request(world.port, direction, size=2**40, seconds=0.1), PLENTY)
    assert seen.failure is None
    assert seen.ended == "seconds"


async def test_the_bytes_of_all_tests_in_a_direction_add_up(world: World) -> None:
    first = await world.bulk(request(world.port, "down", size=1_000_000), PLENTY)
    second = await world.bulk(request(world.port, "down", size=1_000_000), PLENTY)
    other = await world.bulk(request(world.port, "up", size=1_000_000), PLENTY)
    assert first.total_bytes == first.used_bytes > 0
    assert second.total_bytes == first.used_bytes + second.used_bytes
    assert other.total_bytes == other.used_bytes


async def failed(world: World, **more: Any) -> Failure:
    seen = await world.bulk(request(world.port, **more), PLENTY)
    assert seen.points == ()
    assert seen.ended == "failed"
    assert seen.failure is not None
    return seen.failure


async def test_a_wrong_key_is_denied_and_shown_nowhere(world: World) -> None:
    failure = await failed(world, key="a key that nobody else has")
    assert (failure.reason, failure.phase) == (Reason.DENIED, "handshake")
    assert "nobody else" not in failure.message


async def test_a_responder_without_a_free_slot_is_busy(world: World) -> None:
    world.take_all_slots()
    failure = await failed(world)
    assert (failure.reason, failure.phase) == (Reason.BUSY, "handshake")
    assert failure.again
    assert 1 <= failure.again <= 60


async def test_where_nobody_listens_the_connection_is_refused(world: World) -> None:
    world.vanish()
    failure = await failed(world)
    assert (failure.reason, failure.phase) == (Reason.REFUSED, "connect")
