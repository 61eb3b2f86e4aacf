"""The buffer of a running agent: the log and its receipts behind a thread of their own."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

from agent.buffer.folder import Folder
from agent.buffer.quota import Policy
from agent.buffer.ranges import Ranges
from agent.buffer.receipts import Receipts
from agent.buffer.scrape import Labels, Refused, Scrape, Stamp
from agent.buffer.store import Store
from agent.disk import Disk, state_folder
from collectors.core import Sample
from collectors.core.logline import logline
from collectors.core.observed import (
    BUFFER_APPENDED,
    BUFFER_BYTES,
    BUFFER_CORRUPT,
    BUFFER_FAILURES,
    BUFFER_LOST,
    BUFFER_OLDEST,
    BUFFER_QUOTA,
    BUFFER_SCRAPES,
    BUFFER_WAITING,
)

_log = logging.getLogger(__name__)
FOLDER = "buffer"
P = ParamSpec("P")
T = TypeVar("T")


def buffer_folder() -> Path | None:
    """In the folder that systemd made for state, None without one."""
    folder = state_folder()
    return folder / FOLDER if folder else None


class DurableBuffer:
    """A Buffer. `folder` None = in memory only; while the disk rests nothing is written to it."""

    def __init__(self, folder: Path | None, disk: Disk, policy: Policy = Policy()) -> None:  # noqa: B008 - frozen
        self._disk = disk
        self._receipts = Receipts(folder, Store(Folder(folder)) if folder else None, policy)
        self._thread = ThreadPoolExecutor(1, "buffer")

    async def _do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: self._work(work, *args, **kwargs))

    def _work(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        self._receipts.log.held = self._disk.held
        return work(*args, **kwargs)

    async def open(self) -> None:
        if self._receipts.log.disk is None:
            _log.warning(logline("buffer_in_memory_only", message="no state folder: a restart loses what is not sent"))
        await self._do(self._receipts.open)

    async def append(self, stamp: Stamp, values: Mapping[Labels, float]) -> int:
        return await self._do(self._receipts.log.append, stamp, values)

    async def read(self, after: int, limit: int) -> tuple[Scrape, ...]:
        return await self._do(self._receipts.log.read, after, limit)

    async def newest(self) -> int:
        return self._receipts.log.newest

    def acknowledged(self, destination: str) -> Ranges:
        return self._receipts.cursors.of(destination)

    async def acknowledge(self, destination: str, first: int, last: int) -> None:
        await self._do(self._receipts.acknowledge, destination, first, last)

    async def take_back(self, destination: str, first: int, last: int) -> None:
        await self._do(self._receipts.take_back, destination, first, last)

    async def quarantine(self, refused: Refused) -> None:
        await self._do(self._receipts.quarantine, refused)

    async def settle(self, policy: Policy, destinations: tuple[str, ...], now: float) -> None:
        """Keep to this from now on; `now` is Unix time."""
        await self._do(self._receipts.settle, policy, destinations, now)

    async def close(self) -> None:
        await self._do(self._receipts.close)
        self._thread.shutdown(wait=False)

    def samples(self) -> Iterator[Sample]:
        """As it is now; the thread may be at work meanwhile."""
        return _samples(self._receipts)


def _samples(receipts: Receipts) -> Iterator[Sample]:
    log = receipts.log
    for store, place in zip(log.stores, ("disk", "memory") if log.disk else ("memory",), strict=True):
        yield BUFFER_SCRAPES(sum(one.scrapes for one in store.segments), place=place)
        yield BUFFER_BYTES(store.size, place=place)
    yield BUFFER_QUOTA(log.policy.quota)
    if kept := [one.since for one in log.segments if one.scrapes]:
        yield BUFFER_OLDEST(kept[0])
    for destination in receipts.destinations:
        yield BUFFER_WAITING(receipts.waiting(destination), receiver=destination)
    yield BUFFER_APPENDED(log.appended)
    for reason in ("full", "read_only", "error"):
        yield BUFFER_FAILURES(log.failures[reason], reason=reason)
    yield BUFFER_CORRUPT(log.corrupt)
    for reason, count in (("thinned", log.thinned), ("dropped", log.dropped)):
        yield BUFFER_LOST(count, reason=reason)
