"""`prometheus.WriteRequest` of remote write 1.0, read strictly: what we do not know we do not pass on. Pure.

A hostile body costs no more than one look at each of its bytes. Nothing is guessed, and nothing is skipped: unknown
fields, exemplars, histograms and metadata would reach the store unjudged.

Sources: Prometheus Remote-Write 1.0 specification, section "Protocol"; protobuf.dev, "Encoding".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_LABEL = _NAME = _SERIES = 0x0A  # field 1, with a length
_SAMPLE = _TEXT = 0x12  # field 2, with a length
_DOUBLE = 0x09  # field 1, eight bytes
_TIME = 0x10  # field 2, a varint
_SHORT = 128  # bytes of a label that is remembered: offices say the same ones again and again


class MalformedError(ValueError):
    """These bytes are no WriteRequest of ours."""


@dataclass(frozen=True, slots=True)
class Found:
    """One series of a request. labels: as sent, in that order; times: Unix milliseconds of its samples, likewise."""

    labels: tuple[tuple[str, str], ...]
    times: tuple[int, ...]


def read(message: bytes) -> Iterator[Found]:
    """The series of a WriteRequest, one after the other. MalformedError where it is none, maybe after some of them."""
    at, end = 0, len(message)
    known: dict[bytes, int] = {}
    try:
        while at < end:
            _expect(message[at] == _SERIES, "has a field that is no series")
            start, stop = _span(message, at + 1, end)
            yield _series(message, start, stop, known)
            at = stop
    except IndexError:
        raise MalformedError("ends in mid of a field") from None
    except UnicodeDecodeError:
        raise MalformedError("has a label that is not UTF-8") from None


def _series(message: bytes, at: int, end: int, known: dict[bytes, int]) -> Found:
    """known: the times of before, by what stands behind the value: nearly all series have the same ones."""
    labels: list[tuple[str, str]] = []
    times: list[int] = []
    while at < end:
        tag, size = message[at], message[at + 1]
        start, stop = (at + 2, at + 2 + size) if size < 0x80 and at + 2 + size <= end else _span(message, at + 1, end)
        if tag == _SAMPLE:
            behind = message[start + 9 : stop] if start < stop and message[start] == _DOUBLE else b""
            time = known.get(behind)
            if time is None:
                time = _time(message, start, stop)
                if behind:
                    known[behind] = time
            times.append(time)
        elif tag == _LABEL:
            content = message[start:stop]
            labels.append(_usual(content) if len(content) < _SHORT else _label(content))
        else:
            raise MalformedError("has a series with a field that is neither label nor sample")
        at = stop
    return Found(tuple(labels), tuple(times))


def _label(message: bytes) -> tuple[str, str]:
    """Both parts once, in any order; an absent one is empty."""
    at, end = 0, len(message)
    name = value = None
    while at < end:
        tag = message[at]
        start, stop = _span(message, at + 1, end)
        text = str(message[start:stop], "utf-8")
        if tag == _NAME and name is None:
            name = text
        elif tag == _TEXT and value is None:
            value = text
        else:
            raise MalformedError("has a label with a field too many")
        at = stop
    return name or "", value or ""


_usual = lru_cache(maxsize=16_384)(_label)


def _time(message: bytes, at: int, end: int) -> int:
    """The timestamp of a sample; absent fields are zero."""
    if at < end and message[at] == _DOUBLE:
        at += 9
    _expect(at <= end, "has a sample that is cut short")
    if at == end:
        return 0
    _expect(message[at] == _TIME, "has a sample with a field that is neither value nor time")
    time, at = _varint(message, at + 1)
    _expect(at == end, "has a sample with bytes too many")
    return time - 2**64 if time >= 2**63 else time


def _span(message: bytes, at: int, end: int) -> tuple[int, int]:
    """Where the content of a field with a length begins and ends; not beyond `end`."""
    size = message[at]
    at += 1
    if size >= 0x80:
        size, at = _varint(message, at - 1)
    _expect(at + size <= end, "has a field that is longer than what it is in")
    return at, at + size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """The number (below 2**64) and where it ends."""
    number = 0
    for shift in range(0, 70, 7):
        byte = message[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            _expect(number < 2**64, "has a number that is too large")
            return number, at
    raise MalformedError("has a number without an end")


def _expect(good: bool, otherwise: str) -> None:
    if not good:
        raise MalformedError(otherwise)
