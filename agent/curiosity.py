"""What makes the agent look at the way again: a link or a service that begins or ceases to work. Pure.

The way is looked at once for all that changes together, and not again for five minutes; a change within them has its
look when they are over, so that none is lost.
"""

from collections.abc import Iterable, Mapping

from agent.config import Probe
from agent.outcome import Outcome
from collectors.core import Reason

_TELLING = frozenset(("link", "service"))
_UNDECIDED = frozenset((Reason.INTERNAL, Reason.PERMISSION, Reason.BUSY, Reason.INVALID))  # says nothing about the way
APART = 300.0  # seconds between two looks
SETTLE = 2.0  # seconds for what fails together


class Curiosity:
    """Which path probes are to run, and when. `now` is on the monotonic clock."""

    def __init__(self) -> None:
        self._paths: frozenset[str] = frozenset()
        self._worked: dict[str, bool] = {}
        self._looks: dict[str, float] = {}

    def keep_only(self, probes: Iterable[Probe]) -> None:
        """Other probes are not configured any more."""
        kept = {probe.key: probe.collector.name for probe in probes}
        self._paths = frozenset(key for key, name in kept.items() if name == "path")
        self._worked = {key: worked for key, worked in self._worked.items() if key in kept}
        self._looks = {key: at for key, at in self._looks.items() if key in self._paths}

    def see(self, outcome: Outcome, now: float) -> Mapping[str, float]:
        """The keys of the path probes that are to run because of this, and in how many seconds."""
        result, key = outcome.reading.result, outcome.probe.key
        if outcome.probe.collector.name not in _TELLING or result in _UNDECIDED:
            return {}
        before, self._worked[key] = self._worked.get(key), result.success
        return {} if before in (None, result.success) else self._due(now)

    def _due(self, now: float) -> Mapping[str, float]:
        awaited = {key for key in self._paths if self._looks.get(key, now) > now}
        due = {key: max(now + SETTLE, self._looks.get(key, now - APART) + APART) for key in self._paths - awaited}
        self._looks.update(due)
        return {key: at - now for key, at in due.items()}
