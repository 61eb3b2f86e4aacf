"""The UDP door against strangers: whoever has not proved where he is hears nothing, or less than he has said."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.io.train.packet import SESSION
from agent.responder.door import NONCE, Door, knock
from agent.responder.echo import Reflector
from agent.responder.protocol import Key
from collectors.core.values import Secret
from tests.servers.responder import KEY

OURS, OTHER = b"session!", b"another!"
HERE, ELSEWHERE = "127.0.0.1", "127.0.0.2"


@dataclass(slots=True)
class Stranger:
    """A socket that counts what it sends and what it hears."""

    door: tuple[str, int]
    own: socket.socket
    sent: int = 0
    heard: int = 0
    answers: list[bytes] = field(default_factory=list)

    def say(self, *datagrams: bytes) -> None:
        for data in datagrams:
            self.sent += len(data)
            self.own.sendto(data, self.door)

    def listen(self) -> None:
        """Whatever has come by now: on the loopback an answer is there when its sender has sent it."""
        while True:
            try:
                data = self.own.recv(65536)
            except BlockingIOError:
                return
            self.heard += len(data)
            self.answers.append(data)


@contextmanager
def stranger(port: int, address: str = HERE) -> Iterator[Stranger]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind((address, 0))
        own.setblocking(False)
        yield Stranger((HERE, port), own)


@contextmanager
def opened() -> Iterator[tuple[Door, int]]:
    """A door on a port that nobody else has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind((HERE, 0))
        port = free.getsockname()[1]
    door = Door((HERE, port), socket.AF_INET, Reflector(Key(Secret(KEY))))
    with door.opened():
        yield door, port


async def heard_by_all(port: int, door: Door) -> None:
    """Until the door has read everything that was sent before: it answers in the order in which packets come."""
    with door.expecting(b"the last", HERE), stranger(port) as fence:
        fence.say(knock(b"the last"))
        async with asyncio.timeout(5):
            while not fence.answers:
                await asyncio.sleep(0)
                fence.listen()


_SESSIONS = st.sampled_from([OURS, OTHER]) | st.binary(min_size=SESSION, max_size=SESSION)
_NONCES = st.just(bytes(NONCE)) | st.binary(min_size=NONCE, max_size=NONCE)
_KNOCKS = st.builds(knock, _SESSIONS, _NONCES)


def damaged(data: bytes, place: int, byte: int, cut: int) -> bytes:
    changed = bytearray(data)
    changed[place % len(data)] ^= byte
    return bytes(changed[: len(data) - cut])


_DATAGRAMS = (
    st.binary(max_size=300)
    | _KNOCKS
    | st.builds(damaged, _KNOCKS, st.integers(0, 100), st.integers(0, 255), st.integers(0, 41))
    | st.builds(lambda data, more: data + more, _KNOCKS, st.binary(max_size=1000))
)


@settings(max_examples=60)
@given(datagrams=st.lists(_DATAGRAMS, max_size=40))
def test_whatever_comes_no_more_goes_back_than_came_and_nobody_is_believed(datagrams: list[bytes]) -> None:
    async def go() -> None:
        with opened() as (door, port), door.expecting(OURS, HERE) as proved, stranger(port) as someone:
            someone.say(*datagrams)
            await heard_by_all(port, door)
            someone.listen()
            assert someone.heard <= someone.sent
            assert all(len(answer) < len(knock(OURS)) for answer in someone.answers)
            assert not proved.done()

    asyncio.run(go())


async def test_who_sends_the_nonce_back_is_believed_and_hears_no_more() -> None:
    with opened() as (door, port), door.expecting(OURS, HERE) as proved, stranger(port) as client:
        client.say(knock(OURS))
        await heard_by_all(port, door)
        client.listen()
        (nonce,) = client.answers
        client.say(knock(OURS, nonce))
        assert (await asyncio.wait_for(proved, 5))[:2] == client.own.getsockname()
        client.say(knock(OURS), knock(OURS, nonce))
        await heard_by_all(port, door)
        client.listen()
        assert len(client.answers) == 1


async def test_another_address_than_the_sessions_hears_nothing_even_with_the_nonce() -> None:
    with ExitStack() as stack:
        door, port = stack.enter_context(opened())
        proved = stack.enter_context(door.expecting(OURS, HERE))
        client = stack.enter_context(stranger(port))
        thief = stack.enter_context(stranger(port, ELSEWHERE))
        client.say(knock(OURS))
        await heard_by_all(port, door)
        client.listen()
        thief.say(knock(OURS), knock(OURS, client.answers[0]))
        await heard_by_all(port, door)
        thief.listen()
        assert thief.heard == 0
        assert not proved.done()


async def test_a_knock_that_was_recorded_opens_no_later_session() -> None:
    with opened() as (door, port), stranger(port) as client:
        with door.expecting(OURS, HERE) as proved:
            client.say(knock(OURS))
            await heard_by_all(port, door)
            client.listen()
            recorded = knock(OURS, client.answers[0])
            client.say(recorded)
            await asyncio.wait_for(proved, 5)
        client.say(knock(OURS), recorded)  # its session has ended
        with door.expecting(OTHER, HERE) as later:
            client.say(recorded, knock(OTHER, client.answers[0]))
            await heard_by_all(port, door)
            client.listen()
            assert not later.done()
        replies = client.answers[1:]
        assert len(replies) == 1  # a nonce of its own, for the one knock whose session waits
        assert replies[0] != client.answers[0]


@pytest.mark.parametrize("number", [1, 500])
async def test_many_who_knock_at_nothing_hear_nothing(number: int) -> None:
    with opened() as (door, port), stranger(port) as someone:
        someone.say(*[knock(number.to_bytes(SESSION)) for number in range(number)])
        await heard_by_all(port, door)
        someone.listen()
        assert someone.heard == 0
