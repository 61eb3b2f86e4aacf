"""Listens to a train and says when it is enough. Blocks, so it runs in a thread: asyncio loses packets at this pace."""

import gc
import math
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from agent.io.train.packet import BURST, HEADER, OVER, SESSION, burst_of, stop
from agent.io.train.udp import Arrival, headers, receive
from collectors.capacity.hearing import Hearing
from collectors.core.ports import Heard

_BREATH = 0.1  # seconds between looks whether it was cancelled
_FIRST = 1.0  # seconds to wait for the first packet, beside two round trips
_QUIET = 0.25  # seconds without a packet after which no more come
_AGAIN = 64  # packets of the train after which STOP is said again: it may have been lost


@dataclass(slots=True)
class Receiver:
    """One train over a connected UDP socket. Rates in bytes per second at the IP layer.

    most_seconds  it listens, whatever comes
    """

    connected: socket.socket
    session: bytes
    sending: float
    round_trip: float
    cancelled: Callable[[], bool] = lambda: False
    most_seconds: float = math.inf
    size: int = 0  # of everything that came
    _after: int = 0
    _dropped: int = 0
    _hearing: Hearing = field(init=False)

    def __post_init__(self) -> None:
        self._hearing = Hearing(self.sending)

    def run(self) -> Heard:
        """Never raises for what the network does."""
        clocks, cpu, begun = time.time() - time.monotonic(), time.process_time(), time.monotonic()
        collecting = gc.isenabled()
        gc.disable()  # a pause of its own would let packets wait
        try:
            self._listen()
        finally:
            if collecting:
                gc.enable()
        step = abs(time.time() - time.monotonic() - clocks)
        busy = (time.process_time() - cpu) / max(1e-3, time.monotonic() - begun)
        return self._hearing.heard(self._dropped, busy, step)

    def _listen(self) -> None:
        header = headers(self.connected)
        self.connected.settimeout(_BREATH)
        begun = time.monotonic()
        deadline = begun + _FIRST + 2 * self.round_trip
        while not self.cancelled() and time.monotonic() - begun < self.most_seconds:
            try:
                arrival = receive(self.connected)
            except TimeoutError:
                if time.monotonic() > deadline:
                    return
                continue
            except OSError:
                return
            if arrival.data[:SESSION] == self.session and len(arrival.data) >= HEADER.size:
                deadline = time.monotonic() + _QUIET + self.round_trip
                if self._take(arrival, header):
                    return

    def _take(self, arrival: Arrival, header: int) -> bool:
        """One packet of the session; whether it is the last one."""
        _, number, sent = HEADER.unpack_from(arrival.data)
        size = len(arrival.data) + header
        self.size += size
        self._dropped = max(self._dropped, arrival.dropped)
        if number & BURST:
            self._hearing.bursts.add(burst_of(number), arrival.time, size)
        elif number & OVER:
            self._hearing.over()
            return True
        elif self._hearing.of_train(arrival.time, size, sent, number):
            self._say_stop()
            self._say_stop()
        elif self._hearing.ending:
            self._after += 1
            if self._after % _AGAIN == 0:
                self._say_stop()
        return False

    def _say_stop(self) -> None:
        try:
            self.connected.send(stop(self.session, self._hearing.wanted))
        except OSError:
            return  # the sender's own bound ends it
