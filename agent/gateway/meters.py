"""What the gateway counts about itself, and how that becomes samples."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from agent.gateway.judge import Refusal
from agent.gateway.offices import Caller
from collectors.core import Sample
from collectors.core.gateway import (
    GATEWAY_BYTES,
    GATEWAY_IN_FLIGHT,
    GATEWAY_INFO,
    GATEWAY_ISSUED,
    GATEWAY_OFFICE_EXPIRY,
    GATEWAY_OFFICE_SEEN,
    GATEWAY_REFUSALS,
    GATEWAY_REQUESTS,
    GATEWAY_SAMPLES,
    GATEWAY_START,
)

_TOLD = 60.0  # seconds between two log lines of the same: an office that is refused comes again and again
_MOST_TOLD = 20_000


@dataclass(frozen=True, slots=True)
class _Seen:
    """When an office was last served, and when its certificate ends, Unix time; and its labels."""

    at: float
    expires: float
    labels: Mapping[str, str]


@dataclass(slots=True)
class Meters:
    """Counters since the start. `started`: Unix time."""

    started: float
    requests: int = 0
    samples_taken: int = 0
    received: int = 0
    issued: int = 0
    in_flight: int = 0
    refusals: Counter[Refusal] = field(default_factory=Counter)
    _seen: dict[str, _Seen] = field(default_factory=dict)
    _told: dict[tuple[str, Refusal], float] = field(default_factory=dict)

    def refused(self, office: str, why: Refusal, now: float) -> bool:
        """Count it. Whether it is worth a line in the log: once a minute for each office and reason."""
        self.refusals[why] += 1
        if now - self._told.get((office, why), -_TOLD) < _TOLD:
            return False
        if len(self._told) >= _MOST_TOLD:
            self._told.clear()
        self._told[office, why] = now
        return True

    def took(self, who: Caller, labels: Mapping[str, str], samples: int, received: int, now: float) -> None:
        """The store has so many samples more."""
        self.requests += 1
        self.samples_taken += samples
        self.received += received
        self._seen[who.office] = _Seen(now, who.expires, labels)

    def keep_only(self, offices: Iterable[str]) -> None:
        """Forget those that the inventory no longer has."""
        for gone in self._seen.keys() - set(offices):
            del self._seen[gone]

    def samples(self, version: str) -> Iterator[Sample]:
        """Every counter from the first scrape on, so that rates see the first event."""
        yield GATEWAY_INFO(1, version=version)
        yield GATEWAY_START(self.started)
        yield GATEWAY_REQUESTS(self.requests)
        yield GATEWAY_SAMPLES(self.samples_taken)
        yield GATEWAY_BYTES(self.received)
        yield GATEWAY_ISSUED(self.issued)
        yield GATEWAY_IN_FLIGHT(self.in_flight)
        for why in Refusal:
            yield GATEWAY_REFUSALS(self.refusals[why], reason=why)
        for seen in self._seen.values():
            yield GATEWAY_OFFICE_SEEN(seen.at, **seen.labels)
            yield GATEWAY_OFFICE_EXPIRY(seen.expires, **seen.labels)
