"""The responder's side of a train: see the client's address proved, send or listen, and say how it was."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from agent.io.flow import drain
from agent.io.tcp import TcpInfo
from agent.io.train.receiver import Receiver
from agent.io.train.sender import Plan, Sender
from agent.io.train.udp import packet_size
from agent.responder.admission import Ticket
from agent.responder.door import Door
from agent.responder.echo import Reflector
from agent.responder.frames import Kind, frame
from agent.responder.meters import Outcome
from agent.responder.protocol import Accepted, Key, Request
from agent.responder.summary import heard_frame, sent_frame

KNOCK_SECONDS = 3.0
GRACE_SECONDS = 1.0  # for the bursts after a train of the longest time
HEARD_SECONDS = 5.0  # for a last word that is lost and said again, over a satellite too


@dataclass(frozen=True, slots=True)
class Trains:
    """What trains need beside their connections: the UDP door, and a thread for each that may run at once."""

    door: Door
    threads: ThreadPoolExecutor


@contextmanager
def trains_beside(listener: socket.socket, most: int, reflector: Reflector) -> Iterator[Trains]:
    """On the UDP port of the same number. OSError when it cannot be had."""
    trains = Trains(Door(listener.getsockname()[:2], listener.family, reflector), ThreadPoolExecutor(most, "train"))
    with trains.door.opened():
        try:
            yield trains
        finally:
            trains.threads.shutdown(wait=False)


@dataclass(slots=True)
class TrainTest:
    """One admitted test. size: bytes at the IP layer, in its direction."""

    connection: socket.socket
    ticket: Ticket
    trains: Trains
    session: bytes
    size: int = 0
    _cancelled: threading.Event = field(default_factory=threading.Event)

    async def run(self, request: Request, key: Key) -> Outcome:
        try:
            await self._say(Accepted(self.ticket.bounds).proved(key, request).frame())
            client = self.connection.getpeername()[0]
            with self.trains.door.expecting(self.session, client) as proved:
                address = await asyncio.wait_for(proved, KNOCK_SECONDS)
            with self.trains.door.connected(address) as own:
                await self._say(frame(Kind.READY, b"\x01"))
                report = await self._work(request, own)
            await self._say(report)
        except (TimeoutError, OSError):
            return "client"
        await self._until_heard()
        return "bound" if self.size >= self.ticket.bounds.size else "client"

    async def _until_heard(self) -> None:
        """The queue is still full of the train: a word that was lost there is said again only while the connection is
        open, and closing first would throw it away. The client closes when it has heard it.
        """
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(HEARD_SECONDS):
                await drain(self.connection, lambda _: False)

    async def _work(self, request: Request, own: socket.socket) -> bytes:
        """In a thread; a client that leaves ends it."""
        work = self._send if request.direction == "down" else self._receive
        job = asyncio.get_running_loop().run_in_executor(self.trains.threads, work, request, own)
        gone = asyncio.create_task(drain(self.connection, lambda _: True))
        gone.add_done_callback(lambda _: self._cancelled.set())
        try:
            return await asyncio.shield(job)
        finally:
            gone.cancel()
            await asyncio.gather(job, gone, return_exceptions=True)  # the thread lets go of the socket first

    def _send(self, request: Request, own: socket.socket) -> bytes:
        bounds = self.ticket.bounds
        plan = Plan(self.session, request.rate, packet_size(self.connection), bounds.size, bounds.seconds)
        sent = Sender(own, plan, self._cancelled.is_set).run()
        self.size = sent.size
        return sent_frame(sent)

    def _receive(self, request: Request, own: socket.socket) -> bytes:
        info = TcpInfo.of(self.connection)
        receiver = Receiver(own, self.session, request.rate, info.min_round_trip if info else 0.0)
        receiver.cancelled = self._cancelled.is_set
        receiver.most_seconds = self.ticket.bounds.seconds + GRACE_SECONDS
        heard = receiver.run()
        self.size = receiver.size
        return heard_frame(heard)

    async def _say(self, message: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(self.connection, message)
