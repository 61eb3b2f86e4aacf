"""A real responder on the loopback, and puppets that behave as no responder should."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from agent.responder.admission import Admission, Limits
from agent.responder.frames import Frames, Kind
from agent.responder.meters import Meters
from agent.responder.protocol import NONCE, Accepted, Bounds, Hello, Key, Request
from agent.responder.server import Responder, listen
from collectors.core.ports import BulkRequest, Direction, Point
from collectors.core.values import HostPort, Secret
from tests.servers.tcp import listening

KEY = "the key of responder and client"


@asynccontextmanager
async def responding(limits: Limits | None = None) -> AsyncIterator[tuple[Responder, int]]:
    """The product's responder and its port."""
    responder = Responder(Key(Secret(KEY)), Admission(limits or Limits()), Meters(started=0.0))
    listener = listen(HostPort("127.0.0.1", 0))
    serving = asyncio.create_task(responder.serve(listener))
    try:
        yield responder, listener.getsockname()[1]
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
        listener.close()


def after(points: int) -> Callable[[object, float], bool]:
    """Enough is so many looks with something in them."""

    def enough(seen: object, _: float) -> bool:
        assert isinstance(seen, list)
        return sum(1 for _, size in seen if size) >= points

    return enough


def never(_points: object, _round_trip: float) -> bool:
    return False


def request(
    port: int,
    direction: Direction = "down",
    *,
    key: str = KEY,
    size: int = 1_000_000_000,
    seconds: float = 5.0,
    enough: Callable[[list[Point], float], bool] = never,
) -> BulkRequest:
    return BulkRequest("127.0.0.1", port, Secret(key), direction, size, seconds, enough)  # type: ignore[arg-type]


@dataclass(slots=True)
class Stage:
    """A connection that a puppet plays on."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    key: Key

    async def say(self, *messages: bytes) -> None:
        for message in messages:
            self.writer.write(message)
        await self.writer.drain()

    async def accept(self, bounds: Bounds | None = None, key: Key | None = None) -> Request:
        """Play the handshake to its end, as a responder does; with another key or bounds, as one does not."""
        hello = Hello(secrets.token_bytes(NONCE))
        await self.say(hello.frame())
        frames = Frames()
        while not (found := frames.feed(await self.reader.readexactly(frames.missing))):
            pass
        ((kind, payload),) = found
        assert kind is Kind.REQUEST
        wanted = Request.unpack(payload)
        await self.say(Accepted(bounds or wanted.bounds, "reno").proved(key or self.key, wanted).frame())
        return wanted

    async def until_left(self) -> None:
        """Wait for the client to go, reading what it sends."""
        with suppress(ConnectionError):
            while await self.reader.read(65536):
                pass


@asynccontextmanager
async def puppet(play: Callable[[Stage], Awaitable[None]]) -> AsyncIterator[int]:
    """A port where every connection is played upon."""
    key = Key(Secret(KEY))
    async with listening(lambda reader, writer: play(Stage(reader, writer, key))) as port:
        yield port
