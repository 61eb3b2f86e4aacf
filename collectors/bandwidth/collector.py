"""The collector `bandwidth`: what is asked of the responder, and what becomes of its answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from collectors.bandwidth.steady import Window, is_steady, steady, why_not
from collectors.core import Kind, Lane, Metric, Ports, Reading, Reason, Sample, Schedule
from collectors.core.ports import Arrivals, BulkRequest, Direction
from collectors.core.values import Duration, HostPort, Secret

DEFAULT_PORT = 9818
LEAST_KEY = 16  # characters
METHOD = "tcp-early-stop-1"  # changes whenever figures of two versions could differ
MOST_HELD_BACK = 0.1

_HEADERS = 1.05  # IP bytes for each byte of payload, acknowledgements and what is sent again in a usual test included
_ON_ITS_WAY = 131_072  # bytes of a block, when a flow is at its bound
_EACH = ("direction",)
GOODPUT = Metric(
    "link_goodput_bytes_per_second", Kind.GAUGE, "TCP payload per second that arrived in a steady test.", _EACH
)
VALID = Metric("link_test_valid", Kind.GAUGE, "Whether the last throughput test gave an honest figure.", _EACH)
BYTES = Metric("link_test_bytes_total", Kind.COUNTER, "TCP payload used by throughput tests since the start.", _EACH)
USED = Metric("link_test_used_bytes", Kind.GAUGE, "TCP payload used by the last throughput test.", _EACH)
DURATION = Metric("link_test_duration_seconds", Kind.GAUGE, "How long the last test filled the link.", _EACH)
SPREAD = Metric(
    "link_test_spread_ratio", Kind.GAUGE, "Scatter of the rate within the steady part of the last test.", _EACH
)
ROUND_TRIP = Metric(
    "link_test_round_trip_seconds", Kind.GAUGE, "Round trip to the responder before the test filled the link."
)
TIMESTAMP = Metric("link_test_timestamp_seconds", Kind.GAUGE, "When the last throughput test ended, Unix time.")
INFO = Metric(
    "link_test_info", Kind.GAUGE, "1; the method of the last test and the sender's congestion control.",
    ("direction", "method", "congestion"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A responder, its key, and what a test may use at most in each direction.

    monthly_bytes  that whatever fills this link may use in a calendar month, all together; 0: no bound
    """

    responder: HostPort
    key: Secret
    directions: tuple[Direction, ...] = ("down", "up")
    max_bytes: int = 50_000_000
    max_duration: Duration = Duration(5)
    monthly_bytes: int = 0

    def check(self) -> Iterable[tuple[str, str]]:
        if self.key and len(self.key.reveal().strip()) < LEAST_KEY:  # empty where secrets are not read
            yield "key", f"is shorter than {LEAST_KEY} characters"
        if not self.directions or len(set(self.directions)) < len(self.directions):
            yield "directions", "should name down, up or both, each once"
        if not 100_000 <= self.max_bytes <= 1_000_000_000:
            yield "max_bytes", "should be between 100000 and 1000000000"
        if not 1 <= self.max_duration <= 30:
            yield "max_duration", "should be between 1s and 30s"
        if 0 < self.monthly_bytes < self.most_bytes:
            yield "monthly_bytes", f"is less than one test may use ({self.most_bytes})"

    @property
    def most_bytes(self) -> int:
        """Of one run, at the IP layer."""
        return round(len(self.directions) * (self.max_bytes + _ON_ITS_WAY) * _HEADERS)


@dataclass(frozen=True, slots=True)
class Finding:
    """One direction's test, judged. Without `window` there is no figure, and `text` says why."""

    direction: Direction
    arrivals: Arrivals
    result: Reason
    text: str
    window: Window | None = None


class Bandwidth:
    """See the package."""

    name = "bandwidth"
    target = Target
    metrics = (GOODPUT, VALID, BYTES, USED, DURATION, SPREAD, ROUND_TRIP, TIMESTAMP, INFO)
    schedule = Schedule(every=7200, timeout=30, lane=Lane.BULK)
    needs = frozenset(("net",))

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """The directions one after the other, each within its share of the time."""
        findings = []
        for direction in target.directions:
            request = _request(target, direction)
            findings.append(judge(direction, await ports.net.bulk(request, timeout / len(target.directions))))
        samples = [sample for finding in findings for sample in _samples(finding)]
        trips = [finding.arrivals.round_trip_seconds for finding in findings if finding.arrivals.round_trip_seconds > 0]
        if trips:
            samples.append(ROUND_TRIP(min(trips)))
        failures = [finding.result for finding in findings if finding.result is not Reason.OK]
        ends = [finding.arrivals.failure for finding in findings if finding.arrivals.failure]
        return Reading(
            failures[0] if failures else Reason.OK,
            samples=(*samples, TIMESTAMP(ports.clock.now())),
            phases={
                f"{finding.direction} {phase}": seconds
                for finding in findings
                for phase, seconds in finding.arrivals.phases.items()
            },
            evidence=tuple(f"{finding.direction}: {finding.text}" for finding in findings),
            again=max((failure.again for failure in ends if failure.again), default=None),
            used_bytes=round(sum(finding.arrivals.used_bytes for finding in findings) * _HEADERS),
        )


COLLECTOR = Bandwidth()


def _request(target: Target, direction: Direction) -> BulkRequest:
    return BulkRequest(
        host=target.responder.host,
        port=target.responder.port or DEFAULT_PORT,
        key=target.key,
        direction=direction,
        max_bytes=target.max_bytes,
        max_seconds=target.max_duration,
        enough=is_steady,
    )


def judge(direction: Direction, arrivals: Arrivals) -> Finding:
    """A figure only where the flow was steady and the network alone set its pace."""
    if arrivals.failure:
        return Finding(direction, arrivals, arrivals.failure.reason, arrivals.failure.message)
    window = steady(arrivals.points, arrivals.round_trip_seconds)
    if window is None:
        bound = {"bytes": "the byte limit was reached before the rate was steady",
                 "seconds": "the time limit was reached before the rate was steady"}  # fmt: skip
        why = bound.get(arrivals.ended, "the rate was not steady")
        text = f"no figure: {why}; {why_not(arrivals.points, arrivals.round_trip_seconds)}"
        return Finding(direction, arrivals, Reason.INVALID, text)
    if (arrivals.held_back or 0.0) > MOST_HELD_BACK:
        text = f"no figure: for {arrivals.held_back:.0%} of the time a computer, not the link, set the pace"
        return Finding(direction, arrivals, Reason.INVALID, text)
    return Finding(direction, arrivals, Reason.OK, _in_words(window, arrivals), window)


def _in_words(window: Window, arrivals: Arrivals) -> str:
    return (
        f"{window.rate * 8 / 1e6:.2f} Mbit/s of TCP payload, steady over the last {window.seconds:.1f} s "
        f"(scatter {window.spread:.0%}); {arrivals.used_bytes / 1e6:.2f} MB in {arrivals.phases.get('flow', 0):.2f} s, "
        f"round trip {arrivals.round_trip_seconds * 1e3:.1f} ms, {arrivals.congestion or 'unknown congestion control'}"
    )


def _samples(finding: Finding) -> Iterator[Sample]:
    arrivals, direction = finding.arrivals, finding.direction
    yield VALID(finding.window is not None, direction=direction)
    yield BYTES(arrivals.total_bytes, direction=direction)
    yield USED(arrivals.used_bytes, direction=direction)
    if "flow" in arrivals.phases:
        yield DURATION(arrivals.phases["flow"], direction=direction)
        yield INFO(1, direction=direction, method=METHOD, congestion=arrivals.congestion)
    if finding.window:
        yield GOODPUT(finding.window.rate, direction=direction)
        yield SPREAD(finding.window.spread, direction=direction)
