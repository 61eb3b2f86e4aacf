"""Turns of the event loop, given to a few at a time."""

import asyncio
from collections import deque

PER_TURN = 8  # one alone would make the loop's own work, a system call per turn, as much as that of the probes


class Turns:
    """What arrives for many streams at once is worked on by a few of them per turn of the loop.

    A handshake takes OpenSSL a millisecond. Were all woken in the same turn, timers and other probes would wait for all
    of them: a quarter of a second with 256 probes in flight.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[asyncio.Future[bytes], bytes]] = deque()
        self._taken = 0

    def give(self, wanted: asyncio.Future[bytes], data: bytes) -> None:
        """Set the future's result, at once as long as few have had this turn."""
        if self._taken >= PER_TURN:
            self._waiting.append((wanted, data))
            return
        if not self._taken:
            self._loop.call_soon(self._next)
        self._taken += 1
        wanted.set_result(data)

    def _next(self) -> None:
        self._taken = 0
        while self._waiting and self._taken < PER_TURN:
            wanted, data = self._waiting.popleft()
            if not wanted.done():
                wanted.set_result(data)
                self._taken += 1
        if self._taken:
            self._loop.call_soon(self._next)
