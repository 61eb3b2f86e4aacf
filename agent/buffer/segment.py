"""Segments: what is in one, and its scrapes. Each can be read by itself. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from agent.buffer import event
from agent.buffer.event import Event
from agent.buffer.frame import Decoder, Encoder, UnreadableError
from agent.buffer.record import Kind, Record, pack, scan
from agent.buffer.scrape import Scrape, Stamp

LONGEST = 3600.0  # seconds of one boot in a segment
LARGEST = 256 * 1024  # bytes
SPARSE = 60.0  # seconds between two scrapes of a segment that has been thinned


@dataclass(frozen=True, slots=True)
class Segment:
    """What is known of one without reading it again.

    first, last    sequences of its scrapes, as far as they can be read; 0 without any
    begun, ended   their monotonic times, of one boot; from, until: their Unix times as the wall clock said
    size           bytes up to the end of the last good record
    damaged        stretches and records that cannot be read, a torn end included
    """

    name: str
    first: int = 0
    last: int = 0
    scrapes: int = 0
    begun: float = 0.0
    ended: float = 0.0
    since: float = 0.0
    until: float = 0.0
    size: int = 0
    damaged: int = 0

    @property
    def sparse(self) -> bool:
        """Whether thinning would change nothing."""
        return self.ended - self.begun >= SPARSE * (self.scrapes - 1)

    def within(self, ranges: Iterable[tuple[int, int]]) -> int:
        """How many of its scrapes lie in these closed ranges: exact where its sequences have no gaps."""
        if not self.scrapes:
            return 0
        spans = (min(self.last, last) - max(self.first, first) + 1 for first, last in ranges)
        return min(self.scrapes, sum(span for span in spans if span > 0))

    def full(self, now: Stamp) -> bool:
        """Whether what comes now belongs into the next one."""
        return self.size >= LARGEST or (self.scrapes > 0 and not 0 <= now.monotonic - self.begun < LONGEST)

    def plus(self, record: Record, end: int) -> "Segment":
        """With one more record, which ends there."""
        if record.kind is Kind.EVENT:
            return replace(self, size=end)
        first = (
            self if self.scrapes else replace(self, first=record.sequence, begun=record.monotonic, since=record.wall)
        )
        return replace(
            first, last=record.sequence, scrapes=self.scrapes + 1, ended=record.monotonic, until=record.wall, size=end
        )


def name(first: int) -> str:
    """The name of a segment whose scrapes begin there."""
    return f"{first:019d}"


def survey(name: str, data: bytes) -> Segment:
    """What is in these bytes."""
    found, frame = Segment(name), None
    for part in scan(data):
        record = part.record
        if record and record.kind is Kind.FRAME:
            frame = record.sequence
        if record is None:
            found = replace(found, damaged=found.damaged + 1)
        elif record.kind is Kind.CHANGES and record.base != frame:
            found = replace(found, damaged=found.damaged + 1, size=part.end)
        else:
            found = found.plus(record, part.end)
    return found


def scrapes(data: bytes, after: int = 0) -> Iterator[Scrape]:
    """Those with a greater sequence, ascending. What is damaged is left out."""
    decoder = Decoder()
    for part in scan(data):
        record = part.record
        if record is None or record.kind is Kind.EVENT:
            continue
        if record.sequence <= after:
            decoder.note(record)
            continue
        try:
            scrape = decoder.decode(record)
        except UnreadableError:
            continue
        after = scrape.sequence
        yield scrape


def sequences(data: bytes) -> list[int]:
    """Of its scrapes, ascending."""
    kinds = (Kind.FRAME, Kind.CHANGES)
    return [part.record.sequence for part in scan(data) if part.record and part.record.kind in kinds]


def events(data: bytes) -> Iterator[Event]:
    """As they happened. What is damaged is left out."""
    for part in scan(data):
        if part.record and part.record.kind is Kind.EVENT:
            try:
                yield event.read(part.record)
            except ValueError:
                continue


def thinned(data: bytes) -> bytes:
    """The same segment with its events and one scrape in SPARSE seconds."""
    records, encoder, last = [event.write(one) for one in events(data)], Encoder(), None
    for scrape in scrapes(data):
        if last is None or scrape.stamp.monotonic - last >= SPARSE:
            records.append(encoder.encode(scrape))
            last = scrape.stamp.monotonic
    return b"".join(map(pack, records))
