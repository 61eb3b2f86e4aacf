"""What all scenarios are drawn with: a source of chance that is always the same for the same seed, and the country."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from alerts.rule import Cause, Scope
from tests.campaign.country import MINUTE, OWNERS, SERVICES, Country, Site
from tests.campaign.faults import Fault, Kind
from tests.campaign.truth import Incident, Scenario

LOCAL = "places"  # used by what happens at offices or provinces; claimed by what leaves no place alone
VOTES = "votes"  # used by what happens to a service of the country
FAILING = SERVICES[:4]  # services that fail; the others are what still answers
ALL_ANSWER = frozenset(f"service {each}" for each in FAILING)  # used by what is told by all services failing at once
SHORT = 6 * MINUTE  # the shortest fault that everybody must be told of


@dataclass(frozen=True, slots=True)
class Draw:
    """province: where a local scenario happens; service, operator: which fails there; owner: whose do at large."""

    chance: Random
    country: Country
    province: str
    service: str = FAILING[0]
    owner: str = OWNERS[0]
    operator: str = ""

    @property
    def sites(self) -> tuple[Site, ...]:
        return self.country.of_province(self.province)

    @property
    def part(self) -> int:
        """Which part of the country the province is in: eight provinces and more of each, so no outage of one or two
        of them is a national one; at most four parts.
        """
        codes = sorted(self.country.inventory.provinces)
        return codes.index(self.province) % min(max(len(codes) // 8, 1), 4)

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


def local(
    draw: Draw, kind: str, faults: Iterable[Fault], incidents: Iterable[Incident], *claims: str,
    uses: Iterable[str] = (),
) -> Scenario:  # fmt: skip
    """A scenario of the whole province."""
    return Scenario(
        kind, tuple(faults), tuple(incidents), frozenset({draw.province, *claims}), frozenset({LOCAL, *uses})
    )


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
