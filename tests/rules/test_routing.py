"""Alertmanager's configuration: who is told, judged by amtool; and what is kept back, judged by Alertmanager."""

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import yaml

from alerts.build import files, write
from alerts.inhibition import INHIBITIONS
from alerts.settings import LAB, PRODUCTION, Settings
from inventory.load import load
from tests.rules.cases_of_services import STALE
from tests.rules.servers import Alertmanager, alertmanager, until
from tests.tools import tool

RELAY = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("built")
    write(found, files(PRODUCTION, load(), RELAY, "http://127.0.0.1:9/watchdog"))
    return found


@pytest.mark.parametrize("settings", [PRODUCTION, LAB, PRODUCTION.scaled(7)], ids=["production", "lab", "scaled"])
def test_promtool_and_amtool_accept_what_is_built(settings: Settings, tmp_path: Path) -> None:
    write(tmp_path, files(settings, load(), RELAY))
    rules = sorted((tmp_path / "rules").glob("*.yml"))
    for status, said in (
        ask("promtool", "check", "rules", *rules),
        ask("amtool", "check-config", tmp_path / "alertmanager.yml"),
    ):
        assert status == 0, said


def ask(program: str, *arguments: str | Path) -> tuple[int, str]:
    """Exit status and all that was said."""
    answer = subprocess.run([tool(program), *arguments], capture_output=True, text=True, check=False)
    return answer.returncode, (answer.stdout + answer.stderr).strip()


OFFICE = {"scope": "office", "province": "04", "commune": "01273", "office": "01273-1"}
PLANNED = {"alertname": "PlannedWork", "severity": "info", "scope": "province", "province": "04"}


@pytest.mark.parametrize(
    ("labels", "receivers"),
    [
        ({"alertname": "Watchdog", "severity": "none"}, "watchdog"),
        ({"alertname": "CentreBlind", "severity": "critical", "scope": "centre", "cause": "agent"}, "centre"),
        ({"alertname": "SomebodyElses"}, "centre"),
        ({**OFFICE, "province": "99", "cause": "link"}, "centre"),
        ({**OFFICE, "cause": "link", "severity": "warning"}, "province-04"),
        ({**OFFICE, "cause": "agent", "severity": "info"}, "province-04"),
        ({**OFFICE, "cause": "power", "severity": "warning"}, "province-04-power,province-04"),
        (
            {"scope": "feeder", "province": "04", "feeder": "471-E16.1", "cause": "power", "severity": "critical"},
            "province-04-power,province-04",
        ),
        ({**OFFICE, "cause": "link", "operator": "vnpt"}, "province-04-operator-vnpt,province-04"),
        ({**OFFICE, "cause": "unknown", "operator": "vnpt"}, "province-04"),
        ({**OFFICE, "cause": "service", "operator": "vnpt"}, "province-04"),
        (
            {"scope": "operator", "province": "04", "cause": "link", "operator": "vnpt"},
            "province-04-operator-vnpt,province-04",
        ),
        ({"scope": "country", "cause": "link", "operator": "vnpt"}, "country-operator-vnpt,country"),
        ({**PLANNED, "cause": "power"}, "province-04"),  # who plans work knows of it
        ({**PLANNED, "cause": "link", "operator": "vnpt"}, "province-04"),
        ({**PLANNED, "cause": "service", "service": "portal"}, "province-04"),
        ({**OFFICE, "operator": "fpt", "severity": "info"}, "province-04-operator-fpt,province-04"),
        ({**OFFICE, "cause": "service", "service": "portal", "severity": "warning"}, "province-04"),
        ({"scope": "province", "province": "04", "service": "portal"}, "province-04-owner-mps,province-04"),
        ({"scope": "province", "province": "04", "service": "civil_status"}, "province-04-owner-moj,province-04"),
        ({"scope": "province", "province": "04", "operator": "vnpt"}, "province-04-operator-vnpt,province-04"),
        ({"scope": "country", "service": "vneid"}, "country-owner-mps,country"),
        ({"scope": "country", "service": "unheard-of"}, "country"),
    ],
)
def test_who_is_told(folder: Path, labels: Mapping[str, str], receivers: str) -> None:
    config = f"--config.file={folder / 'alertmanager.yml'}"
    asked = [f"{name}={value}" for name, value in labels.items()]
    status, said = ask("amtool", "config", "routes", "test", config, *asked)
    assert (status, said.splitlines()[0]) == (0, receivers)


def test_the_owner_of_data_is_told_that_it_is_stale(tmp_path: Path) -> None:
    inventory = load()
    province = inventory.provinces["04"]
    on = [replace(one, enabled=one.enabled or one.id == "civil_status_data") for one in province.services]
    with_feed = replace(inventory, provinces={"04": replace(province, services=tuple(on))})
    write(tmp_path, files(PRODUCTION, with_feed, RELAY))
    labels = {key: value for key, value in STALE.labels.items() if key != "incident"}
    test_who_is_told(tmp_path, labels, "province-04-owner-moj,province-04")


def test_every_receiver_reaches_the_relay_with_its_channels(folder: Path) -> None:
    config = yaml.safe_load((folder / "alertmanager.yml").read_text(encoding="utf-8"))
    urls = {one["name"]: [hook["url"] for hook in one["webhook_configs"]] for one in config["receivers"]}
    assert urls["watchdog"] == ["http://127.0.0.1:9/watchdog"]
    assert urls["centre"] == ["http://127.0.0.1:9/alertmanager"]
    assert urls["province-04"] == [
        "http://127.0.0.1:9/alertmanager?channel=zalo-truc-cao-bang&channel=email-truc-cao-bang"
    ]
    assert all(hook["send_resolved"] for one in config["receivers"][1:] for hook in one["webhook_configs"])


def test_only_what_concerns_the_whole_country_is_told_without_waiting_for_more(folder: Path) -> None:
    routes = yaml.safe_load((folder / "alertmanager.yml").read_text(encoding="utf-8"))["route"]["routes"][1:]
    waits = {(one["receiver"].partition("-")[0], one.get("group_wait")) for one in routes}
    assert waits == {("country", "1s"), ("province", None), ("centre", None)}


async def test_an_alert_above_keeps_back_those_below_at_the_same_place_only(tmp_path: Path) -> None:
    pairs = [(source, target, each.equal) for each in INHIBITIONS for source in each.sources for target in each.targets]
    config = files(PRODUCTION, load(), RELAY)["alertmanager.yml"]
    async with alertmanager(tmp_path, config) as server:
        # The last ones first: CentreBlind is above everybody, everywhere.
        for number, (source, target, equal) in reversed(list(enumerate(pairs))):
            here = dict.fromkeys(("province", "office", "service", "operator"), f"here.{number}")
            there = here | dict.fromkeys(equal, f"there.{number}")
            await server.fire({"alertname": source} | here)
            await server.fire(*({"alertname": target} | place | {"case": "target"} for place in (here, there)))
            await until(partial(kept_back, server, here))
            if equal:
                assert not await kept_back(server, there), f"{source} keeps back {target} elsewhere"


async def kept_back(server: Alertmanager, place: Mapping[str, str]) -> bool:
    """Whether the target at this place is inhibited."""
    return any(
        alert["status"]["inhibitedBy"]
        for alert in await server.alerts()
        if alert["labels"].items() >= {**place, "case": "target"}.items()
    )
