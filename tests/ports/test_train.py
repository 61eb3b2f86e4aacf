"""Trains by the net port: one suite for the fake and for the client against a real responder."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import pytest

from agent.io.resolver import Resolver
from agent.io.train.client import TrainClient
from agent.io.train.packet import HEADER, SESSION
from agent.io.train.receiver import Receiver
from agent.io.train.udp import open_udp
from agent.responder import session
from agent.responder.admission import Limits, Ticket
from agent.responder.protocol import Bounds
from agent.responder.server import Responder
from collectors.core import Reason
from collectors.core.ports import Direction, Ending, Failure, Train, TrainRequest
from collectors.core.values import Secret
from tests.fakes.train import FakeTrain
from tests.servers.responder import KEY, puppet, responding

DIRECTIONS: tuple[Direction, ...] = ("down", "up")
PLENTY = 20.0
RATE = 1_000_000.0  # the loopback carries any train that is this slow
SIZE = 200_000


class World(Protocol):
    """A port, a responder that it reaches, and what may be wrong with that."""

    async def train(self, request: TrainRequest, timeout: float) -> Train: ...

    @property
    def port(self) -> int: ...

    def take_all_slots(self) -> None: ...

    def vanish(self) -> None: ...


@dataclass(slots=True)
class Fake:
    fake: FakeTrain
    port: int = 1

    async def train(self, request: TrainRequest, timeout: float) -> Train:
        return await self.fake.train(request, timeout)

    def take_all_slots(self) -> None:
        self.fake.failure = Failure(Reason.BUSY, "handshake", "busy", again=2.0)

    def vanish(self) -> None:
        self.fake.failure = Failure(Reason.REFUSED, "connect", "nobody there")


@dataclass(slots=True)
class Real:
    client: TrainClient
    responder: Responder
    port: int
    nobody: int

    async def train(self, request: TrainRequest, timeout: float) -> Train:
        return await self.client.run(request, timeout)

    def take_all_slots(self) -> None:
        admission = self.responder.admission
        for number in range(admission.limits.tests):
            assert isinstance(admission.admit(f"client {number}", Bounds(1, 1000), 0.0), Ticket)

    def vanish(self) -> None:
        self.port = self.nobody


@pytest.fixture(params=["fake", "adapter"])
async def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    if request.param == "fake":
        yield Fake(FakeTrain(rates=[1e9], key=KEY))
        return
    monkeypatch.setattr(session, "PATIENCE_SECONDS", 0.1)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # taken, but nobody listens
        async with responding(Limits(tests=2)) as (responder, port):
            yield Real(TrainClient(Resolver()), responder, port, nobody.getsockname()[1])


def wanted(port: int, direction: Direction = "down", key: str = KEY, size: int = SIZE) -> TrainRequest:
    return TrainRequest("127.0.0.1", port, Secret(key), direction, RATE, size)


@pytest.mark.parametrize("direction", DIRECTIONS)
async def test_both_ends_say_what_they_saw_of_a_train_that_reached_its_bound(
    world: World, direction: Direction
) -> None:
    seen = await world.train(wanted(world.port, direction), PLENTY)
    assert seen.failure is None
    assert seen.heard is not None
    assert seen.sent is not None
    assert seen.heard.ending is Ending.BYTES
    assert seen.sent.wanted_rate == 1.5 * RATE
    assert 0.98 * SIZE <= seen.heard.received * 1500 <= 1.5 * SIZE  # what is under way while a busy machine connects
    assert seen.heard.lost == seen.heard.overflow == 0
    assert list(seen.phases) == ["resolve", "connect", "handshake", "knock", "train"]


async def test_the_bytes_add_up_for_each_direction(world: World) -> None:
    first = await world.train(wanted(world.port), PLENTY)
    second = await world.train(wanted(world.port), PLENTY)
    other = await world.train(wanted(world.port, "up"), PLENTY)
    assert 0.98 * SIZE <= first.used_bytes <= 1.5 * SIZE
    assert second.total_bytes == first.used_bytes + second.used_bytes
    assert other.total_bytes == other.used_bytes


async def test_another_key_is_denied(world: World) -> None:
    seen = await world.train(wanted(world.port, key="some other key, as long"), PLENTY)
    assert seen.failure is not None
    assert seen.failure.reason is Reason.DENIED


async def test_a_responder_without_a_free_slot_is_busy(world: World) -> None:
    world.take_all_slots()
    seen = await world.train(wanted(world.port), PLENTY)
    assert seen.failure is not None
    assert seen.failure.reason is Reason.BUSY
    assert seen.failure.again
    assert 1 <= seen.failure.again <= 60


async def test_nobody_there_is_refused(world: World) -> None:
    world.vanish()
    seen = await world.train(wanted(world.port), PLENTY)
    assert seen.failure is not None
    assert seen.failure.reason is Reason.REFUSED
    assert seen.used_bytes == 0


async def test_a_responder_that_is_never_ready_freezes_the_probe_and_leaves_nothing() -> None:
    async def accepts_and_waits(stage: object) -> None:
        await stage.accept()  # type: ignore[attr-defined]
        await stage.until_left()  # type: ignore[attr-defined]

    async with puppet(accepts_and_waits) as port:
        seen = await TrainClient(Resolver()).run(wanted(port), 0.5)
    assert seen.failure is not None
    assert (seen.failure.reason, seen.failure.phase) == (Reason.FROZEN, "knock")
    assert len(asyncio.all_tasks()) == 1


def test_a_train_without_an_end_is_listened_to_for_its_time_only() -> None:
    session, over = bytes(SESSION), threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as near, open_udp(socket.AF_INET) as own:
        for end in (near, own):
            end.bind(("127.0.0.1", 0))
        near.connect(own.getsockname())
        own.connect(near.getsockname())

        def drip() -> None:
            for number in range(2000):
                if over.wait(0.02):
                    return
                near.send(HEADER.pack(session, number, 0))

        with ThreadPoolExecutor(1) as thread:
            dripping = thread.submit(drip)
            heard = Receiver(own, session, RATE, 0.0, most_seconds=0.3).run()
            goes_on = not dripping.done()
            over.set()
    assert heard.received
    assert goes_on


async def test_a_probe_that_is_cancelled_in_mid_train_frees_its_slot() -> None:
    async with responding(Limits(tests=1)) as (responder, port):
        client = TrainClient(Resolver())
        probe = asyncio.create_task(client.run(wanted(port, "up", size=50_000_000), PLENTY))
        async with asyncio.timeout(10):
            while not responder.admission.running:
                await asyncio.sleep(0.01)
        probe.cancel()
        await asyncio.gather(probe, return_exceptions=True)
        async with asyncio.timeout(10):
            while responder.admission.running:
                await asyncio.sleep(0.01)
        assert (await client.run(wanted(port, "down"), PLENTY)).failure is None
