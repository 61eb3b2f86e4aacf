"""Errands: services that are needed together, and journeys, from the catalogue to the agents and the facts."""

from pathlib import Path

import pytest

from agent.config import Configuration, loads
from inventory import explain, render
from inventory.load import examine, load
from tests.unit.inventory.conftest import Edit

CATALOGUE = """\
services:
  portal: {{name: {{vi: Cổng, en: Portal}}, owner: mps, tier: 1, target: {{url: https://portal.example/}}}}
  one_stop: {{name: {{vi: Một cửa, en: One-stop}}, owner: mps, tier: 1, target: {{url: https://one.example/}}}}
  data: {{name: {{vi: Dữ liệu, en: Data}}, owner: mps, tier: 1, collector: freshness}}
tiers: {{1: {{every: 1m, timeout: 10s, budget_per_second: 120}}}}
joint:
  birth: {{name: {{vi: Khai sinh, en: Birth}}, services: [{services}]}}
journeys:
  {journey}:
    name: {{vi: Đường đi, en: The way}}
    owner: {owner}
    pace: {{every: 30m, timeout: 5m, budget_per_second: 2}}
    target:
      budget: plan_2026
      steps:
        home: {{url: https://portal.example/, take: {{token: header X-Token}}}}
        form: {{url: "https://portal.example/{{{taken}}}", status: [404, "2xx"], follow_redirects: false}}
"""


def catalogue(
    folder: Path, services: str = "portal, one_stop", journey: str = "way", owner: str = "mps", taken: str = "token"
) -> None:
    text = CATALOGUE.format(services=services, journey=journey, owner=owner, taken=taken)
    (folder / "services.yml").write_text(text, encoding="utf-8")


def agent(folder: Path) -> Configuration:
    return loads(render.files(load(folder))["offices/01273-1/agent.yml"], read_secrets=False)


def facts(folder: Path) -> list[str]:
    return [line for line in render.files(load(folder))["facts.prom"].splitlines() if line.startswith("joint_info{")]


def said(folder: Path) -> list[str]:
    return [str(problem) for problem in examine(folder).problems]


def test_an_errand_is_judged_where_all_its_services_are_measured(folder: Path, edit: Edit) -> None:
    catalogue(folder)
    assert (agent(folder).settings.joint, facts(folder)) == ({}, [])
    edit("services.yml", "one_stop: {enabled: false}", "one_stop: {verified: 2026-11-20}")
    joint = agent(folder).settings.joint["birth"]
    assert (joint.name.vi, joint.services) == ("Khai sinh", ("portal", "one_stop"))
    assert facts(folder) == [
        'joint_info{joint="birth",name="Khai sinh",service="portal"} 1',
        'joint_info{joint="birth",name="Khai sinh",service="one_stop"} 1',
    ]


def test_a_person_is_told_which_services_an_errand_still_misses(folder: Path, edit: Edit) -> None:
    catalogue(folder)
    (line,) = explain.joint(load(folder).provinces["04"])
    assert line.split()[:2] == ["off", "birth"]
    assert "chưa bật one_stop / errand that needs several services: one_stop not turned on" in line
    edit("services.yml", "one_stop: {enabled: false}", "one_stop: {verified: 2026-11-20}")
    (line,) = explain.joint(load(folder).provinces["04"])
    assert line.split()[0] == "on"


def test_a_journey_is_walked_where_a_province_names_it_and_arrives_as_it_was_written(folder: Path, edit: Edit) -> None:
    catalogue(folder)
    assert "journey" not in {probe.collector.name for probe in agent(folder).probes}
    edit("services.yml", "services:", "journeys: {way: {every: 1h}}\nservices:")
    (journey,) = (probe for probe in agent(folder).probes if probe.collector.name == "journey")
    assert (journey.key, journey.schedule.every, journey.schedule.timeout) == ("journey/way", 3600, 300)
    form = journey.target.steps["form"]
    assert (form.uses, form.follow_redirects, 404 in form.status[0], 204 in form.status[1]) == (
        {"token"}, False, True, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("slip", "line"),
    [
        ({"services": "portal, portals"}, "7 joint.birth.services[1]: there is no service 'portals' (hint: did you"),
        ({"services": "portal, data"}, "7 joint.birth.services[1]: there is no service 'data'"),
        ({"services": "portal"}, "7 joint.birth.services: should be two or more different services"),
        ({"services": "portal, portal"}, "7 joint.birth.services: should be two or more different services"),
        ({"journey": "portal"}, "9 journeys.portal: is also the id of a service"),
        ({"journey": "Way"}, "9 journeys.Way: 'Way' is not an id"),
        ({"owner": "nobody"}, "11 journeys.way.owner: there is no owner 'nobody'"),
        ({"taken": "typo"}, "17 journeys.way.target.steps.form: {typo} is not taken by any step before"),
    ],
)
def test_slips_in_the_catalogue_are_told_with_their_line(folder: Path, slip: dict[str, str], line: str) -> None:
    catalogue(folder, **slip)
    assert any(f"services.yml:{line}" in problem for problem in said(folder)), said(folder)


@pytest.mark.parametrize(
    ("choice", "line"),
    [
        ("{ways: {}}", "journeys.ways: there is no journey 'ways' (hint: did you mean way?)"),
        ("{way: {every: 1m}}", "journeys.way: timeout 300.0 s must be positive and within the interval"),
        ("{way: {every: 10s}}", "journeys.way.every: 4 requests every 10 s would be 0.4 a second"),
    ],
)
def test_slips_in_a_provinces_choice_are_told(folder: Path, edit: Edit, choice: str, line: str) -> None:
    catalogue(folder)
    edit("services.yml", "services:", f"journeys: {choice}\nservices:")
    assert any(line in problem for problem in said(folder)), said(folder)
