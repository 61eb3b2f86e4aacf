"""Series and their protobuf form: `prometheus.WriteRequest` of remote write 1.0.

Source: Prometheus Remote-Write 1.0 specification, section "Protocol"; encoding: protobuf.dev, "Encoding".
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from agent.buffer.scrape import Labels
from collectors.core import Sample

_NAME = "__name__"
_LENGTH = 2  # the wire type of what says its length
_KEPT = 1024  # series whose labels are kept encoded: they are most of the work, and nearly always the same
_SAMPLES = b"\x12"  # TimeSeries: samples = 2
_VALUE, _TIMESTAMP = b"\x09", b"\x10"  # Sample: value = 1 as double, timestamp = 2 as int64
_double = struct.Struct("<d").pack
_NOTHING = _double(0.0)  # what protobuf leaves out; a negative zero it does not

# Says that a series is over (specification, section "Stale Markers"): one particular NaN.
STALE: float = struct.unpack("<d", (0x7FF0000000000002).to_bytes(8, "little"))[0]


@dataclass(frozen=True, slots=True)
class Series:
    """One series. labels: sorted by name, each with a value; points: (Unix time in milliseconds, value), ascending."""

    labels: Labels
    points: tuple[tuple[int, float], ...]


def labels(sample: Sample, identity: Mapping[str, str]) -> Labels:
    """The labels of a sample as receivers want them. Those without a value are left out."""
    found = {**identity, **dict(sample.labels), _NAME: sample.metric.name}
    return tuple(sorted((name, value) for name, value in found.items() if value))


def series(samples: Iterable[tuple[int, Sample]], identity: Mapping[str, str]) -> tuple[Series, ...]:
    """Samples with their times, oldest first, put together by series."""
    return by_series([(at, {labels(sample, identity): sample.value}) for at, sample in samples])


def by_series(looks: Sequence[tuple[int, Mapping[Labels, float]]]) -> tuple[Series, ...]:
    """The values of several moments, oldest first, put together by series: a third of the bytes of one by one."""
    found: dict[Labels, list[tuple[int, float]]] = {}
    known: dict[int, list[tuple[int, float]]] = {}  # by the labels' identity: hashing them would be half of all work
    for at, values in looks:
        for key, value in values.items():
            points = known.get(id(key))
            if points is None:
                points = known[id(key)] = found.setdefault(key, [])
            points.append((at, value))
    return tuple([Series(key, tuple(points)) for key, points in found.items()])


def encode(found: Iterable[Series]) -> bytes:
    """A WriteRequest: timeseries = 1."""
    times = _Times()
    return b"".join([_field(1, _series(one, times)) for one in found])


def _series(one: Series, times: "_Times") -> bytes:
    """TimeSeries: labels = 1, samples = 2."""
    parts = [_labels(one.labels)]
    for at, value in one.points:
        before, behind, alone = times[at]
        number = _double(value)
        parts += (alone,) if number == _NOTHING else (before, number, behind)
    return b"".join(parts)


class _Times(dict[int, tuple[bytes, bytes, bytes]]):
    """What stands before and behind a value of this time, and what stands there alone for nothing."""

    def __missing__(self, at: int) -> tuple[bytes, bytes, bytes]:
        time = _TIMESTAMP + varint(at % 2**64)  # negative ones take ten bytes, as protobuf has it
        before = _SAMPLES + bytes((len(_VALUE) + len(_NOTHING) + len(time),)) + _VALUE
        made = self[at] = before, time, _SAMPLES + bytes((len(time),)) + time
        return made


@lru_cache(maxsize=_KEPT)
def _labels(found: Labels) -> bytes:
    """Label: name = 1, value = 2."""
    pairs = (_field(1, name.encode()) + _field(2, value.encode()) for name, value in found)
    return b"".join(_field(1, pair) for pair in pairs)


def _field(number: int, content: bytes) -> bytes:
    return varint(number << 3 | _LENGTH) + varint(len(content)) + content


def varint(value: int) -> bytes:
    """Base 128, least significant group first."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
