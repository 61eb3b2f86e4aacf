"""Scrapes as payloads: now and then a key frame with everything, between them only what differs from it. Pure.

Each change is against the frame, not against the scrape before: a damaged record costs one scrape, a damaged frame at
most FRAME_EVERY of them. Values keep their bits, so that a NaN that marks a series as gone stays one.
"""

import json
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

from agent.buffer.record import Kind, Record
from agent.buffer.scrape import Labels, Scrape, Stamp

FRAME_EVERY = 40  # scrapes: ten minutes
_COUNT = struct.Struct("<I")


class UnreadableError(ValueError):
    """A record that is whole but cannot be understood, or whose frame is damaged."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A scrape that others are told by. `size` is what it took."""

    sequence: int
    boot: str
    series: tuple[Labels, ...]
    values: tuple[float, ...]
    size: int


class Encoder:
    """Of one segment, which begins with a frame."""

    def __init__(self) -> None:
        self._frame: Frame | None = None
        self._since = 0

    def encode(self, scrape: Scrape) -> Record:
        """The next record. A frame where it is due, or where changes would take half as much as one."""
        frame = self._frame
        if frame and self._since < FRAME_EVERY and frame.boot == scrape.stamp.boot:
            payload = _changes(frame, scrape.values)
            if 2 * len(payload) < frame.size:
                self._since += 1
                return _record(Kind.CHANGES, scrape, frame.sequence, payload)
        payload = _whole(scrape)
        series, values = tuple(scrape.values), tuple(scrape.values.values())
        self._frame, self._since = Frame(scrape.sequence, scrape.stamp.boot, series, values, len(payload)), 1
        return _record(Kind.FRAME, scrape, scrape.sequence, payload)


class Decoder:
    """The other way round; records in the order of their segment, events left out."""

    def __init__(self) -> None:
        self._source: Record | None = None
        self._frame: Frame | None = None

    def note(self, record: Record) -> None:
        """A frame that passes by; it is decoded only if something needs it."""
        if record.kind is Kind.FRAME:
            self._source, self._frame = record, None

    def decode(self, record: Record) -> Scrape:
        """Raises UnreadableError."""
        self.note(record)
        try:
            frame = self._needed(record.base)
            if record.kind is Kind.FRAME:
                values: Mapping[Labels, float] = dict(zip(frame.series, frame.values, strict=True))
            else:
                values = _changed(frame, record.payload)
        except (ValueError, TypeError, KeyError, struct.error, zlib.error, RecursionError) as error:
            raise UnreadableError(f"scrape {record.sequence}: {error}") from None
        return Scrape(record.sequence, Stamp(frame.boot, record.monotonic, record.wall), values)

    def _needed(self, base: int) -> Frame:
        if self._source is None or self._source.sequence != base:
            raise UnreadableError(f"its key frame {base} is damaged")
        self._frame = self._frame or _frame(self._source)
        return self._frame


def _record(kind: Kind, scrape: Scrape, base: int, payload: bytes) -> Record:
    return Record(kind, scrape.sequence, base, scrape.stamp.monotonic, scrape.stamp.wall, payload)


# --- frames: length of the texts, texts, values ---------------------------------------------------------------------


def _whole(scrape: Scrape) -> bytes:
    texts = json.dumps([scrape.stamp.boot, list(scrape.values)], separators=(",", ":")).encode("ascii")
    return zlib.compress(_COUNT.pack(len(texts)) + texts + _packed(scrape.values.values()))


def _frame(record: Record) -> Frame:
    data = zlib.decompress(record.payload)
    end = _COUNT.size + _COUNT.unpack_from(data)[0]
    boot, series = json.loads(data[_COUNT.size : end])
    return Frame(record.sequence, boot, _labels(series), _unpacked(data[end:]), len(record.payload))


# --- changes: count of new series, which changed, which are gone, values of the changed and of the new, texts -------


def _changes(frame: Frame, values: Mapping[Labels, float]) -> bytes:
    here = [values.get(labels) for labels in frame.series]
    gone = [value is None for value in here]
    now = [before if value is None else value for value, before in zip(here, frame.values, strict=True)]
    changed = [new != old for new, old in zip(_bits(now), _bits(frame.values), strict=True)]
    added: list[Labels] = []
    if len(here) - sum(gone) < len(values):
        known = set(frame.series)
        added = [labels for labels in values if labels not in known]
    parts = (
        _COUNT.pack(len(added)),
        _mask(changed),
        _mask(gone),
        _packed([*compress(now, changed), *(values[labels] for labels in added)]),
        json.dumps(added, separators=(",", ":")).encode("ascii") if added else b"",
    )
    return zlib.compress(b"".join(parts), 1)


def _changed(frame: Frame, payload: bytes) -> Mapping[Labels, float]:
    data, size = zlib.decompress(payload), (len(frame.series) + 7) // 8
    (new,) = _COUNT.unpack_from(data)
    at = _COUNT.size
    changed, gone = (_unmask(data[at + n * size : at + (n + 1) * size], len(frame.series)) for n in (0, 1))
    at += 2 * size
    end = at + 8 * (sum(changed) + new)
    told = _unpacked(data[at:end])
    found = dict(zip(frame.series, frame.values, strict=True))
    found.update(zip(compress(frame.series, changed), told, strict=False))
    for labels in compress(frame.series, gone):
        del found[labels]
    if new:
        found.update(zip(_labels(json.loads(data[end:])), told[-new:], strict=True))
    return found


# --- the parts of both ----------------------------------------------------------------------------------------------


def _labels(plain: Iterable[Iterable[tuple[str, str]]]) -> tuple[Labels, ...]:
    return tuple(tuple((name, value) for name, value in one) for one in plain)


def _packed(values: Iterable[float]) -> bytes:
    found = tuple(values)
    return struct.pack(f"<{len(found)}d", *found)


def _unpacked(data: bytes) -> tuple[float, ...]:
    return struct.unpack(f"<{len(data) // 8}d", data)


def _bits(values: Sequence[float]) -> tuple[int, ...]:
    return struct.unpack(f"<{len(values)}Q", _packed(values))


def _mask(flags: Sequence[bool]) -> bytes:
    """A bit for each, the first one highest, filled up with zeros."""
    text = "".join(["1" if flag else "0" for flag in flags])
    size = (len(flags) + 7) // 8
    return int(text.ljust(8 * size, "0") or "0", 2).to_bytes(size, "big")


def _unmask(data: bytes, count: int) -> list[bool]:
    text = f"{int.from_bytes(data, 'big'):0{8 * len(data)}b}" if data else ""
    return [flag == "1" for flag in text[:count]]
