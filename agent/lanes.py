"""Lanes: probes that measure time on the link share it, a probe that fills the link has it to itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from collectors.core import Lane


class Lanes:
    """A readers-writer lock over the office's link. A waiting bulk probe goes before new latency probes."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._sharing = 0
        self._alone = False
        self._waiting = 0

    def enter(self, lane: Lane) -> AbstractAsyncContextManager[None]:
        """Wait for the lane to be free, hold it for the length of the `async with`."""
        if lane in (Lane.NEUTRAL, Lane.BACKGROUND):
            return nullcontext()
        return self._have_alone() if lane is Lane.BULK else self._share()

    @asynccontextmanager
    async def _share(self) -> AsyncIterator[None]:
        async with self._changed:
            await self._changed.wait_for(lambda: not self._alone and not self._waiting)
            self._sharing += 1
        try:
            yield
        finally:
            self._sharing -= 1
            await self._announce()

    @asynccontextmanager
    async def _have_alone(self) -> AsyncIterator[None]:
        self._waiting += 1
        try:
            async with self._changed:
                await self._changed.wait_for(lambda: not self._alone and not self._sharing)
                self._alone = True
        finally:
            self._waiting -= 1
            if not self._alone:
                await self._announce()
        try:
            yield
        finally:
            self._alone = False
            await self._announce()

    async def _announce(self) -> None:
        async with self._changed:
            self._changed.notify_all()
