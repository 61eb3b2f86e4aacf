"""The collector `capacity`: what is asked of the responder, and what becomes of its answer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from collectors.bandwidth.collector import DEFAULT_PORT, LEAST_KEY
from collectors.capacity.estimate import CONTENDED, Doubt, Estimate, estimate
from collectors.capacity.metrics import INFO, METHOD, METRICS, OWN_LOAD, TIMESTAMP, samples
from collectors.core import Lane, Ports, Reading, Reason, Sample, Schedule
from collectors.core.ports import Direction, Train, TrainRequest
from collectors.core.values import HostPort, Secret
from collectors.wan.counters import Load
from collectors.wan.load import own_load, until_quiet
from collectors.wan.place import Place

BUCKET_BYTES = 3_500_000  # a bucket of a megabyte empties within this
SECONDS = 0.45  # worth of the expected rate beside it: 0.3 s at one and a half times the rate
LOW = 0.8  # of the expected rate: below it the probe is repeated before it is believed
PAUSE = 2.0  # seconds before the repetition
DIP_EVERY = 300.0  # seconds between probes while a dip is suspected,
DIP_PROBES = 3  # and how many of them, beside the usual ones
_MEGABIT = 125_000.0
_DIRECTIONS: tuple[Direction, ...] = ("down", "up")


@dataclass(frozen=True, slots=True)
class Target:
    """A responder, its key, and what the link should carry at the IP layer, in Mbit/s as contracts have it.

    max_bytes      of one train; 0: enough for a token bucket of a megabyte
    monthly_bytes  that whatever fills this link may use in a calendar month, all together; 0: no bound
    counters       of the office's own bytes: with them a probe waits a while for a quiet moment, and says if none came
    """

    responder: HostPort
    key: Secret
    down_mbps: float
    up_mbps: float
    max_bytes: int = 0
    monthly_bytes: int = 0
    counters: Place | None = None

    def check(self) -> Iterable[tuple[str, str]]:
        if self.key and len(self.key.reveal().strip()) < LEAST_KEY:  # empty where secrets are not read
            yield "key", f"is shorter than {LEAST_KEY} characters"
        for name, value in (("down_mbps", self.down_mbps), ("up_mbps", self.up_mbps)):
            if not 0.1 <= value <= 2000:
                yield name, "should be between 0.1 and 2000"
        if 0 < self.monthly_bytes < self.most_bytes:
            yield "monthly_bytes", f"is less than one probe may use ({self.most_bytes})"
        if self.max_bytes and not 100_000 <= self.max_bytes <= 100_000_000:
            yield "max_bytes", "should be between 100000 and 100000000, or 0"

    def expected(self, direction: Direction) -> float:
        """Bytes per second."""
        return (self.down_mbps if direction == "down" else self.up_mbps) * _MEGABIT

    def bound(self, direction: Direction) -> int:
        """Bytes of one train."""
        return self.max_bytes or round(BUCKET_BYTES + SECONDS * self.expected(direction))

    @property
    def needs(self) -> frozenset[str]:
        """Ports beside the collector's own."""
        return self.counters.needs if self.counters else frozenset()

    @property
    def most_bytes(self) -> int:
        """Of one run: both directions twice, and what is under way, or in the bursts, when a train is at its bound."""
        return round(2 * sum(self.bound(each) + self.expected(each) for each in _DIRECTIONS))


@dataclass(frozen=True, slots=True)
class _Finding:
    """One direction. found None: the probe failed."""

    direction: Direction
    train: Train
    result: Reason
    text: str
    found: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Dip:
    """The past of a probe: how many probes in a row gave a figure far below the contract."""

    probes: int = 0

    def plain(self) -> object:
        """As JSON has it."""
        return self.probes


class Capacity:
    """See the package."""

    name = "capacity"
    target = Target
    metrics = METRICS
    schedule = Schedule(every=1800, timeout=30, lane=Lane.BULK)
    needs = frozenset(("net",))
    night_every = 3600.0

    async def until_quiet(self, target: Target, ports: Ports) -> None:
        """Until the office uses less than a tenth of its link, as far as its counters tell."""

        def quiet(load: Load) -> bool:
            return all(_of(load, each) < CONTENDED * target.expected(each) for each in _DIRECTIONS)

        if target.counters:
            await until_quiet(target.counters, ports, quiet)

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """Down, then up, each again if it is low, as far as the time allows."""
        ends = ports.clock.monotonic() + timeout
        load = await own_load(target.counters, ports) if target.counters else None
        left = ends - ports.clock.monotonic()
        down = await _measure(target, "down", ports, left / 2, load)
        findings = (down, await _measure(target, "up", ports, ends - ports.clock.monotonic(), load))
        found: list[Sample] = [
            sample for each in findings for sample in samples(each.direction, each.train, each.found)
        ]
        failures = [each.result for each in findings if each.result is not Reason.OK]
        comebacks = [each.train.failure.again for each in findings if each.train.failure and each.train.failure.again]
        return Reading(
            failures[0] if failures else Reason.OK,
            (*found, *_loads(load), TIMESTAMP(ports.clock.now()), INFO(1, method=METHOD)),
            {f"{each.direction} {phase}": time for each in findings for phase, time in each.train.phases.items()},
            tuple(f"{each.direction}: {each.text}" for each in findings),
            seen=_looks_low(target, findings),
            again=max(comebacks, default=None),
            used_bytes=sum(each.train.used_bytes for each in findings),
        )

    def past(self) -> Dip:
        """No dip."""
        return Dip()

    def read_past(self, kept: object) -> Dip:
        """Raises ValueError for what `Dip.plain` did not give."""
        if not isinstance(kept, int) or kept < 0:
            raise ValueError("not a number of probes")
        return Dip(kept)

    def compare(self, reading: Reading, past: Any, now: float) -> tuple[Reading, Any]:  # noqa: ARG002 - each runs by itself
        """While a dip is suspected the next probes come soon, so that its begin and end are known; not for ever."""
        dip: Dip = past
        if reading.seen is None:
            return reading, dip
        if not reading.seen:
            return reading, Dip()
        soon = DIP_EVERY if dip.probes < DIP_PROBES else None
        return (replace(reading, again=soon) if reading.again is None else reading), Dip(dip.probes + 1)


def _looks_low(target: Target, findings: Iterable[_Finding]) -> bool | None:
    """Whether a direction is far below the contract; None where neither says."""
    known = [each for each in findings if each.found and each.found.valid]
    return any(_is_low(target, each) for each in known) if known else None


def _is_low(target: Target, finding: _Finding) -> bool:
    capacity = finding.found.capacity if finding.found else None
    return capacity is not None and capacity < LOW * target.expected(finding.direction)


def _of(load: Load, direction: Direction) -> float:
    return load.down if direction == "down" else load.up


def _loads(load: Load | None) -> tuple[Sample, ...]:
    return tuple(OWN_LOAD(_of(load, each), direction=each) for each in _DIRECTIONS) if load else ()


async def _measure(target: Target, direction: Direction, ports: Ports, timeout: float, load: Load | None) -> _Finding:
    """A low figure is asked for again: a moment's trouble is no contract breach."""
    ends = ports.clock.monotonic() + timeout
    first = await _once(target, direction, ports, timeout, load)
    if not _is_low(target, first) or ends - ports.clock.monotonic() < timeout / 2:
        return first
    await ports.clock.sleep(PAUSE)
    second = await _once(target, direction, ports, ends - ports.clock.monotonic(), load)
    kept = second if second.found and second.found.valid else first
    used = first.train.used_bytes + second.train.used_bytes
    return replace(kept, train=replace(kept.train, used_bytes=used, total_bytes=second.train.total_bytes))


async def _once(target: Target, direction: Direction, ports: Ports, timeout: float, load: Load | None) -> _Finding:
    request = TrainRequest(
        target.responder.host, target.responder.port or DEFAULT_PORT, target.key, direction,
        target.expected(direction), target.bound(direction),
    )  # fmt: skip
    train = await ports.net.train(request, timeout)
    if train.failure:
        return _Finding(direction, train, train.failure.reason, train.failure.message)
    if train.heard is None or train.sent is None:
        return _Finding(direction, train, Reason.BAD_ANSWER, "one end did not say what it saw")
    found = estimate(train.heard, train.sent, _of(load, direction) if load else None)
    saturated = found.valid or found.doubts == (Doubt.NO_KNEE,)
    return _Finding(direction, train, Reason.OK if saturated else Reason.INVALID, _in_words(found, train), found)


def _in_words(found: Estimate, train: Train) -> str:
    cost = f"{train.used_bytes / 1e6:.2f} MB in {train.phases.get('train', 0.0):.2f} s"
    if found.capacity is not None:
        available = f", {found.available / _MEGABIT:.1f} of them free" if found.available is not None else ""
        return f"{found.capacity / _MEGABIT:.2f} Mbit/s at the IP layer{available}; {cost}"
    if found.at_least is not None and found.doubts == (Doubt.NO_KNEE,):
        return f"at least {found.at_least / _MEGABIT:.2f} Mbit/s at the IP layer, it was not saturated; {cost}"
    return f"no figure: {', '.join(found.doubts)}; {cost}"
