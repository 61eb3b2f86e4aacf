"""Two hundred offices at once, each at an address of its own: every one is served in its turn, and none beside it."""

import asyncio
import gc
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from agent.io.handshake import Handshake
from agent.io.train.packet import HEADER, OVER
from agent.responder import admission, session
from agent.responder.admission import Limits
from agent.responder.door import NONCE, knock
from agent.responder.frames import Frames, Kind
from agent.responder.protocol import Bounds
from agent.responder.server import Responder
from agent.responder.train import TrainTest
from collectors.core import ProbeError, Reason
from collectors.core.ports import Direction
from collectors.core.values import Secret
from tests.servers.responder import KEY, responding

OFFICES = 200
LIMITS = Limits(tests=4)
SIZE = 60_000
TRAIN_RATE = 3_000_000  # bytes per second
TCP_HEADERS = 200


@dataclass(slots=True)
class Office:
    """An agent as the responder sees it: it asks, comes again when it was told to, and takes what it was granted."""

    number: int
    port: int
    told: list[float] = field(default_factory=list)  # when to come again
    received: int = 0

    @property
    def address(self) -> str:
        return f"127.1.{self.number // 100}.{self.number % 100 + 1}"

    async def measure(self) -> None:
        while True:
            try:
                return await self._ask()
            except ProbeError as busy:
                if busy.reason is not Reason.BUSY or not busy.again:
                    raise
                self.told.append(busy.again)
                await asyncio.sleep(busy.again)

    async def _ask(self) -> None:
        direction: Direction = "down"
        rate = TRAIN_RATE if self.number % 2 else 0
        with socket.socket() as connection:
            connection.setblocking(False)
            connection.bind((self.address, 0))
            await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", self.port))
            handshake = Handshake(connection, Frames(), Secret(KEY))
            await handshake.run(direction, Bounds.of(SIZE, 2.0), rate)
            if rate:
                await self._take_train(connection, handshake.session)
            else:
                await self._take_flow(connection)

    async def _take_flow(self, connection: socket.socket) -> None:
        while self.received < SIZE:
            self.received += len(await asyncio.get_running_loop().sock_recv(connection, 65_536))

    async def _take_train(self, connection: socket.socket, own_session: bytes) -> None:
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
            own.setblocking(False)
            own.bind((self.address, 0))
            own.connect(("127.0.0.1", self.port))
            own.send(knock(own_session))
            nonce = await loop.sock_recv(own, 2048)
            assert len(nonce) == NONCE
            own.send(knock(own_session, nonce))
            while True:
                data = await loop.sock_recv(own, 2048)
                _, number, _ = HEADER.unpack_from(data)
                if number & OVER:
                    break
                self.received += len(data)
            frames = Frames()
            said: list[Kind] = []
            while Kind.SENT not in said:
                said += [kind for kind, _ in frames.feed(await loop.sock_recv(connection, frames.missing))]
            assert said == [Kind.READY, Kind.SENT]


@dataclass(slots=True)
class Running:
    """How many tests run, and the most that ever did."""

    now: int = 0
    most: int = 0

    def watched(self, run: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def wrapped(*arguments: Any) -> Any:
            self.now += 1
            self.most = max(self.most, self.now)
            try:
                return await run(*arguments)
            finally:
                self.now -= 1

        return wrapped


@pytest.fixture(autouse=True)
def short_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the responder takes for usual before the first test has ended: ours are shorter than offices'."""
    monkeypatch.setattr(admission, "_USUAL_SECONDS", 0.1)


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Running:
    counts = Running()
    for test in (session._Test, TrainTest):
        monkeypatch.setattr(test, "run", counts.watched(test.run))
    return counts


@asynccontextmanager
async def crowd(port: int, size: int = OFFICES) -> AsyncIterator[list[Office]]:
    offices = [Office(number, port) for number in range(size)]
    async with asyncio.timeout(50), asyncio.TaskGroup() as group:
        for office in offices:
            group.create_task(office.measure())
    yield offices


async def all_gone(responder: Responder) -> None:
    async with asyncio.timeout(5):
        while responder.connections:
            await asyncio.sleep(0.01)


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def objects() -> int:
    gc.collect()
    return len(gc.get_objects())


async def test_two_hundred_offices_at_once_are_all_served_and_never_more_than_there_are_slots(running: Running) -> None:
    async with responding(LIMITS) as (responder, port):
        async with crowd(port) as offices:
            await all_gone(responder)
        assert 1 <= running.most <= LIMITS.tests
        assert running.now == responder.admission.running == 0
        assert all(0.8 * SIZE <= office.received <= 2 * SIZE + TCP_HEADERS for office in offices)
        assert responder.meters.tests.total() == OFFICES
        waited = [office for office in offices if office.told]
        assert waited
        assert max(len(office.told) for office in waited) < OFFICES / LIMITS.tests  # nobody comes for each free slot


async def test_crowd_after_crowd_leaves_nothing_behind() -> None:
    async with responding(LIMITS) as (responder, port):
        found = []
        for size in (OFFICES // 5, OFFICES):
            async with crowd(port, size):
                await all_gone(responder)
            found.append((descriptors(), objects()))
        (few, before), (many, after) = found
        assert many <= few
        # For each office its allowance of the hour is remembered (bounded elsewhere), nothing of its tests.
        assert after - before < 5 * OFFICES
