"""Echoes against a responder that lies, repeats itself and mixes things up, and strangers at the responder's door."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from agent.io.echo.client import EchoClient
from agent.io.echo.packet import SIZE, Kind, Packet, answer, ask, unpack
from agent.io.resolver import Resolver
from agent.responder.door import knock
from agent.responder.protocol import Key
from collectors.core.ports import Echoes, EchoRequest
from collectors.core.values import Secret
from tests.servers.responder import KEY, responding

RIGHT = Key(Secret(KEY))
Play = Callable[[Packet], Iterable[bytes]]


class Puppet(asyncio.DatagramProtocol):
    def __init__(self, play: Play) -> None:
        self._play = play
        self.closed = asyncio.get_running_loop().create_future()

    def connection_lost(self, _: Exception | None) -> None:
        self.closed.set_result(None)

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, address: Any) -> None:
        packet = unpack(data)
        assert packet is not None
        for said in self._play(packet):
            self._transport.sendto(said, address)


@asynccontextmanager
async def puppet(play: Play) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(lambda: Puppet(play), local_addr=("127.0.0.1", 0))
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()
        await protocol.closed  # only then does it let go of its socket


async def run(play: Play, *, seconds: float = 0.6) -> Echoes:
    async with puppet(play) as port:
        request = EchoRequest("127.0.0.1", port, Secret(KEY), interval=0.05, seconds=seconds, patience=0.3)
        return await EchoClient(Resolver()).run(request)


def right(packet: Packet, held: int = 0) -> bytes:
    """What an honest responder says."""
    if packet.kind is Kind.ECHO:
        return answer(RIGHT, packet, held).pack()
    return Packet(Kind.TOKEN, packet.session, packet.number, bytes(16), held).pack()


def forged(packet: Packet) -> bytes:
    return Packet(Kind.ANSWER, packet.session, packet.number, bytes(16)).pack()


def heard(found: Echoes) -> int:
    return sum(echo.round_trip is not None for echo in found.echoes)


async def test_answers_without_a_proof_count_for_nothing() -> None:
    kinds: dict[int, Kind] = {}

    def forges(packet: Packet) -> Iterable[bytes]:
        kinds[packet.number] = packet.kind
        yield right(packet) if packet.kind is Kind.ASK else forged(packet)

    found = await run(forges)
    assert Kind.ECHO in kinds.values()
    assert all(echo.round_trip is None for number, echo in enumerate(found.echoes) if kinds[number] is Kind.ECHO)


async def test_answers_of_another_session_count_for_nothing() -> None:
    found = await run(lambda packet: [right(Packet(packet.kind, bytes(8), packet.number, packet.proof))])
    assert heard(found) == 0


async def test_answers_to_what_was_never_sent_count_for_nothing() -> None:
    found = await run(lambda packet: [right(Packet(packet.kind, packet.session, packet.number + 9, packet.proof))])
    assert heard(found) == 0


async def test_noise_is_borne() -> None:
    found = await run(lambda packet: [b"", b"x" * 2000, packet.pack(), right(packet)])
    assert heard(found) == len(found.echoes)


async def test_answers_that_come_twice_are_counted_as_such() -> None:
    found = await run(lambda packet: [right(packet)] * 2)
    assert heard(found) == len(found.echoes)
    assert found.duplicates == len(found.echoes)
    assert found.used_bytes == 3 * 64 * len(found.echoes)


async def test_answers_that_come_after_later_ones_are_counted_as_such() -> None:
    kept: list[Packet] = []

    def swaps(packet: Packet) -> Iterable[bytes]:
        kept.append(packet)
        if len(kept) == 3:
            yield from (right(kept[number]) for number in (2, 0, 1))
        elif len(kept) > 3:
            yield right(packet)

    found = await run(swaps)
    assert found.reordered == 2


async def test_a_responder_cannot_say_that_it_held_a_packet_for_longer_than_it_was_away() -> None:
    found = await run(lambda packet: [right(packet, held=2**32 - 1)])
    assert all(echo.round_trip is not None and echo.round_trip > 0 for echo in found.echoes)


async def test_a_responder_that_forgot_the_token_is_asked_for_another() -> None:
    """As after a change of the office's address: some echoes are lost, then a token is asked for."""
    lost: list[int] = []
    asked_again: list[int] = []

    def forgets(packet: Packet) -> Iterable[bytes]:
        if packet.kind is Kind.ASK:
            asked_again.extend([packet.number] if lost else [])
            yield right(packet)
        elif asked_again:
            yield right(packet)
        else:
            lost.append(packet.number)

    found = await run(forgets, seconds=1.5)
    assert len(lost) >= 3
    assert asked_again
    assert heard(found) == len(found.echoes) - len(lost)


@pytest.fixture
async def door() -> AsyncIterator[socket.socket]:
    """A stranger's socket at a real responder's door."""
    async with responding() as (_, port):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.setblocking(False)
            stranger.connect(("127.0.0.1", port))
            yield stranger


async def said(stranger: socket.socket, data: bytes) -> bytes:
    """What comes to this before what comes to an honest request; the door answers in order."""
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(stranger, data)
    await loop.sock_sendall(stranger, ask(RIGHT, b"honest!!", 1).pack())
    first = await asyncio.wait_for(loop.sock_recv(stranger, 2048), 5)
    packet = unpack(first)
    return b"" if packet and packet.session == b"honest!!" else first


@pytest.mark.parametrize(
    "data",
    [
        b"", b"x", bytes(SIZE), b"\xc0ec" + bytes(SIZE - 3), bytes(2000), knock(bytes(8)),
        ask(Key(Secret("some other key, as long")), bytes(8), 0).pack(), ask(RIGHT, bytes(8), 0).pack() + b"x",
        Packet(Kind.ECHO, bytes(8), 0, bytes(16)).pack(), Packet(Kind.ANSWER, bytes(8), 0, bytes(16)).pack(),
        Packet(Kind.TOKEN, bytes(8), 0, bytes(16)).pack(),
    ],
)  # fmt: skip
async def test_strangers_get_no_answer_and_others_do(door: socket.socket, data: bytes) -> None:
    assert await said(door, data) == b""
