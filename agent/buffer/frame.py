"""Scrapes as payloads: now and then a key frame with everything, between them only what differs from it. Pure.

Each change is against the frame, not against the scrape before: a damaged record costs one scrape, a damaged frame at
most FRAME_EVERY of them. Values keep their bits, so that a NaN that marks a series as gone stays one.
"""

import json
import math
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.buffer.record import Kind, Record
from agent.buffer.scrape import Labels, Scrape, Stamp

_MALFORMED = (ValueError, TypeError, KeyError, StopIteration, RecursionError, struct.error, zlib.error)
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
        except _MALFORMED as error:
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


# --- changes: count of new series, a state per series, steps, values of the changed and of the new, texts ------------

_SAME, _GONE, _STEP, _VALUE = range(4)
_FAR, _EXACT = 2**31, 2**52  # a step fits into four bytes; whole numbers below are exact


def _changes(frame: Frame, values: Mapping[Labels, float]) -> bytes:
    states = bytearray()
    steps: list[int] = []
    told: list[float] = []
    for labels, old in zip(frame.series, frame.values, strict=True):
        new = values.get(labels)
        if new is None:
            states.append(_GONE)
            continue
        states.append(state := _state(new, old))
        if state == _STEP:
            steps.append(int(new - old))
        elif state == _VALUE:
            told.append(new)
    added = _added(frame, values) if len(values) > len(states) - states.count(_GONE) else ()
    told += [values[labels] for labels in added]
    texts = json.dumps(added, separators=(",", ":")).encode("ascii") if added else b""
    parts = (_COUNT.pack(len(added)), states, struct.pack(f"<{len(steps)}i", *steps), _packed(told), texts)
    return zlib.compress(b"".join(parts), 1)


def _added(frame: Frame, values: Iterable[Labels]) -> tuple[Labels, ...]:
    known = frozenset(frame.series)
    return tuple(labels for labels in values if labels not in known)


def _state(new: float, old: float) -> int:
    if new == old and (new or math.copysign(1, new) == math.copysign(1, old)):
        return _SAME
    whole = new % 1 == 0 == old % 1 and abs(old) < _EXACT
    return _STEP if whole and new and abs(new - old) < _FAR else _VALUE


def _changed(frame: Frame, payload: bytes) -> Mapping[Labels, float]:
    data = zlib.decompress(payload)
    (added,) = _COUNT.unpack_from(data)
    at = _COUNT.size + len(frame.series)
    states = data[_COUNT.size : at]
    steps = struct.unpack_from(f"<{states.count(_STEP)}i", data, at)
    at += 4 * len(steps)
    end = at + 8 * (states.count(_VALUE) + added)
    told, left = iter(_unpacked(data[at:end])), iter(steps)
    found: dict[Labels, float] = {}
    for labels, old, state in zip(frame.series, frame.values, states, strict=True):
        if state == _SAME:
            found[labels] = old
        elif state == _STEP:
            found[labels] = old + next(left)
        elif state == _VALUE:
            found[labels] = next(told)
    if added:
        found.update(zip(_labels(json.loads(data[end:])), told, strict=True))
    return found


# --- the parts of both ----------------------------------------------------------------------------------------------


def _labels(plain: Iterable[Iterable[tuple[str, str]]]) -> tuple[Labels, ...]:
    return tuple(tuple((name, value) for name, value in one) for one in plain)


def _packed(values: Iterable[float]) -> bytes:
    found = tuple(values)
    return struct.pack(f"<{len(found)}d", *found)


def _unpacked(data: bytes) -> tuple[float, ...]:
    return struct.unpack(f"<{len(data) // 8}d", data)
