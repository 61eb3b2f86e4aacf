"""The metrics of echoes. Counters go on where the agent left off, so that rates over a day are right."""

from collections.abc import Iterator

from collectors.core import Kind, Metric, Sample
from collectors.echo.past import Past
from collectors.echo.summary import STATS, Summary

ROUND_TRIP = Metric(
    "link_echo_round_trip_seconds", Kind.GAUGE,
    "Round-trip time of echoes to the responder in the last run (percentiles by nearest rank).", ("stat",),
)  # fmt: skip
JITTER = Metric(
    "link_echo_jitter_seconds", Kind.GAUGE,
    "Mean difference of successive round trips in the last run (RFC 3550, section 6.4.1, not smoothed).",
)  # fmt: skip
LOSS = Metric("link_echo_loss_ratio", Kind.GAUGE, "Share of the last run's echoes without an answer, 0 to 1.")
BURSTS = Metric("link_echo_loss_bursts", Kind.GAUGE, "Stretches of two or more lost echoes in the last run.")
LONGEST = Metric("link_echo_longest_loss", Kind.GAUGE, "Echoes of the longest stretch of lost ones in the last run.")
OUT = Metric("link_echo_outage", Kind.GAUGE, "1 while three or more echoes in a row are lost up to now.")
SENT = Metric("link_echo_sent_total", Kind.COUNTER, "Echoes sent.")
LOST = Metric("link_echo_lost_total", Kind.COUNTER, "Echoes without an answer.")
DUPLICATES = Metric("link_echo_duplicates_total", Kind.COUNTER, "Answers that had come already.")
REORDERED = Metric("link_echo_reordered_total", Kind.COUNTER, "Answers that came after that to a later echo.")
OUTAGES = Metric("link_echo_outages_total", Kind.COUNTER, "Outages: three or more lost echoes in a row.")
OUTAGE_SECONDS = Metric(
    "link_echo_outage_seconds_total", Kind.COUNTER,
    "Seconds of outages, from the first lost echo to the first answered one.",
)  # fmt: skip
DIPS = Metric(
    "link_echo_dips_total", Kind.COUNTER,
    "Dips: whiles in which many echoes were lost or late; of a mobile link they let a dip of the signal be inferred.",
)  # fmt: skip
DIP_SECONDS = Metric("link_echo_dip_seconds_total", Kind.COUNTER, "Seconds of dips that are over.")
DIP_DEPTH = Metric("link_echo_dip_depth_ratio", Kind.GAUGE, "Share of bad echoes at the worst of the last dip, 0 to 1.")
BYTES = Metric("link_echo_bytes_total", Kind.COUNTER, "IP bytes used by echoes, there and back.")

METRICS = tuple(value for value in dict(vars()).values() if isinstance(value, Metric))


def of_run(found: Summary) -> Iterator[Sample]:
    """The last run's gauges."""
    for stat, value in zip(STATS, found.round_trips, strict=False):
        yield ROUND_TRIP(value, stat=stat)
    if found.jitter is not None:
        yield JITTER(found.jitter)
    yield LOSS(found.loss)
    yield BURSTS(found.bursts)
    yield LONGEST(found.longest)


def of_past(past: Past) -> Iterator[Sample]:
    """What goes on, from the first answer on."""
    if past.usual is None:
        return
    counts = past.counts
    yield OUT(past.out)
    for metric, value in (
        (SENT, counts.sent), (LOST, counts.lost), (DUPLICATES, counts.duplicates), (REORDERED, counts.reordered),
        (OUTAGES, counts.outages), (OUTAGE_SECONDS, counts.outage_seconds), (DIPS, counts.dips),
        (DIP_SECONDS, counts.dip_seconds), (BYTES, counts.used_bytes),
    ):  # fmt: skip
        yield metric(value)
    if counts.dips:
        yield DIP_DEPTH(past.depth)
