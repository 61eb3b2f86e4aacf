"""Conversations and datagrams of the net port: one suite for the fake and for the adapter against real servers."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest

from agent.io.net import NetAdapter
from collectors.core import ProbeError, Reason
from collectors.core.ports import Failure, NetPort, Script, Talk
from tests.fakes.net import FakeNet, once
from tests.servers.hostile import says
from tests.servers.ntp import answering
from tests.servers.tcp import Behaviour, closed_port, listening, silence

PLENTY = 20.0
LITTLE = 0.3


@dataclass(slots=True)
class World:
    """A port, and ways to put a server there; `heard` is what a greeting server was told."""

    net: NetPort
    servers: AsyncExitStack = field(default_factory=AsyncExitStack)
    heard: list[bytes] = field(default_factory=list)

    async def greeter(self, data: bytes) -> int:
        """A server that says this and then waits for a word."""
        if isinstance(self.net, FakeNet):
            self.net.talks = {("127.0.0.1", 25): once(data)}
            return 25

        async def behave(reader: StreamReader, writer: StreamWriter) -> None:
            writer.write(data)
            await writer.drain()
            self.heard.append(await reader.readline())

        return await self.servers.enter_async_context(listening(behave))

    async def shouter(self) -> int:
        """A server that repeats each line in capitals."""
        if isinstance(self.net, FakeNet):
            self.net.talks = {("127.0.0.1", 23): bytes.upper}
            return 23

        async def behave(reader: StreamReader, writer: StreamWriter) -> None:
            while line := await reader.readline():
                writer.write(line.upper())
                await writer.drain()

        return await self.servers.enter_async_context(listening(behave))

    async def echo(self) -> int:
        """A UDP server that sends back what it gets, in capitals."""
        if isinstance(self.net, FakeNet):
            self.net.datagrams = {("127.0.0.1", 7): lambda data: (data.upper(), 0.001, 1_800_000_000.0)}
            return 7
        return await self.servers.enter_async_context(answering(bytes.upper))

    async def listen(self, port: int, timeout: float = PLENTY, goodbye: bytes = b"") -> Talk:
        script = Script(lambda heard: None if b"\n" in heard else b"", goodbye)
        return await self.net.talk("127.0.0.1", port, timeout, script)


@pytest.fixture(params=["fake", "real"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    made = World(FakeNet() if request.param == "fake" else NetAdapter())
    async with made.servers:
        yield made


async def test_what_a_server_says_first_is_heard_with_its_phases(world: World) -> None:
    found = await world.listen(await world.greeter(b"220 mail.example\r\n"))
    assert (found.data, found.connection.failure) == (b"220 mail.example\r\n", None)
    assert list(found.connection.phases) == ["resolve", "connect", "talk"]
    assert found.connection.address == "127.0.0.1"


async def test_a_greeting_that_does_not_end_is_a_failure_and_what_came_is_kept(world: World) -> None:
    found = await world.listen(await world.greeter(b"220-mail"), LITTLE)
    assert found.data == b"220-mail"
    assert found.connection.failure
    assert (found.connection.failure.reason, found.connection.failure.phase) == (Reason.FROZEN, "talk")


async def test_a_closed_port_greets_nobody(world: World) -> None:
    found = await world.listen(closed_port())
    assert found.connection.failure
    assert (found.connection.failure.reason, found.connection.failure.phase) == (Reason.REFUSED, "connect")


async def test_what_is_said_may_depend_on_what_was_heard(world: World) -> None:
    lines = {b"": b"a\n", b"A\n": b"b\n"}
    found = await world.net.talk("127.0.0.1", await world.shouter(), PLENTY, Script(lines.get))
    assert (found.data, found.connection.failure) == (b"A\nB\n", None)


async def test_a_conversation_ends_when_enough_was_listened_to(world: World) -> None:
    found = await world.net.talk("127.0.0.1", await world.shouter(), PLENTY, Script(lambda _: b"a\n", most=5))
    assert (found.data, found.connection.failure) == (b"A\nA\nA", None)


async def test_a_script_may_find_that_the_conversation_has_failed(world: World) -> None:
    def reply(heard: bytes) -> bytes:
        if heard:
            raise ProbeError(Reason.DENIED, "go away, it says")
        return b"please\n"

    found = await world.net.talk("127.0.0.1", await world.shouter(), PLENTY, Script(reply))
    assert found.data == b"PLEASE\n"
    assert found.connection.failure == Failure(Reason.DENIED, "talk", "go away, it says")


async def test_a_datagram_has_its_answer_and_its_time(world: World) -> None:
    found = await world.net.datagram("127.0.0.1", await world.echo(), b"hello", PLENTY)
    assert (found.address, found.data) == ("127.0.0.1", b"HELLO")
    assert 0 < found.seconds < PLENTY
    assert found.received > 1_700_000_000


async def test_silence_to_a_datagram_is_no_answer(world: World) -> None:
    port = await world.servers.enter_async_context(answering(lambda _: None))
    with pytest.raises(ProbeError) as caught:
        await world.net.datagram("127.0.0.1", port, b"hello", LITTLE)
    assert caught.value.reason is Reason.NO_ANSWER


# --- what only the real one can do wrong ------------------------------------------------------------------------------


async def test_a_closed_udp_port_refuses() -> None:
    with pytest.raises(ProbeError) as caught:
        await NetAdapter().datagram("127.0.0.1", closed_port(), b"hello", LITTLE)
    assert caught.value.reason is Reason.REFUSED


async def test_one_says_goodbye(world: World) -> None:
    port = await world.greeter(b"220 mail\r\n")
    await world.listen(port, goodbye=b"QUIT\r\n")
    if not isinstance(world.net, FakeNet):
        while not world.heard:
            await asyncio.sleep(0)
        assert world.heard == [b"QUIT\r\n"]


async def babbles(reader: StreamReader, writer: StreamWriter) -> None:
    while True:
        writer.write(b"x" * 1000)
        await writer.drain()


async def never(reader: StreamReader, writer: StreamWriter) -> None:
    await silence()


@pytest.mark.parametrize(
    ("behaviour", "timeout", "reason", "most"),
    [
        (says(b"", after_request=False), PLENTY, Reason.BAD_ANSWER, 0),
        (says(b"220-", after_request=False), PLENTY, Reason.BAD_ANSWER, 4),
        (never, LITTLE, Reason.FROZEN, 0),
        (babbles, PLENTY, None, 4096),
    ],
)
async def test_servers_that_greet_badly(behaviour: Behaviour, timeout: float, reason: Reason | None, most: int) -> None:
    async with listening(behaviour) as port:
        found = await World(NetAdapter()).listen(port, timeout)
    assert (found.connection.failure.reason if found.connection.failure else None) is reason
    assert len(found.data) == most


async def test_a_server_that_says_nothing_has_not_stopped_half_way() -> None:
    async with listening(never) as port:
        found = await World(NetAdapter()).listen(port, LITTLE)
    assert found.connection.failure
    assert found.connection.failure.message == "connected, but the server says nothing"
