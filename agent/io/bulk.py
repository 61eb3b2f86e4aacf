"""`NetPort.bulk`: the office's end of a throughput test against `communewatch responder run`.

The office judges in both directions: down it looks at its own kernel's counts, up it hears 50 times a second what has
arrived at the responder. It never believes its own socket: what fits into a send buffer was not delivered.
"""

import asyncio
import secrets
import socket
from collections import Counter
from dataclasses import dataclass

from agent.io.attempt import Attempt
from agent.io.bulk_flow import Flow
from agent.io.bulk_record import Record
from agent.io.connect import open_tcp
from agent.io.resolver import Resolver
from agent.io.tcp import TcpInfo, reset_on_close
from agent.responder.frames import Frames, Kind, ProtocolError
from agent.responder.protocol import NONCE, VERSION, Accepted, Bounds, Hello, Key, Refusal, Refused, Request
from collectors.core import ProbeError, Reason
from collectors.core.ports import Arrivals, BulkRequest, Direction

_HANDSHAKE_SECONDS = 5.0
_SPARE_SECONDS = 0.2  # of the timeout: a flow that gets no more time should still end by itself
_REASONS = {
    Refusal.BUSY: Reason.BUSY,
    Refusal.DENIED: Reason.DENIED,
    Refusal.UNSUPPORTED: Reason.UNSUPPORTED,
    Refusal.GARBAGE: Reason.BAD_ANSWER,
}


class BulkClient:
    """Runs throughput tests and keeps count of the bytes that they use."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._totals: Counter[tuple[str, int, Direction]] = Counter()

    async def transfer(self, request: BulkRequest, timeout: float) -> Arrivals:
        """One test in one direction. Never raises for what the network or the responder does."""
        deadline = asyncio.get_running_loop().time() + timeout - _SPARE_SECONDS
        test = _Test(request, deadline, Attempt(), Record(request.direction))
        failure = await test.attempt.run(self._run(test, timeout), timeout)
        return Arrivals(
            points=tuple(test.record.points),
            round_trip_seconds=test.round_trip,
            used_bytes=test.used,
            total_bytes=self._totals[test.account],
            held_back=test.record.held_back,
            congestion=test.flow.congestion if test.flow else "",
            ended=test.flow.ended if test.flow and not failure else "failed",
            phases=dict(test.attempt.seconds),
            failure=failure,
        )

    async def _run(self, test: "_Test", timeout: float) -> None:
        request = test.request
        test.attempt.enter("resolve")
        addresses = await self._resolver.addresses(request.host, "any", timeout)
        test.attempt.enter("connect")
        connection, ip = await open_tcp(addresses, request.port)
        test.attempt.address = str(ip)
        try:
            await test.run(connection)
        finally:
            test.used = test.flow.used if test.flow else 0
            self._totals[test.account] += test.used
            reset_on_close(connection)  # the other end should stop at once
            connection.close()


@dataclass(slots=True)
class _Test:
    """One test, and what is known of it so far."""

    request: BulkRequest
    deadline: float
    attempt: Attempt
    record: Record
    flow: Flow | None = None
    round_trip: float = 0.0
    used: int = 0

    @property
    def account(self) -> tuple[str, int, Direction]:
        return self.request.host, self.request.port, self.request.direction

    async def run(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.attempt.enter("handshake")
        frames = Frames()
        self.flow = Flow(self.request, connection, frames, self.record)
        accepted = await _Handshake(connection, frames, self.request).run()
        self.flow.congestion = accepted.congestion
        info = TcpInfo.of(connection)
        self.round_trip = info.min_round_trip if info else self.attempt.seconds["connect"]
        self.attempt.enter("flow")
        left = max(0.0, self.deadline - asyncio.get_running_loop().time())
        await self.flow.run(accepted.bounds.within(Bounds.of(accepted.bounds.size, left)), self.round_trip)


@dataclass(slots=True)
class _Handshake:
    """Greeting, request, answer. What follows the answer stays in `frames`."""

    connection: socket.socket
    frames: Frames
    request: BulkRequest

    async def run(self) -> Accepted:
        """Raises ProbeError with what to do about it."""
        try:
            async with asyncio.timeout(_HANDSHAKE_SECONDS):
                return await self._converse()
        except TimeoutError:
            raise ProbeError(Reason.FROZEN, "connected, but the responder does not answer") from None
        except ProtocolError as error:
            raise ProbeError(Reason.BAD_ANSWER, f"not a responder of communewatch: {error}") from None
        except OSError as error:
            text = f"the connection broke before the responder answered: {error.strerror or error}"
            raise ProbeError(Reason.BAD_ANSWER, text) from None

    async def _converse(self) -> Accepted:
        key = _key(self.request)
        hello = Hello.unpack(await self._next(Kind.HELLO))
        if hello.version != VERSION:
            text = f"the responder speaks version {hello.version}, this agent {VERSION}: update the older one"
            raise ProbeError(Reason.UNSUPPORTED, text)
        wanted = Bounds.of(self.request.max_bytes, self.request.max_seconds)
        request = Request(self.request.direction, wanted, secrets.token_bytes(NONCE)).proved(key, hello)
        await asyncio.get_running_loop().sock_sendall(self.connection, request.frame())
        accepted = Accepted.unpack(await self._next(Kind.ACCEPTED))
        if not accepted.is_proved(key, request):
            raise ProbeError(Reason.DENIED, "the responder does not know our key, although it took it")
        if accepted.bounds.within(wanted) != accepted.bounds:
            raise ProtocolError("it grants more than was asked for")
        return accepted

    async def _next(self, kind: Kind) -> bytes:
        """The next frame, which must be of this kind or a refusal."""
        loop = asyncio.get_running_loop()
        found: list[tuple[Kind, bytes]] = []
        while not found:
            # Byte by byte would do: what must not happen is to read past this frame into the bulk data.
            chunk = await loop.sock_recv(self.connection, self.frames.missing)
            if not chunk:
                raise ProtocolError("it closed the connection before it answered")
            found = self.frames.feed(chunk)
            if self.frames.in_data:
                raise ProtocolError("data before the test")
        said, payload = found[0]
        if said is Kind.REFUSED:
            refused = Refused.unpack(payload)
            raise ProbeError(_REASONS[refused.why], _in_words(refused))
        if said is not kind:
            raise ProtocolError(f"it says {said.name} where {kind.name} is due")
        return payload


def _key(request: BulkRequest) -> Key:
    try:
        return Key(request.key)
    except ValueError as error:
        raise ProbeError(Reason.DENIED, f"{error}; take the responder's") from None


def _in_words(refused: Refused) -> str:
    again = f"; it is free again in about {refused.retry_seconds} s" if refused.retry_seconds else ""
    return f"the responder refuses ({refused.why}): {refused.text or 'no reason given'}{again}"
