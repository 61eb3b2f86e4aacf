"""The net port: one suite for the fake and for the adapter on a way of two hops through network namespaces."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from agent.io.dial import Dialer
from agent.io.net import NetAdapter
from agent.io.resolver import Resolver
from collectors.core import ProbeError, Reason
from collectors.core.ports import Connection, DnsAnswer, NetPort, Ping
from collectors.core.values import HostPort
from tests.fakes.net import FakeNet
from tests.lab.net import Namespace
from tests.servers import path
from tests.servers.hostile import never_speaks
from tests.servers.names import Answer, holding, name_server, nxdomain, silent
from tests.servers.tcp import listening
from tests.tools import needs_root

T = TypeVar("T")
PLENTY = 20.0
LITTLE = 0.5
BOTH = holding(A=("192.0.2.1", "192.0.2.2"))


@dataclass(frozen=True, slots=True)
class World:
    """How to run something with a port, and which method of sending echoes it has to use."""

    run: Callable[[Callable[[NetPort], Coroutine[Any, Any, Any]]], Any]
    ask: Callable[[Answer], DnsAnswer]
    listen: Callable[[], Connection]
    method: str


@pytest.fixture(scope="module")
def office() -> Iterator[Namespace]:
    needs_root()
    with path.two_hops() as namespace:
        yield namespace


@pytest.fixture(params=["fake", "dgram", "raw"])
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "fake":
        return _fake_world()
    namespace: Namespace = request.getfixturevalue("office")
    path.allow_echoes(namespace, path.EVERYBODY if request.param == "dgram" else path.NOBODY)

    def inside(work: Coroutine[Any, Any, T]) -> T:
        return namespace.call(lambda: asyncio.run(work))

    def run(work: Callable[[NetPort], Coroutine[Any, Any, Any]]) -> Any:
        return inside(_with_adapter(work))

    return World(run, lambda answer: inside(_ask(answer)), lambda: inside(_listen()), request.param)


async def _with_adapter(work: Callable[[NetPort], Awaitable[T]]) -> T:
    return await work(NetAdapter(Dialer(Resolver([HostPort("127.0.0.1", 1)]))))


async def _ask(answer: Answer) -> DnsAnswer:
    async with name_server(answer) as port:
        return await NetAdapter().query(f"127.0.0.1:{port}", "portal.example", "A", LITTLE)


async def _listen() -> Connection:
    async with listening(never_speaks) as port:
        return await NetAdapter().connect("127.0.0.1", port, PLENTY)


def _fake_world() -> World:
    open_port = Connection({"resolve": 0.0, "connect": 0.001}, "127.0.0.1")
    answers: dict[Answer, DnsAnswer] = {
        BOTH: DnsAnswer("127.0.0.1", 0.001, "NOERROR", ("192.0.2.1", "192.0.2.2"), 0, 0),
        nxdomain: DnsAnswer("127.0.0.1", 0.001, "NXDOMAIN", (), 0, 0),
    }

    def run(work: Callable[[NetPort], Coroutine[Any, Any, Any]]) -> Any:
        fake = FakeNet(
            connections={("127.0.0.1", 80): open_port},
            pings={path.FAR: (0.001,) * 9},
            hops={(path.FAR, 1): path.ROUTER},
            hop_limit=63,
        )
        return asyncio.run(work(fake))

    def ask(answer: Answer) -> DnsAnswer:
        known = {("", "portal.example", "A"): answers[answer]} if answer in answers else {}
        return asyncio.run(FakeNet(answers=known).query("", "portal.example", "A", LITTLE))

    return World(run, ask, lambda: run(lambda net: net.connect("127.0.0.1", 80, PLENTY)), "dgram")


def ping(world: World, host: str, timeout: float = PLENTY, count: int = 1) -> Ping:
    answer: Ping = world.run(lambda net: net.ping(host, timeout, count=count, interval=0.01))
    return answer


def test_every_echo_of_a_burst_has_its_time(world: World) -> None:
    answer = ping(world, path.FAR, count=3)
    assert (answer.address, len(answer.times)) == (path.FAR, 3)
    assert all(seconds is not None and 0 < seconds < PLENTY for seconds in answer.times)


def test_the_reply_says_how_it_was_asked_and_how_far_it_came(world: World) -> None:
    answer = ping(world, path.FAR)
    assert (answer.method, answer.hop_limit) == (world.method, 63)


def test_echoes_to_a_silent_host_are_lost(world: World) -> None:
    answer = ping(world, path.SILENT, LITTLE, count=2)
    assert (answer.times, answer.hop_limit) == ((None, None), None)


def test_the_router_on_the_way_is_found(world: World) -> None:
    assert world.run(lambda net: net.hop(path.FAR, 1, PLENTY)) == path.ROUTER


def test_beyond_the_last_router_there_is_none(world: World) -> None:
    assert world.run(lambda net: net.hop(path.FAR, 2, LITTLE)) is None


def test_a_router_that_keeps_silent_is_none(world: World) -> None:
    assert world.run(lambda net: net.hop(path.SILENT, 2, LITTLE)) is None


def test_an_open_port_is_connected_to(world: World) -> None:
    connection = world.listen()
    assert (connection.failure, connection.address) == (None, "127.0.0.1")
    assert list(connection.phases) == ["resolve", "connect"]


def test_a_closed_port_is_refused(world: World) -> None:
    connection = world.run(lambda net: net.connect("127.0.0.1", 1, PLENTY))
    assert connection.failure
    assert (connection.failure.reason, connection.failure.phase) == (Reason.REFUSED, "connect")


def test_a_name_server_gives_records_and_a_code(world: World) -> None:
    answer = world.ask(BOTH)
    assert (answer.rcode, sorted(answer.answers)) == ("NOERROR", ["192.0.2.1", "192.0.2.2"])
    assert 0 < answer.seconds < LITTLE


def test_a_name_that_does_not_exist_is_an_answer(world: World) -> None:
    answer = world.ask(nxdomain)
    assert (answer.rcode, answer.answers) == ("NXDOMAIN", ())


def test_a_silent_name_server_gives_no_answer(world: World) -> None:
    with pytest.raises(ProbeError) as caught:
        world.ask(silent)
    assert caught.value.reason is Reason.NO_ANSWER
