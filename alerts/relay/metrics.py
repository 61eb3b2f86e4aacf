"""What the relay says about itself."""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum

from alerts.relay.store import Store
from collectors.core import Kind, Metric, Sample


class Outcome(StrEnum):
    """What became of one attempt to deliver."""

    DELIVERED = "delivered"
    RETRIED = "retried"
    FALLBACK = "fallback"  # handed to the fallback channel
    DROPPED = "dropped"  # given up


class Receipt(StrEnum):
    """What became of one call of the webhook."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"  # known already: nothing is delivered twice
    BAD = "bad"
    REFUSED = "refused"  # the queue is full or the disk fails; Alertmanager will try again


NOTIFICATIONS = Metric(
    "relay_notifications_total", Kind.COUNTER, "Attempts to deliver a notification.", ("channel", "outcome")
)
WEBHOOKS = Metric("relay_webhooks_total", Kind.COUNTER, "Calls of the webhook.", ("outcome",))
QUEUE_LENGTH = Metric("relay_queue_length", Kind.GAUGE, "Notifications that wait to be delivered.", ("channel",))
QUEUE_AGE = Metric(
    "relay_queue_oldest_seconds", Kind.GAUGE, "Age of the one that waits longest, 0 = none.", ("channel",)
)
LAST_DELIVERY = Metric(
    "relay_last_delivery_timestamp_seconds", Kind.GAUGE, "When a notification was last delivered, Unix time.",
    ("channel",),
)  # fmt: skip
DAMAGED = Metric("relay_damaged_files", Kind.GAUGE, "Files of the queue that could not be read at the start.")

METRICS: tuple[Metric, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Metric))


class Tally:
    """Counts since the start; every series is there from the start, so that `increase` sees the first event."""

    def __init__(self, channels: Iterable[str]) -> None:
        self._channels = tuple(channels)
        self._attempts: Counter[tuple[str, Outcome]] = Counter()
        self._receipts: Counter[Receipt] = Counter()
        self._delivered: dict[str, float] = {}

    def attempt(self, channel: str, outcome: Outcome, now: float) -> None:
        self._attempts[channel, outcome] += 1
        if outcome is Outcome.DELIVERED:
            self._delivered[channel] = now

    def receipt(self, receipt: Receipt) -> None:
        self._receipts[receipt] += 1

    def samples(self, store: Store, now: float) -> Iterator[Sample]:
        """Everything that /metrics shows."""
        yield DAMAGED(store.damaged)
        for receipt in Receipt:
            yield WEBHOOKS(self._receipts[receipt], outcome=receipt)
        for channel in self._channels:
            waiting = store.pending(channel)
            yield QUEUE_LENGTH(len(waiting), channel=channel)
            yield QUEUE_AGE(max(now - waiting[0].created, 0) if waiting else 0, channel=channel)
            for outcome in Outcome:
                yield NOTIFICATIONS(self._attempts[channel, outcome], channel=channel, outcome=outcome)
            if channel in self._delivered:
                yield LAST_DELIVERY(self._delivered[channel], channel=channel)
