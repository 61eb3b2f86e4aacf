"""Bulk data in one direction on an open connection, from the client's side, until there is enough or a bound."""

import asyncio
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Literal

from agent.io.bulk_record import Pace, Record
from agent.io.flow import drain, first_of, looks, push
from agent.io.tcp import ArrivalCounter, PaceWatch, TcpInfo, prepare_bulk
from agent.responder.frames import Frames, Kind, ProtocolError
from agent.responder.protocol import Bounds, Progress
from collectors.core import ProbeError, Reason
from collectors.core.ports import BulkRequest

_BLOCK = 65_536
_NEARLY_ALL = 0.98  # segments are counted, and their size is a mean


@dataclass(slots=True)
class Flow:
    """What is left of a test once the responder has accepted it. `record` survives a failure."""

    request: BulkRequest
    connection: socket.socket
    frames: Frames
    record: Record
    congestion: str = ""
    ended: Literal["enough", "bytes", "seconds", "failed"] = "failed"
    _begun: float = 0.0
    _read: int = 0
    _pushed: int = 0
    _watch: PaceWatch = field(default_factory=PaceWatch)
    _arrivals: ArrivalCounter = field(default_factory=ArrivalCounter)

    async def run(self, bounds: Bounds, round_trip: float) -> None:
        """Raises ProbeError when the responder does not play its part to the end."""
        self._begun = asyncio.get_running_loop().time()
        jobs = [drain(self.connection, self._hear), self._look(bounds, round_trip)]
        if self.request.direction == "up":
            self.congestion = prepare_bulk(self.connection)
            jobs.append(self._send(bounds.size))
        try:
            await first_of(*jobs)
        except ProtocolError as error:
            raise ProbeError(Reason.BAD_ANSWER, f"the responder's word cannot be trusted: {error}") from None
        except OSError:
            raise ProbeError(Reason.BAD_ANSWER, f"the responder broke the connection off {self._so_far()}") from None
        if self.ended == "failed":
            raise ProbeError(Reason.BAD_ANSWER, f"the responder closed the connection {self._so_far()}")

    @property
    def used(self) -> int:
        """Payload bytes of this direction that have been on the link, those sent again too. Ask before it is closed."""
        info = TcpInfo.of(self.connection)
        if self.request.direction == "up":
            return info.bytes_sent if info else self._pushed
        return self._arrivals.look(info) if info else self._read

    @property
    def repeated(self) -> float | None:
        """The share of what was sent that was sent again; None: not known. Ask before it is closed."""
        repeated = self.record.repeated
        if repeated is None:
            return None
        sent = self.used + (repeated if self.request.direction == "down" else 0)
        return min(1.0, repeated / sent) if sent else None

    @property
    def _arrived(self) -> int:
        return max(self.record.arrived, self._read) if self.request.direction == "down" else self.record.arrived

    async def _send(self, size: int) -> None:
        await push(self.connection, self._data(size))
        await asyncio.Event().wait()  # what was sent is still to arrive: `_look` ends the test

    def _data(self, size: int) -> Iterator[bytes]:
        """Random, so that no compression on the way makes the link look faster."""
        for block in cycle([os.urandom(_BLOCK) for _ in range(4)]):
            if self._pushed >= size:
                return
            self._pushed += len(block)
            yield block

    def _hear(self, chunk: memoryview) -> bool:
        if self.ended != "failed":
            return True  # the points that were enough are the ones that are judged
        self._read += len(chunk)
        for kind, payload in self.frames.feed(chunk):
            if kind is not Kind.PROGRESS:
                raise ProtocolError(f"{kind.name} in mid test")
            elapsed = asyncio.get_running_loop().time() - self._begun
            self.record.reported(Progress.unpack(payload), elapsed, self._pushed)
        return False

    async def _look(self, bounds: Bounds, round_trip: float) -> None:
        """Look at the kernel's counts, ask whether it is enough, keep the bounds."""
        judged = 0
        async for now in looks():
            self._count(now - self._begun)
            if len(self.record.points) > judged and self.request.enough(self.record.points, round_trip):
                self.ended = "enough"
            elif self._arrived >= bounds.size * _NEARLY_ALL or self.used >= bounds.size + _BLOCK:
                self.ended = "bytes"
            elif now - self._begun >= bounds.seconds:
                self.ended = "seconds"
                self._expect_something()
            if self.ended != "failed":
                return
            judged = len(self.record.points)

    def _count(self, elapsed: float) -> None:
        info = TcpInfo.of(self.connection)
        if self.request.direction == "down":
            self.record.looked(elapsed, self._arrivals.look(info) if info else self._read)
        elif info:
            held_back = self._watch.look(elapsed, info)
            self.record.paced(Pace(elapsed, held_back, info.bytes_repeated, info.round_trip))

    def _expect_something(self) -> None:
        if not self._arrived:
            self.ended = "failed"
            silent = "sent nothing" if self.request.direction == "down" else "never said that anything arrived"
            raise ProbeError(Reason.FROZEN, f"the responder accepted the test and then {silent}")

    def _so_far(self) -> str:
        seconds = asyncio.get_running_loop().time() - self._begun
        return f"after {seconds:.2f} s and {self.record.arrived} bytes, before the test was over"
