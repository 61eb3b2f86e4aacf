"""The collector `capacity`: what is asked of the responder, and what becomes of its answer."""

from collections.abc import Iterable
from dataclasses import dataclass

from collectors.bandwidth.collector import DEFAULT_PORT, LEAST_KEY
from collectors.capacity.estimate import Doubt, Estimate, estimate
from collectors.capacity.metrics import INFO, METHOD, METRICS, TIMESTAMP, samples
from collectors.core import Lane, Ports, Reading, Reason, Sample, Schedule
from collectors.core.ports import Direction, Train, TrainRequest
from collectors.core.values import HostPort, Secret

BUCKET_BYTES = 3_500_000  # a bucket of a megabyte empties within this
SECONDS = 0.45  # worth of the expected rate beside it: 0.3 s at one and a half times the rate
LOW = 0.8  # of the expected rate: below it the probe is repeated before it is believed
PAUSE = 2.0  # seconds before the repetition
_MEGABIT = 125_000.0


@dataclass(frozen=True, slots=True)
class Target:
    """A responder, its key, and what the link should carry at the IP layer, in Mbit/s as contracts have it.

    max_bytes      of one train; 0: enough for a token bucket of a megabyte
    monthly_bytes  that whatever fills this link may use in a calendar month, all together; 0: no bound
    """

    responder: HostPort
    key: Secret
    down_mbps: float
    up_mbps: float
    max_bytes: int = 0
    monthly_bytes: int = 0

    def check(self) -> Iterable[tuple[str, str]]:
        if self.key and len(self.key.reveal().strip()) < LEAST_KEY:  # empty where secrets are not read
            yield "key", f"is shorter than {LEAST_KEY} characters"
        for name, value in (("down_mbps", self.down_mbps), ("up_mbps", self.up_mbps)):
            if not 0.1 <= value <= 2000:
                yield name, "should be between 0.1 and 2000"
        if self.max_bytes and not 100_000 <= self.max_bytes <= 100_000_000:
            yield "max_bytes", "should be between 100000 and 100000000, or 0"

    def expected(self, direction: Direction) -> float:
        """Bytes per second."""
        return (self.down_mbps if direction == "down" else self.up_mbps) * _MEGABIT

    def bound(self, direction: Direction) -> int:
        """Bytes of one train."""
        return self.max_bytes or round(BUCKET_BYTES + SECONDS * self.expected(direction))


@dataclass(frozen=True, slots=True)
class _Finding:
    """One direction. found None: the probe failed."""

    direction: Direction
    train: Train
    result: Reason
    text: str
    found: Estimate | None = None


class Capacity:
    """See the package."""

    name = "capacity"
    target = Target
    metrics = METRICS
    schedule = Schedule(every=1800, timeout=30, lane=Lane.BULK)
    needs = frozenset(("net",))

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """Down, then up, each again if it is low, as far as the time allows."""
        ends = ports.clock.monotonic() + timeout
        down = await _measure(target, "down", ports, timeout / 2)
        findings = (down, await _measure(target, "up", ports, ends - ports.clock.monotonic()))
        found: list[Sample] = [
            sample for each in findings for sample in samples(each.direction, each.train, each.found)
        ]
        failures = [each.result for each in findings if each.result is not Reason.OK]
        return Reading(
            failures[0] if failures else Reason.OK,
            (*found, TIMESTAMP(ports.clock.now()), INFO(1, method=METHOD)),
            {f"{each.direction} {phase}": time for each in findings for phase, time in each.train.phases.items()},
            tuple(f"{each.direction}: {each.text}" for each in findings),
        )


async def _measure(target: Target, direction: Direction, ports: Ports, timeout: float) -> _Finding:
    """A low figure is asked for again: a moment's trouble is no contract breach."""
    ends = ports.clock.monotonic() + timeout
    first = await _once(target, direction, ports, timeout)
    low = first.found and first.found.capacity and first.found.capacity < LOW * target.expected(direction)
    if not low or ends - ports.clock.monotonic() < timeout / 2:
        return first
    await ports.clock.sleep(PAUSE)
    second = await _once(target, direction, ports, ends - ports.clock.monotonic())
    return second if second.found and second.found.valid else first


async def _once(target: Target, direction: Direction, ports: Ports, timeout: float) -> _Finding:
    request = TrainRequest(
        target.responder.host, target.responder.port or DEFAULT_PORT, target.key, direction,
        target.expected(direction), target.bound(direction),
    )  # fmt: skip
    train = await ports.net.train(request, timeout)
    if train.failure:
        return _Finding(direction, train, train.failure.reason, train.failure.message)
    if train.heard is None or train.sent is None:
        return _Finding(direction, train, Reason.BAD_ANSWER, "one end did not say what it saw")
    found = estimate(train.heard, train.sent)
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
