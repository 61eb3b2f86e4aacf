"""The buffer's log: segments on disk, and in memory while the disk takes nothing. Blocks; one thread at a time.

Nothing that a disk does is raised: what it refuses is kept in memory, bounded, and brought there once it takes it.
"""

import errno
import logging
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from heapq import merge
from itertools import islice

from agent.buffer import quota
from agent.buffer.event import Event, Happening, clock_step
from agent.buffer.quota import Policy, Step, Taken
from agent.buffer.scrape import Labels, Scrape, Stamp
from agent.buffer.segment import Segment
from agent.buffer.shelf import MemoryShelf
from agent.buffer.store import Store, Writer
from collectors.core.logline import logline

_log = logging.getLogger(__name__)
IN_MEMORY = 4 << 20  # bytes: a day of an office with 150 series
_FULL = (errno.ENOSPC, errno.EDQUOT)
_REASONS = {errno.ENOSPC: "full", errno.EDQUOT: "full", errno.EROFS: "read_only"}
# Between the scrapes of two runs: those that a run had in memory only are not on the disk to be counted on from.
_APART = 1 << 20


class Log:
    """`disk` None = in memory only. `taken` says which segments every receiver has."""

    def __init__(self, disk: Store | None, policy: Policy, taken: Taken) -> None:
        self.disk, self.memory = disk, Store(MemoryShelf())
        self.policy = policy
        self.held = False  # the disk is to rest
        self.newest = 0
        self.appended = self.thinned = self.dropped = self.corrupt = 0
        self.failures: Counter[str] = Counter()
        self._taken = taken
        self._next = 1
        self._writer: Writer | None = None
        self._events: list[Event] = []
        self._last: Stamp | None = None
        self._complaint = ""

    @property
    def stores(self) -> tuple[Store, ...]:
        return (self.disk, self.memory) if self.disk else (self.memory,)

    @property
    def segments(self) -> list[Segment]:
        return [one for store in self.stores for one in store.segments]

    def open(self, remembered: int = 0) -> None:
        """Look at what is there. `remembered`: the highest sequence that anything else has kept."""
        if self.disk:
            try:
                self.disk.open()
            except OSError as error:
                self._complain(error)
        self.corrupt = sum(one.damaged for one in self.segments)
        self.newest = max((one.last for one in self.segments), default=0)
        highest = max(self.newest, remembered)
        self._next = highest + _APART if highest else 1

    # --- filling ----------------------------------------------------------------------------------------------------

    def append(self, stamp: Stamp, values: Mapping[Labels, float]) -> int:
        """On the disk when it returns, if the disk takes it; else in memory."""
        self._watch(stamp)
        scrape, writer = Scrape(self._next, stamp, values), self._writer
        self._next += 1
        try:
            if self.disk is None or self.held:
                self._write(self.memory, scrape)
            else:
                self._on_disk(self.disk, scrape)
        except OSError as error:
            self._complain(error)
            self._write(self.memory, scrape)
        self.newest = scrape.sequence
        self.appended += 1
        if self._writer is not writer:
            self.tidy(stamp.wall)
        return scrape.sequence

    def note(self, what: Happening, facts: Mapping[str, str]) -> None:
        """Kept with the next scrape."""
        if self._last:
            self._events.append(Event(self.newest, self._last, what, facts))

    def _watch(self, stamp: Stamp) -> None:
        before, self._last = self._last, stamp
        if before is None:
            self.note(Happening.STARTED, {})
        elif step := clock_step(before, stamp):
            self.note(Happening.CLOCK_STEP, {"seconds": f"{step:.3f}"})

    def _on_disk(self, disk: Store, scrape: Scrape) -> None:
        while True:
            try:
                self._bring(disk)
                self._write(disk, scrape)
            except OSError as error:
                self._seal()
                if error.errno not in _FULL or not self._make_room(disk):
                    raise
            else:
                self._complaint = ""
                return

    def _bring(self, disk: Store) -> None:
        """To the disk what waits in memory."""
        if self.memory.segments:
            self._seal()
        for one in tuple(self.memory.segments):
            disk.take(one.name, self.memory.shelf.read(one.name))
            self.memory.remove(one)

    def _write(self, store: Store, scrape: Scrape) -> None:
        if self._writer and (self._writer.store is not store or self._writer.segment.full(scrape.stamp)):
            self._seal()
        self._writer = self._writer or Writer(store, scrape.sequence)
        self._writer.events(self._events)
        self._writer.scrape(scrape)

    def _seal(self) -> None:
        writer, self._writer = self._writer, None
        if writer:
            with suppress(OSError):  # what stays behind its last record is cut off when it is read the next time
                writer.close()

    def _complain(self, error: OSError) -> None:
        reason = _REASONS.get(error.errno or 0, "error")
        self.failures[reason] += 1
        if reason != self._complaint:
            _log.warning(logline("buffer_not_written", reason=reason, error=error.strerror or str(error)))
        self._complaint = reason

    def close(self) -> None:
        """Note the clean end, and bring to the disk what waits in memory."""
        if self.disk and self._last and not self.held:
            self.note(Happening.STOPPED, {})
            with suppress(OSError):
                self._bring(self.disk)
                if self._writer:
                    self._writer.events(self._events)
        self._seal()
        if left := sum(one.scrapes for one in self.memory.segments):
            _log.warning(logline("buffer_lost_at_end", scrapes=left, message="they were in memory only"))

    # --- making room ------------------------------------------------------------------------------------------------

    def _make_room(self, disk: Store) -> bool:
        """On a full disk: taken segments go, then the reserve; what somebody still waits for stays."""
        step = quota.next_step(disk.segments, self._taken)
        if step and step[0] is Step.FORGET:
            disk.remove(step[1])
            return True
        return disk.shelf.release()

    def tidy(self, now: float) -> None:
        """Keep to the policy; `now` is Unix time."""
        try:
            self._tidy(self.memory, IN_MEMORY, now)
            if self.disk and not self.held:
                self._tidy(self.disk, self.policy.quota, now)
                self.disk.shelf.reserve()
        except OSError as error:
            self._complain(error)

    def _tidy(self, store: Store, limit: int, now: float) -> None:
        for one in tuple(quota.outdated(self._settled(store), self._taken, self.policy.keep, now)):
            store.remove(one)
        while store.size > limit and (step := quota.next_step(self._settled(store), self._taken)):
            self._give_up(store, *step)

    def _give_up(self, store: Store, step: Step, one: Segment) -> None:
        if step is Step.THIN:
            self.thinned += store.thin(one)
            return
        store.remove(one)
        if step is Step.DROP:
            self.dropped += one.scrapes
            _log.warning(logline("buffer_dropped", scrapes=one.scrapes, since=one.since, until=one.until))

    def _settled(self, store: Store) -> list[Segment]:
        """Those that do not grow any more."""
        growing = self._writer.segment.name if self._writer else ""
        return [one for one in store.segments if one.name != growing]

    # --- reading ----------------------------------------------------------------------------------------------------

    def read(self, after: int, limit: int) -> tuple[Scrape, ...]:
        """Ascending; what cannot be read is left out."""
        parts = [store.scrapes(after, limit) for store in self.stores]
        found = {scrape.sequence: scrape for scrape in merge(*parts, key=lambda scrape: scrape.sequence)}
        return tuple(islice(found.values(), limit))

    def with_gaps(self, first: int, last: int) -> tuple[int, int]:
        """The range with the sequences before and behind it that no scrape has."""
        before = max(store.before(first) for store in self.stores)
        behind = min((found for store in self.stores if (found := store.behind(last))), default=last + 1)
        return before + 1, behind - 1
