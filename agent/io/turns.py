"""Turns of the event loop, given to a few at a time."""

import asyncio
from collections import deque
from collections.abc import Callable

PER_TURN = 8  # one alone would make the loop's own work, a system call per turn, as much as that of the probes
LONGEST = 0.002  # seconds of work in one turn, and what the last piece of it takes

Work = Callable[[], bool]


class Turns:
    """What arrives for many streams at once is worked on by a few of them per turn of the loop.

    A handshake takes OpenSSL a millisecond. Were all worked on in the same turn, timers and other probes would wait for
    all of them: a quarter of a second with 256 probes in flight.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Work] = deque()
        self._begun = False
        self._woken = 0
        self._spent = 0.0

    def give(self, work: Work) -> None:
        """Do it: at once as long as little was done in this turn. It says whether it woke anybody, who works next."""
        if not self._begun:
            self._begun = True
            self._loop.call_soon(self._next)
        if self._is_over():
            self._waiting.append(work)
        else:
            self._do(work)

    def _is_over(self) -> bool:
        return self._woken >= PER_TURN or self._spent >= LONGEST

    def _do(self, work: Work) -> None:
        since = self._loop.time()
        self._woken += work()
        self._spent += self._loop.time() - since

    def _next(self) -> None:
        self._woken, self._spent = 0, 0.0
        self._begun = bool(self._waiting)
        if self._begun:
            self._loop.call_soon(self._next)
        while self._waiting and not self._is_over():
            self._do(self._waiting.popleft())
