"""One absence of the agent, as it is counted and told."""

from dataclasses import dataclass

from collectors.core.lastword import Away, Evidence


@dataclass(frozen=True, slots=True)
class Absence:
    """seconds: None = cannot be told; ended: Unix time of the return."""

    cause: Away
    evidence: Evidence
    seconds: float | None
    ended: float
