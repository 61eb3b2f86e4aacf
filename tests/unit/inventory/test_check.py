"""Each slip that a person may make in the files, and what they are told."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from collectors.core.decode import decode_file
from inventory.load import examine
from tests.unit.inventory.conftest import Edit


@dataclass(frozen=True, slots=True)
class Slip:
    """`old` replaced by `new` in `file`; `said` is part of what is printed."""

    file: str
    old: str
    new: str
    said: str


SLIPS = decode_file(Path(__file__).with_name("slips.yml"), tuple[Slip, ...]).value


def test_a_sound_folder_has_no_problem_and_no_gap(folder: Path) -> None:
    findings = examine(folder)
    assert (findings.problems, findings.gaps) == ((), ())
    assert findings.inventory is not None


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.new.strip() or slip.old.strip())
def test_a_slip_is_told_with_its_file_and_line(folder: Path, edit: Edit, slip: Slip) -> None:
    edit(slip.file, slip.old, slip.new)
    findings = examine(folder)
    assert findings.inventory is None
    assert slip.said in "\n".join(str(problem) for problem in findings.problems)
    assert all(problem.where.startswith(f"{folder}/provinces/04/") for problem in findings.problems)


@pytest.mark.parametrize(("probe", "every", "most"), [("bandwidth", "48h", "24h"), ("capacity", "13h", "12h")])
def test_a_pace_that_says_nothing_of_a_day_is_told_once_and_no_budget_is_blamed(
    folder: Path, edit: Edit, probe: str, every: str, most: str
) -> None:
    target = "target: {responder: a.example, key: {file: k}}"
    edit("province.yml", "  bandwidth: {", f"  capacity: {{{target}}}\n  bandwidth: {{")
    edit("province.yml", f"  {probe}: {{", f"  {probe}: {{every: {every}, ")
    said = [str(problem) for problem in examine(folder).problems]
    assert len(said) == 1
    assert said[0].endswith(f"probes.{probe}.every: is too seldom to say anything about a day (hint: {most} at most)")


def test_all_slips_are_told_at_once_in_the_order_of_the_lines(folder: Path, edit: Edit) -> None:
    edit("offices.yml", "main: fibre", "main: fiber")
    edit("offices.yml", "address: 10.4.4.2:9900", "adress: 10.4.4.2")  # this office cannot even be read
    edit("contacts.yml", "vnpt:", "vnpk:")
    edit("services.yml", "portal:", "portl:")
    lines = [problem.where.rpartition("/")[2] for problem in examine(folder).problems]
    assert lines == ["contacts.yml:3", "offices.yml:4", "offices.yml:7", "services.yml:2"]


def test_a_commune_without_office_and_plan_is_a_gap_not_a_problem(folder: Path, edit: Edit) -> None:
    edit("province.yml", "  01279: year 2\n", "")
    findings = examine(folder)
    assert findings.problems == ()
    assert findings.inventory is not None
    assert "offices: 1 commune has no office in sight: 01279 Nùng Trí Cao (hint: add an office" in str(findings.gaps[0])


def test_the_same_ups_address_in_two_offices_is_refused_unless_networks_repeat(folder: Path, edit: Edit) -> None:
    edit("offices.yml", "    latitude", "    ups: {main: {model: apc, host: 10.4.1.9}}\n    latitude")
    assert "10.4.1.9 is an address given before, on line 5" in str(examine(folder).problems[0])
    edit("province.yml", "web_name", "addresses_repeat: true\nweb_name")
    assert examine(folder).problems == ()


def test_two_upses_of_one_office_never_share_an_address(folder: Path, edit: Edit) -> None:
    edit("province.yml", "web_name", "addresses_repeat: true\nweb_name")
    edit("offices.yml", "host: 10.4.1.9}}", "host: 10.4.1.9}, second: {model: apc, host: 10.4.1.9}}")
    assert "offices.01273-1.ups.second.host: 10.4.1.9 is an address given before" in str(examine(folder).problems[0])


def test_every_office_may_have_a_nut_server_of_its_own_and_two_upses_at_it(folder: Path, edit: Edit) -> None:
    edit("province.yml", "  apc:", "  usb: {name: Santak TG1000, collector: nut}\n  apc:")
    one, two = (f"{name}: {{model: usb, host: 127.0.0.1, target: {{ups: {name}}}}}" for name in ("left", "right"))
    edit("offices.yml", "    latitude", f"    ups: {{{one}, {two}}}\n    latitude")
    edit("offices.yml", "{main: {model: apc, host: 10.4.1.9}}", f"{{{one}}}")
    assert examine(folder).problems == ()
    edit("offices.yml", "ups: right", "ups: left")
    (problem,) = examine(folder).problems
    assert "offices.01290-1.ups.right.host: left@127.0.0.1 is an address given before" in str(problem)


def test_the_pace_of_a_service_that_is_off_harms_nobody(folder: Path, edit: Edit) -> None:
    edit(
        "services.yml", "portal: {every: 2m, verified: 2026-11-20}", "portal: {enabled: false, every: 1s, timeout: 1s}"
    )
    assert examine(folder).problems == ()


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("{}", "services.portal: is measured, and nobody has verified its address (hint: see it answer from an office"),
        ("{verified: true}", "services.portal.verified: 'true' is not a day; write 2026-11-20"),
        ("{verified: 2026-11-31}", "services.portal.verified: '2026-11-31' is not a day"),
        ("{enabled: false}", ""),
        ("{verified: 2026-11-20}", ""),
    ],
)
def test_what_nobody_has_seen_answer_is_not_measured(folder: Path, edit: Edit, choice: str, said: str) -> None:
    edit("services.yml", "portal: {every: 2m, verified: 2026-11-20}", f"portal: {choice}")
    told = [str(problem) for problem in examine(folder).problems]
    assert (len(told), said in "".join(told)) == (1 if said else 0, True), told


def test_what_the_country_has_verified_is_not_what_a_province_writes_instead(folder: Path, edit: Edit) -> None:
    (folder / "services.yml").write_text(CATALOGUE.replace("tier: 1,", "tier: 1, verified: true,"))
    edit("services.yml", "portal: {every: 2m, verified: 2026-11-20}", "portal: {every: 2m}")
    assert examine(folder).problems == ()
    edit("services.yml", "portal: {every: 2m}", "portal: {every: 2m, target: {url: https://own.example/}}")
    (problem,) = examine(folder).problems
    assert "services.portal: is measured, and nobody has verified its address" in str(problem)


def test_an_owners_report_needs_nobody_to_verify_it(folder: Path, edit: Edit) -> None:
    edit("province.yml", "web_name", 'feeds: "01273-1"\nweb_name')
    edit("services.yml", "services:", "services:\n  civil_status_data: {}")
    assert examine(folder).problems == ()


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "provinces/04/contacts.yml").unlink()
    assert [str(problem) for problem in examine(folder).problems] == [
        f"{folder}/provinces/04/contacts.yml: No such file or directory"
    ]


def test_a_file_that_nobody_reads_is_named(folder: Path) -> None:
    (folder / "provinces/04/office.yml").write_text("offices: {}\n")
    assert "office.yml: is not read (hint: known here: province.yml" in str(examine(folder).problems[0])


def test_a_folder_that_is_no_province_is_named(folder: Path) -> None:
    (folder / "provinces/cao-bang").mkdir()
    assert "is not the 2-digit code of a province" in str(examine(folder).problems[0])


@pytest.mark.parametrize("code", ["4", "08", "06"])
def test_a_wrong_province_is_told_once_not_once_per_commune(folder: Path, edit: Edit, code: str) -> None:
    edit("province.yml", 'province: "04"', f"province: {code}")
    assert len(examine(folder).problems) == 1


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert f"{tmp_path}/absent: is not a folder" in [str(problem) for problem in examine(tmp_path / "absent").problems]


def test_an_empty_folder_says_what_an_inventory_is(tmp_path: Path) -> None:
    assert "holds no province (hint: an inventory holds one folder per province" in str(examine(tmp_path).problems[0])


def test_a_folder_may_bring_its_own_catalogue(folder: Path) -> None:
    (folder / "services.yml").write_text(
        "services:\n"
        "  portal: {name: {vi: Cổng, en: Portal}, owner: nobody, tier: 9, target: {url: https://portal.example/}}\n"
    )
    said = "\n".join(str(problem) for problem in examine(folder).problems)
    assert "services.portal.owner: there is no owner 'nobody'" in said
    assert "services.portal.tier: there is no tier '9'" in said
    assert "services.one_stop: there is no service 'one_stop'" in said


CATALOGUE = """\
tiers: {1: {every: 10s, timeout: 5s, budget_per_second: 4.0}}
services:
  portal: {name: {vi: Cổng, en: Portal}, owner: mps, tier: 1, target: {url: https://portal.example/}}
  help: {name: {vi: Trợ giúp, en: Help}, owner: mps, tier: 1, target: {url: https://portal.example/help}}
  one_stop: {name: {vi: Một cửa, en: One-stop}, owner: mps, tier: 1, target: {url: https://other.example/}}
"""


def test_an_interval_that_nobody_chose_is_as_long_as_the_fleets_budget_asks_for(folder: Path, edit: Edit) -> None:
    (folder / "services.yml").write_text(CATALOGUE)
    edit("services.yml", "portal: {every: 2m, verified: 2026-11-20}", "portal: {verified: 2026-11-20}")
    inventory = examine(folder).inventory
    assert inventory is not None
    (portal,) = (service for service in inventory.provinces["04"].services if service.id == "portal")
    assert float(portal.every) == 60  # two offices of 3,321, in a province that has 56 of them: 0.034 a second


JOURNEYS = """\
journeys:
  way:
    name: {vi: Đường đi, en: The way}
    owner: mps
    pace: {every: 1m, timeout: 30s, budget_per_second: 4.0}
    target:
      steps: {a: {url: https://portal.example/}, b: {url: https://portal.example/b}, c: {url: https://else.example/}}
"""


def test_every_step_of_a_journey_counts_at_its_host_also_beside_services(folder: Path, edit: Edit) -> None:
    (folder / "services.yml").write_text(CATALOGUE + JOURNEYS)
    edit("services.yml", "services:", "journeys: {way: {every: 70s}}\nservices:")
    (problem,) = examine(folder).problems
    assert "journeys.way: portal, way together would send 0.09 requests a second to portal.example" in str(problem)
    edit("services.yml", "way: {every: 70s}", "way: {every: 59s}")
    (_, alone) = examine(folder).problems
    assert "journeys.way.every: 4 requests every 59 s would be 0.068 a second" in str(alone)
    edit("services.yml", "way: {every: 59s}", "way: {every: 2m}")
    assert examine(folder).problems == ()


def test_services_that_share_a_host_share_its_budget(folder: Path, edit: Edit) -> None:
    (folder / "services.yml").write_text(CATALOGUE)
    edit(
        "services.yml",
        "portal: {every: 2m, verified: 2026-11-20}",
        "portal: {every: 1m, verified: 2026-11-20}\n  help: {every: 2m, verified: 2026-11-20}",
    )
    (problem,) = examine(folder).problems
    assert "services.help: portal, help together would send 0.1 requests a second to portal.example" in str(problem)
    edit("services.yml", "portal: {every: 1m", "portal: {every: 2m")
    assert examine(folder).problems == ()


OWN = """\
  own: {{name: {{vi: Riêng, en: Own}}, owner: mps, tier: 1, scope: provincial, target: {{{target}}}}}
"""


@pytest.mark.parametrize(
    ("target", "every"),
    [
        ("url: https://portal.example/own", "1m"),
        ("url: https://PORTAL.example./own", "1m"),
        ("url: 'https://ｐｏｒｔａｌ。example/own'", "1m"),  # wide letters: a resolver is asked for the usual ones
        ("url: https://own.example/, connect_to: portal.example", "1m"),
        ("url: https://own.example/, connect_to: 'Portal.example.:443'", "1m"),
        ("kind: tcp, host: portal.example., port: 80", "1m"),
        ("kind: dns, name: own.example, server: portal.example", "1m"),
        ("kind: dns, name: own.example, servers: [own.example, 'portal.example:53']", "1m"),
        ("kind: icmp, host: portal.example, count: 20", "25m"),  # 80 packets each time: two offices, twice
    ],
)
def test_a_national_host_has_one_budget_whoever_asks_it_and_however_it_is_written(
    folder: Path, edit: Edit, target: str, every: str
) -> None:
    (folder / "services.yml").write_text(CATALOGUE + OWN.format(target=target))
    chosen = f"portal: {{every: 2m, verified: 2026-11-20}}\n  own: {{every: {every}, verified: 2026-11-20}}"
    edit("services.yml", "portal: {every: 2m, verified: 2026-11-20}", chosen)
    (problem,) = examine(folder).problems
    assert "services.own: portal, own together would send" in str(problem)
    assert "requests a second to portal.example; the share is 0.067" in str(problem)
    edit("services.yml", f"own: {{every: {every}", "own: {every: 1h")
    assert examine(folder).problems == ()


def test_a_provinces_own_service_on_a_national_host_has_the_provinces_share_by_itself(folder: Path, edit: Edit) -> None:
    (folder / "services.yml").write_text(CATALOGUE + OWN.format(target="url: https://portal.example/own"))
    chosen = "own: {every: 30s, verified: 2026-11-20}"
    edit("services.yml", "portal: {every: 2m, verified: 2026-11-20}", chosen)
    (problem,) = examine(folder).problems
    assert "services.own.every: 4 requests every 30 s would be 0.13 a second" in str(problem)
    edit("services.yml", "every: 30s, ", "")
    inventory = examine(folder).inventory
    assert inventory is not None
    (own,) = (service for service in inventory.provinces["04"].services if service.id == "own")
    assert float(own.every) == 60


def test_a_host_of_the_provinces_own_serves_the_province_alone(folder: Path, edit: Edit) -> None:
    (folder / "services.yml").write_text(CATALOGUE + OWN.format(target="url: https://own.example/"))
    edit("services.yml", "services:", "services:\n  own: {every: 10s, verified: 2026-11-20}")
    assert examine(folder).problems == ()
