"""The lab's inventory: an ordinary folder for `communewatch inventory`, about one small province on this machine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from inventory import register
from tests.lab.ground import WAN
from tests.lab.services import SERVICES, Service

PROVINCE = "04"
AGENT_PORT = 9817
UPS_PORT = 1161
UPS = "ups1"
LINK = "main"
EVERY = {
    "service": 5, "link": 4, "ups": 3, "host": 10, "bandwidth": 30,
    "capacity": 30, "echo": 10, "wan": 10, "path": 120,
}  # fmt: skip # seconds
PATIENCE = {
    "service": 4, "link": 3, "ups": 2, "host": 5, "bandwidth": 20,
    "capacity": 20, "echo": 10, "wan": 5, "path": 20,
}  # fmt: skip
OWNERS = {"portal": "mps", "vneid": "mps", "civil_status": "moj"}
KEY_FILE = "responder.key"  # beside each agent.yml
STATE = "/var/lib/communewatch"  # of an office's machine, where its certificate lies too
PUSH_EVERY = "3s"  # as often as the other offices are scraped


@dataclass(frozen=True, slots=True)
class Plan:
    """What the operator sells; rates in Mbit/s."""

    operator: str
    technology: str
    down: float
    up: float


@dataclass(frozen=True, slots=True)
class Office:
    """One office: the name that orders use, its commune's code, its link's plan, and how its figures come."""

    name: str
    commune: str
    plan: str
    path: Literal["pull", "push"] = "pull"

    @property
    def id(self) -> str:
        """As the inventory and the label `office` have it."""
        return f"{self.commune}-1"

    @property
    def commune_name(self) -> str:
        return register.load().communes[self.commune].name

    @property
    def title(self) -> str:
        """Its commune with its kind, for people."""
        return register.load().communes[self.commune].title()


PLANS = {
    "fibre": Plan("vnpt", "ftth", 20, 10),
    "fibre-small": Plan("viettel", "ftth", 12, 8),
    "mobile": Plan("viettel", "4g", 6, 3),
}
OFFICES = (
    Office("office1", "01273", "fibre"),
    Office("office2", "01321", "fibre-small"),
    Office("office3", "01392", "mobile"),
    Office("office4", "01290", "mobile", path="push"),
)


@dataclass(frozen=True, slots=True)
class World:
    """What the inventory must know of the lab. agents, upses: host:port by the office's name.

    services   `target:` of each service, by id
    responder  host:port
    link       `target:` of the link probes
    path       `target:` of the looks at the way
    last_word  the URL that offices send it to
    gateway    the URL that offices push to; authority: path of the certificates by which they know it
    """

    agents: Mapping[str, str]
    upses: Mapping[str, str]
    services: Mapping[str, Mapping[str, object]]
    responder: str
    link: Mapping[str, object]
    path: Mapping[str, object]
    last_word: str
    gateway: str
    authority: Path


def write(folder: Path, world: World) -> None:
    """Make the folder; `communewatch inventory check` finds nothing to say about it."""
    province = folder / "provinces" / PROVINCE
    province.mkdir(parents=True)
    _write(folder / "services.yml", {"services": {service.id: _catalogue_entry(service) for service in SERVICES}})
    _write(province / "province.yml", _province(world))
    _write(province / "offices.yml", {"offices": {office.id: _office(office, world) for office in OFFICES}})
    chosen = {name: {"verified": "2026-11-20", "target": dict(target)} for name, target in world.services.items()}
    _write(province / "services.yml", {"services": chosen})
    duty = {"name": {"vi": "Trực ban tỉnh", "en": "Province on duty"}, "channels": ["phone"]}
    _write(province / "contacts.yml", {"province": duty})


def _province(world: World) -> dict[str, Any]:
    responder = {"responder": world.responder, "key": {"file": KEY_FILE}}
    return {
        "province": PROVINCE,
        "web_name": "caobang",
        "agent": {
            "listen": f"0.0.0.0:{AGENT_PORT}",
            "contact": "Trực ban tỉnh",
            "last_word": {"url": world.last_word},
            "push": _push(world),
        },
        "plans": {name: _plan(plan) for name, plan in PLANS.items()},
        "ups_models": {"lab": {"name": "net-snmp", "target": {"version": "2c", "community": "public"}}},
        "probes": {
            "host": _schedule("host"),
            "link": {**_schedule("link"), "target": dict(world.link)},
            "ups": _schedule("ups"),
            **{name: {**_schedule(name), "target": responder} for name in ("bandwidth", "capacity", "echo")},
            "wan": {**_schedule("wan"), "target": {"interface": WAN}},
            "path": {**_schedule("path"), "target": dict(world.path)},
        },
        "planned": dict.fromkeys(_communes_without_office(), "not in the lab"),
    }


def _push(world: World) -> dict[str, Any]:
    own = {"certificate": f"{STATE}/office.crt", "key": f"{STATE}/office.key"}
    receiver = {"url": world.gateway, "ca_file": str(world.authority), **own, "timeout": "5s"}
    return {"scrape_interval": PUSH_EVERY, "send_interval": PUSH_EVERY, "receivers": {"centre": receiver}}


def _plan(plan: Plan) -> dict[str, Any]:
    rates = {"down_mbps": plan.down, "up_mbps": plan.up, "monthly_budget": "100TB"}
    return {"operator": plan.operator, "technology": plan.technology, **rates}


def _schedule(collector: str) -> dict[str, Any]:
    return {"every": f"{EVERY[collector]}s", "timeout": f"{PATIENCE[collector]}s"}


def _office(office: Office, world: World) -> dict[str, Any]:
    return {
        "address": world.agents[office.name],
        "path": office.path,
        "links": {LINK: office.plan},
        "ups": {UPS: {"model": "lab", "host": world.upses[office.name]}},
    }


def _catalogue_entry(service: Service) -> dict[str, Any]:
    return {
        "name": {"vi": service.title, "en": service.title_en},
        "owner": OWNERS[service.id],
        "tier": 1,
        "target": {"url": "https://services.invalid/"},
        "budget_per_second": 1000,
        **_schedule("service"),
    }


def _communes_without_office() -> Sequence[str]:
    taken = {office.commune for office in OFFICES}
    return [commune.code for commune in register.load().communes_of(PROVINCE) if commune.code not in taken]


def _write(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
