"""What is counted of one receiver, for /metrics."""

from collections import Counter
from collections.abc import Iterator

from agent.uplink.timeline import Unknown
from collectors.core import Sample
from collectors.core.observed import (
    PUSH_BACKLOG,
    PUSH_BACKLOG_AGE,
    PUSH_BYTES,
    PUSH_FAILURES,
    PUSH_MISCONFIGURED,
    PUSH_QUARANTINED,
    PUSH_SAMPLES,
)

REFUSED = "refused"
_REASONS = (REFUSED, Unknown.NEVER.value, Unknown.TAKEN.value)  # shown from 0 on, else the first one is no increase


class Tally:
    """Since the agent started. waiting: samples; age: seconds."""

    def __init__(self, receiver: str) -> None:
        self._receiver = receiver
        self.sent = self.bytes = self.waiting = 0
        self.age = 0.0
        self.misconfigured = False
        self.failures: Counter[str] = Counter()
        self.quarantined = Counter(dict.fromkeys(_REASONS, 0))

    def samples(self) -> Iterator[Sample]:
        """What /metrics shows."""
        to = self._receiver
        yield PUSH_SAMPLES(self.sent, receiver=to)
        yield PUSH_BYTES(self.bytes, receiver=to)
        yield PUSH_BACKLOG(self.waiting, receiver=to)
        yield PUSH_BACKLOG_AGE(self.age, receiver=to)
        yield PUSH_MISCONFIGURED(self.misconfigured, receiver=to)
        for reason, count in self.failures.items():
            yield PUSH_FAILURES(count, receiver=to, reason=reason)
        for reason, count in self.quarantined.items():
            yield PUSH_QUARANTINED(count, receiver=to, reason=reason)
