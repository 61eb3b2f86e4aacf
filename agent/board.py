"""The board: the last outcome of every probe, and the samples of those that are still fresh."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from agent.outcome import Outcome
from collectors.core import Reason, Sample
from collectors.core.observed import (
    AGENT_LATE,
    PROBE_DURATION,
    PROBE_FAILURES,
    PROBE_LAST_SUCCESS,
    PROBE_RESULT,
    PROBE_RUNS,
    PROBE_SUCCESS,
    PROBE_TIMESTAMP,
)

KEPT = 10  # last outcomes per probe for /debug/probes
KEPT_BAD = 3  # and so many bad ones, however many good ones came after


@dataclass(frozen=True, slots=True)
class _Entry:
    outcome: Outcome
    expires: float
    last_success: float | None


class Board:
    """Latest answers. `monotonic` arguments are the clock port's monotonic time."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._recent: dict[str, deque[Outcome]] = {}
        self._bad: dict[str, deque[Outcome]] = {}
        self._failures: Counter[tuple[str, Reason]] = Counter()
        self._runs: Counter[str] = Counter()

    def publish(self, outcome: Outcome, monotonic: float) -> None:
        """Every run replaces all that the same probe said before."""
        key, reading = outcome.probe.key, outcome.reading
        before = self._entries.get(key)
        last_success = outcome.ended if reading.success else before.last_success if before else None
        self._entries[key] = _Entry(outcome, monotonic + outcome.time_to_live, last_success)
        self._recent.setdefault(key, deque(maxlen=KEPT)).append(outcome)
        self._runs[key] += 1
        if not reading.success:
            self._bad.setdefault(key, deque(maxlen=KEPT_BAD)).append(outcome)
            self._failures[key, reading.result] += 1

    def keep_only(self, keys: Iterable[str]) -> None:
        """Forget the probes that are no longer configured."""
        for key in self._entries.keys() - set(keys):
            del self._entries[key], self._recent[key], self._runs[key]
            self._bad.pop(key, None)
            for failure in [pair for pair in self._failures if pair[0] == key]:
                del self._failures[failure]

    def fresh(self, monotonic: float) -> tuple[Outcome, ...]:
        """The last outcome of every probe whose answer is not stale."""
        return tuple(entry.outcome for entry in self._entries.values() if monotonic < entry.expires)

    def recent(self) -> Mapping[str, tuple[Outcome, ...]]:
        """The last outcomes of every probe after its last bad ones from before them, oldest first."""
        return {key: (*self._bad_before(key, outcomes), *outcomes) for key, outcomes in self._recent.items()}

    def _bad_before(self, key: str, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        kept = {id(outcome) for outcome in outcomes}
        return (outcome for outcome in self._bad.get(key, ()) if id(outcome) not in kept)

    def samples(self, monotonic: float) -> tuple[Sample, ...]:
        """What /metrics shows of the probes; a stale answer is not among it, what was counted always is."""
        return tuple(chain.from_iterable(self._samples(entry, monotonic) for entry in self._entries.values()))

    def _samples(self, entry: _Entry, monotonic: float) -> Iterator[Sample]:
        probe = entry.outcome.probe
        labels = {"collector": probe.collector.name, **probe.labels}
        for sample in self._counted(entry, probe.key, probe.collector.name):
            yield sample.labelled(labels)
        if monotonic < entry.expires:
            for sample in _observed(entry.outcome):
                yield sample.labelled(labels)
            for sample in entry.outcome.reading.samples:
                yield sample.labelled(probe.labels)

    def _counted(self, entry: _Entry, key: str, collector: str) -> Iterator[Sample]:
        yield PROBE_RUNS(self._runs[key], collector=collector)
        for (owner, reason), count in self._failures.items():
            if owner == key:
                yield PROBE_FAILURES(count, collector=collector, reason=reason)
        if entry.last_success is not None:
            yield PROBE_LAST_SUCCESS(entry.last_success, collector=collector)


def _observed(outcome: Outcome) -> Iterator[Sample]:
    collector, reading = outcome.probe.collector.name, outcome.reading
    yield PROBE_SUCCESS(reading.success, collector=collector)
    yield PROBE_DURATION(outcome.seconds, collector=collector)
    yield PROBE_RESULT(1, collector=collector, reason=reading.result)
    yield PROBE_TIMESTAMP(outcome.ended, collector=collector)
    yield AGENT_LATE(outcome.lateness, collector=collector)
