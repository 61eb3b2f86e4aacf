"""The responder against clients that stall, babble, cheat or vanish: it serves the others, within its bounds."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest

from agent.io.bulk import BulkClient
from agent.io.resolver import Resolver
from agent.responder import server, session
from agent.responder.admission import Limits
from agent.responder.frames import Frames, Kind, frame
from agent.responder.meters import SILENT
from agent.responder.protocol import VERSION, Accepted, Bounds, Hello, Key, Refusal, Refused, Request
from agent.responder.server import Responder
from collectors.core.ports import Direction
from collectors.core.values import Secret
from tests.servers.responder import KEY, after, request, responding
from tests.servers.tcp import reset

LIMITS = Limits(tests=2, bounds=Bounds.of(3_000_000, 0.3))
RIGHT = Key(Secret(KEY))


class Client:
    """A client that says what the test wants, byte by byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.received = 0
        self._frames = Frames()

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def hear(self) -> tuple[Kind, bytes]:
        while not (found := self._frames.feed(await self._read(self._frames.missing))):
            pass
        return found[0]

    async def _read(self, size: int) -> bytes:
        data = await self.reader.readexactly(size)
        self.received += size
        return data

    async def until_closed(self) -> None:
        """Read and throw away; the responder has to end it."""
        with suppress(ConnectionError):
            while chunk := await self.reader.read(65536):
                self.received += len(chunk)

    async def hello(self) -> Hello:
        kind, payload = await self.hear()
        assert kind is Kind.HELLO
        return Hello.unpack(payload)

    async def begin(self, direction: Direction, size: int = 2**40) -> None:
        """The whole handshake, as it should be."""
        wanted = Request(direction, Bounds.of(size, 3600), bytes(32)).proved(RIGHT, await self.hello())
        await self.say(wanted.frame())
        kind, payload = await self.hear()
        assert kind is Kind.ACCEPTED
        assert Accepted.unpack(payload).is_proved(RIGHT, wanted)

    async def refusal(self) -> Refused:
        kind, payload = await self.hear()
        assert kind is Kind.REFUSED
        return Refused.unpack(payload)


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Client]:
    client = Client(*await asyncio.open_connection("127.0.0.1", port))
    yield client
    client.writer.close()
    with suppress(ConnectionError):
        await client.writer.wait_closed()


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "HANDSHAKE_SECONDS", 0.3)
    monkeypatch.setattr(session, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(session, "GRACE_SECONDS", 0.2)


@pytest.fixture
async def world() -> AsyncIterator[tuple[Responder, int]]:
    """Whatever a client did: afterwards everybody else is served, and nothing is held."""
    async with responding(LIMITS) as (responder, port):
        yield responder, port
        async with asyncio.timeout(10):
            while responder.admission.running or responder.connections:
                await asyncio.sleep(0.01)
        seen = await BulkClient(Resolver()).transfer(request(port, size=500_000, enough=after(1)), 10)
        assert seen.failure is None


async def says_nothing(client: Client) -> None:
    pass


async def babbles(client: Client) -> None:
    await client.say(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 10)


async def drips(client: Client) -> None:
    with suppress(ConnectionError):
        for byte in Request("down", Bounds(1, 1), bytes(32), bytes(32)).frame():
            await client.say(bytes((byte,)))
            await asyncio.sleep(0.02)


async def announces_a_gigabyte(client: Client) -> None:
    await client.say(Kind.REQUEST.to_bytes(1) + (2**30).to_bytes(4))


async def sends_data_before_it_may(client: Client) -> None:
    await client.say(frame(Kind.DATA, bytes(60_000)) * 20)


async def asks_twice_at_once(client: Client) -> None:
    wanted = Request("down", Bounds.of(10**6, 1), bytes(32)).proved(RIGHT, await client.hello())
    await client.say(wanted.frame() * 2)


async def asks_without_a_key(client: Client) -> None:
    await client.say(Request("down", Bounds.of(10**6, 1), bytes(32), bytes(32)).frame())


async def asks_for_no_direction(client: Client) -> None:
    await client.say(frame(Kind.REQUEST, bytes((VERSION, 7)) + bytes(200)))


async def asks_in_a_later_version(client: Client) -> None:
    await client.say(frame(Kind.REQUEST, b"\x09" + bytes(300)))


UNWELCOME = {
    says_nothing: SILENT,
    babbles: Refusal.GARBAGE,
    drips: SILENT,
    announces_a_gigabyte: Refusal.GARBAGE,
    sends_data_before_it_may: Refusal.GARBAGE,
    asks_twice_at_once: Refusal.GARBAGE,
    asks_without_a_key: Refusal.DENIED,
    asks_for_no_direction: Refusal.GARBAGE,
    asks_in_a_later_version: Refusal.UNSUPPORTED,
}


@pytest.mark.parametrize(("act", "reason"), UNWELCOME.items(), ids=lambda value: getattr(value, "__name__", ""))
async def test_a_client_without_a_proof_gets_no_test_and_hardly_a_byte(
    world: tuple[Responder, int], act: Callable[[Client], Awaitable[None]], reason: str
) -> None:
    responder, port = world
    async with connected(port) as client:
        with suppress(ConnectionError):
            await act(client)
        await client.until_closed()
    assert responder.meters.refusals[reason] == 1
    assert responder.admission.running == 0
    assert client.received < 300


async def test_a_recorded_request_cannot_be_used_again(world: tuple[Responder, int]) -> None:
    _, port = world
    async with connected(port) as client:
        recorded = Request("down", Bounds.of(10**6, 1), bytes(32)).proved(RIGHT, await client.hello()).frame()
        await client.say(recorded)
        assert (await client.hear())[0] is Kind.ACCEPTED
    async with connected(port) as thief:
        await thief.hello()
        await thief.say(recorded)
        assert (await thief.refusal()).why is Refusal.DENIED


async def never_reads(client: Client) -> None:
    await client.begin("down")


async def never_sends(client: Client) -> None:
    await client.begin("up")
    await client.until_closed()


async def sends_without_end(client: Client) -> None:
    await client.begin("up")
    with suppress(ConnectionError):
        while True:
            await client.say(bytes(65536))


async def reads_without_end(client: Client) -> None:
    await client.begin("down")
    await client.until_closed()
    assert client.received < LIMITS.bounds.size + 200_000


async def vanishes_while_receiving(client: Client) -> None:
    await client.begin("down")
    reset(client.writer)


async def vanishes_while_sending(client: Client) -> None:
    await client.begin("up")
    await client.say(bytes(200_000))
    reset(client.writer)


@pytest.mark.parametrize(
    "act",
    [never_reads, never_sends, sends_without_end, reads_without_end, vanishes_while_receiving, vanishes_while_sending],
)
async def test_a_test_ends_at_its_bounds_whatever_its_client_does(
    world: tuple[Responder, int], act: Callable[[Client], Awaitable[None]]
) -> None:
    responder, port = world
    async with connected(port) as client, asyncio.timeout(5):
        await act(client)
        while responder.connections:
            await asyncio.sleep(0.01)
    assert responder.meters.tests.total() == 1
    assert responder.meters.sizes.total() <= LIMITS.bounds.size + 300_000


async def test_when_the_slots_are_taken_another_client_hears_when_to_come_again(world: tuple[Responder, int]) -> None:
    responder, port = world
    async with connected(port) as first, connected(port) as second:
        await first.begin("up")
        wanted = Request("down", Bounds.of(10**6, 1), bytes(32)).proved(RIGHT, await second.hello())
        await second.say(wanted.frame())
        refusal = await second.refusal()
    assert refusal.why is Refusal.BUSY
    assert refusal.retry_seconds >= 1
    assert responder.meters.refusals["busy"] == 1


async def test_one_address_cannot_take_all_connections(world: tuple[Responder, int]) -> None:
    _, port = world
    async with AsyncExitStack() as stack:
        for _ in range(server._CONNECTIONS_PER_CLIENT):
            client = await stack.enter_async_context(connected(port))
            await client.hello()
        late = await stack.enter_async_context(connected(port))
        assert (await late.refusal()).why is Refusal.BUSY


async def test_a_client_that_is_gone_before_it_is_accepted_does_no_harm(world: tuple[Responder, int]) -> None:
    _, port = world
    for _ in range(20):
        with socket.socket() as hasty:
            hasty.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            hasty.setblocking(False)
            hasty.connect_ex(("127.0.0.1", port))


async def test_closing_the_responder_ends_running_tests_at_once() -> None:
    async with AsyncExitStack() as stack:
        async with responding(Limits()) as (responder, port):
            client = await stack.enter_async_context(connected(port))
            await client.begin("up")
        async with asyncio.timeout(2):
            await client.until_closed()
        assert responder.connections == 0
