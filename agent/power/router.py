"""Whether the router stands on the UPS, learnt from what the link does when mains fails. Pure.

A link that lives through the first half minute on battery has all its equipment on one. A link that is dead as soon as
mains is: the router, the modem or the box of the operator in the house is not. What dies later, the operator's node at
the corner perhaps, tells nothing.
"""

from dataclasses import dataclass, replace

ALIVE = 30.0  # seconds on battery after which a working link is a proof
DEATH = 15.0  # seconds after mains within which the first look at the link has to find it dead
BEFORE = 60.0  # seconds before it, within which the link was last seen working
DOUBT = 2  # outages in a row that speak against a router which once was on the UPS: it may have been moved


@dataclass(frozen=True, slots=True)
class Router:
    """What is known, and the state of the outage that runs. Times are monotonic seconds.

    on_ups   None = unknown; deaths: outages in a row in which the link died with mains
    up       when the link was last seen working; lost: when mains was lost, None while it is there
    decided  whether this outage has said what it can
    """

    on_ups: bool | None = None
    deaths: int = 0
    up: float | None = None
    lost: float | None = None
    decided: bool = False

    def mains_lost(self, at: float) -> "Router":
        """Mains is away, for certain."""
        return self if self.lost is not None else replace(self, lost=at, decided=False)

    def mains_back(self) -> "Router":
        """Mains is there; also said when it always was."""
        return replace(self, lost=None, decided=False)

    def link(self, works: bool, at: float) -> "Router":
        """The link was looked at, from `at` on."""
        if self.lost is None or self.decided or at < self.lost:
            return replace(self, up=at) if works else self
        if works:
            return replace(self, up=at) if at - self.lost < ALIVE else self._learnt(True, 0)
        if at - self.lost > DEATH or self.up is None or not self.lost - BEFORE <= self.up <= self.lost:
            return replace(self, decided=True)
        deaths = self.deaths + 1
        return self._learnt(self.on_ups is True and deaths < DOUBT, deaths)

    def _learnt(self, on_ups: bool, deaths: int) -> "Router":
        return replace(self, on_ups=on_ups, deaths=deaths, decided=True)
