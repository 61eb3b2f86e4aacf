"""agent.yml: what is accepted, and how a person is led to what is not."""

from pathlib import Path

import pytest

from agent.config import load, loads
from collectors.core import Lane
from collectors.core.decode import DecodeError
from collectors.service.target import Target

GOOD = """
version: 1
identity: {province: "04", commune: 01273, office: 04-01273-ubnd}
name: {vi: UBND xã Trường Hà, en: Truong Ha commune office}
contact: cntt@caobang.example
probes:
  - {collector: host}
  - collector: service
    labels: {service: portal}
    name: {vi: Cổng Dịch vụ công quốc gia, en: National Public Service Portal}
    every: 1m
    timeout: 15s
    target: {url: "https://portal.example/"}
  - collector: ups
    labels: {ups: ups1}
    target: {host: 192.0.2.7, community: s3cret}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(DecodeError) as caught:
        loads(text)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_file_becomes_probes_with_schedules_and_stable_offsets() -> None:
    configuration = loads(GOOD)
    host, portal, ups = configuration.probes
    assert [probe.key for probe in configuration.probes] == ["host", "service/portal", "ups/ups1"]
    assert (portal.schedule.every, portal.schedule.timeout, portal.schedule.lane) == (60, 15, Lane.LATENCY)
    assert configuration.settings.identity.commune == "01273"
    assert configuration.needs >= {"host", "http", "snmp"}
    assert portal.labels == {"service": "portal"}
    assert loads(GOOD).probes == configuration.probes
    assert 0 <= ups.offset < ups.schedule.every
    assert host.offset != portal.offset


def test_a_target_may_ask_for_a_port_that_others_of_its_collector_do_not_need() -> None:
    wan = "  - {collector: wan, target: {%s, index: 2, interface: ppp0, down_mbps: 9, up_mbps: 9}}\n"
    here, there = (
        loads(GOOD.partition("probes:")[0] + "probes:\n" + wan % where) for where in ("port: 161", "router: r")
    )
    assert "snmp" not in here.needs
    assert there.needs == here.needs | {"snmp"}


def test_secrets_do_not_show_in_the_decoded_probes() -> None:
    assert "s3cret" not in repr(loads(GOOD))


@pytest.mark.parametrize(
    ("line", "instead", "said"),
    [
        ("version: 1", "version: 2", "agent.yml:2 version: '2' is not one of 1"),
        ("collector: host", "collector: hots", "agent.yml:7 probes[0].collector: there is no collector 'hots'"),
        ("every: 1m", "every: 10s", "agent.yml:8 probes[1]: timeout 15.0 s must be positive and within"),
        ("every: 1m", "every: 1ms", "probes[1].every: should be at least 1s"),
        ("labels: {service: portal}", "labels: {reason: x}", "probes[1].labels: the label reason is set by the agent"),
        ("labels: {service: portal}", "labels: {phase: x}", "the collector service sets this label itself"),
        ("labels: {ups: ups1}", "labels: {UPS-1: ups1}", "'UPS-1' is not a label name"),
        ("contact: cntt", "concurrency: 0\ncontact: cntt", "concurrency: should be between 1 and 64"),
        ("contact: cntt", "listen: 127.0.0.1\ncontact: cntt", "listen: needs a port"),
        (
            'url: "https://portal.example/"',
            "url: portal.example",
            "agent.yml:13 probes[1].target.url: 'portal.example'",
        ),
        ("host: 192.0.2.7", "hots: 192.0.2.7", "probes[2].target.hots: is not a known key (hint: did you mean host?)"),
        ("    target: {host: 192.0.2.7, community: s3cret}", "", "probes[2].target: is missing"),
        ("collector: host", "collector: host}\n  - {collector: host", "probes[1]: is a second host"),
        (
            "- {collector: host}",
            "- {collector: host, labels: {a: x, b: y}}\n  - {collector: host, labels: {b: y, a: x}}",
            "probes[1]: is a second host/x/y",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(line: str, instead: str, said: str) -> None:
    assert line in GOOD
    found = problems(GOOD.replace(line, instead))
    assert any(said in problem for problem in found), found


def test_mistakes_in_several_targets_are_reported_together() -> None:
    found = problems(
        GOOD.replace("portal.example/", "").replace("host: 192.0.2.7", "hots: x").replace(": host}", ": x}")
    )
    assert len(found) == 4  # no URL, unknown key, missing host, no such collector


def test_mistakes_of_the_file_its_entries_and_their_targets_are_reported_together() -> None:
    text = GOOD.replace("contact:", "bogus: 1\ncontact:").replace(": host}", ": hosst}")
    found = problems(text.replace("portal.example/", "").replace("192.0.2.7", '""').replace("every: 1m", "every: 1ms"))
    said = "\n".join(found)
    for expected in (
        "bogus: is not a known key",
        "no collector 'hosst'",
        "every: should be",
        "target.url",
        "target.host",
    ):
        assert expected in said, said


def test_a_mistake_beside_a_target_hides_none_in_it() -> None:
    wrong = GOOD.replace("every: 1m", "every: soon").replace("url: ", "ulr: ")
    found = problems(wrong)
    assert any("probes[1].every: 'soon' is not a duration" in one for one in found)
    assert any("probes[1].target.ulr: is not a known key" in one for one in found), found


def test_a_secret_that_is_written_out_in_a_header_is_refused() -> None:
    wrong = GOOD.replace('portal.example/"}', 'portal.example/", headers: {Authorization: Basic s3cret}}')
    (found,) = problems(wrong)
    assert "agent.yml:13 probes[1].target.headers: Authorization is a secret" in found


def test_a_target_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[str] = []

    def check(self: Target) -> tuple[tuple[str, str], ...]:
        decoded.append(str(self.url))
        return ()

    monkeypatch.setattr(Target, "check", check)
    assert loads(GOOD).probes[1].target.url == "https://portal.example/"
    assert decoded == ["https://portal.example/"]


def test_a_file_without_probes_is_refused() -> None:
    text = GOOD[: GOOD.index("probes:")] + "probes: []"
    assert "probes: is empty: the agent would measure nothing" in problems(text)[0]


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "agent.yml"
    path.write_text(GOOD, encoding="utf-8")
    assert load(path).probes == loads(GOOD).probes
