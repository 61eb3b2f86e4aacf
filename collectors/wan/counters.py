"""Two looks at the byte counters of an interface, and what went by between them. Pure. Bytes and seconds."""

from dataclasses import dataclass

from collectors.core.ports import Direction

_WRAP = {32: 2**32, 64: 2**64}


@dataclass(frozen=True, slots=True)
class Look:
    """at: monotonic seconds. bits: of the counters.

    down, up  bytes so far, seen from the office
    uptime    seconds since the counting machine started, None where it does not say
    """

    at: float
    down: int
    up: int
    bits: int = 64
    uptime: float | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """Bytes per second that the office moved."""

    down: float
    up: float

    def of(self, direction: Direction) -> float:
        return self.down if direction == "down" else self.up


def load(before: Look, now: Look, fastest: float) -> Load | None:
    """None where that cannot be told: no time went by, or the counters began anew.

    fastest: bytes per second that the interface can carry at most. A counter that is lower than before has wrapped if
    no more than that has gone by, else it was reset.
    """
    elapsed = now.at - before.at
    if elapsed <= 0 or before.bits != now.bits or _restarted(before, now, elapsed):
        return None
    down, up = (_moved(*pair, now.bits) for pair in ((before.down, now.down), (before.up, now.up)))
    if max(down, up) > fastest * elapsed:
        return None
    return Load(down / elapsed, up / elapsed)


def _restarted(before: Look, now: Look, elapsed: float) -> bool:
    """A count of hundredths of seconds in 32 bits is back at zero after 497 days: that looks like a restart, too."""
    return before.uptime is not None and now.uptime is not None and now.uptime < before.uptime + elapsed / 2


def _moved(before: int, now: int, bits: int) -> int:
    return (now - before) % _WRAP[bits]
