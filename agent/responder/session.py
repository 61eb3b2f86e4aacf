"""One connection of a client: greeting, request, and then one test within its bounds."""

import asyncio
import os
import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle

from agent.io.flow import LOOK, drain, first_of, looks, push
from agent.io.tcp import ArrivalCounter, PaceWatch, TcpInfo, prepare_bulk
from agent.responder.admission import Admission, Ticket
from agent.responder.frames import Frames, Kind, ProtocolError, VersionError, frame
from agent.responder.meters import Outcome
from agent.responder.protocol import NONCE, Accepted, Hello, Key, Progress, Refusal, Refused, Request
from agent.responder.train import Trains, TrainTest

HANDSHAKE_SECONDS = 5.0
GRACE_SECONDS = 1.0  # beyond a test's bounds, in which the client should end it
# For the slot of a client whose last test has ended, which we may be the last to hear of, or that comes at its moment.
PATIENCE_SECONDS = 1.0
_BLOCK = 16_384


class RefusedError(Exception):
    """The client gets no test; `refused` is what it was told."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.text)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Done:
    """A test that took place. size: payload bytes in its direction."""

    request: Request
    size: int
    seconds: float
    outcome: Outcome


@dataclass(slots=True)
class Session:
    """A connection, from its greeting to its end. Whoever makes it closes the socket."""

    connection: socket.socket
    client: str
    key: Key
    admission: Admission
    trains: Trains
    _frames: Frames = field(default_factory=Frames)
    _session: bytes = b""

    async def run(self) -> Done:
        """RefusedError when there is no test, TimeoutError for a silent client, OSError for one that went away."""
        async with asyncio.timeout(HANDSHAKE_SECONDS):
            request = await self._handshake()
        ticket = await self._admit(request)
        loop = asyncio.get_running_loop()
        begun, test = loop.time(), self._test(request, ticket)
        try:
            outcome = await test.run(request, self.key)
        finally:
            self.admission.release(ticket, test.size, loop.time())
        return Done(request, test.size, loop.time() - begun, outcome)

    def _test(self, request: Request, ticket: Ticket) -> "_Test | TrainTest":
        if not request.rate:
            return _Test(self.connection, ticket)
        return TrainTest(self.connection, ticket, self.trains, self._session)

    async def _handshake(self) -> Request:
        hello = Hello(secrets.token_bytes(NONCE))
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self.connection, hello.frame())
        try:
            request = Request.unpack(await self._one_frame())
        except ProtocolError as error:
            why = Refusal.UNSUPPORTED if isinstance(error, VersionError) else Refusal.GARBAGE
            raise await self._refuse(Refused(why, text=str(error))) from None
        if not request.is_proved(self.key, hello):
            raise await self._refuse(Refused(Refusal.DENIED, text="this responder has another key"))
        self._session = request.session(self.key, hello)
        return request

    async def _one_frame(self) -> bytes:
        """The client's only frame; nothing may follow it before the answer."""
        loop = asyncio.get_running_loop()
        while True:
            chunk = await loop.sock_recv(self.connection, 1024)
            if not chunk:
                raise ConnectionResetError("the client left")
            if found := self._frames.feed(chunk):
                break
            if self._frames.in_data:
                raise ProtocolError("data before the test")
        (kind, payload), *more = found
        if kind is not Kind.REQUEST or more or not self._frames.between:
            raise ProtocolError("one request is expected")
        return payload

    async def _admit(self, request: Request) -> Ticket:
        loop = asyncio.get_running_loop()
        until = loop.time() + (PATIENCE_SECONDS if self.admission.expects(self.client, loop.time()) else 0.0)
        while isinstance(answer := self._ask_for_a_slot(request, loop.time()), Refused):
            if loop.time() >= until:
                raise await self._refuse(self.admission.slip(self.client, answer, loop.time()))
            await asyncio.sleep(0.05)
        return answer

    def _ask_for_a_slot(self, request: Request, now: float) -> Ticket | Refused:
        return self.admission.admit(self.client, request.bounds, now, request.direction, request.rate)

    async def _refuse(self, refused: Refused) -> RefusedError:
        async with asyncio.timeout(HANDSHAKE_SECONDS):
            await asyncio.get_running_loop().sock_sendall(self.connection, refused.frame())
        return RefusedError(refused)


@dataclass(slots=True)
class _Test:
    """One admitted test."""

    connection: socket.socket
    ticket: Ticket
    size: int = 0

    async def run(self, request: Request, key: Key) -> Outcome:
        arrivals = ArrivalCounter()
        if info := TcpInfo.of(self.connection):
            arrivals.look(info)  # before the client may send
        accepted = Accepted(self.ticket.bounds, prepare_bulk(self.connection)).proved(key, request)
        try:
            async with asyncio.timeout(self.ticket.bounds.seconds + GRACE_SECONDS):
                await asyncio.get_running_loop().sock_sendall(self.connection, accepted.frame())
                if request.direction == "down":
                    await push(self.connection, self._data())
                else:
                    await self._receive(arrivals)
                # At the bound the client closes: what is on its way to it should not be lost by our closing first.
                async with asyncio.timeout(GRACE_SECONDS):
                    await drain(self.connection, lambda _: False)
        except TimeoutError:
            return "bound"
        except OSError:
            return "client"  # it has what it wanted and resets the connection, or it died: the same to us
        return "bound" if self.size >= self.ticket.bounds.size else "client"

    def _data(self) -> Iterator[bytes]:
        """DATA frames without end but the bound, and after a look at the kernel's counts a PROGRESS frame."""
        loop, watch = asyncio.get_running_loop(), PaceWatch()
        begun = due = loop.time()
        for block in cycle(_blocks()):
            yield block
            self.size += len(block)
            if self.size >= self.ticket.bounds.size:
                return
            now = loop.time()
            if now >= due and (info := TcpInfo.of(self.connection)):
                due = now + LOOK
                held_back = watch.look(now, info)
                yield Progress(now - begun, self.size, held_back, info.bytes_repeated, info.round_trip).frame()

    def _has_read(self, chunk: memoryview) -> bool:
        self.size += len(chunk)
        return self.size >= self.ticket.bounds.size

    async def _receive(self, arrivals: ArrivalCounter) -> None:
        """Tell the sender what has arrived, to the last byte that it may send; it judges."""
        begun = asyncio.get_running_loop().time()

        async def tell(now: float) -> None:
            info = TcpInfo.of(self.connection)
            progress = Progress(now - begun, arrivals.look(info) if info else self.size)
            await asyncio.get_running_loop().sock_sendall(self.connection, progress.frame())

        async def keep_telling() -> None:
            async for now in looks():
                await tell(now)

        await first_of(drain(self.connection, self._has_read), keep_telling())
        await tell(asyncio.get_running_loop().time())


@cache
def _blocks() -> tuple[bytes, ...]:
    """A mebibyte in DATA frames, random, so that no compression on the way makes the link look faster."""
    return tuple(frame(Kind.DATA, os.urandom(_BLOCK)) for _ in range(64))
