"""Scenarios with their truth, as frozen values."""

from dataclasses import dataclass, field, replace

from alerts.rule import Cause, Scope
from tests.campaign.faults import Fault


@dataclass(frozen=True, slots=True)
class Incident:
    """What people should be told once, and how.

    causes, scopes  the right ones; of several any is right: where nothing can tell, "unknown" is
    offices         that it reaches; provinces: the same; service: "" for all
    planned         it was announced
    silent          nobody should be told: too short, or announced
    """

    causes: tuple[Cause, ...]
    scopes: tuple[Scope, ...]
    offices: frozenset[str]
    provinces: frozenset[str]
    start: float
    end: float
    service: str = ""
    operator: str = ""
    planned: bool = False
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """kind: of the list in draw; length: seconds until all is over and told; alone: nothing else beside it."""

    kind: str
    name: str
    faults: tuple[Fault, ...]
    incidents: tuple[Incident, ...]
    length: float
    provinces: frozenset[str] = field(default_factory=frozenset)
    alone: bool = False

    def later(self, seconds: float) -> "Scenario":
        """The same, begun at another time."""
        return replace(
            self,
            faults=tuple(replace(one, start=one.start + seconds, end=one.end + seconds) for one in self.faults),
            incidents=tuple(replace(one, start=one.start + seconds, end=one.end + seconds) for one in self.incidents),
        )
