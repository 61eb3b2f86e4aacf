"""What the files of a province may say: one frozen dataclass per file, as written, before anything is looked up.

The country's are in inventory/catalogue.py.

    provinces/04/province.yml                what the offices of a province share: plans, UPS models, schedules
    provinces/04/offices.yml                 one entry per office: its links and UPSes
    provinces/04/services.yml                which services of the catalogue are measured from there
    provinces/04/contacts.yml                who is told

A `target` is handed on to a collector as it is written; the collector's own Target says what may stand there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from collectors.core.decode import Raw
from collectors.core.values import Duration, HostPort, Listen
from collectors.path.networks import Networks
from inventory.hours import Hours, TimeOfDay
from inventory.values import ByteSize, Day, Fields, Technology


@dataclass(frozen=True, slots=True)
class Name:
    """What people call a thing, Vietnamese and English."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """What an operator sells: offices refer to it by name. Rates as contracts write them, in Mbit/s.

    A link beside the one that carries the default route is looked at over hosts whose route leads over it:
    interface   of the office's machine that the link hangs on
    reference   a host to ping; responder: an address of the throughput responder. Both routed over this link
    """

    operator: str
    technology: Technology
    down_mbps: float
    up_mbps: float
    monthly_budget: ByteSize
    interface: str = ""
    reference: str = ""
    responder: HostPort | None = None


@dataclass(frozen=True, slots=True)
class UpsModelEntry:
    """A make of UPS and how it is asked: everything but the address.

    collector  ups = by SNMP, through its card; nut = a NUT server reads it, for example over USB
    """

    name: str
    collector: Literal["ups", "nut"] = "ups"
    target: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProbeEntry:
    """How often a collector runs in this province, and what all its targets there have in common."""

    every: Duration | None = None
    timeout: Duration | None = None
    target: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AgentEntry:
    """Settings of every agent of the province.

    traps      where UPSes' traps are heard, such as 0.0.0.0:1162
    last_word  who is told at once when mains fails: the fields of the agent's Receiver; nobody if left out
    push       where offices send what they measure: the fields of the agent's Push; without it they are scraped
    version    the release that offices should run; left out: the one that renders
    """

    listen: HostPort = HostPort("127.0.0.1", 9817)
    contact: str = ""
    concurrency: int | None = None
    traps: Listen | None = None
    last_word: Fields = field(default_factory=dict)
    push: Raw | None = None
    version: str = ""

    def check(self) -> Iterable[tuple[str, str]]:
        """The agent needs a port to listen on."""
        if self.listen.port is None:
            yield "listen", "needs a port, for example 127.0.0.1:9817"


@dataclass(frozen=True, slots=True)
class CentreEntry:
    """The centre's own agent, which looks at the routers of the province's offices: where Prometheus finds it."""

    listen: HostPort = HostPort("127.0.0.1", 9823)

    def check(self) -> Iterable[tuple[str, str]]:
        """It needs a port to listen on."""
        if self.listen.port is None:
            yield "listen", "needs a port, for example 127.0.0.1:9823"


@dataclass(frozen=True, slots=True)
class SshEntry:
    """How the province logs in on its offices' machines."""

    user: str = "root"
    port: int = 22


@dataclass(frozen=True, slots=True)
class ProvinceFile:
    """province.yml. `planned`: communes that have no office yet, with a word on when or why.

    feeds     the office on whose machine the owners of data leave their reports (collector `freshness`)
    networks  whose routers have which addresses, as far as operators and owners do not say (collector `path`)
    places    words for a place in files of planned work, such as a substation or a commune of before the merger
              -> the communes, offices and feeders that are meant
    """

    province: str
    web_name: str
    plans: Mapping[str, PlanEntry]
    probes: Mapping[str, ProbeEntry]
    ups_models: Mapping[str, UpsModelEntry] = field(default_factory=dict)
    agent: AgentEntry = AgentEntry()
    centre: CentreEntry = CentreEntry()
    ssh: SshEntry = SshEntry()
    planned: Mapping[str, str] = field(default_factory=dict)
    feeds: str = ""
    networks: Networks = field(default_factory=Networks)
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    addresses_repeat: bool = False  # true where every office's LAN uses the same private addresses


@dataclass(frozen=True, slots=True)
class LinkEntry:
    """A link that differs from its plan; what is left out is the plan's."""

    plan: str
    down_mbps: float | None = None
    up_mbps: float | None = None
    monthly_budget: ByteSize | None = None
    interface: str = ""
    reference: str = ""
    responder: HostPort | None = None
    circuit: str = ""


@dataclass(frozen=True, slots=True)
class UpsEntry:
    """A UPS in an office; `host` is its card or its NUT server; `target` overrides its model's."""

    model: str
    host: HostPort
    target: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RouterEntry:
    """The router of an office, as the centre reaches it; `target` overrides what all of the province have in common."""

    host: str
    target: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfficeEntry:
    """One office. Without a name it is the public administration service centre of its commune.

    address   where the province reaches the office's machine; without a port the one the agents listen on is meant
    path      how its figures come to the province; left out: push where the province's agents push, else pull
    links     a plan's name, or a mapping where the link differs from the plan
    router    where the centre reaches its router, so that it can look at it; left out: nobody looks
    feeder    the power company's code of the line that feeds it (EVN: the medium-voltage feeder), "" where unknown
    """

    links: Mapping[str, str | LinkEntry]
    ups: Mapping[str, UpsEntry] = field(default_factory=dict)
    address: HostPort | None = None
    router: str | RouterEntry = ""
    feeder: str = ""
    path: Literal["push", "pull"] | None = None
    name: Name | None = None
    latitude: float | None = None
    longitude: float | None = None
    ssh_host_key: str = ""

    def check(self) -> Iterable[tuple[str, str]]:
        """A point has two coordinates."""
        if (self.latitude is None) != (self.longitude is None):
            yield "latitude" if self.longitude is None else "longitude", "needs the other coordinate beside it"


@dataclass(frozen=True, slots=True)
class OfficesFile:
    """offices.yml: office id -> OfficeEntry. An id is the commune's code, a hyphen and a suffix: 01273-1."""

    offices: Mapping[str, Raw]


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """A service that the province measures; what is left out is the catalogue's.

    verified   the day on which somebody saw the target answer from an office; nothing is measured without
    """

    enabled: bool = True
    verified: Day | None = None
    every: Duration | None = None
    timeout: Duration | None = None
    target: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JourneyChoice:
    """A journey that the province's offices walk."""

    enabled: bool = True
    every: Duration | None = None


@dataclass(frozen=True, slots=True)
class ServicesFile:
    """services.yml of a province, by the catalogue's ids."""

    services: Mapping[str, ServiceEntry]
    journeys: Mapping[str, JourneyChoice] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Level:
    """Who is told as well when nobody has acknowledged an alert for so long; without a time: never of that severity."""

    channels: tuple[str, ...]
    critical: Duration | None = None
    warning: Duration | None = None

    def check(self) -> Iterable[tuple[str, str]]:
        """A level that tells nobody, or never, is a slip."""
        if not self.channels:
            yield "channels", "is empty: this level would tell nobody"
        if self.critical is None and self.warning is None:
            yield "channels", "of this level are never told: say after how long, `critical: 15m` or `warning: 4h`"


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to tell: `channels` are names that the relay's configuration gives an address to.

    No personal data: a role, a hotline, not a person.

    channels    told of everything; at night only of what is critical, the rest waits for the morning
    urgent      told of what is critical only, at any hour: phones, SMS
    quiet       told at night of what is less than critical, too: a mailbox that wakes nobody
    escalation  told as well, level by level, while nobody has acknowledged
    """

    name: Name
    channels: tuple[str, ...]
    phone: str = ""
    urgent: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()
    escalation: tuple[Level, ...] = ()

    def check(self) -> Iterable[tuple[str, str]]:
        """A contact that nothing can reach is a slip."""
        if not self.channels:
            yield "channels", "is empty: this contact could not be reached"


@dataclass(frozen=True, slots=True)
class Contacts:
    """contacts.yml: who is told about what in a province. `operators` and `owners` by id; without one: the province.

    night   hours in which people sleep, Vietnam's time; without them there is no difference between day and night
    digest  when what can wait (severity info) is told, once a day in one message; without it: at once
    """

    province: Contact
    operators: Mapping[str, Contact] = field(default_factory=dict)
    owners: Mapping[str, Contact] = field(default_factory=dict)
    power: Contact | None = None
    night: Hours | None = None
    digest: TimeOfDay | None = None
