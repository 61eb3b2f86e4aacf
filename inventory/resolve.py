"""From what was written to what is meant: plans, models and the catalogue looked up, defaults filled in. Pure.

Expects files that inventory/check.py found nothing wrong with.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from collectors import messages
from collectors.core.values import Duration
from inventory import asked, budgets
from inventory.catalogue import (
    CatalogueEntry,
    CatalogueFile,
    JourneyEntry,
    OrganisationEntry,
    Pace,
)
from inventory.files import National, ProvinceFiles
from inventory.model import FRESHNESS, Inventory, Journey, Link, Office, Organisation, Province, Service, Ups
from inventory.planned.schema import WorkEntry
from inventory.planned.work import Place, works
from inventory.register import Commune, Register
from inventory.schema import (
    JourneyChoice,
    LinkEntry,
    Name,
    OfficeEntry,
    ProbeEntry,
    ProvinceFile,
    RouterEntry,
    ServiceEntry,
    UpsEntry,
)
from inventory.values import Fields, Scope, Value

_MBPS = 1e6 / 8  # Mbit/s in bytes per second
_PLACEHOLDER = "{province}"
_FEEDS = "/var/lib/communewatch-feeds"  # where owners' reports lie, unless the province says otherwise


def inventory(national: National, provinces: tuple[ProvinceFiles, ...], register: Register) -> Inventory:
    """The whole country, or the part of it that the folder holds."""
    operators = organisations(national.organisations.value.operators)
    owners = organisations(national.organisations.value.owners)
    catalogue = national.catalogue.value
    planned = national.planned.value.works if national.planned else {}
    found = [_province(files, catalogue, operators, owners, register, planned) for files in provinces]
    return Inventory({province.code: province for province in found}, operators, owners, catalogue.elsewhere)


def organisations(entries: Mapping[str, OrganisationEntry]) -> dict[str, Organisation]:
    """The operators or the owners, by id."""
    return {key: Organisation(key, entry.name, entry.networks) for key, entry in entries.items()}


def _province(
    files: ProvinceFiles,
    catalogue: CatalogueFile,
    operators: Mapping[str, Organisation],
    owners: Mapping[str, Organisation],
    register: Register,
    national_works: Mapping[str, WorkEntry],
) -> Province:
    settings, chosen = files.settings.value, files.services.value.services
    national = asked.national_budgets(catalogue)
    services = [
        _service(
            key,
            entry,
            chosen.get(key),
            settings,
            owners[entry.owner],
            affordable(pace, entry, chosen.get(key), files, register, national),
        )
        for key, entry in catalogue.services.items()
        if (pace := catalogue.pace(entry))
    ]
    offices = [
        _office(key, files.entries[key], settings, operators, register.communes[commune_code(key)])
        for key in sorted(files.entries)
    ]
    return Province(
        unit=register.provinces[settings.province],
        offices=tuple(offices),
        services=tuple(services),
        contacts=files.contacts.value,
        probes=settings.probes,
        agent=settings.agent,
        ssh=settings.ssh,
        planned=settings.planned,
        centre=settings.centre,
        feeds=settings.feeds,
        networks=settings.networks,
        joint=catalogue.joint,
        journeys=tuple(_journeys(catalogue.journeys, files.services.value.journeys)),
        works=tuple(works(files.planned.value.works if files.planned else {}, _places(offices), national_works)),
    )


def _places(offices: Iterable[Office]) -> list[Place]:
    return [
        Place(office.id, office.commune.code, office.feeder, {link.id: link.operator.id for link in office.links})
        for office in offices
    ]


def _journeys(entries: Mapping[str, JourneyEntry], chosen: Mapping[str, JourneyChoice]) -> Iterator[Journey]:
    for key, choice in chosen.items():
        if choice.enabled:
            entry = entries[key]
            every = choice.every or entry.pace.every
            yield Journey(key, entry.name, every, entry.pace.timeout, entry.target.plain())


def commune_code(office: str) -> str:
    """The commune of an office: the part of its id before the first hyphen."""
    return office.partition("-")[0]


def _service(
    key: str,
    entry: CatalogueEntry,
    choice: ServiceEntry | None,
    settings: ProvinceFile,
    owner: Organisation,
    pace: Pace,
) -> Service:
    chosen = choice or ServiceEntry(enabled=False)
    return Service(
        id=key,
        name=entry.name,
        owner=owner,
        tier=entry.tier,
        scope=entry.scope,
        budget_per_second=pace.budget_per_second,
        collector=entry.collector,
        target=service_target(key, entry, chosen, settings.web_name),
        every=chosen.every or pace.every,
        timeout=chosen.timeout or pace.timeout,
        enabled=chosen.enabled,
        verified=is_verified(entry, chosen),
        listed=choice is not None,
        note=entry.note,
    )


def allowance(
    pace: Pace, scope: Scope, target: Fields, province: str, register: Register, national: Mapping[str, float]
) -> float:
    """Requests a second that are the province's: its share of the service's budget, and of each national host's."""
    own = budgets.share(pace.budget_per_second, scope, province, register)
    hosts = asked.hosts_of(target) & national.keys()
    return min((own, *(budgets.share(national[host], Scope.NATIONAL, province, register) for host in hosts)))


def is_verified(entry: CatalogueEntry, choice: ServiceEntry) -> bool:
    """Whether the province saw its target answer from an office, or the country its own."""
    return choice.verified is not None or (entry.verified and not choice.target)


def affordable(
    pace: Pace,
    entry: CatalogueEntry,
    choice: ServiceEntry | None,
    files: ProvinceFiles,
    register: Register,
    national: Mapping[str, float],
) -> Pace:
    """The pace, slowed down to what the province's share of the service's budget allows."""
    target = {**entry.target, **(choice.target if choice else {})}
    allowed = allowance(pace, entry.scope, target, files.settings.value.province, register, national)
    asking = budgets.askers(entry.collector, len(files.offices.value.offices))
    asking *= asked.requests_of(entry.collector, target)
    return replace(pace, every=Duration(budgets.interval_of_probes(pace.every, asking, allowed)))


def service_target(key: str, entry: CatalogueEntry, choice: ServiceEntry, web_name: str) -> Fields:
    """The target that a province measures, `{province}` filled in."""
    written = {name: _filled_in(value, web_name) for name, value in {**entry.target, **choice.target}.items()}
    return _feed(key, written) if entry.collector == FRESHNESS else written


def has_address(target: Fields) -> bool:
    """Whether it says whom to ask, not only what is expected of the answer."""
    return bool({"url", "host", "name", "file"} & target.keys())


def _feed(key: str, written: Fields) -> Fields:
    """The owner's report speaks of the service by its id, and lies in a folder of that name."""
    place = {} if {"file", "url"} & written.keys() else {"file": f"{_FEEDS}/{key}/report.json"}
    return {**place, "system": key, **written}


def _filled_in(value: Value, web_name: str) -> Value:
    if isinstance(value, str):
        return value.replace(_PLACEHOLDER, web_name)
    if isinstance(value, tuple):
        return tuple(item.replace(_PLACEHOLDER, web_name) for item in value)
    return {key: item.replace(_PLACEHOLDER, web_name) for key, item in value.items()}


def _office(
    key: str, entry: OfficeEntry, settings: ProvinceFile, operators: Mapping[str, Organisation], commune: Commune
) -> Office:
    here = entry.latitude is not None and entry.longitude is not None
    return Office(
        id=key,
        commune=commune,
        name=entry.name or _usual_name(commune),
        latitude=entry.latitude if here and entry.latitude is not None else commune.latitude,
        longitude=entry.longitude if here and entry.longitude is not None else commune.longitude,
        address=entry.address,
        pushes=(entry.path or ("push" if settings.agent.push else "pull")) == "push",
        ssh_host_key=entry.ssh_host_key,
        links=tuple(link(name, written, settings, operators) for name, written in entry.links.items()),
        upses=tuple(_ups(name, written, settings) for name, written in entry.ups.items()),
        router=router_target(settings, entry.router) if entry.router else {},
        feeder=entry.feeder,
    )


def _usual_name(commune: Commune) -> Name:
    key = f"inventory.office.{commune.type}"
    return Name(messages.text(key, "vi", name=commune.name), messages.text(key, "en", name=commune.name))


def link(key: str, written: str | LinkEntry, settings: ProvinceFile, operators: Mapping[str, Organisation]) -> Link:
    """A link with its plan looked up; rates in bytes per second."""
    own = LinkEntry(written) if isinstance(written, str) else written
    plan = settings.plans[own.plan]
    return Link(
        id=key,
        operator=operators[plan.operator],
        technology=plan.technology,
        down=(plan.down_mbps if own.down_mbps is None else own.down_mbps) * _MBPS,
        up=(plan.up_mbps if own.up_mbps is None else own.up_mbps) * _MBPS,
        monthly_budget=plan.monthly_budget if own.monthly_budget is None else own.monthly_budget,
        interface=own.interface or plan.interface,
        reference=own.reference or plan.reference,
        responder=own.responder or plan.responder,
        circuit=own.circuit,
    )


def _ups(key: str, written: UpsEntry, settings: ProvinceFile) -> Ups:
    model = settings.ups_models[written.model]
    return Ups(key, model.name, model.collector, ups_target(settings, written))


def router_target(settings: ProvinceFile, written: str | RouterEntry) -> Fields:
    """How the centre asks a router: what all of the province have in common, its address, what it has of its own."""
    own = RouterEntry(written) if isinstance(written, str) else written
    return {**settings.probes.get("router", ProbeEntry()).target, "router": own.host, **own.target}


def ups_target(settings: ProvinceFile, written: UpsEntry) -> Fields:
    """What all UPSes of the province, its model, and the UPS itself say, the last word to the last."""
    model = settings.ups_models[written.model]
    common = settings.probes.get(model.collector, ProbeEntry()).target
    address = {"host": written.host.host} | ({"port": str(written.host.port)} if written.host.port else {})
    return {**common, **model.target, **address, **written.target}
