"""Services that are needed together: the verdict, its series, and what officers read."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from agent.config import Joint, Name, Probe, loads
from agent.joint import Verdict, samples, verdicts
from agent.outcome import Outcome
from agent.status import Light, assess, headline, joint_rows
from collectors.core import Reason
from collectors.core.decode import DecodeError
from collectors.link import UP
from tests.unit.agent.conftest import Toy, fine, outcome, probe

CONFIG = """\
version: 1
identity: {province: "04", commune: "01273", office: 01273-1}
name: {vi: Trung tâm, en: Centre}
probes:
  - {collector: service, labels: {service: portal}, target: {url: "https://portal.example/"}}
  - {collector: service, labels: {service: insurance}, target: {url: "https://insurance.example/"}}
  - {collector: journey, labels: {service: errand}, target: {steps: {home: {url: "https://portal.example/"}}}}
"""
NAME = Name("Bảo trợ xã hội", "Social protection")


def of(collector: str, name: str) -> Probe:
    toy = Toy(fine)
    toy.name = collector
    return replace(probe(f"{collector}/{name}"), collector=toy, labels={"service": name}, name=Name(name, name))


PORTAL, INSURANCE, LINK = of("service", "portal"), of("service", "insurance"), of("link", "wan1")
PROBES = (PORTAL, INSURANCE, LINK)
JOINT = {"protection": Joint(NAME, ("portal", "insurance"))}


def judged(*outcomes: Outcome) -> Verdict:
    (verdict,) = verdicts(JOINT, PROBES, outcomes)
    return verdict


def series(verdict: Verdict) -> Mapping[str, float]:
    found = list(samples([verdict]))
    assert {sample.labels for sample in found} == {(("joint", "protection"),)}
    return {sample.metric.name.removeprefix("joint_"): sample.value for sample in found}


@pytest.mark.parametrize(
    ("portal", "insurance", "expected"),
    [
        (Reason.OK, Reason.OK, {"services": 2, "success": 1, "failing_services": 0, "duration_seconds": 0.75}),
        (Reason.SLOW, Reason.OK, {"services": 2, "success": 1, "failing_services": 0, "duration_seconds": 0.75}),
        (Reason.OK, Reason.ERROR, {"services": 2, "success": 0, "failing_services": 1}),
        (Reason.FROZEN, Reason.DNS, {"services": 2, "success": 0, "failing_services": 2}),
        (Reason.OK, None, {"services": 2}),
        (Reason.OK, Reason.INTERNAL, {"services": 2}),
        (Reason.OK, Reason.BLOCKED, {"services": 2}),
        (None, Reason.MAINTENANCE, {"services": 2, "success": 0}),
        (None, None, {"services": 2}),
    ],
)
def test_all_must_work_and_nothing_is_said_that_is_not_known(
    portal: Reason | None, insurance: Reason | None, expected: Mapping[str, float]
) -> None:
    found = []
    if portal:
        found.append(outcome(PORTAL, portal))
    if insurance:
        found.append(replace(outcome(INSURANCE, insurance), seconds=0.75))
    assert series(judged(*found)) == expected


# --- the officers' page -----------------------------------------------------------------------------------------------


def page(portal: Reason, insurance: Reason, link: float = 1) -> tuple[str, Light, str, str]:
    """The headline, and the light and words of the joint row."""
    outcomes = (outcome(PORTAL, portal), outcome(INSURANCE, insurance), outcome(LINK, Reason.OK, UP(link)))
    rows = assess(PROBES, outcomes)
    (row,) = joint_rows(verdicts(JOINT, PROBES, outcomes), rows)
    return headline([*rows, row]).text.vi, row.light, row.text.vi, row.text.en


def test_officers_read_which_service_stands_in_the_way_and_the_headline_names_it_once() -> None:
    assert page(Reason.OK, Reason.ERROR) == (
        "insurance đang gặp sự cố", Light.BAD, "Chưa thực hiện được, do: insurance",
        "Not possible now, because of: insurance",
    )  # fmt: skip


def test_officers_read_that_an_errand_is_possible() -> None:
    assert page(Reason.OK, Reason.SLOW)[1:3] == (Light.GOOD, "Các hệ thống cần thiết đều hoạt động")


def test_services_are_not_blamed_for_the_link() -> None:
    said, light, words, _ = page(Reason.UNREACHABLE, Reason.DNS, link=0)
    assert (said, light) == ("Đường truyền Internet của trụ sở đang gián đoạn", Light.UNKNOWN)
    assert words == "Chưa kiểm tra được vì mất đường truyền"


def test_what_is_not_known_is_not_shown_as_a_fault() -> None:
    assert page(Reason.OK, Reason.BLOCKED)[1:3] == (Light.UNKNOWN, "Chưa đủ số liệu để kết luận")


# --- the configuration ------------------------------------------------------------------------------------------------


def test_joint_services_are_configured_by_their_labels() -> None:
    configuration = loads(f"{CONFIG}joint: {{protection: {{name: {{vi: A, en: B}}, services: [portal, insurance]}}}}")
    (verdict,) = verdicts(configuration.settings.joint, configuration.probes, ())
    assert [one.key for one in verdict.unknown] == ["service/portal", "service/insurance"]


@pytest.mark.parametrize(
    ("joint", "line"),
    [
        ("a: {name: {vi: A, en: B}, services: [portal]}", "joint.a.services: should be two or more different"),
        ("a: {name: {vi: A, en: B}, services: [portal, portal]}", "joint.a.services: should be two or more different"),
        ("A: {name: {vi: A, en: B}, services: [portal, insurance]}", "joint.A: is not an id"),
        (
            "a: {name: {vi: A, en: B}, services: [portal, errand]}",
            "joint.a.services[1]: there is no probe of the service 'errand' (hint: there are: insurance, portal)",
        ),
    ],
)
def test_slips_are_told_at_their_line(joint: str, line: str) -> None:
    with pytest.raises(DecodeError) as caught:
        loads(f"{CONFIG}joint:\n  {joint}\n")
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"agent.yml:9 {line}")
