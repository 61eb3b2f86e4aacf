"""The collector `bandwidth`: what is asked of the responder, and what becomes of its answer."""

from collections.abc import Callable, Sequence

from collectors.bandwidth.judge import Doubt, Finding, judge
from collectors.bandwidth.metrics import BYTES, GOODPUT, INFO, METRICS, ROUND_TRIP, TIMESTAMP, USED, VALID, samples
from collectors.bandwidth.steady import steady
from collectors.bandwidth.target import DEFAULT_PORT, HEADERS, LEAST_KEY, Target
from collectors.core import Lane, Ports, Reading, Reason, Schedule
from collectors.core.line import LineLook
from collectors.core.ports import FULL_SEGMENT, Arrivals, BulkRequest, Direction, Point
from collectors.wan.counters import Load, Look
from collectors.wan.load import ANSWER, CONTENDED, look, others_between, until_quiet
from collectors.wan.place import Place

__all__ = ["BYTES", "COLLECTOR", "DEFAULT_PORT", "GOODPUT", "INFO", "LEAST_KEY", "TIMESTAMP", "USED", "VALID",
           "Bandwidth", "Target", "judge"]  # fmt: skip

_NOT_FINAL = 1.15  # times the contract: what is above may be a bucket that a policer has not emptied yet
_SETTLE = 1.0  # seconds until a router's counters show what has gone by


class Bandwidth:
    """See the package."""

    name = "bandwidth"
    target = Target
    metrics = METRICS
    schedule = Schedule(every=7200, timeout=30, lane=Lane.BULK)
    needs = frozenset(("net",))

    async def until_quiet(self, target: Target, ports: Ports) -> None:
        """Until the office uses less than a tenth of its link, as far as its counters and contract tell."""

        def quiet(load: Load) -> bool:
            return all(load.of(each) < CONTENDED * target.expected(each) for each in target.directions)

        if target.counters and all(target.expected(each) for each in target.directions):
            await until_quiet(target.counters, ports, quiet)

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """The directions one after the other, each within its share of the time."""
        share = timeout / len(target.directions)
        findings = [await _test(target, direction, ports, share) for direction in target.directions]
        found = [sample for finding in findings for sample in samples(finding)]
        trips = [finding.arrivals.round_trip_seconds for finding in findings if finding.arrivals.round_trip_seconds > 0]
        if trips:
            found.append(ROUND_TRIP(min(trips)))
        failures = [finding.result for finding in findings if finding.result is not Reason.OK]
        ends = [finding.arrivals.failure for finding in findings if finding.arrivals.failure]
        return Reading(
            failures[0] if failures else Reason.OK,
            samples=(*found, TIMESTAMP(ports.clock.now())),
            phases={
                f"{finding.direction} {phase}": seconds
                for finding in findings
                for phase, seconds in finding.arrivals.phases.items()
            },
            evidence=tuple(f"{finding.direction}: {finding.text}" for finding in findings),
            seen=None if failures else _seen(findings),
            again=max((failure.again for failure in ends if failure.again), default=None),
            used_bytes=round(sum(finding.arrivals.used_bytes for finding in findings) * HEADERS),
        )


COLLECTOR = Bandwidth()


def _seen(findings: Sequence[Finding]) -> LineLook:
    """Of tests that all gave a rate."""
    known = any(finding.others is not None for finding in findings)
    contended = any(Doubt.CONTENDED in finding.doubts for finding in findings)
    return LineLook(contended=contended if known else None)


async def _test(target: Target, direction: Direction, ports: Ports, timeout: float) -> Finding:
    """One direction, between two looks at what the office itself moves."""
    ends = ports.clock.monotonic() + timeout
    before = await look(target.counters, ports) if target.counters else None
    afterwards = _SETTLE + ANSWER if before else 0.0
    arrivals = await ports.net.bulk(_request(target, direction), ends - ports.clock.monotonic() - afterwards)
    others = None
    if target.counters and before and not arrivals.failure:
        others = await _others(target.counters, ports, before, direction, arrivals)
    return judge(direction, arrivals, others)


async def _others(place: Place, ports: Ports, before: Look, direction: Direction, arrivals: Arrivals) -> float | None:
    """Bytes per second that went by beside the test."""
    if place.router:
        await ports.clock.sleep(_SETTLE)
    now = await look(place, ports)
    own = arrivals.used_bytes * arrivals.segment.at_ip_layer
    return others_between(before, now, direction, own) if now else None


def _request(target: Target, direction: Direction) -> BulkRequest:
    return BulkRequest(
        host=target.responder.host,
        port=target.responder.port or DEFAULT_PORT,
        key=target.key,
        direction=direction,
        max_bytes=target.max_bytes,
        max_seconds=target.max_duration,
        enough=_enough(target.expected(direction)),
    )


def _enough(expected: float) -> Callable[[Sequence[Point], float], bool]:
    """Steady, and not far above the contract where that is known: there the test goes on until it falls, or to a bound.

    expected: bytes per second at the IP layer, 0 = not known.
    """

    def enough(points: Sequence[Point], round_trip: float) -> bool:
        window = steady(points, round_trip)
        if window is None:
            return False
        return not expected or window.rate * FULL_SEGMENT.at_ip_layer <= _NOT_FINAL * expected

    return enough
