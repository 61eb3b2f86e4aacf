"""`NetPort.bulk`: the office's end of a throughput test against `communewatch responder run`.

The office judges in both directions: down it looks at its own kernel's counts, up it hears 50 times a second what has
arrived at the responder. It never believes its own socket: what fits into a send buffer was not delivered.
"""

import asyncio
import socket
from collections import Counter
from dataclasses import dataclass

from agent.io.attempt import Attempt
from agent.io.bulk_flow import Flow
from agent.io.bulk_record import Record
from agent.io.connect import open_tcp
from agent.io.handshake import Handshake
from agent.io.resolver import Resolver
from agent.io.tcp import TcpInfo, reset_on_close
from agent.responder.frames import Frames
from agent.responder.protocol import Bounds
from collectors.core.ports import FULL_SEGMENT, Arrivals, BulkRequest, Direction, Segment

_IP = {socket.AF_INET: 20, socket.AF_INET6: 40}  # bytes of headers without options,
_TCP, _TIMESTAMPS = 20, 12  # of TCP, and of the option in every segment
_SPARE_SECONDS = 0.2  # of the timeout: a flow that gets no more time should still end by itself


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
            repeated=test.repeated,
            loaded_round_trip_seconds=test.record.loaded_round_trip,
            segment=test.segment,
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
            test.repeated = test.flow.repeated if test.flow else None
            test.segment = _segment(connection, test.request.direction)
            self._totals[test.account] += test.used
            reset_on_close(connection)  # the other end should stop at once
            connection.close()


def _segment(connection: socket.socket, direction: Direction) -> Segment:
    """Of a full packet of this connection."""
    info = TcpInfo.of(connection)
    payload = info and (info.receive_mss if direction == "down" else info.send_mss)
    if not info or not payload:
        return FULL_SEGMENT
    return Segment(payload, _IP[connection.family] + _TCP + (_TIMESTAMPS if info.timestamps else 0))


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
    repeated: float | None = None
    segment: Segment = FULL_SEGMENT

    @property
    def account(self) -> tuple[str, int, Direction]:
        return self.request.host, self.request.port, self.request.direction

    async def run(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.attempt.enter("handshake")
        frames = Frames()
        self.flow = Flow(self.request, connection, frames, self.record)
        wanted = Bounds.of(self.request.max_bytes, self.request.max_seconds)
        accepted = await Handshake(connection, frames, self.request.key).run(self.request.direction, wanted)
        self.flow.congestion = accepted.congestion
        info = TcpInfo.of(connection)
        self.round_trip = info.min_round_trip if info else self.attempt.seconds["connect"]
        self.attempt.enter("flow")
        left = max(0.0, self.deadline - asyncio.get_running_loop().time())
        await self.flow.run(accepted.bounds.within(Bounds.of(accepted.bounds.size, left)), self.round_trip)
