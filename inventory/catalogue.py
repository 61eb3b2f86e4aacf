"""What the country's files may say, as written: services.yml, the catalogue of services, and organisations.yml.

A `target` is handed on to a collector as it is written; the collector's own Target says what may stand there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from collectors.core.decode import Raw
from collectors.core.values import Duration
from collectors.path.networks import Networks
from inventory.schema import Name
from inventory.values import Cover, Fields, Scope


@dataclass(frozen=True, slots=True)
class OrganisationEntry:
    """A telecom operator, or a body that answers for services; networks: whose routers have which addresses."""

    name: Name
    networks: Networks = field(default_factory=Networks)


@dataclass(frozen=True, slots=True)
class OrganisationsFile:
    """organisations.yml, by id."""

    operators: Mapping[str, OrganisationEntry]
    owners: Mapping[str, OrganisationEntry]


@dataclass(frozen=True, slots=True)
class Pace:
    """How often an office asks a service, and what all offices that share its host may send a second, together."""

    every: Duration
    timeout: Duration
    budget_per_second: float

    def check(self) -> Iterable[tuple[str, str]]:
        """A budget of nothing is a slip."""
        if self.budget_per_second <= 0:
            yield "budget_per_second", "should be more than 0"


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A service that offices may depend on; `{province}` in its target stands for a province's `web_name`.

    tier       "1" an office stands still without it, "2" some of its work does, "3" seldom missed; sets the pace,
               unless the entry has a pace of its own
    collector  "service": every office asks; "freshness": the owner's reports, read on the province's `feeds` machine
    target     without an address where none is publicly known: the province that turns it on writes its own
    verified   somebody saw the target answer from an office
    system     number in the list of systems that the government's documents name
    """

    name: Name
    owner: str
    tier: str
    collector: Literal["service", "freshness"] = "service"
    target: Fields = field(default_factory=dict)
    scope: Scope = Scope.NATIONAL
    every: Duration | None = None
    timeout: Duration | None = None
    budget_per_second: float | None = None
    verified: bool = False
    system: int | None = None
    note: str = ""

    def check(self) -> Iterable[tuple[str, str]]:
        """A budget of nothing is a slip."""
        if self.budget_per_second is not None and self.budget_per_second <= 0:
            yield "budget_per_second", "should be more than 0"


@dataclass(frozen=True, slots=True)
class ElsewhereEntry:
    """A system of the government's list that is no service to turn on: how it is covered instead, in both languages."""

    name: Name
    system: int
    cover: Cover
    note: Name


@dataclass(frozen=True, slots=True)
class JointEntry:
    """Services of the catalogue that one errand needs together: judged where a province has turned on all of them."""

    name: Name
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JourneyEntry:
    """Public pages that an errand leads through, walked one after the other; `target` is the collector `journey`'s."""

    name: Name
    owner: str
    pace: Pace
    target: Raw
    verified: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """services.yml of the country, by id. Nothing in it can turn a service on."""

    services: Mapping[str, CatalogueEntry]
    tiers: Mapping[str, Pace] = field(default_factory=dict)
    elsewhere: Mapping[str, ElsewhereEntry] = field(default_factory=dict)
    joint: Mapping[str, JointEntry] = field(default_factory=dict)
    journeys: Mapping[str, JourneyEntry] = field(default_factory=dict)

    def pace(self, entry: CatalogueEntry) -> Pace | None:
        """The entry's own pace where it has one, else its tier's; None when that leaves something open."""
        tier = self.tiers.get(entry.tier)
        every = entry.every or (tier and tier.every)
        timeout = entry.timeout or (tier and tier.timeout)
        budget = entry.budget_per_second or (tier and tier.budget_per_second)
        return Pace(every, timeout, budget) if every and timeout and budget else None
