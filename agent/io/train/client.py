"""`NetPort.train`: the office's end of a capacity probe against `communewatch responder run`."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from agent.io.attempt import Attempt
from agent.io.connect import open_tcp
from agent.io.handshake import Handshake
from agent.io.resolver import Resolver
from agent.io.tcp import TcpInfo, reset_on_close
from agent.io.train.receiver import Receiver
from agent.io.train.sender import Plan, Sender
from agent.io.train.udp import open_udp, packet_size
from agent.responder.door import NONCE, knock
from agent.responder.frames import Frames, Kind, ProtocolError
from agent.responder.protocol import Accepted, Bounds
from agent.responder.summary import read_heard, read_sent
from collectors.core import ProbeError, Reason
from collectors.core.ports import Direction, Heard, Sent, Train, TrainRequest

T = TypeVar("T")
_KNOCK_EVERY = 0.1  # seconds
_SECONDS = 10.0  # the longest train: its bytes bound it long before


class TrainClient:
    """Runs trains, one at a time, and keeps count of the bytes that they use."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._totals: Counter[tuple[str, int, Direction]] = Counter()
        self._thread = ThreadPoolExecutor(1, "train")

    async def run(self, request: TrainRequest, timeout: float) -> Train:
        """One probe in one direction. Never raises for what the network or the responder does."""
        probe = _Probe(request, self._thread)
        failure = await probe.attempt.run(self._run(probe, timeout), timeout)
        account = request.host, request.port, request.direction
        self._totals[account] += probe.used
        return Train(
            probe.heard, probe.sent, probe.round_trip, probe.used, self._totals[account], dict(probe.attempt.seconds),
            failure,
        )  # fmt: skip

    async def _run(self, probe: "_Probe", timeout: float) -> None:
        probe.attempt.enter("resolve")
        addresses = await self._resolver.addresses(probe.request.host, "any", timeout)
        probe.attempt.enter("connect")
        connection, ip = await open_tcp(addresses, probe.request.port)
        probe.attempt.address = str(ip)
        try:
            await probe.run(connection)
        except ProtocolError as error:
            raise ProbeError(Reason.BAD_ANSWER, f"the responder's word cannot be trusted: {error}") from None
        except OSError as error:
            text = f"the connection to the responder broke: {error.strerror or error}"
            raise ProbeError(Reason.BAD_ANSWER, text) from None
        finally:
            reset_on_close(connection)
            connection.close()


@dataclass(slots=True)
class _Probe:
    """One probe, and what is known of it so far. used: bytes at the IP layer in its direction."""

    request: TrainRequest
    thread: ThreadPoolExecutor
    attempt: Attempt = field(default_factory=Attempt)
    heard: Heard | None = None
    sent: Sent | None = None
    round_trip: float = 0.0
    used: int = 0
    _frames: Frames = field(default_factory=Frames)
    _cancelled: threading.Event = field(default_factory=threading.Event)

    async def run(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.attempt.enter("handshake")
        handshake = Handshake(connection, self._frames, self.request.key)
        rate = round(self.request.expected * self.request.factor)
        under_way = round(rate * self.attempt.seconds["connect"])
        wanted = Bounds.of(self.request.max_bytes + under_way, _SECONDS)
        accepted = await handshake.run(self.request.direction, wanted, rate)
        info = TcpInfo.of(connection)
        self.round_trip = info.min_round_trip if info else self.attempt.seconds["connect"]
        with open_udp(connection.family) as own:
            own.connect(connection.getpeername()[:2])
            self.attempt.enter("knock")
            await self._knock(connection, own, handshake.session)
            self.attempt.enter("train")
            await self._work(connection, own, accepted, handshake.session, rate)

    async def _knock(self, connection: socket.socket, own: socket.socket, session: bytes) -> None:
        """Until the responder is READY."""
        own.setblocking(False)
        ready = asyncio.create_task(self._hear(connection, Kind.READY))
        nonce: bytes | None = None
        try:
            while not ready.done():
                with suppress(OSError):  # closed there, or no way: the responder's patience ends without a READY
                    own.send(knock(session, nonce) if nonce else knock(session))
                if nonce:  # nothing is read any more: the next packet may be the first of the train
                    await asyncio.wait({ready}, timeout=_KNOCK_EVERY)
                else:
                    nonce = await self._nonce(own, ready)
            ready.result()
        finally:
            ready.cancel()
            await asyncio.gather(ready, return_exceptions=True)

    async def _nonce(self, own: socket.socket, ready: "asyncio.Task[bytes]") -> bytes | None:
        """The one that comes within a moment."""
        answer = asyncio.create_task(asyncio.get_running_loop().sock_recv(own, 2048))
        try:
            await asyncio.wait({answer, ready}, timeout=_KNOCK_EVERY, return_when=asyncio.FIRST_COMPLETED)
        finally:
            answer.cancel()
            await asyncio.gather(answer, return_exceptions=True)
        if answer.cancelled() or answer.exception() or len(answer.result()) != NONCE:
            return None
        return answer.result()

    async def _work(
        self, connection: socket.socket, own: socket.socket, accepted: Accepted, session: bytes, rate: int
    ) -> None:
        """The own part in a thread; then what the other end has to say."""
        down = self.request.direction == "down"
        plan = Plan(session, rate, packet_size(connection), accepted.bounds.size, accepted.bounds.seconds)
        receiver = Receiver(own, session, rate, self.round_trip, self._cancelled.is_set)
        sender = Sender(own, plan, self._cancelled.is_set)
        try:
            if down:
                self.heard = await self._in_thread(receiver.run)
                self.sent = read_sent(await self._hear(connection, Kind.SENT))
            else:
                self.sent = await self._in_thread(sender.run)
                self.heard = read_heard(await self._hear(connection, Kind.HEARD))
        finally:
            self.used = max(receiver.size, self.sent.size if self.sent is not None else sender.size)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """When it is cancelled, the thread lets go of the socket first."""
        job = asyncio.get_running_loop().run_in_executor(self.thread, work)
        try:
            return await asyncio.shield(job)
        finally:
            self._cancelled.set()
            await asyncio.gather(job, return_exceptions=True)

    async def _hear(self, connection: socket.socket, kind: Kind) -> bytes:
        """The next frame of the responder, which must be of this kind."""
        loop = asyncio.get_running_loop()
        found: list[tuple[Kind, bytes]] = []
        while not found:
            chunk = await loop.sock_recv(connection, self._frames.missing)
            if not chunk:
                raise ProtocolError(f"it closed the connection where {kind.name} is due")
            found = self._frames.feed(chunk)
        said, payload = found[0]
        if said is not kind:
            raise ProtocolError(f"it says {said.name} where {kind.name} is due")
        return payload
