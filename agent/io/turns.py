"""Turns of the event loop, given one by one."""

import asyncio
from collections import deque


class Turns:
    """What arrives for many streams at once is worked on by one of them per turn of the loop.

    A handshake takes OpenSSL a millisecond. Were all woken in the same turn, timers and other probes would wait for all
    of them: a quarter of a second with 256 probes in flight.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[asyncio.Future[bytes], bytes]] = deque()
        self._taken = False

    def give(self, wanted: asyncio.Future[bytes], data: bytes) -> None:
        """Set the future's result, at once when nobody has had this turn."""
        if self._taken:
            self._waiting.append((wanted, data))
            return
        self._taken = True
        wanted.set_result(data)
        self._loop.call_soon(self._next)

    def _next(self) -> None:
        while self._waiting:
            wanted, data = self._waiting.popleft()
            if not wanted.done():
                wanted.set_result(data)
                self._loop.call_soon(self._next)
                return
        self._taken = False
