"""What all scenarios are drawn with: a source of chance that is always the same for the same seed, and the country."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from alerts.rule import Cause, Scope
from tests.campaign.country import MINUTE, Country, Site
from tests.campaign.faults import Fault, Kind
from tests.campaign.truth import Incident

SHORT = 6 * MINUTE  # the shortest fault that everybody must be told of


@dataclass(frozen=True, slots=True)
class Draw:
    """`province`: where a local scenario happens."""

    chance: Random
    country: Country
    province: str

    @property
    def sites(self) -> tuple[Site, ...]:
        return self.country.of_province(self.province)

    def site(self, fits: Callable[[Site], bool]) -> Site:
        """One of the province."""
        return self.chance.choice([site for site in self.sites if fits(site)])

    def times(self, least: float = SHORT, most: float = 15 * MINUTE) -> tuple[float, float]:
        """Begin and end of a fault."""
        start = self.chance.uniform(15, 75)
        return start, start + self.chance.uniform(least, most)

    def some(self, sites: Sequence[Site], part: float) -> tuple[Site, ...]:
        """A share of them, at random, at least one."""
        return tuple(self.chance.sample(sites, max(1, round(part * len(sites)))))


def ids(sites: Iterable[Site]) -> frozenset[str]:
    return frozenset(site.id for site in sites)


def incident(
    causes: Cause | tuple[Cause, ...], scopes: Scope | tuple[Scope, ...], sites: Iterable[Site],
    times: tuple[float, float], *, service: str = "", operator: str = "", silent: bool = False, planned: bool = False,
) -> Incident:  # fmt: skip
    """The truth about something that befalls these sites."""
    hit = tuple(sites)
    return Incident(
        causes if isinstance(causes, tuple) else (causes,),
        scopes if isinstance(scopes, tuple) else (scopes,),
        ids(hit), frozenset(site.province for site in hit), *times,
        service=service, operator=operator, silent=silent, planned=planned,
    )  # fmt: skip


def fault(kind: Kind, sites: Iterable[Site], times: tuple[float, float], **more: object) -> Fault:
    """The same fault at all of them."""
    return Fault(kind, ids(sites), *times, **more)  # type: ignore[arg-type]
