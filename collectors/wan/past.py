"""What goes on over the looks of one probe: the last look, and the interface that carried the default route. Pure."""

from dataclasses import dataclass, replace

from collectors.wan.counters import Look

_MOST = 2**53


@dataclass(frozen=True, slots=True)
class Past:
    """failovers: how often the default route has moved to another interface."""

    look: Look | None = None
    route: str = ""
    failovers: int = 0

    def plain(self) -> object:
        """What was counted survives the agent; a look is of no use on another clock."""
        return {"route": self.route, "failovers": self.failovers}

    @classmethod
    def read(cls, kept: object) -> "Past":
        """What `plain` gave. Raises ValueError for anything else."""
        match kept:
            case {"route": str() as route, "failovers": int() as count} if 0 <= count <= _MOST:
                return cls(route=route, failovers=count)
        raise ValueError("not what was kept of a WAN")


def moved(past: Past, route: str) -> Past:
    """route: interface of the default route now, "" = there is none, which is no move."""
    if not route or route == past.route:
        return past
    return replace(past, route=route, failovers=past.failovers + bool(past.route))
