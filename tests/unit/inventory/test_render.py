"""What an office's agent, Prometheus and the facts page are given."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.config import loads
from collectors.core import exposition
from inventory import facts, render
from inventory.load import load
from tests.unit.inventory.conftest import Edit


def agent(folder: Path, office: str = "01273-1") -> Mapping[str, Any]:
    content: Mapping[str, Any] = yaml.load(
        render.files(load(folder))[f"offices/{office}/agent.yml"], Loader=yaml.BaseLoader
    )
    return content


def probes(folder: Path, office: str = "01273-1") -> Mapping[str, Mapping[str, Any]]:
    return {
        "/".join((probe["collector"], *probe.get("labels", {}).values())): probe
        for probe in agent(folder, office)["probes"]
    }


def test_an_agent_knows_who_it_is_in_codes_that_stay_text(folder: Path) -> None:
    written = agent(folder)
    assert written["identity"] == {"province": "04", "commune": "01273", "office": "01273-1"}
    assert yaml.safe_load(render.files(load(folder))["offices/01273-1/agent.yml"])["identity"]["commune"] == "01273"
    assert (written["version"], written["listen"], written["contact"]) == ("1", "0.0.0.0:9817", "Trực ban")


def test_an_office_is_called_after_its_commune_unless_it_has_a_name(folder: Path) -> None:
    assert agent(folder)["name"] == {
        "vi": "Trung tâm Phục vụ hành chính công phường Thục Phán",
        "en": "Public Administration Service Centre, Thục Phán ward",
    }
    assert agent(folder, "01290-1")["name"] == {"vi": "Một cửa Bảo Lâm", "en": "Bảo Lâm one-stop"}


def test_an_office_measures_its_machine_links_upses_and_what_the_province_turned_on(folder: Path) -> None:
    assert list(probes(folder)) == [
        "host", "link/main", "bandwidth/main", "link/backup", "bandwidth/backup", "ups/main", "service/portal",
    ]  # fmt: skip
    assert list(probes(folder, "01290-1")) == ["host", "link/main", "bandwidth/main", "service/portal"]


def test_the_way_is_followed_where_the_province_wants_it_with_all_that_is_known_of_its_networks(
    folder: Path, edit: Edit
) -> None:
    assert "path/main" not in probes(folder)
    edit(
        "province.yml",
        "probes:",
        "networks: {province: [10.4.0.0/16]}\nprobes:\n  path: {target: {host: portal.example}}",
    )
    measured = probes(folder)
    assert [key for key in measured if key.startswith("path")] == ["path/main"]
    assert measured["path/main"]["target"] == {"host": "portal.example", "networks": {"province": ["10.4.0.0/16"]}}
    assert loads(render.files(load(folder))["offices/01273-1/agent.yml"], read_secrets=False).probes


def test_a_link_beside_the_first_is_looked_at_over_hosts_of_its_own(folder: Path) -> None:
    measured = probes(folder)
    assert "target" not in measured["link/main"]
    assert measured["link/backup"]["target"] == {"interface": "wwan0", "reference": "198.51.100.10"}
    assert measured["bandwidth/main"]["target"]["responder"] == "speed.example:9818"
    assert measured["bandwidth/backup"]["target"]["responder"] == "198.51.100.11:9818"


def test_no_throughput_is_claimed_for_a_link_that_no_test_would_use(folder: Path, edit: Edit) -> None:
    edit("province.yml", ', responder: "198.51.100.11:9818"', "")
    assert "link/backup" in probes(folder)
    assert "bandwidth/backup" not in probes(folder)


def test_a_throughput_test_is_bounded_and_spaced_by_the_links_budget(folder: Path) -> None:
    main, backup = probes(folder)["bandwidth/main"], probes(folder)["bandwidth/backup"]
    assert main["target"]["max_bytes"] == "25000000"
    assert (main["every"], backup["every"]) == ("30m", "224m")


WITH_CAPACITY = (
    "  bandwidth: {",
    "  capacity: {target: {responder: speed.example:9818, key: {file: secrets/r}}}\n  bandwidth: {",
)


def test_a_province_that_wants_capacities_gets_them_for_each_link_with_its_contract(folder: Path, edit: Edit) -> None:
    edit("province.yml", *WITH_CAPACITY)
    main, backup = probes(folder)["capacity/main"], probes(folder)["capacity/backup"]
    assert main["target"] == {
        "responder": "speed.example:9818", "key": {"file": "secrets/r"},
        "down_mbps": "100", "up_mbps": "50", "monthly_bytes": "80000000000",
    }  # fmt: skip
    assert backup["target"]["responder"] == "198.51.100.11:9818"
    assert (main["every"], backup["every"]) == ("30m", "63m")
    assert main["name"]["vi"] == "Băng thông đường truyền VNPT (cáp quang)"


def test_tests_beside_capacities_share_their_budget(folder: Path, edit: Edit) -> None:
    edit("province.yml", *WITH_CAPACITY)
    test = probes(folder)["bandwidth/main"]
    assert (test["every"], test["target"]["monthly_bytes"]) == ("12h", "80000000000")


def test_a_link_too_fast_for_a_train_has_no_capacity_probe(folder: Path, edit: Edit) -> None:
    edit("province.yml", *WITH_CAPACITY)
    edit("province.yml", "ftth, down_mbps: 100", "ftth, down_mbps: 5000")
    assert "capacity/main" not in probes(folder)
    assert "bandwidth/main" in probes(folder)


def test_what_is_rendered_for_capacities_is_what_the_agent_takes(folder: Path, edit: Edit) -> None:
    edit("province.yml", *WITH_CAPACITY)
    written = loads(render.files(load(folder))["offices/01273-1/agent.yml"], read_secrets=False)
    found = {probe.key: probe for probe in written.probes}
    assert found["capacity/main"].target.expected("up") == 50 * 125_000


def test_a_province_without_a_responder_tests_no_throughput(folder: Path, edit: Edit) -> None:
    edit("province.yml", "  bandwidth: {", "  link: {every: 1m}\n#")
    assert [name for name in probes(folder) if name.startswith("bandwidth")] == []


def test_a_secret_is_named_never_written(folder: Path) -> None:
    assert probes(folder)["ups/main"]["target"] == {"community": {"file": "secrets/ups"}, "host": "10.4.1.9"}
    assert probes(folder)["bandwidth/main"]["target"]["key"] == {"file": "secrets/responder"}


def test_a_ups_may_overrule_its_model(folder: Path, edit: Edit) -> None:
    edit("offices.yml", "host: 10.4.1.9", "host: 10.4.1.9:1161, target: {community: public}")
    assert probes(folder)["ups/main"]["target"] == {"community": "public", "host": "10.4.1.9", "port": "1161"}


def test_a_ups_over_usb_is_read_by_the_nut_server_of_the_offices_machine(folder: Path, edit: Edit) -> None:
    model = "usb: {name: Santak TG1000, collector: nut, target: {user: agent, password: {file: secrets/nut}}}"
    edit("province.yml", "  apc:", f"  {model}\n  apc:")
    edit("province.yml", "  host: {every: 1m}", "  host: {every: 1m}\n  nut: {every: 20s, target: {ups: main}}")
    edit("offices.yml", "{main: {model: apc, host: 10.4.1.9}}", "{main: {model: usb, host: 127.0.0.1}}")
    ups = probes(folder)["nut/main"]
    assert (ups["labels"], ups["name"]["vi"], ups["every"]) == ({"ups": "main"}, "Bộ lưu điện", "20s")
    assert ups["target"] == {
        "ups": "main", "user": "agent", "password": {"file": "secrets/nut"}, "host": "127.0.0.1",
    }  # fmt: skip


def test_traps_are_heard_where_the_province_asks_for_it(folder: Path, edit: Edit) -> None:
    assert "traps" not in agent(folder)
    edit("province.yml", "agent: {", "agent: {traps: 0.0.0.0:1162, ")
    assert agent(folder)["traps"] == "0.0.0.0:1162"


def test_the_last_word_goes_where_the_province_says(folder: Path, edit: Edit) -> None:
    assert "last_word" not in agent(folder)
    written = '{url: "https://10.4.0.1/api/v1/write", user: office, password: {file: secrets/last-word}}'
    edit("province.yml", "agent: {", f"agent: {{last_word: {written}, ")
    assert agent(folder)["last_word"] == yaml.safe_load(written)


PUSH = (
    '{receivers: {centre: {url: "https://10.4.0.1/api/v1/write", ca_file: /etc/communewatch/ca.pem,'
    " certificate: /etc/communewatch/office.pem, key: /etc/communewatch/office.key, share: 0.8}}}"
)


def scraped(folder: Path) -> set[str]:
    groups = json.loads(render.files(load(folder))["prometheus/targets/04.json"])
    return {group["labels"]["office"] for group in groups}


def test_an_office_sends_or_is_scraped_and_never_both(folder: Path, edit: Edit) -> None:
    assert ("push" in agent(folder), "01273-1" in scraped(folder)) == (False, True)
    edit("province.yml", "agent: {", f"agent: {{push: {PUSH}, ")
    assert (agent(folder)["push"], scraped(folder)) == (yaml.load(PUSH, Loader=yaml.BaseLoader), set())
    edit("offices.yml", "    address: 10.4.1.2", "    address: 10.4.1.2\n    path: pull")
    assert ("push" in agent(folder), "01273-1" in scraped(folder)) == (False, True)


def test_what_is_rendered_for_an_office_that_sends_is_what_its_agent_reads(folder: Path, edit: Edit) -> None:
    edit("province.yml", "agent: {", f"agent: {{push: {PUSH}, ")
    push = loads(render.files(load(folder))["offices/01273-1/agent.yml"], read_secrets=False).settings.push
    assert push is not None
    assert push.receivers["centre"].share == 0.8


def test_a_services_pace_is_the_provinces_then_the_catalogues(folder: Path) -> None:
    portal = probes(folder)["service/portal"]
    assert (portal["every"], portal["timeout"]) == ("2m", "20s")
    assert portal["target"] == {
        "url": "https://dichvucong.gov.vn/", "body_matches": ["(?i)dịch vụ công quốc gia"],
    }  # fmt: skip


def test_a_provincial_service_has_the_provinces_name_in_its_host(folder: Path, edit: Edit) -> None:
    edit("services.yml", "one_stop: {enabled: false}", "one_stop: {verified: 2026-11-20}")
    assert probes(folder)["service/one_stop"]["target"]["url"] == "https://motcua.caobang.gov.vn/"


def test_prometheus_finds_every_office_with_an_address_under_its_identity(folder: Path, edit: Edit) -> None:
    groups = json.loads(render.files(load(folder))["prometheus/targets/04.json"])
    assert [group["targets"] for group in groups] == [["10.4.1.2:9817"], ["10.4.4.2:9900"]]
    assert groups[0]["labels"] == {"province": "04", "commune": "01273", "office": "01273-1"}
    edit("offices.yml", "    address: 10.4.1.2\n", "")
    assert len(json.loads(render.files(load(folder))["prometheus/targets/04.json"])) == 1


def test_the_facts_say_what_offices_links_and_services_are(folder: Path) -> None:
    lines = render.files(load(folder))["facts.prom"].splitlines()
    identity = 'province="04",commune="01290",office="01290-1",link="main"'
    assert (
        'office_info{province="04",province_name="Cao Bằng",commune="01290",commune_name="Xã Bảo Lâm",office="01290-1",'
        'office_name="Một cửa Bảo Lâm",type="xa",latitude="22.8300",longitude="105.5000"} 1'
    ) in lines
    assert f'link_info{{{identity},operator="vnpt",technology="ftth"}} 1' in lines
    assert f'link_contract_bytes_per_second{{{identity},direction="down"}} 10000000' in lines  # 80 Mbit/s
    assert f'link_contract_bytes_per_second{{{identity},direction="up"}} 6250000' in lines  # 50, from the plan
    assert f"link_monthly_budget_bytes{{{identity}}} 80000000000" in lines
    assert f"link_rank{{{identity}}} 1" in lines
    portal = 'service="portal",name="Cổng Dịch vụ công quốc gia",owner="mps",owner_name="Bộ Công an",tier="1"'
    assert f"service_info{{{portal}}} 1" in lines
    assert not any('service="one_stop"' in line for line in lines)


def test_a_name_cannot_break_the_facts_page(folder: Path, edit: Edit) -> None:
    edit("offices.yml", "vi: Một cửa Bảo Lâm", r'vi: "a\"b\\c\nd"')
    assert 'office_name="a\\"b\\\\c\\nd"' in exposition.page(facts.samples(load(folder)))


def test_rendering_again_gives_the_same_bytes(folder: Path) -> None:
    assert render.files(load(folder)) == render.files(load(folder))


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.5, "500ms"), (5, "5s"), (90, "90s"), (1800, "30m"), (13440, "224m"), (7200, "2h")]
)
def test_a_duration_is_written_in_the_largest_unit_that_holds_it_whole(seconds: float, text: str) -> None:
    assert render.duration(seconds) == text


WITH_ECHO = (
    "  bandwidth: {",
    """\
  echo: {target: {responder: speed.example:9818, key: {file: secrets/r}}}
  wan: {target: {router: 192.168.1.1, index: 4, community: {file: secrets/c}}}
  modem: {target: {dip_db: 12}}
  bandwidth: {""",
)


def test_a_province_that_wants_echoes_gets_them_for_each_link_as_often_as_its_budget_bears(
    folder: Path, edit: Edit
) -> None:
    edit("province.yml", *WITH_ECHO)
    main, backup = probes(folder)["echo/main"], probes(folder)["echo/backup"]
    assert main["target"] == {"responder": "speed.example:9818", "key": {"file": "secrets/r"}, "interval": "1s"}
    assert backup["target"]["responder"] == "198.51.100.11:9818"
    assert backup["target"]["interval"] == "5s"
    assert main["name"]["en"] == "Delay and loss of the VNPT link (fibre)"


def test_counters_are_of_the_first_link_and_signals_of_mobile_ones(folder: Path, edit: Edit) -> None:
    edit("province.yml", *WITH_ECHO)
    found = probes(folder)
    assert found["wan/main"]["target"] == {
        "router": "192.168.1.1", "index": "4", "community": {"file": "secrets/c"}, "down_mbps": "100", "up_mbps": "50",
    }  # fmt: skip
    assert found["modem/backup"]["target"] == {"dip_db": "12"}
    assert not {"wan/backup", "modem/main"} & found.keys()


def test_what_is_rendered_for_echoes_and_counters_is_what_the_agent_takes(folder: Path, edit: Edit) -> None:
    edit("province.yml", *WITH_ECHO)
    written = loads(render.files(load(folder))["offices/01273-1/agent.yml"], read_secrets=False)
    found = {probe.key: probe for probe in written.probes}
    assert found["echo/backup"].target.interval == 5
    assert found["wan/main"].needs == {"host", "snmp"}


def test_a_throughput_test_of_the_first_link_knows_its_counters_and_what_quiet_is(folder: Path, edit: Edit) -> None:
    edit("province.yml", *WITH_ECHO)
    found = probes(folder)
    main, backup = found["bandwidth/main"]["target"], found["bandwidth/backup"]["target"]
    assert main["counters"]["router"] == "192.168.1.1"
    assert (main["down_mbps"], main["up_mbps"]) == ("100", "50")
    assert "counters" not in backup
    assert (backup["down_mbps"], backup["up_mbps"]) == ("40", "15")


def test_a_link_over_a_satellite_is_given_the_time_that_it_needs(folder: Path, edit: Edit) -> None:
    edit("province.yml", *WITH_CAPACITY)
    edit("province.yml", "4g,", "satellite,")
    found = probes(folder)
    assert found["bandwidth/backup"]["target"]["max_duration"] == "15s"
    assert "max_duration" not in found["bandwidth/main"]["target"]
    assert found["capacity/backup"]["target"]["max_bytes"] == "2250000"


def test_a_capacity_probe_of_the_first_link_knows_its_counters(folder: Path, edit: Edit) -> None:
    edit("province.yml", *WITH_ECHO)
    edit("province.yml", *WITH_CAPACITY)
    written = loads(render.files(load(folder))["offices/01273-1/agent.yml"], read_secrets=False)
    found = {probe.key: probe for probe in written.probes}
    assert found["capacity/main"].target.counters.index == 4
    assert found["capacity/main"].needs == {"net", "snmp"}
    assert found["capacity/backup"].target.counters is None
