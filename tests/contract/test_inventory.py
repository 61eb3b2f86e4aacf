"""What the inventory renders is what the other side reads; what it ships is right; a whole country is no burden."""

import subprocess
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

import agent.config
import collectors
from collectors.core.observed import METRICS as OBSERVED
from inventory import facts, labels, register, render, schema
from inventory.load import SHIPPED, examine, load
from inventory.register import Register
from tests.tools import tool
from tests.tools.debian import CHECKOUT

UNITS = register.load()
WRITTEN = [kind for kind in vars(schema).values() if is_dataclass(kind) and kind.__module__ == schema.__name__]


@pytest.fixture(scope="module")
def rendered() -> Mapping[str, str]:
    return render.files(load(SHIPPED))


def test_what_is_shipped_has_no_problem_and_no_gap() -> None:
    findings = examine(SHIPPED)
    assert (findings.problems, findings.gaps) == ((), ())


def test_the_example_province_has_an_office_in_each_of_its_communes() -> None:
    offices = load(SHIPPED).provinces["04"].offices
    assert [office.commune for office in offices] == list(UNITS.communes_of("04"))
    assert len(offices) == 56


def test_every_rendered_agent_file_is_one_that_the_agent_accepts(rendered: Mapping[str, str]) -> None:
    files = {path: text for path, text in rendered.items() if path.endswith("/agent.yml")}
    assert len(files) == 56
    for path, text in files.items():
        configuration = agent.config.loads(text, path, read_secrets=False)
        assert path == f"offices/{configuration.settings.identity.office}/agent.yml"


def test_every_service_of_the_catalogue_can_be_turned_on(tmp_path: Path) -> None:
    province = copy_of_example(tmp_path)
    catalogue = yaml.load((SHIPPED / "services.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["services"]
    (province / "services.yml").write_text(yaml.safe_dump({"services": {name: {} for name in catalogue}}))
    inventory = load(tmp_path)
    assert len(inventory.provinces["04"].enabled_services) == len(catalogue)
    text = render.files(inventory)["offices/01273-1/agent.yml"]
    probes = agent.config.loads(text, read_secrets=False).probes
    assert {probe.labels["service"] for probe in probes if probe.collector.name == "service"} == set(catalogue)


def test_the_catalogue_keeps_its_budgets_when_the_whole_country_asks() -> None:
    for service in load(SHIPPED).provinces["04"].services:
        assert len(UNITS.communes) / service.every <= service.budget_per_second, service.id


def test_the_services_that_the_officers_page_speaks_of_are_in_the_catalogue() -> None:
    services = {service.id: service for service in load(SHIPPED).provinces["04"].services}
    assert {"portal", "vneid", "civil_status"} <= services.keys()
    assert not any(service.verified for service in services.values())


def test_the_facts_pass_promtool(rendered: Mapping[str, str]) -> None:
    checked = subprocess.run(
        [tool("promtool"), "check", "metrics"],
        input=rendered["facts.prom"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_facts_and_measurements_never_share_a_name() -> None:
    measured = {metric.name for name in collectors.names() for metric in collectors.load(name).metrics}
    assert not measured.union(metric.name for metric in OBSERVED) & {metric.name for metric in facts.METRICS}


@pytest.mark.parametrize("name", collectors.names())
def test_no_collector_sets_an_identity_label(name: str) -> None:
    for metric in collectors.load(name).metrics:
        assert not set(metric.labels) & set(labels.IDENTITY), metric.name


@pytest.mark.timeout(30)  # a tenth of it was measured; more would be a blunder
def test_a_whole_country_is_checked_and_rendered_at_once(tmp_path: Path) -> None:
    for code in UNITS.provinces:
        write_province(tmp_path, code, UNITS)
    findings = examine(tmp_path)
    assert (findings.problems, findings.gaps) == ((), ())
    assert findings.inventory is not None
    files = render.files(findings.inventory)
    assert len(files) == 3321 + 34 + 1


@pytest.mark.parametrize("kind", WRITTEN)
def test_every_setting_is_documented(kind: type[Any]) -> None:
    text = (CHECKOUT / "docs" / "inventory.md").read_text(encoding="utf-8")
    assert [field.name for field in fields(kind) if f"`{field.name}`" not in text] == []


def copy_of_example(folder: Path) -> Path:
    province = folder / "provinces" / "04"
    province.mkdir(parents=True)
    for path in (SHIPPED / "provinces" / "04").glob("*.yml"):
        (province / path.name).write_bytes(path.read_bytes())
    return province


def write_province(folder: Path, code: str, units: Register) -> None:
    """A folder like the example's for another province, two links and a UPS in every office."""
    example, province = SHIPPED / "provinces" / "04", folder / "provinces" / code
    province.mkdir(parents=True)
    settings = (example / "province.yml").read_text(encoding="utf-8").replace('province: "04"', f'province: "{code}"')
    (province / "province.yml").write_text(settings, encoding="utf-8")
    for name in ("services.yml", "contacts.yml"):
        (province / name).write_bytes((example / name).read_bytes())
    offices = (
        f"  {unit.code}-1:\n    address: 10.{int(code)}.{number}.2\n"
        "    links: {main: vnpt-ftth-100, backup: viettel-4g}\n"
        f"    ups: {{main: {{model: apc-smt1500, host: 10.{int(code)}.{number}.9}}}}\n"
        for number, unit in enumerate(units.communes_of(code))
    )
    (province / "offices.yml").write_text("offices:\n" + "".join(offices), encoding="utf-8")
