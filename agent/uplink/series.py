"""Series and their protobuf form: `prometheus.WriteRequest` of remote write 1.0.

Source: Prometheus Remote-Write 1.0 specification, section "Protocol"; encoding: protobuf.dev, "Encoding".
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from agent.buffer.scrape import Labels
from collectors.core import Sample

_NAME = "__name__"
_LENGTH = 2  # the wire type of what says its length
_KEPT = 1024  # series whose labels are kept encoded: they are most of the work, and nearly always the same
_SERIES, _SAMPLES = b"\x0a", b"\x12"  # WriteRequest: timeseries = 1; TimeSeries: samples = 2
_VALUE, _TIMESTAMP = b"\x09", b"\x10"  # Sample: value = 1 as double, timestamp = 2 as int64
_DOUBLE = 8  # bytes

Look = tuple[int, Mapping[Labels, float]]  # Unix time in milliseconds, values

# Says that a series is over (specification, section "Stale Markers"): one particular NaN.
STALE: float = struct.unpack("<d", (0x7FF0000000000002).to_bytes(8, "little"))[0]


@dataclass(frozen=True, slots=True)
class Series:
    """One series. labels: sorted by name, none empty; times: Unix milliseconds, ascending, one for each value."""

    labels: Labels
    times: tuple[int, ...]
    values: tuple[float, ...]

    @property
    def points(self) -> tuple[tuple[int, float], ...]:
        """(time, value)."""
        return tuple(zip(self.times, self.values, strict=True))


def labels(sample: Sample, identity: Mapping[str, str]) -> Labels:
    """The labels of a sample as receivers want them. Those without a value are left out."""
    found = {**identity, **dict(sample.labels), _NAME: sample.metric.name}
    return tuple(sorted((name, value) for name, value in found.items() if value))


def series(samples: Iterable[tuple[int, Sample]], identity: Mapping[str, str]) -> tuple[Series, ...]:
    """Samples with their times, oldest first, put together by series."""
    return by_series([(at, {labels(sample, identity): sample.value}) for at, sample in samples])


def by_series(looks: Sequence[Look]) -> tuple[Series, ...]:
    """The values of several moments, oldest first, put together by series: a third of the bytes of one by one."""
    stretches = [_columns(stretch) for stretch in _alike(looks)]
    if len(stretches) == 1:
        return stretches[0]
    found: dict[Labels, Series] = {}
    for one in (one for stretch in stretches for one in stretch):
        before = found.get(one.labels)
        found[one.labels] = Series(one.labels, before.times + one.times, before.values + one.values) if before else one
    return tuple(found.values())


def _alike(looks: Sequence[Look]) -> Iterator[list[Look]]:
    """Stretches of looks at the same series: nearly always there is one. Told by lists, which compare fast."""
    for _, stretch in groupby(looks, key=lambda look: list(look[1])):
        yield list(stretch)


def _columns(looks: Sequence[Look]) -> tuple[Series, ...]:
    times = tuple(at for at, _ in looks)
    columns = zip(*(values.values() for _, values in looks), strict=True)
    return tuple([Series(key, times, column) for key, column in zip(looks[0][1], columns, strict=True)])


def encode(found: Iterable[Series]) -> bytes:
    """A WriteRequest: timeseries = 1."""
    layouts: dict[tuple[int, ...], _Layout] = {}
    parts: list[bytes] = []
    for one in found:
        layout = layouts.get(one.times) or layouts.setdefault(one.times, _Layout(one.times))
        labels, samples = _labels(one.labels), layout.samples(one.values)
        parts += (_SERIES, varint(len(labels) + len(samples)), labels, samples)
    return b"".join(parts)


class _Layout:
    """Samples at these times: the same bytes for each series but for the values, which one call puts between them."""

    def __init__(self, times: Iterable[int]) -> None:
        ends = [_TIMESTAMP + varint(at % 2**64) for at in times]  # negative ones take ten bytes, as protobuf has it
        form, self._parts = "<", list[bytes | float]()
        for end in ends:
            before = _SAMPLES + bytes((len(_VALUE) + _DOUBLE + len(end),)) + _VALUE
            form += f"{len(before)}sd{len(end)}s"
            self._parts += (before, 0.0, end)
        self._pack = struct.Struct(form).pack

    def samples(self, values: Sequence[float]) -> bytes:
        """TimeSeries: samples = 2, each with its value, a zero too: that is as right as leaving it out, and simpler."""
        self._parts[1::3] = values
        return self._pack(*self._parts)


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
