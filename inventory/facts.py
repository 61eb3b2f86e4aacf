"""What an office is, as metrics that the centre publishes: facts.prom, scraped from a static page with honor_labels.

A silent office is then "facts without a heartbeat", and a contract is a number that rules can divide by.
"""

from collections.abc import Collection, Iterator

from collectors.core import Kind, Metric, Sample
from inventory import expected, labels
from inventory.model import FRESHNESS, Inventory, Link, Office, Province, Service
from inventory.planned import facts as planned

OFFICE_INFO = Metric(
    "office_info",
    Kind.GAUGE,
    "1; an office with its names in Vietnamese, the type of its commune and its point in degrees.",
    (
        labels.PROVINCE,
        "province_name",
        labels.COMMUNE,
        "commune_name",
        labels.OFFICE,
        "office_name",
        "type",
        "latitude",
        "longitude",
    ),
)
LINK_INFO = Metric(
    "link_info",
    Kind.GAUGE,
    "1; a link of an office, whose it is and what it is made of.",
    (*labels.LINK_IDENTITY, labels.OPERATOR, labels.TECHNOLOGY),
)
LINK_RANK = Metric(
    "link_rank",
    Kind.GAUGE,
    "Place of a link among those of its office, from 1: the one that the office works on.",
    labels.LINK_IDENTITY,
)
LINK_CONTRACT = Metric(
    "link_contract_bytes_per_second",
    Kind.GAUGE,
    "Speed of a link as its contract has it.",
    (*labels.LINK_IDENTITY, "direction"),
)
LINK_BUDGET = Metric(
    "link_monthly_budget_bytes",
    Kind.GAUGE,
    "Bytes that tests may use on a link in a calendar month.",
    labels.LINK_IDENTITY,
)
SERVICE_INFO = Metric(
    "service_info",
    Kind.GAUGE,
    "1; a measured service with its name in Vietnamese, who answers for it, and how much depends on it.",
    (labels.SERVICE, "name", labels.OWNER, "owner_name", labels.TIER),
)
SERVICE_INTERVAL = Metric(
    "service_probe_interval_seconds",
    Kind.GAUGE,
    "Seconds between two probes of a service by one office of the province.",
    (labels.PROVINCE, labels.SERVICE),
)
JOURNEY_INFO = Metric(
    "journey_info", Kind.GAUGE, "1; a journey that offices walk, with its name in Vietnamese.", (labels.SERVICE, "name")
)
JOINT_INFO = Metric(
    "joint_info",
    Kind.GAUGE,
    "1 for every service of every errand that needs several together; the errand's name in Vietnamese.",
    (labels.JOINT, "name", labels.SERVICE),
)
METRICS = (
    OFFICE_INFO,
    LINK_INFO,
    LINK_RANK,
    LINK_CONTRACT,
    LINK_BUDGET,
    SERVICE_INFO,
    SERVICE_INTERVAL,
    JOURNEY_INFO,
    JOINT_INFO,
    *planned.METRICS,
    *expected.METRICS,
)


def samples(inventory: Inventory) -> Iterator[Sample]:
    """Every fact about every office and link, every service, journey and errand that is measured, and planned work."""
    for province in inventory.provinces.values():
        for office in province.offices:
            yield _office(office, province.unit.name)
            for rank, link in enumerate(office.links, 1):
                yield from _link(office, link, rank)
        yield from expected.samples(province)
        yield from planned.samples(province.code, province.works, {one.id: one.labels for one in province.offices})
    yield from _services(inventory.provinces.values())
    yield from _errands(inventory.provinces.values())


def _services(provinces: Collection[Province]) -> Iterator[Sample]:
    for province in provinces:
        for service in (one for one in province.enabled_services if one.collector != FRESHNESS):
            yield SERVICE_INTERVAL(service.every, **{labels.PROVINCE: province.code, labels.SERVICE: service.id})
    enabled = {service.id: service for province in provinces for service in province.enabled_services}
    yield from (_service(enabled[key]) for key in sorted(enabled))


def _errands(provinces: Collection[Province]) -> Iterator[Sample]:
    journeys = {journey.id: journey.name.vi for province in provinces for journey in province.journeys}
    for key in sorted(journeys):
        yield JOURNEY_INFO(1, **{labels.SERVICE: key, "name": journeys[key]})
    joint = {key: one for province in provinces for key, one in province.enabled_joint.items()}
    for key in sorted(joint):
        for one in joint[key].services:
            yield JOINT_INFO(1, **{labels.JOINT: key, "name": joint[key].name.vi, labels.SERVICE: one})


def _office(office: Office, province_name: str) -> Sample:
    return OFFICE_INFO(
        1,
        **office.labels,
        province_name=province_name,
        commune_name=office.commune.title(),
        office_name=office.name.vi,
        type=office.commune.type,
        latitude=f"{office.latitude:.4f}",
        longitude=f"{office.longitude:.4f}",
    )


def _link(office: Office, link: Link, rank: int) -> Iterator[Sample]:
    identity = {**office.labels, labels.LINK: link.id}
    yield LINK_INFO(1, **identity, **{labels.OPERATOR: link.operator.id, labels.TECHNOLOGY: link.technology})
    yield LINK_RANK(rank, **identity)
    yield LINK_CONTRACT(link.down, **identity, direction="down")
    yield LINK_CONTRACT(link.up, **identity, direction="up")
    yield LINK_BUDGET(link.monthly_budget, **identity)


def _service(service: Service) -> Sample:
    identity = {labels.SERVICE: service.id, labels.OWNER: service.owner.id, labels.TIER: service.tier}
    return SERVICE_INFO(1, name=service.name.vi, owner_name=service.owner.name.vi, **identity)
