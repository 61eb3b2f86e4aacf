"""Outcome: one finished run of one probe, as the runner hands it to whoever keeps or shows it."""

from dataclasses import dataclass

from agent.config import Probe
from collectors.core import Reading


@dataclass(frozen=True, slots=True)
class Outcome:
    """started: Unix time; seconds: how long it took; lateness: seconds between its turn and its start."""

    probe: Probe
    reading: Reading
    started: float
    seconds: float
    lateness: float = 0.0

    @property
    def ended(self) -> float:
        return self.started + self.seconds
