"""Download and upload by iperf3: the second, standard method, against any public server, for partners who ask.

One flow of TCP, slow start included, by the program iperf3 on the office's machine. It floods the line for as long as
its bytes last, and reads low beside the office's own traffic; what it says is what iperf3 says. The line's own capacity
is the matter of the collector `capacity`, and its figures are never mixed with these.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from collectors.core import Kind, Lane, Metric, Ports, ProbeError, Reading, Reason, Sample, Schedule
from collectors.core.ports import Direction, Iperf3Report, Iperf3Request
from collectors.core.values import Duration, HostPort

DEFAULT_PORT = 5201
LEAST_SECONDS = 1.0  # a shorter transfer is mostly slow start
METHOD = "iperf3-tcp"
_HEADERS = 1.05  # IP bytes for each byte of payload
_BLOCK = 131_072  # bytes by which the program may go beyond its bound
_MEGABIT = 125_000
_SPARE = 7.0  # seconds of a run beside the transfer: to connect, and for a last word
_EACH = ("direction",)

RATE = Metric(
    "link_iperf3_bytes_per_second", Kind.GAUGE, "TCP payload by the time of its transfer by iperf3, start included.",
    _EACH,
)  # fmt: skip
SECONDS = Metric("link_iperf3_transfer_seconds", Kind.GAUGE, "How long the last transfer by iperf3 took.", _EACH)
USED = Metric("link_iperf3_used_bytes", Kind.GAUGE, "TCP payload that the last transfer by iperf3 moved.", _EACH)
TIMESTAMP = Metric("link_iperf3_timestamp_seconds", Kind.GAUGE, "When the last transfers by iperf3 ended, Unix time.")
INFO = Metric(
    "link_iperf3_info", Kind.GAUGE, "1; the method of the last transfer, the version of iperf3, and the sender's "
    "congestion control.", ("direction", "method", "version", "congestion"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """An iperf3 server, and how much of the line a transfer may use at most in each direction."""

    server: HostPort
    directions: tuple[Direction, ...] = ("down", "up")
    max_bytes: int = 25_000_000
    max_duration: Duration = Duration(10)
    monthly_bytes: int = 0

    def check(self) -> Iterable[tuple[str, str]]:
        if not self.directions or len(set(self.directions)) < len(self.directions):
            yield "directions", "should name down, up or both, each once"
        if not 1_000_000 <= self.max_bytes <= 500_000_000:
            yield "max_bytes", "should be between 1000000 and 500000000"
        if not LEAST_SECONDS <= self.max_duration <= 30:
            yield "max_duration", f"should be between {LEAST_SECONDS:g}s and 30s"
        if 0 < self.monthly_bytes < self.most_bytes:
            yield "monthly_bytes", f"is less than one run may use ({self.most_bytes})"

    @property
    def most_bytes(self) -> int:
        """Of one run, at the IP layer."""
        return round(len(self.directions) * (self.max_bytes + _BLOCK) * _HEADERS)


@dataclass(frozen=True, slots=True)
class _Finding:
    """One direction. rate None: no figure, and `text` says why; report None: nobody knows what was moved."""

    direction: Direction
    result: Reason
    text: str
    report: Iperf3Report | None = None
    rate: float | None = None
    size: int = 0


class Iperf3:
    """See above."""

    name = "iperf3"
    target = Target
    metrics = (RATE, SECONDS, USED, TIMESTAMP, INFO)
    schedule = Schedule(every=86400, timeout=60, lane=Lane.BULK)
    needs = frozenset(("net",))

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """One direction after the other, each within its share of the time."""
        share = timeout / len(target.directions)
        findings = [await _transfer(target, direction, ports, share) for direction in target.directions]
        failures = [finding.result for finding in findings if finding.result is not Reason.OK]
        return Reading(
            failures[0] if failures else Reason.OK,
            (*(sample for finding in findings for sample in _samples(finding)), TIMESTAMP(ports.clock.now())),
            {f"{one.direction} transfer": one.report.seconds for one in findings if one.report},
            tuple(f"{finding.direction}: {finding.text}" for finding in findings),
            used_bytes=round(sum(finding.size for finding in findings) * _HEADERS),
        )


COLLECTOR = Iperf3()


async def _transfer(target: Target, direction: Direction, ports: Ports, timeout: float) -> _Finding:
    seconds = min(float(target.max_duration), timeout - _SPARE)
    server = target.server
    request = Iperf3Request(server.host, server.port or DEFAULT_PORT, direction, target.max_bytes, seconds)
    try:
        report = await ports.net.iperf3(request, timeout)
    except ProbeError as error:
        # Before the first byte nothing was used; of a transfer that broke nobody knows, so all of it counts.
        size = 0 if error.reason in _BEFORE else target.max_bytes
        return _Finding(direction, error.reason, error.message, size=size)
    return _judge(direction, report)


_BEFORE = frozenset((Reason.DNS, Reason.PERMISSION, Reason.REFUSED, Reason.UNREACHABLE, Reason.BUSY, Reason.DENIED))


def _judge(direction: Direction, report: Iperf3Report) -> _Finding:
    size = report.received if direction == "down" else report.sent
    if direction == "up" and report.stopped:
        text = "no figure: it had to be stopped, and what had arrived by then only the server knows; allow fewer bytes"
        return _Finding(direction, Reason.INVALID, text, report, size=size)
    if report.seconds < LEAST_SECONDS or not report.received:
        moved = f"{report.received / 1e6:.2f} MB took {report.seconds:.2f} s"
        text = f"no figure: {moved}, too short to tell; allow more bytes"
        return _Finding(direction, Reason.INVALID, text, report, size=size)
    rate = report.received / report.seconds
    text = (
        f"{rate / _MEGABIT:.2f} Mbit/s of TCP payload by iperf3 {report.version}, {report.received / 1e6:.2f} MB in "
        f"{report.seconds:.2f} s, {report.congestion or 'unknown congestion control'}"
    )
    return _Finding(direction, Reason.OK, text, report, rate, size)


def _samples(finding: _Finding) -> Iterator[Sample]:
    direction, report = finding.direction, finding.report
    yield USED(finding.size, direction=direction)
    if report is None:
        return
    yield INFO(1, direction=direction, method=METHOD, version=report.version, congestion=report.congestion)
    if finding.rate is not None:
        yield RATE(finding.rate, direction=direction)
        yield SECONDS(report.seconds, direction=direction)
