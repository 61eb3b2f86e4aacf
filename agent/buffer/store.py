"""The segments of one shelf, and what is known of each. Blocks, and raises OSError."""

import logging
from collections.abc import Iterator
from itertools import islice

from agent.buffer import event, segment
from agent.buffer.event import Event
from agent.buffer.frame import Encoder
from agent.buffer.record import Record, pack
from agent.buffer.scrape import Scrape
from agent.buffer.segment import Segment
from agent.buffer.shelf import Shelf
from collectors.core.logline import logline

_log = logging.getLogger(__name__)


class Store:
    """`segments` are ascending; the last one may be growing."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.segments: list[Segment] = []
        self.failures = 0  # segments that could not be read at all

    @property
    def size(self) -> int:
        return sum(one.size for one in self.segments)

    def open(self) -> None:
        """Look at everything. Whatever is damaged stays as it is; only what follows the last good record is cut off."""
        for name in self.shelf.names():
            try:
                data = self.shelf.read(name)
                found = segment.survey(name, data)
                self._repair(found, len(data))
            except OSError as error:
                self.failures += 1
                _log.warning(logline("buffer_segment_not_read", segment=name, error=error.strerror or str(error)))
                continue
            if found.damaged:
                _log.warning(logline("buffer_damaged", segment=name, damaged=found.damaged, scrapes=found.scrapes))
            if found.size:
                self.segments.append(found)

    def _repair(self, found: Segment, length: int) -> None:
        try:
            if not found.size:
                self.shelf.remove(found.name)  # nothing in it can be read: its first record is torn
            elif found.size < length:
                self.shelf.cut(found.name, found.size)
        except OSError as error:  # a disk that is read-only: then it stays
            _log.warning(logline("buffer_tail_not_cut", segment=found.name, error=error.strerror or str(error)))

    def scrapes(self, after: int, limit: int) -> Iterator[Scrape]:
        """At most so many with a greater sequence, ascending."""
        for one in self.segments:
            if limit > 0 and one.last > after:
                for scrape in islice(segment.scrapes(self._data(one), after), limit):
                    limit, after = limit - 1, scrape.sequence
                    yield scrape

    def before(self, sequence: int) -> int:
        """The greatest sequence below this one that a scrape has, 0 without one."""
        near = [one for one in self.segments if 0 < one.first < sequence]
        if not near or near[-1].last < sequence:
            return near[-1].last if near else 0
        return max((one for one in segment.sequences(self._data(near[-1])) if one < sequence), default=sequence - 1)

    def behind(self, sequence: int) -> int:
        """The least sequence above this one that a scrape has, 0 without one."""
        near = [one for one in self.segments if one.last > sequence]
        if not near or near[0].first > sequence:
            return near[0].first if near else 0
        return min((one for one in segment.sequences(self._data(near[0])) if one > sequence), default=sequence + 1)

    def _data(self, one: Segment) -> bytes:
        try:
            return self.shelf.read(one.name)[: one.size]
        except OSError as error:
            self.failures += 1
            _log.warning(logline("buffer_segment_not_read", segment=one.name, error=error.strerror or str(error)))
            return b""

    def take(self, name: str, data: bytes) -> None:
        """Add a whole segment, or put it in the place of the one of this name."""
        self.shelf.put(name, data)
        others = [one for one in self.segments if one.name != name]
        self.segments = sorted((*others, segment.survey(name, data)), key=lambda one: one.name)

    def remove(self, one: Segment) -> None:
        self.shelf.remove(one.name)
        self.segments.remove(one)

    def thin(self, one: Segment) -> int:
        """How many scrapes that cost."""
        self.take(one.name, segment.thinned(self.shelf.read(one.name)[: one.size]))
        return one.scrapes - next(new.scrapes for new in self.segments if new.name == one.name)


class Writer:
    """Writes the newest segment of a store."""

    def __init__(self, store: Store, first: int) -> None:
        """Begins it. Raises OSError."""
        self.store = store
        self.segment = Segment(segment.name(first))
        self._encoder = Encoder()
        self._tail = store.shelf.create(self.segment.name)

    def scrape(self, scrape: Scrape) -> None:
        """Durable when it returns. After an error the writer is to be closed."""
        self._write(self._encoder.encode(scrape))

    def events(self, waiting: list[Event]) -> None:
        """Those that are written are taken off the list."""
        while waiting:
            self._write(event.write(waiting[0]))
            del waiting[0]

    def _write(self, record: Record) -> None:
        end = self._tail.append(pack(record))
        known, self.segment = self.segment, self.segment.plus(record, end)
        if known.size:
            self.store.segments[-1] = self.segment
        else:
            self.store.segments.append(self.segment)

    def close(self) -> None:
        """Of a segment in which nothing could be written, nothing is left. Raises OSError."""
        try:
            self._tail.close()
        finally:
            if not self.segment.size:
                self.store.shelf.remove(self.segment.name)
