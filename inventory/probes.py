"""What the agent of an office measures: the `probes:` of its agent.yml, made from what the office has. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from collectors import messages
from inventory import budgets, labels
from inventory.model import FRESHNESS, Link, Office, Province
from inventory.schema import Name, ProbeEntry
from inventory.values import Fields, Tree

_NOTHING = ProbeEntry()


@dataclass(frozen=True, slots=True)
class Probe:
    """One entry of agent.yml; without `every` or `timeout` the collector's own schedule holds."""

    collector: str
    labels: Mapping[str, str]
    name: Name
    every: float | None
    timeout: float | None
    target: Mapping[str, Tree]


def of_office(office: Office, province: Province) -> tuple[Probe, ...]:
    """Its machine, each link (and its throughput, where the province has a responder), UPS, service and journey."""
    return (
        *_host(province),
        *_links(office, province),
        *_upses(office, province),
        *_services(office, province),
        *_journeys(province),
    )


def _host(province: Province) -> Iterator[Probe]:
    entry = province.probes.get("host", _NOTHING)
    yield Probe("host", {}, _name("host"), entry.every, entry.timeout, entry.target)


def _links(office: Office, province: Province) -> Iterator[Probe]:
    latency, throughput = province.probes.get("link", _NOTHING), province.probes.get("bandwidth")
    for link in office.links:
        identity = {labels.LINK: link.id}
        target = _link_target(latency, link)
        yield Probe("link", identity, _link_name("link", link), latency.every, latency.timeout, target)
        if throughput and (link.responder or link is office.links[0]):  # else the test would fill another link
            every = budgets.interval_of_tests(link, throughput.every or budgets.TEST_EVERY)
            target = _bandwidth_target(throughput, link)
            yield Probe("bandwidth", identity, _link_name("bandwidth", link), every, throughput.timeout, target)


def _link_target(entry: ProbeEntry, link: Link) -> Fields:
    """What the province's links have in common, and what this link has of its own."""
    own = {"interface": link.interface, "reference": link.reference}
    return {**entry.target, **{key: value for key, value in own.items() if value}}


def _bandwidth_target(entry: ProbeEntry, link: Link) -> Fields:
    """The responder, and what a test of this link may use; a bound that the province sets goes first."""
    own = {"responder": str(link.responder)} if link.responder else {}
    return {"max_bytes": str(budgets.bytes_of_test(link)), **entry.target, **own}


def _upses(office: Office, province: Province) -> Iterator[Probe]:
    for ups in office.upses:
        entry = province.probes.get(ups.collector, _NOTHING)
        name = _name("ups" if len(office.upses) == 1 else "ups_of_several", ups=ups.id)
        yield Probe(ups.collector, {labels.UPS: ups.id}, name, entry.every, entry.timeout, ups.target)


def _services(office: Office, province: Province) -> Iterator[Probe]:
    """Every office asks what can be asked; owners' reports lie on one machine."""
    for service in province.enabled_services:
        if service.collector != FRESHNESS or office.id == province.feeds:
            identity = {labels.SERVICE: service.id}
            yield Probe(service.collector, identity, service.name, service.every, service.timeout, service.target)


def _journeys(province: Province) -> Iterator[Probe]:
    for journey in province.journeys:
        identity = {labels.SERVICE: journey.id}
        yield Probe("journey", identity, journey.name, journey.every, journey.timeout, journey.target)


def _name(key: str, **values: object) -> Name:
    key = f"inventory.probe.{key}"
    return Name(messages.text(key, "vi", **values), messages.text(key, "en", **values))


def _link_name(kind: str, link: Link) -> Name:
    technology = f"inventory.technology.{link.technology}"
    vi, en = messages.text(technology, "vi"), messages.text(technology, "en")
    key = f"inventory.probe.{kind}"
    return Name(
        messages.text(key, "vi", operator=link.operator.name.vi, technology=vi),
        messages.text(key, "en", operator=link.operator.name.en, technology=en),
    )
