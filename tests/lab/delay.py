"""A delay line between two interfaces, in place of netem, which many kernels lack: any round trip, LTE-like batches.

    python -m tests.lab.delay NEAR FAR --seconds 0.01 [--batch-to-near 0.01] [--batch-to-far 0.01] [--jitter 0.005]

What comes in at one interface leaves at the other so many seconds later; with batches only at whole multiples of the
batch time, as a mobile scheduler hands packets on. With jitter each is later by a random part of it, and none overtakes
another. It ends with its parent. Needs root.
"""

import argparse
import ctypes
import os
import random
import select
import signal
import socket
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

ETH_P_ALL = 3  # linux/if_ether.h
_OUTGOING = 4  # linux/if_packet.h: what we have sent ourselves
_PR_SET_PDEATHSIG = 1
_LARGEST = 2048
_BUFFER = 16 << 20
_SO_RCVBUFFORCE, _SO_SNDBUFFORCE = 33, 32
_PRIORITY = 10
_SECOND = 1_000_000_000


@dataclass(slots=True)
class Way:
    """One direction. Times in nanoseconds; waiting: (due, frame), in order."""

    source: socket.socket
    sink: socket.socket
    delay: int
    batch: int
    jitter: int = 0
    last: int = 0
    waiting: deque[tuple[int, bytes]] = field(default_factory=deque)

    def take(self) -> None:
        """Everything that has come in."""
        while True:
            try:
                frame, address = self.source.recvfrom(_LARGEST)
            except BlockingIOError:
                return
            if address[2] == _OUTGOING:
                continue
            due = time.monotonic_ns() + self.delay
            if self.jitter:
                due = self.last = max(self.last, due + random.randrange(self.jitter))
            if self.batch:
                due += self.batch - due % self.batch
            self.waiting.append((due, frame))

    def give(self) -> int:
        """Hand on what is due; when the next is, 0 = nothing waits."""
        while self.waiting:
            due, frame = self.waiting[0]
            if due > time.monotonic_ns():
                return due
            self.waiting.popleft()
            with suppress(OSError):  # a full queue or an interface that is down: lost, as on a wire
                self.sink.send(frame)
        return 0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.lab.delay", description=__doc__)
    parser.add_argument("near")
    parser.add_argument("far")
    parser.add_argument("--seconds", type=float, required=True, help="each way")
    parser.add_argument("--batch-to-near", type=float, default=0.0)
    parser.add_argument("--batch-to-far", type=float, default=0.0)
    parser.add_argument("--jitter", type=float, default=0.0)
    arguments = parser.parse_args()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    with suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))
    near, far = _open(arguments.near), _open(arguments.far)
    delay, batch_to_far, batch_to_near, jitter = (
        int(seconds * _SECOND)
        for seconds in (arguments.seconds, arguments.batch_to_far, arguments.batch_to_near, arguments.jitter)
    )
    run(Way(near, far, delay, batch_to_far, jitter), Way(far, near, delay, batch_to_near, jitter))


def run(*ways: Way) -> None:
    """For ever."""
    poll = select.poll()
    for way in ways:
        poll.register(way.source, select.POLLIN)
    while True:
        dues = [due for way in ways if (due := way.give())]
        wait = (min(dues) - time.monotonic_ns()) / 1e6 if dues else None
        # poll counts whole milliseconds: the last part is slept, in steps so short that what comes in is hardly late.
        if wait is not None and wait < 1:
            time.sleep(max(0.0, min(wait, 0.1) / 1000))
        else:
            poll.poll(wait)
        for way in ways:
            way.take()


def _open(interface: str) -> socket.socket:
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    for option in (_SO_RCVBUFFORCE, _SO_SNDBUFFORCE):
        opened.setsockopt(socket.SOL_SOCKET, option, _BUFFER)
    opened.bind((interface, 0))
    opened.setblocking(False)
    return opened


if __name__ == "__main__":
    main()
