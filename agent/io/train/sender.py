"""Sends a train: paced packets until the receiver has heard enough, then bursts. Blocks, so it runs in a thread."""

import errno
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from agent.io.train.packet import HEADER, MOST_PACKETS, OVER, burst_number, read_stop
from agent.io.train.udp import headers, segment
from collectors.capacity.bursts import NOTHING, Wanted
from collectors.core.ports import Sent

_STEP = 0.0007  # seconds of sleep between two looks at the clock
_AT_ONCE = 44  # datagrams per call: 64 KiB hold no more of the largest
_CATCH_UP = 2.5e6  # nanoseconds: who was late for longer does not make up for it with a burst of his own
_FULL = 0.0002  # seconds to wait while the kernel has no room
_FASTEST = 2.0  # times the train's rate: no receiver can want its bursts spaced closer
_SECOND = 1e9


@dataclass(frozen=True, slots=True)
class Plan:
    """rate: bytes per second at the IP layer; packet: bytes of a packet there; max_bytes, max_seconds: of the train."""

    session: bytes
    rate: float
    packet: int
    max_bytes: int
    max_seconds: float


@dataclass(slots=True)
class Sender:
    """One train over a connected UDP socket. `cancelled` is asked about each millisecond."""

    connected: socket.socket
    plan: Plan
    cancelled: Callable[[], bool] = lambda: False
    size: int = 0  # bytes at the IP layer that were sent
    _buffer: bytearray = field(default_factory=bytearray)
    _at_once: int = 1

    def run(self) -> Sent:
        """Never raises for what the network does: what could not be sent is missing from the result."""
        plan = self.plan
        self.connected.setblocking(False)
        payload = plan.packet - headers(self.connected)
        self._at_once = _AT_ONCE if segment(self.connected, payload) else 1
        self._buffer = bytearray(os.urandom(payload * self._at_once))
        begun, cpu = time.monotonic(), time.process_time()
        wanted, rate = self._train()
        bursts = self._bursts(wanted)
        self._say_over()
        busy = (time.process_time() - cpu) / max(1e-3, time.monotonic() - begun)
        return Sent(plan.rate, rate, self.size, bursts, busy)

    def _train(self) -> tuple[Wanted, float]:
        """The bursts that the receiver wants after it, and the rate that was reached."""
        plan, gap = self.plan, self.plan.packet / self.plan.rate * _SECOND
        most = min(int(plan.max_bytes / plan.packet), MOST_PACKETS)
        number, begun = 0, time.perf_counter_ns()
        zero, late, wanted = begun, int(_CATCH_UP / gap) + self._at_once, None
        while number < most and not self.cancelled():
            now = time.perf_counter_ns()
            if now - begun > plan.max_seconds * _SECOND:
                break
            due = int((now - zero) / gap) + 1
            if due - number > late:
                zero += int((due - number - late) * gap)
                due = number + late
            due = min(due, most)
            if due > number:
                self._send(number, due - number)
                number = due
            wanted = self._heard()
            if wanted is not None:
                break
            time.sleep(_STEP)
        elapsed = (time.perf_counter_ns() - begun) / _SECOND
        return wanted or NOTHING, number * plan.packet / max(elapsed, 1e-6)

    def _bursts(self, wanted: Wanted) -> tuple[float, ...]:
        """Each as long as they are apart at their rate, so that the queue never empties; how fast each one left."""
        if not wanted.rate:
            return ()
        packet, number = self.plan.packet, wanted.packets(self.plan.packet)
        apart, begun, rates = number * packet / wanted.rate * _SECOND, time.perf_counter_ns(), []
        for burst in range(wanted.bursts):
            while (now := time.perf_counter_ns()) < begun + burst * apart and not self.cancelled():
                time.sleep(min(_STEP, max(0.0, (begun + burst * apart - now) / _SECOND / 2)))
            start = time.perf_counter_ns()
            self._send(0, number, lambda index, burst=burst: burst_number(burst, index))  # type: ignore[misc]
            rates.append(number * packet * _SECOND / (time.perf_counter_ns() - start))
        return tuple(rates)

    def _send(self, first: int, count: int, mark: Callable[[int], int] = int) -> None:
        """Packets first, first + 1, ..., in as few calls as possible."""
        payload, view = len(self._buffer) // self._at_once, memoryview(self._buffer)
        done = 0
        while done < count and not self.cancelled():
            together = min(self._at_once, count - done)
            now = time.time_ns()
            for index in range(together):
                HEADER.pack_into(self._buffer, index * payload, self.plan.session, mark(first + done + index), now)
            try:
                self.connected.send(view[: together * payload])
            except BlockingIOError:
                time.sleep(_FULL)
                continue
            except OSError as error:
                if error.errno != errno.EIO or self._at_once == 1:
                    return  # no route, or nobody there: the receiver's silence tells
                self._one_by_one(payload)  # the interface cannot cut what the kernel offered to let it cut
                view = memoryview(self._buffer)
                continue
            done += together
            self.size += together * self.plan.packet

    def _one_by_one(self, payload: int) -> None:
        segment(self.connected, 0)
        self._at_once, self._buffer = 1, self._buffer[:payload]

    def _heard(self) -> Wanted | None:
        """The receiver's STOP, if it has come."""
        try:
            return read_stop(self.plan.session, self.connected.recv(64), _FASTEST * self.plan.rate)
        except OSError:
            return None

    def _say_over(self) -> None:
        """Three times: one packet may be lost."""
        segment(self.connected, 0)
        for _ in range(3):
            try:
                self.connected.send(HEADER.pack(self.plan.session, OVER, time.time_ns()))
            except OSError:
                return
            time.sleep(_STEP)
