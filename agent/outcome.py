"""Outcome: one finished run of one probe, as the runner hands it to whoever keeps or shows it."""

from dataclasses import dataclass

from agent.config import Probe
from collectors.core import Reading


@dataclass(frozen=True, slots=True)
class Outcome:
    """started: Unix time; seconds: how long it took; lateness: seconds between its turn and its start.

    turns  of so many turns one is taken from now on (agent/backoff.py)
    """

    probe: Probe
    reading: Reading
    started: float
    seconds: float
    lateness: float = 0.0
    turns: int = 1

    @property
    def ended(self) -> float:
        return self.started + self.seconds

    @property
    def time_to_live(self) -> float:
        """Seconds until it is stale: the turns that are left out on purpose are no missed ones."""
        return self.probe.schedule.time_to_live + (self.turns - 1) * self.probe.schedule.every
