"""The offices of the country: one in each commune of the register, with what only the world knows of them."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from inventory import load, model, register
from inventory.schema import Contact, Contacts, Name
from inventory.values import Technology

SERVICES = ("portal", "vneid", "civil_status", "interconnected", "social_insurance", "one_stop")
OPERATORS = {"vnpt": 0.40, "viettel": 0.35, "mobifone": 0.12, "fpt": 0.08, "cmc": 0.05}  # shares of the offices
OWNERS = ("mps", "moj")
MINUTE, HOUR = 60.0, 3600.0
_FEEDER = 8  # communes that one line of the power company feeds, neighbours by their codes
_WITH_UPS, _ROUTER_KEPT, _WITH_SPARE, _PUSHING, _LEARNT = 0.8, 0.8, 0.15, 0.5, 0.7
_MAIN, _SPARE = "main", "backup"
_MBIT = 1e6 / 8


@dataclass(frozen=True, slots=True)
class Site:
    """An office.

    feeder   the line of the power company that feeds it, unique in the country
    battery  seconds for which its UPS lasts, 0 = there is none
    kept     whether the router hangs on that UPS; learnt: whether the agent knows
    spare    whether a mobile link stands in when the first is cut
    turn     where in its minute the office is, 0 to 1
    services seconds between two probes of each service that it asks
    """

    office: model.Office
    feeder: str
    battery: float
    kept: bool
    learnt: bool
    spare: bool
    turn: float
    services: Mapping[str, float]

    @property
    def id(self) -> str:
        return self.office.id

    @property
    def province(self) -> str:
        return self.office.commune.province

    @property
    def operator(self) -> str:
        return self.office.links[0].operator.id


@dataclass(frozen=True, slots=True)
class Country:
    """The sites by id, and the inventory that speaks of them."""

    sites: Mapping[str, Site]
    inventory: model.Inventory

    def of_province(self, code: str) -> tuple[Site, ...]:
        return tuple(site for site in self.sites.values() if site.province == code)

    def behind_node(self, code: str, operator: str) -> tuple[Site, ...]:
        """The offices that hang on an operator's node in a province."""
        return tuple(site for site in self.of_province(code) if site.operator == operator)

    def fed_by(self, feeder: str) -> tuple[Site, ...]:
        return tuple(site for site in self.sites.values() if site.feeder == feeder)


def build(provinces: Collection[str] = (), services: Collection[str] = SERVICES) -> Country:
    """The whole country, or some of its provinces by code, and services of the catalogue by id."""
    units, shipped = register.load(), load.load().provinces["04"]
    asked = tuple(replace(service, enabled=service.id in services) for service in shipped.services)
    example = replace(shipped, services=asked)
    chosen = [units.provinces[code] for code in sorted(provinces or units.provinces)]
    found = {unit.code: _sites(unit.code, example) for unit in chosen}
    return Country(
        {site.id: site for sites in found.values() for site in sites},
        model.Inventory(
            {unit.code: _province(unit, found[unit.code], example) for unit in chosen},
            {key: _operator(key) for key in OPERATORS},
            {service.owner.id: service.owner for service in example.services},
            {},
        ),
    )


@cache
def share(*key: str) -> float:
    """A number from 0 to 1 that is always the same for the same words."""
    digest = hashlib.blake2b("/".join(key).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def _sites(code: str, example: model.Province) -> tuple[Site, ...]:
    communes = register.load().communes_of(code)
    return tuple(_site(commune, f"{code}-{number // _FEEDER:02}", example) for number, commune in enumerate(communes))


def _site(commune: register.Commune, feeder: str, example: model.Province) -> Site:
    key = commune.code
    with_ups = share(key, "ups") < _WITH_UPS
    spare = share(key, "spare") < _WITH_SPARE
    office = _office(commune, example.offices[0], feeder, with_ups=with_ups, spare=spare)
    return Site(
        office=office,
        feeder=feeder,
        battery=(20 + 40 * share(key, "battery")) * MINUTE if with_ups else 0.0,
        kept=with_ups and share(key, "router") < _ROUTER_KEPT,
        learnt=share(key, "learnt") < _LEARNT,
        spare=spare,
        turn=share(key, "turn"),
        services={service.id: service.every for service in example.enabled_services},
    )


def _office(commune: register.Commune, like: model.Office, feeder: str, *, with_ups: bool, spare: bool) -> model.Office:
    links = [_link(_MAIN, _chosen_operator(commune.code), Technology.FTTH)]
    if spare:
        links.append(_link(_SPARE, "viettel", Technology.MOBILE_4G))
    return replace(
        like,
        id=f"{commune.code}-1",
        commune=commune,
        name=Name(commune.title(), commune.title("en")),
        pushes=share(commune.code, "path") < _PUSHING,
        links=tuple(links),
        upses=(model.Ups("main", "simulated", "ups", {}),) if with_ups else (),
        feeder=feeder,
        router={"router": "192.0.2.1"},
    )


def _chosen_operator(code: str) -> str:
    left = share(code, "operator")
    for operator, part in OPERATORS.items():
        left -= part
        if left < 0:
            return operator
    return next(iter(OPERATORS))


@cache
def _operator(key: str) -> model.Organisation:
    return model.Organisation(key, Name(key, key))


def _link(key: str, operator: str, technology: Technology) -> model.Link:
    rate = 100 * _MBIT
    return model.Link(key, _operator(operator), technology, rate, rate, 10**11, "", "", None, "")


def _province(unit: register.Province, sites: tuple[Site, ...], example: model.Province) -> model.Province:
    return replace(
        example,
        unit=unit,
        offices=tuple(site.office for site in sites),
        contacts=_contacts(unit.code),
        planned={},
        joint={},
        journeys=(),
    )


def _contacts(code: str) -> Contacts:
    return Contacts(
        province=_contact(f"province-{code}"),
        operators={key: _contact(f"operator-{key}-{code}") for key in OPERATORS},
        owners={key: _contact(f"owner-{key}") for key in OWNERS},
        power=_contact(f"power-{code}"),
    )


def _contact(channel: str) -> Contact:
    return Contact(Name(channel, channel), (channel,))


def channels(inventory: model.Inventory) -> Iterator[str]:
    """Every channel that somebody in the country is told through, each once."""
    found: dict[str, None] = {}
    for province in inventory.provinces.values():
        contacts = province.contacts
        every = (contacts.province, *contacts.operators.values(), *contacts.owners.values(), contacts.power)
        found |= {channel: None for contact in every if contact for channel in contact.channels}
    return iter(found)
