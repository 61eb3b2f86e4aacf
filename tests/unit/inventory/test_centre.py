"""The centre's own agent: whose routers it looks at, how often, and under which names."""

import json
from pathlib import Path

import pytest
import yaml

from agent.config import loads
from collectors.core import exposition
from collectors.core.decode import DecodeError
from inventory import centre, facts, render
from inventory.load import load
from tests.unit.inventory.conftest import Edit

AGENT, TARGET = "centres/04/agent.yml", "prometheus/centres/04.json"
ONE, OTHER = "    address: 10.4.1.2\n", "    address: 10.4.4.2:9900\n"


def test_nobody_looks_where_no_router_is_known(folder: Path) -> None:
    assert not {AGENT, TARGET} & render.files(load(folder)).keys()


def test_the_centre_looks_at_each_router_that_is_known_by_the_office_that_it_is_in(folder: Path, edit: Edit) -> None:
    edit("offices.yml", ONE, ONE + "    router: 10.4.1.1\n")
    edit("offices.yml", OTHER, OTHER + "    router: {host: 10.4.4.1, target: {snmp: 'false'}}\n")
    edit("province.yml", "probes:", "probes:\n  router: {target: {snmp: 'true', community: {file: secrets/router}}}")
    found = loads(render.files(load(folder))[AGENT], read_secrets=False)
    routers = {probe.labels["router"]: probe.target for probe in found.probes}
    assert {office: (target.router, target.snmp) for office, target in routers.items()} == {
        "01273-1": ("10.4.1.1", True),
        "01290-1": ("10.4.4.1", False),
    }


def test_it_is_scraped_as_the_provinces_and_as_no_offices(folder: Path, edit: Edit) -> None:
    edit("offices.yml", ONE, ONE + "    router: 10.4.1.1\n")
    edit("province.yml", "plans:", "centre: {listen: 10.0.0.5:9900}\nplans:")
    files = render.files(load(folder))
    assert json.loads(files[TARGET]) == [{"targets": ["10.0.0.5:9900"], "labels": {"province": "04"}}]
    assert yaml.safe_load(files[AGENT])["listen"] == "10.0.0.5:9900"
    assert "centre-04" not in files["gateway/identities.yml"]


@pytest.mark.parametrize(("routers", "seconds"), [(1, 30), (98, 30), (150, 30), (168, 34)])
def test_all_of_a_province_are_asked_within_half_a_minute_and_no_more_than_five_a_second(
    routers: int, seconds: float
) -> None:
    assert centre.interval(routers) == seconds


def test_rules_are_told_whose_router_is_looked_at_which_line_feeds_whom_and_which_release_is_wanted(
    folder: Path, edit: Edit
) -> None:
    edit("offices.yml", ONE, ONE + "    router: 10.4.1.1\n    feeder: 471-E16.2\n")
    edit("province.yml", "contact: Trực ban", "contact: Trực ban, version: 2.0.1")
    page = exposition.page(facts.samples(load(folder)))
    office = 'province="04",commune="01273",office="01273-1"'
    assert f"office_router_info{{{office}}} 1" in page
    assert 'office_feeder_info{province="04",commune="01273",office="01273-1",feeder="471-E16.2"} 1' in page
    assert 'agent_wanted_info{province="04",version="2.0.1"} 1' in page


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("router: {host: 10.4.1.1, target: {count: '99'}}", "count"),
        ("router: 10.4.1.2", "address given before"),
        ("feeder: two words", "no code of a feeder"),
        ("router: {host: 10.4.1.1, target: {community: geheim}}", "secret"),
    ],
)
def test_a_slip_is_told_where_it_stands(folder: Path, edit: Edit, written: str, told: str) -> None:
    edit("offices.yml", ONE, f"{ONE}    {written}\n")
    with pytest.raises(DecodeError) as caught:
        load(folder)
    assert told in str(caught.value)
    assert "offices.yml:" in str(caught.value)
