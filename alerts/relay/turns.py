"""Whose turn it is: pure decisions about order, patience and rate. Times are monotonic seconds, handed in."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alerts.relay.letter import Letter
from alerts.rule import Severity


@dataclass(frozen=True, slots=True)
class Trial:
    """What is known of a letter's attempts: how many failed, and when the next one is due."""

    failures: int
    due: float


def next_turn(pending: Iterable[Letter], trials: Mapping[str, Trial], now: float) -> Letter | float | None:
    """The letter to try now, else when to look again, None = when something new comes.

    A group's letters go out in order: "resolved" never overtakes "firing". Groups do not wait for each other; where the
    rate makes many of them wait, what is critical comes first.
    """
    soonest: float | None = None
    first: Letter | None = None
    groups: set[str] = set()
    for letter in pending:
        if letter.group in groups:
            continue
        groups.add(letter.group)
        trial = trials.get(letter.id)
        if trial is None or trial.due <= now:
            if letter.facts.get("severity") == Severity.CRITICAL:
                return letter
            first = first or letter
        else:
            soonest = trial.due if soonest is None else min(soonest, trial.due)
    return first or soonest


_ROUNDING = 1e-6  # seconds


class Rate:
    """At most `per_minute` in any 60 seconds."""

    def __init__(self, per_minute: int) -> None:
        self._last: deque[float] = deque(maxlen=per_minute)

    def wait(self, now: float) -> float:
        """Seconds until one more is allowed. What a sum of floats is short of is no reason to wait."""
        left = self._last[0] + 60 - now if len(self._last) == self._last.maxlen else 0.0
        return left if left > _ROUNDING else 0.0

    def take(self, now: float) -> None:
        self._last.append(now)
