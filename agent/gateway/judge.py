"""Whether an office may say what stands in its request. Pure: the time is an argument.

An office writes series that carry its own identity, and no other's; at times that a store can take. One sample far in
the future can make a store refuse everybody's (Prometheus before 2.54), so a wrong clock is stopped here.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from agent.gateway.write_request import Found
from collectors.core.centre import is_of_the_centre

_METRIC = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_NAME = "__name__"
_MOST_LABELS = 30  # Prometheus and VictoriaMetrics stop there too, unless told otherwise
_LONGEST_NAME, _LONGEST_VALUE = 200, 2048  # characters
_SHORT = 128  # characters of a value that is remembered
_SHOWN = 60  # characters of what was wrong, in the answer and the log


class Refusal(StrEnum):
    """Why a request was not taken; a label of a metric."""

    CERTIFICATE = "certificate"  # names no office, an unknown or a revoked one
    ENCODING = "encoding"  # cannot be unpacked
    MALFORMED = "malformed"  # is no WriteRequest
    LABELS = "labels"  # against the rules of labels
    IDENTITY = "identity"  # speaks for another office
    AHEAD = "ahead"  # a sample from the future
    BEHIND = "behind"  # older than the store takes
    ORDER = "order"  # a series without samples, or not in the order of time
    SIZE = "size"  # too large for one request
    SERIES = "series"  # more series than an office has
    RATE = "rate"  # too much at once
    PRESSURE = "pressure"  # too much of everybody
    STORE = "store"  # the store behind does not answer, or refuses
    SLOW = "slow"  # did not arrive in time


class RefusedError(Exception):
    """One request, refused: the status of its answer, and how many seconds to stay away where that helps."""

    def __init__(self, status: int, why: Refusal, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.status, self.why, self.wait = status, why, wait


@dataclass(frozen=True, slots=True)
class Bounds:
    """Times are seconds from now. samples: of one request."""

    ahead: float
    behind: float
    samples: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a request holds.

    series          a number per series, equal for equal labels
    oldest, newest  Unix seconds, None without samples
    """

    series: frozenset[int]
    samples: int
    oldest: float | None
    newest: float | None


class Judging:
    """One request, series by series. now: Unix seconds."""

    def __init__(self, identity: Mapping[str, str], bounds: Bounds, now: float) -> None:
        self._identity, self._bounds = identity, bounds
        self._earliest, self._latest = (now - bounds.behind) * 1000, (now + bounds.ahead) * 1000
        self._series = set[int]()
        self._times: tuple[int, int] | None = None
        self.samples = 0

    def look(self, one: Found) -> None:
        """RefusedError where it is not as it should be."""
        _check_labels(one.labels)
        _check_identity(one.labels, self._identity)
        _check_times(one, self._earliest, self._latest)
        self.samples += len(one.times)
        if self.samples > self._bounds.samples:
            raise RefusedError(413, Refusal.SIZE, f"more than {self._bounds.samples} samples in one request")
        oldest, newest = self._times or (one.times[0], one.times[-1])
        self._times = min(oldest, one.times[0]), max(newest, one.times[-1])
        self._series.add(hash(one.labels))

    def contents(self) -> Contents:
        """What was looked at."""
        oldest, newest = (at / 1000 for at in self._times) if self._times else (None, None)
        return Contents(frozenset(self._series), self.samples, oldest, newest)


def judge(found: Iterable[Found], identity: Mapping[str, str], bounds: Bounds, now: float) -> Contents:
    """All of a request in one go. RefusedError at the first series that is not as it should be."""
    judging = Judging(identity, bounds, now)
    for one in found:
        judging.look(one)
    return judging.contents()


def _check_labels(labels: tuple[tuple[str, str], ...]) -> None:
    before = ""
    for name, value in labels:
        if name <= before:
            raise _bad(f"label {_quoted(name)}: names should be sorted, and each there once")
        before = name
        if len(value) < _SHORT:
            _check_usual(name, value)
        else:
            _check_label(name, value)
    if not any(name == _NAME for name, _ in labels):
        raise _bad("a series has no name")
    if len(labels) > _MOST_LABELS:
        raise _bad(f"a series has more than {_MOST_LABELS} labels")


def _check_label(name: str, value: str) -> None:
    if len(name) > _LONGEST_NAME or not _LABEL.fullmatch(name):
        raise _bad(f"{_quoted(name)} is not a label's name")
    if not 0 < len(value) <= _LONGEST_VALUE:
        raise _bad(f"label {_quoted(name)} should have 1 to {_LONGEST_VALUE} characters")
    if name == _NAME and not _METRIC.fullmatch(value):
        raise _bad(f"{_quoted(value)} is not a metric's name")


_check_usual = lru_cache(maxsize=16_384)(_check_label)  # what was good is good again


def _check_identity(labels: tuple[tuple[str, str], ...], identity: Mapping[str, str]) -> None:
    own = dict(labels)
    if is_of_the_centre(own[_NAME]):
        raise RefusedError(400, Refusal.IDENTITY, f"{own[_NAME]}: offices do not write this, the centre does")
    for name, value in identity.items():
        if own.get(name) != value:
            said = _quoted(own[name]) if name in own else "nothing"
            raise RefusedError(
                403, Refusal.IDENTITY, f"{own[_NAME]}: {name} is {said}; your certificate says {value!r}"
            )


def _check_times(one: Found, earliest: float, latest: float) -> None:
    if not one.times:
        raise RefusedError(400, Refusal.ORDER, f"{dict(one.labels)[_NAME]} has no sample")
    before = None
    for time in one.times:
        if before is not None and time <= before:
            raise RefusedError(400, Refusal.ORDER, f"{dict(one.labels)[_NAME]}: samples are not in the order of time")
        before = time
    if one.times[-1] > latest:
        raise RefusedError(400, Refusal.AHEAD, f"{dict(one.labels)[_NAME]}: a sample lies in the future")
    if one.times[0] < earliest:
        raise RefusedError(400, Refusal.BEHIND, f"{dict(one.labels)[_NAME]}: a sample is older than the store takes")


def _bad(message: str) -> RefusedError:
    return RefusedError(400, Refusal.LABELS, message)


def _quoted(text: str) -> str:
    """So that an answer or a log line holds no more of it than helps, and no line break."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
