"""What is usual for a service at this hour of the week, and slow against it. Pure.

A collector knows nothing of its past: whoever runs it (agent/usual.py) keeps one `Baseline` per probe and hands it in.
An hour of the week remembers the medians of its last four weeks, the present hour not among them: a service that became
slow at eight must not be its own yardstick at half past eight. That bounds it to 4 x 168 + 64 numbers, some 20 KiB.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from statistics import median
from types import MappingProxyType

from collectors.core import Reading, Reason
from collectors.service import metrics

_WEEK = 168  # hours
_WEEKS = 4
_LONGEST = 3600.0  # seconds that a probe could have taken
_MOST = 64  # readings of one hour that its median is taken from
_FEWEST = 3  # readings without which an hour says nothing
_TIMES = 3.0  # so many times the usual is slow ...
_LEAST = 0.5  # ... but not below what a person would notice, in seconds


@dataclass(frozen=True, slots=True)
class Baseline:
    """usual: hour of the week -> medians of seconds, oldest week first; present: the readings of the running hour."""

    usual: Mapping[int, tuple[float, ...]] = field(default_factory=lambda: MappingProxyType({}))
    hour: int = 0  # since 1970
    present: tuple[float, ...] = ()

    def at(self, now: float) -> float | None:
        """The usual seconds at this time (Unix), None where too little is known."""
        known = self._closed(now).usual.get(_hour(now) % _WEEK)
        return median(known) if known else None

    def after(self, seconds: float, now: float) -> "Baseline":
        """With another right answer counted in."""
        closed = self._closed(now)
        return replace(closed, present=(*closed.present, seconds)[-_MOST:])

    def _closed(self, now: float) -> "Baseline":
        """The finished hour put away among its likes."""
        hour = _hour(now)
        if hour == self.hour:
            return self
        usual = self.usual
        if len(self.present) >= _FEWEST:
            slot = self.hour % _WEEK
            usual = MappingProxyType({**usual, slot: (*usual.get(slot, ()), median(self.present))[-_WEEKS:]})
        return Baseline(usual, hour)

    def plain(self) -> object:
        """For a file, as JSON has it, to the tenth of a millisecond."""
        usual = {str(slot): _short(medians) for slot, medians in self.usual.items()}
        return {"usual": usual, "hour": self.hour, "present": _short(self.present)}

    @classmethod
    def read(cls, kept: object) -> "Baseline":
        """What `plain` gave. Raises ValueError for anything else: a file may have been cut or touched."""
        match kept:
            case {"usual": dict() as usual, "hour": int() as hour, "present": list() as present}:
                slots = {int(slot): _seconds(medians)[-_WEEKS:] for slot, medians in usual.items()}
                if any(not 0 <= slot < _WEEK or not medians for slot, medians in slots.items()):
                    raise ValueError("not hours of a week")
                return cls(MappingProxyType(slots), hour, _seconds(present)[-_MOST:])
        raise ValueError("not a baseline")


def _hour(now: float) -> int:
    return int(now // 3600)


def _short(seconds: tuple[float, ...]) -> list[float]:
    return [round(one, 4) for one in seconds]


def _seconds(kept: object) -> tuple[float, ...]:
    if not isinstance(kept, list) or not all(isinstance(one, int | float) and 0 <= one < _LONGEST for one in kept):
        raise ValueError("not a list of seconds")
    return tuple(map(float, kept))


def compare(reading: Reading, baseline: Baseline, now: float) -> tuple[Reading, Baseline]:
    """The reading, slow when it is a right answer that took far longer than usual, and the baseline after it.

    The service's own budget was judged before; what is slow by it stays so.
    """
    if not reading.success or not reading.phases:
        return reading, baseline
    seconds, usual = sum(reading.phases.values()), baseline.at(now)
    return _against(reading, seconds, usual), baseline.after(seconds, now)


def _against(reading: Reading, seconds: float, usual: float | None) -> Reading:
    if usual is None:
        return reading
    told = replace(reading, samples=(*reading.samples, metrics.USUAL(usual)))
    if reading.result is not Reason.OK or seconds <= max(_LEAST, _TIMES * usual):
        return told
    why = f"took {seconds:.2f} s, at this hour of the week {usual:.2f} s are usual"
    return replace(told, result=Reason.SLOW, evidence=(*told.evidence, why))
