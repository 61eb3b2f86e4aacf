"""What goes on over the runs of one probe: an outage, a dip, and what has been counted. Pure; time is an argument.

An outage is at least three lost packets in a row, from when the first of them left to when the first left that came
back. A dip is a while in which many packets are lost or late; of a mobile link without a modem to ask, it stands for
one of the signal.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from collectors.core.dips import Bounds, Watch, step
from collectors.core.ports import Echo, Echoes

LOST_IN_A_ROW = 3
LONGEST_GAP = 30.0  # seconds between two packets beyond which nobody has looked
WINDOW = 10  # packets whose share of bad ones is looked at
BOUNDS = Bounds(enter=0.3, leave=0.1, longest_gap=LONGEST_GAP)
LATE, LATE_SECONDS = 3.0, 0.05  # a packet is late beyond so many times the usual round trip and so much
_SLOW = 1 / 20  # weight of a run in the usual round trip
_MOST = 2**53  # a count that is still exact as a float


@dataclass(frozen=True, slots=True)
class Counts:
    """Since the probe first ran on this machine."""

    sent: int = 0
    lost: int = 0
    duplicates: int = 0
    reordered: int = 0
    outages: int = 0
    outage_seconds: float = 0.0
    dips: int = 0
    dip_seconds: float = 0.0
    used_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """Up to the last packet.

    usual   round trip, seconds; None = nobody has ever answered, so silence is no outage but a slip or a firewall
    lost    the stretch of lost packets up to now, and since when (Unix time)
    until   up to when the outage has been counted
    window  of the last packets: whether each was lost or late
    """

    counts: Counts = field(default_factory=Counts)
    usual: float | None = None
    lost: int = 0
    since: float = 0.0
    until: float = 0.0
    window: tuple[bool, ...] = ()
    watch: Watch = field(default_factory=Watch)
    depth: float = 0.0

    @property
    def out(self) -> bool:
        return self.lost >= LOST_IN_A_ROW and self.usual is not None

    def plain(self) -> object:
        """What was counted and what is usual survive the agent; a stretch that nobody saw the end of does not."""
        return {"usual": self.usual, **asdict(self.counts)}

    @classmethod
    def read(cls, kept: object) -> "Past":
        """What `plain` gave. Raises ValueError for anything else: a file may have been cut or touched."""
        match kept:
            case {"usual": None | int() | float() as usual, **rest}:
                if 0 <= (usual or 0) <= _MOST:
                    return cls(_counts(rest), usual)
        raise ValueError("not what was kept of echoes")


def _counts(kept: Mapping[Any, Any]) -> Counts:
    """Raises ValueError."""
    kinds = {each.name: (int,) if isinstance(each.default, int) else (int, float) for each in fields(Counts)}
    if kept.keys() != kinds.keys():
        raise ValueError("other counts than those of echoes")
    if any(type(kept[name]) not in kind or not 0 <= kept[name] <= _MOST for name, kind in kinds.items()):
        raise ValueError("no counts")
    return Counts(**kept)


def seen(past: Past, found: Echoes, begun: float) -> Past:
    """One run more. begun: Unix time at which its first packet was due."""
    answered = sorted(echo.round_trip for echo in found.echoes if echo.round_trip is not None)
    if past.usual is None and answered:
        past = replace(past, usual=answered[len(answered) // 2])
    for echo in found.echoes:
        past = _looked(_lost(past, echo.round_trip is None, begun + echo.at), echo, begun + echo.at)
    if answered and past.usual is not None:
        past = replace(past, usual=past.usual + _SLOW * (answered[len(answered) // 2] - past.usual))
    counts = past.counts
    return replace(
        past,
        counts=replace(
            counts,
            sent=counts.sent + len(found.echoes),
            lost=counts.lost + len(found.echoes) - len(answered),
            duplicates=counts.duplicates + found.duplicates,
            reordered=counts.reordered + found.reordered,
            used_bytes=counts.used_bytes + found.used_bytes,
        ),
    )


def _lost(past: Past, lost: bool, at: float) -> Past:
    """The stretch of lost packets goes on, begins or ends; the outage is counted up to this packet."""
    if not 0 <= at - past.until <= LONGEST_GAP:
        past = replace(past, lost=0)
    if not lost:
        return replace(_outage(past, at), lost=0, until=at)
    if past.lost == 0:
        return replace(past, lost=1, since=at, until=at)
    longer = replace(past, lost=past.lost + 1)
    if longer.lost == LOST_IN_A_ROW and longer.out:
        counts = replace(longer.counts, outages=longer.counts.outages + 1)
        longer = replace(longer, counts=counts, until=longer.since)
    return replace(_outage(longer, at), until=at)


def _outage(past: Past, at: float) -> Past:
    if not past.out:
        return past
    counts = past.counts
    return replace(past, counts=replace(counts, outage_seconds=counts.outage_seconds + at - past.until))


def _looked(past: Past, echo: Echo, at: float) -> Past:
    if past.usual is None:
        return past
    late = max(LATE * past.usual, past.usual + LATE_SECONDS)
    window = (*past.window, echo.round_trip is None or echo.round_trip > late)[-WINDOW:]
    watch, dip = step(past.watch, at, sum(window) / WINDOW, BOUNDS)
    past = replace(past, window=window, watch=watch)
    if dip is None:
        return past
    counts = replace(past.counts, dips=past.counts.dips + 1, dip_seconds=past.counts.dip_seconds + dip.seconds)
    return replace(past, counts=counts, depth=dip.depth)
