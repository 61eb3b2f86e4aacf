"""The inventory as other parts read it: everything looked up and merged, in base units. Made by inventory/load.py."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from collectors.core.values import Duration, HostPort
from collectors.path.networks import Networks
from inventory import labels, register
from inventory.catalogue import ElsewhereEntry, JointEntry
from inventory.planned.work import Work
from inventory.schema import AgentEntry, CentreEntry, Contacts, Name, ProbeEntry, SshEntry
from inventory.values import Fields, Scope, Technology, Tree

FRESHNESS = "freshness"  # the collector that reads owners' reports


@dataclass(frozen=True, slots=True)
class Organisation:
    """A telecom operator, or a body that answers for services."""

    id: str
    name: Name
    networks: Networks = field(default_factory=Networks)


@dataclass(frozen=True, slots=True)
class Link:
    """One way of an office to the outside world.

    down, up        bytes per second, as contracted
    monthly_budget  bytes that tests may use on it in a calendar month, both directions together
    interface       of the office's machine, "" = the one that the default route uses
    reference       a host whose route leads over this link, "" = the province's usual one
    responder       the same of the throughput responder, None = the province's usual one
    circuit         the operator's own number for the line, "" where unknown
    """

    id: str
    operator: Organisation
    technology: Technology
    down: float
    up: float
    monthly_budget: int
    interface: str
    reference: str
    responder: HostPort | None
    circuit: str


@dataclass(frozen=True, slots=True)
class Ups:
    """One UPS of an office and how it is asked: by which collector, with which target."""

    id: str
    model: str
    collector: str
    target: Fields


@dataclass(frozen=True, slots=True)
class Service:
    """A service as one province measures it: the catalogue's entry with the province's choices.

    collector  who measures it; FRESHNESS on the machine for feeds only, anything else in every office
    enabled    whether the province has turned it on
    listed     whether the province's file names it at all
    """

    id: str
    name: Name
    owner: Organisation
    tier: str
    scope: Scope
    budget_per_second: float
    collector: str
    target: Fields
    every: Duration
    timeout: Duration
    enabled: bool
    verified: bool
    listed: bool
    note: str


@dataclass(frozen=True, slots=True)
class Journey:
    """A journey as the offices of one province walk it; `target` as it was written."""

    id: str
    name: Name
    every: Duration
    timeout: Duration
    target: Mapping[str, Tree]


@dataclass(frozen=True, slots=True)
class Office:
    """One office: where it is, what it has. pushes: it sends its figures; the others are scraped, and never both.

    router   target of the centre's look at its router, {} = nobody looks
    feeder   the power company's code of the line that feeds it, "" where unknown
    """

    id: str
    commune: register.Commune
    name: Name
    latitude: float
    longitude: float
    address: HostPort | None
    pushes: bool
    ssh_host_key: str
    links: tuple[Link, ...]
    upses: tuple[Ups, ...]
    router: Fields = field(default_factory=dict)
    feeder: str = ""

    @property
    def labels(self) -> Mapping[str, str]:
        """Who the office is."""
        return {labels.PROVINCE: self.commune.province, labels.COMMUNE: self.commune.code, labels.OFFICE: self.id}


@dataclass(frozen=True, slots=True)
class Province:
    """One province: its offices in the order of their ids, and what they share.

    feeds     the office on whose machine the owners of data leave their reports, "" = none
    joint     errands that need several services, by id; journeys: those that its offices walk
    planned   communes that have no office yet; works: what others have planned to do to power, lines and services
    """

    unit: register.Province
    offices: tuple[Office, ...]
    services: tuple[Service, ...]
    contacts: Contacts
    probes: Mapping[str, ProbeEntry]
    agent: AgentEntry
    ssh: SshEntry
    planned: Mapping[str, str]
    feeds: str = ""
    networks: Networks = field(default_factory=Networks)
    joint: Mapping[str, JointEntry] = field(default_factory=dict)
    journeys: tuple[Journey, ...] = ()
    works: tuple[Work, ...] = ()
    centre: CentreEntry = field(default_factory=CentreEntry)

    @property
    def code(self) -> str:
        """NSO code, 2 digits."""
        return self.unit.code

    @property
    def enabled_services(self) -> tuple[Service, ...]:
        """What its offices measure."""
        return tuple(service for service in self.services if service.enabled)

    @property
    def enabled_joint(self) -> Mapping[str, JointEntry]:
        """Errands all of whose services its offices measure."""
        return {key: entry for key, entry in self.joint.items() if not self.missing_for(entry)}

    def missing_for(self, errand: JointEntry) -> tuple[str, ...]:
        """The services of an errand that are not turned on."""
        enabled = {service.id for service in self.enabled_services}
        return tuple(service for service in errand.services if service not in enabled)


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything, by code or id, sorted."""

    provinces: Mapping[str, Province]
    operators: Mapping[str, Organisation]
    owners: Mapping[str, Organisation]
    elsewhere: Mapping[str, ElsewhereEntry]

    @property
    def offices(self) -> Iterator[Office]:
        """Every office of every province."""
        return (office for province in self.provinces.values() for office in province.offices)
