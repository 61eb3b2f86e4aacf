"""The metrics of a throughput test. Rates in bytes per second of TCP payload, unless the name says another layer."""

from collections.abc import Iterator

from collectors.bandwidth.judge import Doubt, Finding
from collectors.core import Kind, Metric, Sample

METHOD = "tcp-early-stop-2"  # changes whenever figures of two versions could differ

_EACH = ("direction",)
GOODPUT = Metric(
    "link_goodput_bytes_per_second", Kind.GAUGE, "TCP payload per second that arrived in a steady test.", _EACH
)
GOODPUT_IP = Metric(
    "link_goodput_ip_bytes_per_second", Kind.GAUGE,
    "The same with the headers of its packets, as the IP layer carried it; what was sent again does not count.", _EACH,
)  # fmt: skip
BESIDE_LOAD = Metric(
    "link_goodput_contended_bytes_per_second", Kind.GAUGE,
    "TCP payload per second in a steady test beside the office's own traffic: no figure of the line.", _EACH,
)  # fmt: skip
VALID = Metric("link_test_valid", Kind.GAUGE, "Whether the last throughput test gave an honest figure.", _EACH)
DOUBT = Metric(
    "link_test_doubt", Kind.GAUGE, "1 for each reason why the last test gave no figure of the line, 0 for others.",
    ("direction", "reason"),
)  # fmt: skip
OWN_LOAD = Metric(
    "link_test_own_load_bytes_per_second", Kind.GAUGE,
    "What the office itself moved beside the last test, by the counters of its WAN interface.", _EACH,
)  # fmt: skip
BYTES = Metric("link_test_bytes_total", Kind.COUNTER, "TCP payload used by throughput tests since the start.", _EACH)
USED = Metric("link_test_used_bytes", Kind.GAUGE, "TCP payload used by the last throughput test.", _EACH)
DURATION = Metric("link_test_duration_seconds", Kind.GAUGE, "How long the last test filled the link.", _EACH)
SPREAD = Metric(
    "link_test_spread_ratio", Kind.GAUGE, "Scatter of the rate within the steady part of the last test.", _EACH
)
RETRANSMITTED = Metric(
    "link_test_retransmitted_ratio", Kind.GAUGE, "Share of the last test's payload that was sent again.", _EACH
)
HELD_BACK = Metric(
    "link_test_held_back_ratio", Kind.GAUGE,
    "Share of the last test's second half in which a computer (windows, buffers, CPU), not the network, set the pace.",
    _EACH,
)  # fmt: skip
LOADED = Metric(
    "link_test_loaded_round_trip_seconds", Kind.GAUGE, "Round trip while the last test filled the queue.", _EACH
)
ROUND_TRIP = Metric(
    "link_test_round_trip_seconds", Kind.GAUGE, "Round trip to the responder before the test filled the link."
)
TIMESTAMP = Metric("link_test_timestamp_seconds", Kind.GAUGE, "When the last throughput test ended, Unix time.")
INFO = Metric(
    "link_test_info", Kind.GAUGE, "1; the method of the last test and the sender's congestion control.",
    ("direction", "method", "congestion"),
)  # fmt: skip

METRICS = tuple(value for value in dict(vars()).values() if isinstance(value, Metric))


def samples(finding: Finding) -> Iterator[Sample]:
    """What one direction gives."""
    arrivals, direction = finding.arrivals, finding.direction
    yield VALID(finding.valid, direction=direction)
    yield BYTES(arrivals.total_bytes, direction=direction)
    yield USED(arrivals.used_bytes, direction=direction)
    if not arrivals.failure:
        for doubt in Doubt:
            yield DOUBT(doubt in finding.doubts, direction=direction, reason=doubt)
    if "flow" in arrivals.phases:
        yield DURATION(arrivals.phases["flow"], direction=direction)
        yield INFO(1, direction=direction, method=METHOD, congestion=arrivals.congestion)
    for metric, value in ((RETRANSMITTED, arrivals.repeated), (HELD_BACK, arrivals.held_back),
                          (LOADED, arrivals.loaded_round_trip_seconds), (OWN_LOAD, finding.others)):  # fmt: skip
        if value is not None:
            yield metric(value, direction=direction)
    yield from _rates(finding)


def _rates(finding: Finding) -> Iterator[Sample]:
    """A figure of the line only without a doubt."""
    if finding.window is None:
        return
    rate, direction = finding.window.rate, finding.direction
    yield SPREAD(finding.window.spread, direction=direction)
    if finding.valid:
        yield GOODPUT(rate, direction=direction)
        yield GOODPUT_IP(rate * finding.arrivals.segment.at_ip_layer, direction=direction)
    elif finding.doubts == (Doubt.CONTENDED,):
        yield BESIDE_LOAD(rate, direction=direction)
