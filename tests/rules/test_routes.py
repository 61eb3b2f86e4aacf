"""Every owner, operator, power company and province, at every severity, by day and by night: who is told, and when.

amtool says which receivers an alert reaches; receivers.yml, as the relay reads it, says who stands behind them.
"""

import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import yaml

from alerts.build import RECEIVERS, files, write
from alerts.relay.people import Receivers
from alerts.relay.plan import NOW, telling
from alerts.rule import Cause, Scope, Severity
from alerts.settings import PRODUCTION
from collectors.core.values import Duration
from inventory.hours import Hours, TimeOfDay
from inventory.load import load
from inventory.model import Inventory, Province
from inventory.schema import Contact, Contacts, Level, Name
from tests.tools import tool
from tests.unit.inventory.test_hours import at

NIGHT = Hours.parse("22:00-06:00")


def contact(name: str) -> Contact:
    """Whoever it is has a channel, a phone, a mailbox and a superior; all share one channel of the whole country."""
    levels = (Level((f"{name}-boss",), critical=Duration(900)),)
    return Contact(Name(name, name), (name, "shared"), "", (f"{name}-phone",), (f"{name}-mail",), levels)


def staffed(inventory: Inventory, province: Province, code: str) -> Province:
    """A province in which everybody has a contact of his own, and every service is measured."""
    contacts = Contacts(
        contact(f"p{code}"),
        {operator: contact(f"{operator}{code}") for operator in inventory.operators},
        {owner: contact(f"{owner}{code}") for owner in inventory.owners},
        contact(f"evn{code}"), NIGHT, TimeOfDay.parse("07:30"),
    )  # fmt: skip
    services = tuple(replace(service, enabled=True) for service in province.services)
    return replace(province, unit=replace(province.unit, code=code), contacts=contacts, services=services)


@pytest.fixture(scope="module")
def inventory() -> Inventory:
    shipped = load()
    one = shipped.provinces["04"]
    return replace(shipped, provinces={code: staffed(shipped, one, code) for code in ("01", "04", "96")})


@pytest.fixture(scope="module")
def folder(inventory: Inventory, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("routes")
    write(found, files(PRODUCTION, inventory, "http://127.0.0.1:9"))
    return found


@dataclass(frozen=True)
class Asked:
    """An alert's labels, and whose contacts should hear of it."""

    labels: Mapping[str, str]
    contacts: frozenset[str]


def alerts(inventory: Inventory) -> Iterator[Asked]:
    """One for everybody who may be told of something."""
    codes = [*inventory.provinces]
    everybody = {f"p{code}" for code in codes}
    services = {service.owner.id: service.id for service in next(iter(inventory.provinces.values())).services}
    for operator in inventory.operators:
        labels = {"scope": Scope.COUNTRY, "cause": Cause.LINK, "operator": operator}
        yield Asked(labels, frozenset(everybody | {f"{operator}{code}" for code in codes}))
    for owner, service in services.items():
        for of in ({"service": service}, {"service": service, "owner": owner}, {"owner": owner}):
            labels = {"scope": Scope.COUNTRY, "cause": Cause.SERVICE, **of}
            yield Asked(labels, frozenset(everybody | {f"{owner}{code}" for code in codes}))
    for code in codes:
        own = {"province": code, "scope": Scope.OFFICE, "office": f"{code}001-1"}
        yield Asked({**own, "cause": Cause.AGENT}, frozenset({f"p{code}"}))
        yield Asked({**own, "cause": Cause.POWER}, frozenset({f"p{code}", f"evn{code}"}))
        for operator in inventory.operators:
            labels = {**own, "cause": Cause.LINK, "operator": operator}
            yield Asked(labels, frozenset({f"p{code}", f"{operator}{code}"}))
        for owner, service in services.items():
            labels = {"province": code, "scope": Scope.PROVINCE, "cause": Cause.SERVICE, "service": service}
            yield Asked(labels, frozenset({f"p{code}", f"{owner}{code}"}))


def routed(folder: Path, labels: Mapping[str, str]) -> list[str]:
    """The receivers that amtool names."""
    asked = [f"{name}={value}" for name, value in labels.items()]
    config = f"--config.file={folder / 'alertmanager.yml'}"
    command = [str(tool("amtool")), "config", "routes", "test", config, *asked]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return answer.stdout.splitlines()[0].split(",")


def test_everybody_hears_of_his_own_and_of_nothing_else_at_the_right_hour(inventory: Inventory, folder: Path) -> None:
    questions = [*alerts(inventory)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda one: routed(folder, {"severity": "warning", **one.labels}), questions))
    receivers = Receivers(folder / RECEIVERS)
    for one, names in zip(questions, found, strict=True):
        parties = [party for name in names for party in receivers.parties(name)]
        day, night = at(12), at(2)
        channels = {*one.contacts, "shared"}
        phones, mails = ({f"{name}-{what}" for name in one.contacts} for what in ("phone", "mail"))
        for now in (day, night):
            assert {*telling(parties, Severity.CRITICAL, now)} == channels | phones, one.labels
            assert {*telling(parties, Severity.CRITICAL, now).values()} == {NOW}
        assert telling(parties, Severity.WARNING, day) == dict.fromkeys(channels, NOW), one.labels
        asleep = telling(parties, Severity.WARNING, night)
        assert {channel for channel, turn in asleep.items() if turn == NOW} == mails, one.labels
        assert {channel for channel, turn in asleep.items() if turn.at == at(6)} == channels
        assert all(turn.digest for turn in telling(parties, Severity.INFO, day).values())
        assert {step for party in parties for level in party.escalation for step in level.channels} == {
            f"{name}-boss" for name in one.contacts
        }


@pytest.mark.parametrize("severity", [*Severity])
def test_severity_changes_no_receiver(inventory: Inventory, folder: Path, severity: Severity) -> None:
    """Which channels are spared is the relay's matter: an incident whose severity changes stays with its receivers."""
    power = next(one for one in alerts(inventory) if one.labels["cause"] == Cause.POWER)
    assert routed(folder, {**power.labels, "severity": severity}) == ["province-01-power", "province-01"]


def test_what_can_wait_is_repeated_once_a_day_also_at_the_centre(folder: Path) -> None:
    labels = {"alertname": "RelayChannelDead", "severity": "info", "scope": "centre"}
    assert routed(folder, labels) == ["centre"]
    *_, last = yaml.safe_load((folder / "alertmanager.yml").read_text(encoding="utf-8"))["route"]["routes"]
    assert (last["matchers"], last["repeat_interval"]) == (['severity="info"'], "1d")


def test_a_channel_that_several_share_stands_once_in_the_address(folder: Path) -> None:
    lines = (folder / "alertmanager.yml").read_text(encoding="utf-8").splitlines()
    urls = [line for line in lines if "channel=shared" in line]
    assert urls
    assert all(line.count("channel=shared") == 1 for line in urls)


def test_what_is_built_is_what_the_inventory_says(inventory: Inventory, folder: Path) -> None:
    (party,) = Receivers(folder / RECEIVERS).parties("province-04")
    own = inventory.provinces["04"].contacts.province
    assert (party.channels, party.urgent, party.quiet, party.escalation) == (
        own.channels, own.urgent, own.quiet, own.escalation,
    )  # fmt: skip
    assert (party.night, str(party.digest)) == (NIGHT, "07:30")
