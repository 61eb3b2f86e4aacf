"""Echoes by the net port: one suite for the fake and for the client against a real responder."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import pytest

from agent.io.echo import client
from agent.io.echo.client import EchoClient
from agent.io.resolver import Resolver
from agent.responder.admission import Admission, Limits
from agent.responder.meters import Meters
from agent.responder.protocol import Key
from agent.responder.server import Responder, listen
from collectors.core import NameFailure, ProbeError, Reason
from collectors.core.ports import Echoes, EchoRequest
from collectors.core.values import HostPort, Secret
from tests.fakes.echo import FakeEcho
from tests.servers.responder import KEY, responding


class World(Protocol):
    """A port, a responder that it reaches, and what may be wrong with that."""

    async def echo(self, request: EchoRequest) -> Echoes: ...

    @property
    def port(self) -> int: ...

    def vanish(self) -> None: ...

    def forget_names(self) -> None: ...


@dataclass(slots=True)
class Fake:
    fake: FakeEcho
    port: int = 1

    async def echo(self, request: EchoRequest) -> Echoes:
        return await self.fake.echo(request)

    def vanish(self) -> None:
        self.fake.refused = True

    def forget_names(self) -> None:
        self.fake.problem = ProbeError(Reason.DNS, "no such name", NameFailure.NXDOMAIN)


class NoNames(Resolver):
    async def addresses(self, host: str, family: object, timeout: float) -> tuple[object, ...]:  # type: ignore[override]
        raise ProbeError(Reason.DNS, "no such name", NameFailure.NXDOMAIN)


@dataclass(slots=True)
class Real:
    client: EchoClient
    responder: Responder
    port: int
    nobody: int

    async def echo(self, request: EchoRequest) -> Echoes:
        return await self.client.run(request)

    def vanish(self) -> None:
        self.port = self.nobody

    def forget_names(self) -> None:
        self.client = EchoClient(NoNames())


@pytest.fixture(params=["fake", "adapter"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    if request.param == "fake":
        yield Fake(FakeEcho(key=KEY))
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind(("127.0.0.1", 0))
        free = nobody.getsockname()[1]
    async with responding() as (responder, port):
        yield Real(EchoClient(Resolver()), responder, port, free)


def wanted(port: int, key: str = KEY, *, patience: float = 0.2) -> EchoRequest:
    return EchoRequest("127.0.0.1", port, Secret(key), interval=0.05, seconds=0.7, patience=patience)


async def test_every_echo_comes_back_on_a_line_that_loses_nothing(world: World) -> None:
    found = await world.echo(wanted(world.port, patience=0.4))
    assert len(found.echoes) > 1
    assert all(echo.round_trip is not None for echo in found.echoes)
    assert found.address == "127.0.0.1"
    assert (found.refused, found.duplicates, found.reordered) == (False, 0, 0)
    assert found.used_bytes == 2 * 64 * len(found.echoes)


async def test_they_leave_in_order_and_end_with_time_for_the_last_answer(world: World) -> None:
    request = wanted(world.port)
    times = [echo.at for echo in (await world.echo(request)).echoes]
    assert times[0] == pytest.approx(0.0, abs=0.2)
    assert times == sorted(times)


async def test_who_has_another_key_gets_no_answer_and_is_not_refused(world: World) -> None:
    found = await world.echo(wanted(world.port, "some other key, as long"))
    assert {echo.round_trip for echo in found.echoes} == {None}
    assert not found.refused


async def test_a_closed_port_says_so(world: World) -> None:
    world.vanish()
    found = await world.echo(wanted(world.port))
    assert {echo.round_trip for echo in found.echoes} == {None}
    assert found.refused


async def test_a_name_that_never_resolved_is_an_error(world: World) -> None:
    world.forget_names()
    with pytest.raises(ProbeError, match="no such name") as caught:
        await world.echo(wanted(world.port))
    assert caught.value.reason is Reason.DNS


async def test_an_address_is_remembered_while_no_name_resolves(monkeypatch: pytest.MonkeyPatch) -> None:
    async with responding() as (_, port):
        real = EchoClient(Resolver())
        await real.run(wanted(port))
        monkeypatch.setattr(Resolver, "addresses", NoNames.addresses)
        found = await real.run(wanted(port, patience=0.4))
    assert any(echo.round_trip is not None for echo in found.echoes)


async def test_a_run_that_is_cancelled_leaves_nothing_behind() -> None:
    async with responding() as (_, port):
        run = asyncio.create_task(EchoClient(Resolver()).run(EchoRequest("127.0.0.1", port, Secret(KEY), 1, 60)))
        await asyncio.sleep(0)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run


def test_packets_leave_at_random_within_half_of_the_interval() -> None:
    times = list(client.times(1.0, 1000.0))
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert times[0] == 0
    assert times[-1] < 1000
    assert all(0.5 <= gap <= 1.5 for gap in gaps)
    assert sum(gaps) / len(gaps) == pytest.approx(1.0, abs=0.1)
    assert len({round(gap, 3) for gap in gaps}) > 100


def test_however_short_a_run_is_one_packet_leaves() -> None:
    assert list(client.times(5.0, -1.0)) == [0.0]


@pytest.mark.parametrize(("host", "size"), [("127.0.0.1", 64), ("::1", 84)])
async def test_a_responder_of_both_families_answers_both(host: str, size: int) -> None:
    responder = Responder(Key(Secret(KEY)), Admission(Limits()), Meters(started=0.0))
    listener = listen(HostPort("::", 0))
    serving = asyncio.create_task(responder.serve(listener))
    await asyncio.sleep(0)
    try:
        request = EchoRequest(host, listener.getsockname()[1], Secret(KEY), interval=0.05, seconds=0.9, patience=0.4)
        found = await EchoClient(Resolver()).run(request)
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        listener.close()
    assert all(echo.round_trip is not None for echo in found.echoes)
    assert found.used_bytes == 2 * size * len(found.echoes)
