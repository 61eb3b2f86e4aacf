"""What goes on over the looks of one probe: the last look, and the interface that carried the default route. Pure."""

from dataclasses import dataclass, replace

from collectors.wan.counters import Look

_MOST = 2**53
_ROUTER = "the router's"  # no interface has such a name


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


def of_router(index: int) -> str:
    """How a route of the router is noted, apart from those of this machine. index: ifIndex, not 0."""
    return f"{_ROUTER} {index}"


def moved(past: Past, route: str) -> Past:
    """route: interface of the default route now, "" = there is none, which is no move.

    A router that has told once is waited for: while its line is down it may have no route, and this machine's is no
    other one.
    """
    told_by_router, tells = past.route.startswith(_ROUTER), route.startswith(_ROUTER)
    if not route or route == past.route or (told_by_router and not tells):
        return past
    return replace(past, route=route, failovers=past.failovers + (bool(past.route) and told_by_router == tells))
