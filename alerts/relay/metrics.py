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
QUEUE_HELD = Metric("relay_queue_held", Kind.GAUGE, "Notifications that are held until the morning.", ("channel",))
QUEUE_AGE = Metric(
    "relay_queue_oldest_seconds", Kind.GAUGE, "Age of the one that waits longest, 0 = none.", ("channel",)
)
LAST_DELIVERY = Metric(
    "relay_last_delivery_timestamp_seconds", Kind.GAUGE, "When a notification was last delivered, Unix time.",
    ("channel",),
)  # fmt: skip
FAILING = Metric(
    "relay_channel_failing_seconds", Kind.GAUGE,
    "From the first to the last attempt that failed since the channel last took a message, 0 = none did.",
    ("channel",),
)  # fmt: skip
DAMAGED = Metric(
    "relay_damaged_files", Kind.GAUGE, "Files of the queue that could not be read, until somebody takes them away."
)
RECEIVERS_GOOD = Metric(
    "relay_receivers_last_read_successful", Kind.GAUGE, "Whether receivers.yml was right when it last changed."
)
ESCALATIONS = Metric("relay_escalations_total", Kind.COUNTER, "Levels that were told since nobody had acknowledged.")
TOKEN_GOOD = Metric("relay_token_renewed", Kind.GAUGE, "Whether Zalo's token could last be renewed.", ("channel",))

METRICS: tuple[Metric, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Metric))


class Tally:
    """Counts since the start; every series is there from the start, so that `increase` sees the first event."""

    def __init__(self, channels: Iterable[str]) -> None:
        self._channels = tuple(channels)
        self._attempts: Counter[tuple[str, Outcome]] = Counter()
        self._receipts: Counter[Receipt] = Counter()
        self._escalations = 0
        self._delivered: dict[str, float] = {}
        self._failing: dict[str, tuple[float, float]] = {}  # the first and the last attempt, in steady seconds

    def attempt(self, channel: str, outcome: Outcome, now: float, steady: float) -> None:
        """now: Unix time; steady: seconds that no wall clock bends."""
        self._attempts[channel, outcome] += 1
        if outcome is Outcome.DELIVERED:
            self._delivered[channel] = now
            self._failing.pop(channel, None)
        else:
            first, _ = self._failing.get(channel, (steady, steady))
            self._failing[channel] = first, steady

    def receipt(self, receipt: Receipt) -> None:
        self._receipts[receipt] += 1

    def escalation(self) -> None:
        self._escalations += 1

    def samples(self, store: Store, now: float, steady: float) -> Iterator[Sample]:
        """What was counted, and what waits. now: Unix time; steady: the store's own seconds."""
        yield DAMAGED(store.damaged)
        yield ESCALATIONS(self._escalations)
        for receipt in Receipt:
            yield WEBHOOKS(self._receipts[receipt], outcome=receipt)
        for channel in self._channels:
            yield from self._of_channel(channel, store, now, steady)

    def _of_channel(self, channel: str, store: Store, now: float, steady: float) -> Iterator[Sample]:
        waiting = store.ready(channel, now, steady)
        yield QUEUE_LENGTH(len(waiting), channel=channel)
        yield QUEUE_HELD(len(store.pending(channel)) - len(waiting), channel=channel)
        oldest = min((max(letter.created, letter.held) for letter in waiting), default=now)
        yield QUEUE_AGE(max(now - oldest, 0), channel=channel)
        first, last = self._failing.get(channel, (0.0, 0.0))
        yield FAILING(last - first, channel=channel)
        for outcome in Outcome:
            yield NOTIFICATIONS(self._attempts[channel, outcome], channel=channel, outcome=outcome)
        if channel in self._delivered:
            yield LAST_DELIVERY(self._delivered[channel], channel=channel)
