"""So many at the same time; no address has more than its part, and of those who wait each address has its turn."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """`most` at the same time, `each` of one address."""

    def __init__(self, most: int, each: int) -> None:
        self._most, self._each = most, each
        self._at_work = Counter[str]()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}  # whose turn is next stands first

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """From when there is room until the block ends."""
        if self._has_room(address):
            self._at_work[address] += 1
        else:
            await self._wait(address)
        try:
            yield
        finally:
            self._end(address)

    def _has_room(self, address: str) -> bool:
        return self._at_work.total() < self._most and self._at_work[address] < self._each

    async def _wait(self, address: str) -> None:
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(address, deque()).append(called)
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():
                self._end(address)
            raise

    def _end(self, address: str) -> None:
        self._at_work[address] -= 1
        if not self._at_work[address]:
            del self._at_work[address]
        while called := self._next():
            if not called.done():  # else it has given up meanwhile
                called.set_result(None)
                return

    def _next(self) -> asyncio.Future[None] | None:
        """Somebody who waits and may begin, counted as at work if he is still there."""
        address = next((one for one in self._waiting if self._has_room(one)), None)
        if address is None:
            return None
        queue = self._waiting.pop(address)
        called = queue.popleft()
        if queue:
            self._waiting[address] = queue
        if not called.done():
            self._at_work[address] += 1
        return called
