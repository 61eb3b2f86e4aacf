"""The metrics of a capacity probe. Rates in bytes per second at the IP layer (RFC 9097, ITU-T Y.1540)."""

from collections.abc import Iterator

from collectors.capacity.estimate import Doubt, Estimate
from collectors.core import Kind, Metric, Sample
from collectors.core.ports import Direction, Train

METHOD = "knee-bursts-2"  # changes whenever figures of two versions could differ

_EACH = ("direction",)
CAPACITY = Metric(
    "link_capacity_bytes_per_second", Kind.GAUGE,
    "What the link carries at the IP layer, whoever uses it. Absent where the last probe could not tell.", _EACH,
)  # fmt: skip
AT_LEAST = Metric(
    "link_capacity_at_least_bytes_per_second", Kind.GAUGE,
    "What an unsaturated link has been seen to carry at the IP layer; it may carry more.", _EACH,
)  # fmt: skip
AVAILABLE = Metric(
    "link_available_bytes_per_second", Kind.GAUGE,
    "What others left of the capacity during the last probe; single values scatter, take the median of several.", _EACH,
)  # fmt: skip
VALID = Metric("link_capacity_valid", Kind.GAUGE, "Whether the last capacity probe gave an honest figure.", _EACH)
DOUBT = Metric(
    "link_capacity_doubt", Kind.GAUGE, "1 for each reason why the last capacity probe gave no figure, 0 for others.",
    ("direction", "reason"),
)  # fmt: skip
BYTES = Metric("link_capacity_bytes_total", Kind.COUNTER, "IP bytes used by capacity probes since the start.", _EACH)
USED = Metric("link_capacity_used_bytes", Kind.GAUGE, "IP bytes used by the last capacity probe.", _EACH)
DURATION = Metric("link_capacity_duration_seconds", Kind.GAUGE, "How long the last probe's packets flowed.", _EACH)
LOADED = Metric(
    "link_loaded_round_trip_seconds", Kind.GAUGE,
    "Round trip while the probe filled the queue: the idle one and the queue's delay.", _EACH,
)  # fmt: skip
LOSS = Metric("link_capacity_loss_ratio", Kind.GAUGE, "Share of the train's packets that were lost.", _EACH)
BUCKET = Metric(
    "link_bucket_bytes", Kind.GAUGE, "Bytes that passed beyond the link's rate before it showed.", _EACH
)  # fmt: skip
OWN_LOAD = Metric(
    "link_capacity_own_load_bytes_per_second", Kind.GAUGE,
    "What the office itself moved just before the last probe, by the counters of its WAN interface.", _EACH,
)  # fmt: skip
CONTENDED = Metric(
    "link_capacity_contended", Kind.GAUGE,
    "Whether that was a tenth of the link or more: the capacity holds, what was free of it was less for that.", _EACH,
)  # fmt: skip
TIMESTAMP = Metric("link_capacity_timestamp_seconds", Kind.GAUGE, "When the last capacity probe ended, Unix time.")
INFO = Metric("link_capacity_info", Kind.GAUGE, "1; the method of the last capacity probe.", ("method",))

METRICS = tuple(value for value in dict(vars()).values() if isinstance(value, Metric))


def samples(direction: Direction, train: Train, found: Estimate | None) -> Iterator[Sample]:
    """What one direction gives; `found` None: the probe failed."""
    yield VALID(found is not None and found.valid, direction=direction)
    yield BYTES(train.total_bytes, direction=direction)
    yield USED(train.used_bytes, direction=direction)
    if found is None:
        return
    for doubt in Doubt:
        yield DOUBT(doubt in found.doubts, direction=direction, reason=doubt)
    for metric, value in ((CAPACITY, found.capacity), (AT_LEAST, found.at_least), (AVAILABLE, found.available),
                          (BUCKET, found.bucket), (CONTENDED, found.contended)):  # fmt: skip
        if value is not None:
            yield metric(value, direction=direction)
    yield from _of_the_train(direction, train)


def _of_the_train(direction: Direction, train: Train) -> Iterator[Sample]:
    if "train" in train.phases:
        yield DURATION(train.phases["train"], direction=direction)
    if train.heard and train.heard.received:
        heard = train.heard
        yield LOSS(heard.lost / (heard.lost + heard.received), direction=direction)
        yield LOADED(train.round_trip_seconds + heard.delay_rise, direction=direction)
