"""Series and their protobuf form: `prometheus.WriteRequest` of remote write 1.0.

Source: Prometheus Remote-Write 1.0 specification, section "Protocol"; encoding: protobuf.dev, "Encoding".
"""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from collectors.core import Sample

_NAME = "__name__"
_LENGTH, _FIXED64, _VARINT = 2, 1, 0  # wire types


@dataclass(frozen=True, slots=True)
class Series:
    """One series. labels: sorted by name, each with a value; points: (Unix time in milliseconds, value), ascending."""

    labels: tuple[tuple[str, str], ...]
    points: tuple[tuple[int, float], ...]


def series(samples: Iterable[tuple[int, Sample]], identity: Mapping[str, str]) -> tuple[Series, ...]:
    """Samples with their times, oldest first, put together by series. Labels without a value are left out."""
    found: dict[tuple[tuple[str, str], ...], list[tuple[int, float]]] = {}
    for at, sample in samples:
        labels = {**identity, **dict(sample.labels), _NAME: sample.metric.name}
        key = tuple(sorted((name, value) for name, value in labels.items() if value))
        found.setdefault(key, []).append((at, sample.value))
    return tuple(Series(labels, tuple(points)) for labels, points in found.items())


def encode(found: Iterable[Series]) -> bytes:
    """A WriteRequest: timeseries = 1."""
    return b"".join(_field(1, _series(one)) for one in found)


def _series(one: Series) -> bytes:
    """TimeSeries: labels = 1 (name = 1, value = 2), samples = 2 (value = 1 as double, timestamp = 2 as int64)."""
    labels = (_field(1, _field(1, name.encode()) + _field(2, value.encode())) for name, value in one.labels)
    points = (_field(2, _double(1, value) + _whole(2, at)) for at, value in one.points)
    return b"".join((*labels, *points))


def _field(number: int, content: bytes) -> bytes:
    return varint(number << 3 | _LENGTH) + varint(len(content)) + content


def _double(number: int, value: float) -> bytes:
    return varint(number << 3 | _FIXED64) + struct.pack("<d", value)


def _whole(number: int, value: int) -> bytes:
    return varint(number << 3 | _VARINT) + varint(value % 2**64)  # negative ones take ten bytes, as protobuf has it


def varint(value: int) -> bytes:
    """Base 128, least significant group first."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
