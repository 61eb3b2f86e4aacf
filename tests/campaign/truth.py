"""Scenarios with their truth, as frozen values."""

from dataclasses import dataclass, replace

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
    """kind: of the list in draw.

    claims  what it must have for itself while it lasts: places, services, operators
    uses    what may be shared with others, and claimed by none
    """

    kind: str
    faults: tuple[Fault, ...]
    incidents: tuple[Incident, ...]
    claims: frozenset[str]
    uses: frozenset[str] = frozenset()

    @property
    def length(self) -> float:
        """Seconds until the last fault is over."""
        return max(fault.end for fault in self.faults)

    def goes_with(self, other: "Scenario") -> bool:
        """Whether both may happen at the same time: neither changes what people should be told of the other."""
        return not (self.claims & (other.claims | other.uses) or self.uses & other.claims)

    def later(self, seconds: float) -> "Scenario":
        """The same, begun at another time."""
        return replace(
            self,
            faults=tuple(replace(one, start=one.start + seconds, end=one.end + seconds) for one in self.faults),
            incidents=tuple(replace(one, start=one.start + seconds, end=one.end + seconds) for one in self.incidents),
        )
