"""Everything that other parts read, as texts by path. Pure: the same inventory always gives the same bytes.

offices/<office>/agent.yml          what the office's agent runs with
prometheus/targets/<province>.json  file_sd: where Prometheus finds the agents, and who each is
centres/<province>/agent.yml        what the centre's own agent runs with, where it has a router to look at
prometheus/centres/<province>.json  file_sd: where Prometheus finds that one
gateway/identities.yml              the labels that each office may write
facts.prom                          what offices, links and services are (see inventory/facts.py)
"""

import json
from collections.abc import Mapping, Sequence

from collectors.core import exposition
from collectors.core.values import HostPort
from inventory import centre, facts, labels
from inventory.catalogue import JointEntry
from inventory.model import Inventory, Office, Province
from inventory.probes import Probe, of_office
from inventory.targets import plain, to_yaml

_FACTS = "facts.prom"
_IDENTITIES = "gateway/identities.yml"
_HEADER = "# Rendered by `communewatch inventory render`; change the inventory, not this file.\n"


def files(inventory: Inventory) -> dict[str, str]:
    """Path below the output folder -> text, sorted by path."""
    rendered = {_FACTS: exposition.page(facts.samples(inventory)), _IDENTITIES: identities(inventory)}
    for province in inventory.provinces.values():
        rendered[f"prometheus/targets/{province.code}.json"] = targets(province)
        for office in province.offices:
            rendered[f"offices/{office.id}/agent.yml"] = agent(office, province)
        if centre.probes(province):
            rendered[f"centres/{province.code}/agent.yml"] = centre_agent(province)
            rendered[f"prometheus/centres/{province.code}.json"] = centre_target(province)
    return dict(sorted(rendered.items()))


def agent(office: Office, province: Province) -> str:
    """One office's agent.yml."""
    settings = province.agent
    identity = office.labels
    document: dict[str, object] = {
        "version": 1,
        "identity": dict(identity),
        "name": {"vi": office.name.vi, "en": office.name.en},
        "listen": str(settings.listen),
    }
    if settings.contact:
        document["contact"] = settings.contact
    if settings.concurrency is not None:
        document["concurrency"] = settings.concurrency
    if settings.traps is not None:
        document["traps"] = str(settings.traps)
    if settings.last_word:
        document["last_word"] = {key: plain(value) for key, value in settings.last_word.items()}
    if settings.push and office.pushes:
        document["push"] = plain(settings.push.plain())
    if province.enabled_joint:
        document["joint"] = {key: _joint(entry) for key, entry in province.enabled_joint.items()}
    document["probes"] = [_probe(probe) for probe in of_office(office, province)]
    return _HEADER + to_yaml(document)


def centre_agent(province: Province) -> str:
    """agent.yml of the province's centre. It is scraped, and has no last word: it is watched by whoever scrapes it."""
    named = centre.name(province)
    document = {
        "version": 1,
        "identity": dict(centre.identity(province)),
        "name": {"vi": named.vi, "en": named.en},
        "listen": str(province.centre.listen),
        "concurrency": centre.CONCURRENCY,
        "probes": [_probe(probe) for probe in centre.probes(province)],
    }
    return _HEADER + to_yaml(document)


def centre_target(province: Province) -> str:
    """file_sd of the centre's agent: of the province, and of no office."""
    return _file_sd([{"targets": [str(province.centre.listen)], "labels": {labels.PROVINCE: province.code}}])


def identities(inventory: Inventory) -> str:
    """Who the offices are, for the gateway: the identity that a certificate's name stands for."""
    offices = sorted(inventory.offices, key=lambda office: office.id)
    document = {"version": 1, "offices": {office.id: dict(office.labels) for office in offices}}
    return _HEADER + to_yaml(document)


def _joint(entry: JointEntry) -> dict[str, object]:
    return {"name": {"vi": entry.name.vi, "en": entry.name.en}, "services": list(entry.services)}


def _probe(probe: Probe) -> dict[str, object]:
    entry: dict[str, object] = {"collector": probe.collector}
    if probe.labels:
        entry["labels"] = dict(probe.labels)
    entry["name"] = {"vi": probe.name.vi, "en": probe.name.en}
    for key, seconds in (("every", probe.every), ("timeout", probe.timeout)):
        if seconds is not None:
            entry[key] = duration(seconds)
    if probe.target:
        entry["target"] = {key: plain(value) for key, value in probe.target.items()}
    return entry


def duration(seconds: float) -> str:
    """Seconds in the largest unit that holds them whole: 90s, 30m, 2h."""
    for unit, size in (("h", 3600), ("m", 60), ("s", 1)):
        if seconds % size == 0:
            return f"{int(seconds // size)}{unit}"
    return f"{round(seconds * 1000)}ms"


def targets(province: Province) -> str:
    """file_sd of one province. Who sends is not scraped: the same series would come twice, at different times."""
    groups = [
        {"targets": [_scrape_address(office.address, province)], "labels": dict(office.labels)}
        for office in province.offices
        if office.address and not office.pushes
    ]
    return _file_sd(groups)


def _file_sd(groups: Sequence[Mapping[str, object]]) -> str:
    return json.dumps(groups, indent=2, ensure_ascii=False) + "\n"


def _scrape_address(address: HostPort, province: Province) -> str:
    return str(HostPort(address.host, address.port or province.agent.listen.port))
