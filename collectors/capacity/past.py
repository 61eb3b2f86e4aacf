"""What a capacity probe remembers of a dip: how long it is looked at closely, and how fast the next train is. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from collectors.core.line import LineLook
from collectors.core.ports import Direction

_MOST = 2**53


@dataclass(frozen=True, slots=True)
class Low:
    """A direction far below its contract. capacity: bytes per second; bucket: bytes that passed before it showed."""

    capacity: float
    bucket: float = 0.0


Lows = Mapping[Direction, Low]
NONE: Lows = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Looked(LineLook):
    """lows: the directions that were low; known: those that gave an answer, low or not."""

    lows: Lows = field(default_factory=lambda: NONE)
    known: frozenset[Direction] = frozenset()


@dataclass(frozen=True, slots=True)
class Dip:
    """probes: how many in a row gave a figure far below the contract; lows: the last ones, by direction."""

    probes: int = 0
    lows: Lows = field(default_factory=lambda: NONE)

    def after(self, looked: Looked) -> "Dip":
        """A direction that gave no answer is as low as it was."""
        kept = {each: low for each, low in self.lows.items() if each not in looked.known}
        probes = self.probes + 1 if looked.low else 0 if looked.low is False else self.probes
        return Dip(probes, MappingProxyType({**kept, **looked.lows}))

    def plain(self) -> object:
        """As JSON has it."""
        lows = {direction: [low.capacity, low.bucket] for direction, low in self.lows.items()}
        return {"probes": self.probes, "lows": lows}

    @classmethod
    def read(cls, kept: object) -> "Dip":
        """What `plain` gave. Raises ValueError for anything else."""
        match kept:
            case {"probes": int(probes), "lows": dict(lows)} if 0 <= probes <= _MOST:
                return cls(probes, MappingProxyType({_direction(name): _low(low) for name, low in lows.items()}))
        raise ValueError("not what was kept of a dip")


def _direction(name: Any) -> Direction:
    if name == "down":
        return "down"
    if name == "up":
        return "up"
    raise ValueError("not what was kept of a dip: no direction")


def _low(kept: Any) -> Low:
    match kept:
        case [int() | float() as capacity, int() | float() as bucket] if 0 < capacity <= _MOST and 0 <= bucket <= _MOST:
            return Low(capacity, bucket)
    raise ValueError("not what was kept of a dip: no rate")
