"""What the agent of an office measures: the `probes:` of its agent.yml, made from what the office has. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from collectors import messages
from collectors.path.networks import LISTED, Networks
from inventory import budgets, labels
from inventory.model import FRESHNESS, Link, Office, Province
from inventory.schema import Name, ProbeEntry
from inventory.values import Fields, Technology, Tree

_NOTHING = ProbeEntry()
_MBITS = 8 / 1e6
_FASTEST = 2000 / _MBITS  # bytes per second: a faster link cannot be told by a train of packets


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
    """Its machine, each link (and its rates, where the province has a responder), the way through the network, UPS,
    service and journey.
    """
    return (
        *_host(province),
        *_links(office, province),
        *_path(office, province),
        *_upses(office, province),
        *_services(office, province),
        *_journeys(province),
    )


def _host(province: Province) -> Iterator[Probe]:
    entry = province.probes.get("host", _NOTHING)
    yield Probe("host", {}, _name("host"), entry.every, entry.timeout, entry.target)


def _links(office: Office, province: Province) -> Iterator[Probe]:
    latency = province.probes.get("link", _NOTHING)
    for link in office.links:
        target = _link_target(latency, link)
        name = _link_name("link", link)
        yield Probe("link", {labels.LINK: link.id}, name, latency.every, latency.timeout, target)
        if link.responder or link is office.links[0]:  # else the test would fill another link
            counters = province.probes.get("wan") if link is office.links[0] else None
            yield from _rates(link, province, counters.target if counters else {})
            yield from _echoes(link, province)
        yield from _signal(link, province)
    yield from _wan(office.links[0], province)


def _echoes(link: Link, province: Province) -> Iterator[Probe]:
    """As often as the link can well afford, unless the province says how often."""
    if entry := province.probes.get("echo"):
        target = {"interval": f"{budgets.interval_of_echoes(link):g}s", **_responder(entry, link)}
        name = _link_name("echo", link)
        yield Probe("echo", {labels.LINK: link.id}, name, entry.every, entry.timeout, target)


def _signal(link: Link, province: Province) -> Iterator[Probe]:
    """Of a mobile link, where the modems of the province are known to ModemManager."""
    entry = province.probes.get("modem")
    if entry and link.technology in (Technology.MOBILE_4G, Technology.MOBILE_5G):
        name = _link_name("modem", link)
        yield Probe("modem", {labels.LINK: link.id}, name, entry.every, entry.timeout, entry.target)


def _wan(link: Link, province: Province) -> Iterator[Probe]:
    """Of the first link, where the default route leads: its counters are the same in all offices of the province."""
    if entry := province.probes.get("wan"):
        target = {**_contract(link), **entry.target}
        yield Probe("wan", {labels.LINK: link.id}, _link_name("wan", link), entry.every, entry.timeout, target)


def _rates(link: Link, province: Province, counters: Fields) -> Iterator[Probe]:
    """What uses the link's monthly budget: its capacity and its throughput, as far as the province measures them."""
    known = {"counters": counters} if counters else {}
    pace = budgets.pace(link, province.probes)
    capacity, throughput = province.probes.get("capacity"), province.probes.get("bandwidth")
    if capacity and max(link.down, link.up) <= _FASTEST:
        bound = budgets.bound_of_probe(link)
        target = {
            **({"max_bytes": str(bound)} if bound else {}), **known, **_responder(capacity, link), **_contract(link),
            **_budget(link),
        }  # fmt: skip
        yield Probe(
            "capacity", {labels.LINK: link.id}, _link_name("capacity", link), pace.probe, capacity.timeout, target
        )
    if throughput:
        shared = _budget(link) if capacity else {}
        target = {**_bounds(link), **known, **_contract(link), **_responder(throughput, link), **shared}
        name = _link_name("bandwidth", link)
        yield Probe("bandwidth", {labels.LINK: link.id}, name, pace.test, throughput.timeout, target)


def _bounds(link: Link) -> Fields:
    """Of a throughput test; what the province sets goes first."""
    far = link.technology is Technology.SATELLITE
    longest = {"max_duration": f"{budgets.LONGEST_TEST_OF_SATELLITE:g}s"} if far else {}
    return {"max_bytes": str(budgets.bytes_of_test(link)), **longest}


def _link_target(entry: ProbeEntry, link: Link) -> Fields:
    """What the province's links have in common, and what this link has of its own."""
    own = {"interface": link.interface, "reference": link.reference}
    return {**entry.target, **{key: value for key, value in own.items() if value}}


def _responder(entry: ProbeEntry, link: Link) -> Fields:
    """What the province says, and the responder that is reached over this link."""
    return {**entry.target, **({"responder": str(link.responder)} if link.responder else {})}


def _contract(link: Link) -> Fields:
    return {"down_mbps": f"{link.down * _MBITS:g}", "up_mbps": f"{link.up * _MBITS:g}"}


def _budget(link: Link) -> Fields:
    return {"monthly_bytes": str(link.monthly_budget)}


def _path(office: Office, province: Province) -> Iterator[Probe]:
    """Over the first link, where the default route leads."""
    if entry := province.probes.get("path"):
        link = office.links[0]
        lists = (link.operator.networks, province.networks, *(one.owner.networks for one in province.enabled_services))
        networks = _together(lists)
        target = {**entry.target, **({"networks": networks} if networks else {})}
        yield Probe("path", {labels.LINK: link.id}, _link_name("path", link), entry.every, entry.timeout, target)


def _together(lists: Iterable[Networks]) -> Mapping[str, Tree]:
    """What all lists say of each zone, each network once."""
    every = tuple(lists)
    prefixes = {zone: [str(network) for one in every for network in one.of(zone)] for zone in LISTED}
    return {str(zone): tuple(dict.fromkeys(found)) for zone, found in prefixes.items() if found}


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
