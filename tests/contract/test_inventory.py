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
from collectors.core import Reason
from collectors.core.decode import decode_file, decode_text
from collectors.core.observed import METRICS as OBSERVED
from collectors.core.ports import HttpExchange
from collectors.freshness import Target
from collectors.service.target import Target as Service
from collectors.service.verdict import Verdict, judge_host, judge_page
from inventory import catalogue, facts, labels, register, render, schema
from inventory.asked import requests_of
from inventory.catalogue import CatalogueFile
from inventory.load import SHIPPED, examine, load
from inventory.register import Register
from inventory.resolve import has_address
from inventory.targets import to_yaml
from inventory.values import Cover, Scope
from tests.tools import tool
from tests.tools.debian import CHECKOUT

UNITS = register.load()
WRITTEN = [
    kind
    for module in (catalogue, schema)
    for kind in vars(module).values()
    if is_dataclass(kind) and kind.__module__ == module.__name__
]


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
    centre = agent.config.loads(files.pop("centres/04/agent.yml"), read_secrets=False)
    assert {probe.labels["router"] for probe in centre.probes} == {path.split("/")[1] for path in files}
    assert len(files) == 56
    for path, text in files.items():
        configuration = agent.config.loads(text, path, read_secrets=False)
        assert path == f"offices/{configuration.settings.identity.office}/agent.yml"


def test_every_service_of_the_catalogue_can_be_turned_on(tmp_path: Path) -> None:
    province = copy_of_example(tmp_path)
    catalogue = yaml.load((SHIPPED / "services.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["services"]
    name_a_machine_for_feeds(province)
    addressless = {"target": {"url": "https://own.example/"}}
    chosen = {
        name: {
            "verified": "2026-11-20",
            **({} if "collector" in entry or has_address(entry.get("target", {})) else addressless),
        }
        for name, entry in catalogue.items()
    }
    (province / "services.yml").write_text(yaml.safe_dump({"services": chosen}))
    inventory = load(tmp_path)
    assert len(inventory.provinces["04"].enabled_services) == len(catalogue)
    text = render.files(inventory)["offices/01273-1/agent.yml"]
    probes = agent.config.loads(text, read_secrets=False).probes
    assert {probe.labels["service"] for probe in probes if "service" in probe.labels} == set(catalogue)


def test_owners_reports_are_read_on_one_machine_only(tmp_path: Path) -> None:
    province = copy_of_example(tmp_path)
    name_a_machine_for_feeds(province)
    (province / "services.yml").write_text("services: {civil_status_data: {}, portal: {verified: 2026-11-20}}\n")
    texts = {path: text for path, text in render.files(load(tmp_path)).items() if path.endswith("agent.yml")}
    assert [path for path, text in texts.items() if "freshness" in text] == ["offices/01273-1/agent.yml"]
    probes = agent.config.loads(texts["offices/01273-1/agent.yml"], read_secrets=False).probes
    (feed,) = (probe for probe in probes if probe.collector.name == "freshness")
    assert feed.target == Target("/var/lib/communewatch-feeds/civil_status_data/report.json", None, "civil_status_data")


# Which entries cover each system of the government's list, services and others alike.
COVERED: Mapping[int, set[str]] = {
    1: {
        "portal", "portal_login", "portal_to_vneid", "portal_coordination", "portal_admin", "portal_feedback",
        "portal_legacy",
    },
    2: {"one_stop", "provincial_portal", "provincial_versions"},
    3: {
        "moj_one_stop", "moh_one_stop", "mae_one_stop", "mae_services", "moit_one_stop", "moha_one_stop",
        "moc_one_stop", "moc_services", "mst_one_stop", "moet_one_stop", "moet_services", "mera_one_stop",
        "mcst_services", "mof_procedures", "mof_services", "mod_one_stop", "disability",
    },
    4: {"vneid", "vneid_site"},
    5: {"interconnected"},
    6: {"residence", "police", "driver_licence", "driver_licence_level4"},
    7: {"civil_status", "civil_status_api", "civil_status_form", "justice"},
    8: {"civil_status_data"},
    9: {"tax"},
    10: {"business", "business_online", "household_business"},
    11: {"single_window"},
    12: {"procedures", "procedures_legacy", "procedures_published"},
    13: {"land", "land_login", "construction_data", "population_data"},
    14: {"data_centre"},
    15: {"commune_archives"},
    16: {"social_insurance"},
    17: {"identity_documents"},
    18: {
        "signature_timestamp", "signature_ocsp", "signature_root", "signature_issuer", "signature_trust_list",
        "national_root", "ocsp_vnpt", "ocsp_viettel", "ocsp_bkav", "ocsp_newca", "ocsp_fis", "officer_certificates",
    },
    19: {"payment", "payment_success"},
    20: {"documents", "mail", "meetings", "reporting", "merged_systems"},
    21: {"assistant"},
    22: {"electronic_form", "form_autofill"},
    23: {"service_index"},
    24: {"plan_toolkit"},
    25: {"scanned_files"},
    26: {"mofa_one_stop"},
    27: {"data_rules"},
    28: {"papers_in_person"},
    29: {"security_levels"},
}  # fmt: skip
FED = {8, 12, 13, 19, 22, 23}  # of these only an owner's report can tell everything
UNMEASURED = {15, 27, 28, 29}


def test_every_system_of_the_governments_list_is_in_the_catalogue() -> None:
    catalogue = decode_file(SHIPPED / "services.yml", CatalogueFile).value
    found: dict[int, set[str]] = {}
    for entries in (catalogue.services, catalogue.elsewhere):
        for key, entry in entries.items():
            if entry.system is not None:
                found.setdefault(entry.system, set()).add(key)
    assert found == COVERED


def test_what_can_be_measured_is_and_what_only_its_owner_knows_has_a_way_in() -> None:
    catalogue = decode_file(SHIPPED / "services.yml", CatalogueFile).value
    measured = {entry.system for entry in catalogue.services.values()}
    measured |= {entry.system for entry in catalogue.elsewhere.values() if entry.cover is Cover.MEASURED}
    assert set(COVERED) - measured == UNMEASURED
    assert {entry.system for entry in catalogue.services.values() if entry.collector == "freshness"} == FED


def test_a_host_of_a_province_or_a_report_is_never_taken_for_a_national_one() -> None:
    for key, entry in decode_file(SHIPPED / "services.yml", CatalogueFile).value.services.items():
        own = entry.collector == "freshness" or "{province}" in str(entry.target) or entry.owner == "province"
        assert (entry.scope is Scope.PROVINCIAL) == own, key


def test_the_catalogue_keeps_its_budgets_when_the_whole_country_asks() -> None:
    for service in load(SHIPPED).provinces["04"].services:
        requests = len(UNITS.communes) * requests_of(service.collector, service.target)
        assert requests / service.every <= service.budget_per_second, service.id


def test_the_services_that_the_officers_page_speaks_of_are_in_the_catalogue() -> None:
    services = {service.id: service for service in load(SHIPPED).provinces["04"].services}
    assert {"portal", "vneid", "civil_status"} <= services.keys()
    assert not any(
        entry.verified for entry in decode_file(SHIPPED / "services.yml", CatalogueFile).value.services.values()
    )


# What is asked of the answer: a page that only says 200, or an error that is none, would say nothing.
EXPECTED: Mapping[str, tuple[str, str, Reason]] = {
    "the portal's text is there": ("portal", "<title>Cổng Dịch vụ công Quốc gia</title>", Reason.OK),
    "the portal's text is missing": ("portal", "<title>Welcome to nginx</title>", Reason.CONTENT),
    "a login without a client": ("portal_login", "invalid_request", Reason.OK),
    "VNeID's login without a client": ("vneid", "invalid_request", Reason.OK),
}


@pytest.mark.parametrize(("service", "body", "reason"), EXPECTED.values(), ids=EXPECTED)
def test_the_catalogue_says_what_answer_is_right(service: str, body: str, reason: Reason) -> None:
    status = 200 if service == "portal" else 400
    assert judge_page(shipped_target(service), HttpExchange({}, status=status, body=body.encode())).reason is reason


@pytest.mark.parametrize("service", ["vneid", "portal_to_vneid"])
def test_the_way_to_vneid_ends_on_its_host(service: str) -> None:
    fine = Verdict(Reason.OK)
    assert judge_host(fine, shipped_target(service), "sso.dancuquocgia.gov.vn") is fine
    assert judge_host(fine, shipped_target(service), "parked.example").reason is Reason.REDIRECT


def shipped_target(service: str) -> Service:
    entry = decode_file(SHIPPED / "services.yml", CatalogueFile).value.services[service]
    text = to_yaml({"url": "https://own.example/", **entry.target})
    return decode_text(text, Service, "").value


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


@pytest.mark.timeout(180)  # a busy machine needs many times the ten seconds of a quiet one
def test_a_whole_country_is_checked_and_rendered_at_once(tmp_path: Path) -> None:
    for code in UNITS.provinces:
        write_province(tmp_path, code, UNITS)
    findings = examine(tmp_path)
    assert (findings.problems, findings.gaps) == ((), ())
    assert findings.inventory is not None
    files = render.files(findings.inventory)
    assert len(files) == 3321 + 34 + 2


@pytest.mark.parametrize("kind", WRITTEN)
def test_every_setting_is_documented(kind: type[Any]) -> None:
    text = (CHECKOUT / "docs" / "inventory.md").read_text(encoding="utf-8")
    assert [field.name for field in fields(kind) if f"`{field.name}`" not in text] == []


def name_a_machine_for_feeds(province: Path) -> None:
    settings = (province / "province.yml").read_text(encoding="utf-8")
    (province / "province.yml").write_text(settings + 'feeds: "01273-1"\n', encoding="utf-8")


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
