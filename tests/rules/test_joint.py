"""Services that are needed together: when the verdict is told, and when it is only recorded."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.rules.case import of_all
from tests.rules.cases_of_services import BIRTH, joint
from tests.rules.every_case import CASES
from tests.rules.scene import Firing, Office, Scene, offices, province, values

LATER = 120 + 90.0  # the errand has failed for longer than the alert needs, and one office's alert is not yet due
TOLD = CASES["JointServiceDegraded"].firing


def scene(missing: Mapping[str, tuple[str, ...]], **more: str) -> dict[str, str]:
    """Two provinces; `missing`: for each office of both, the service that it misses from 120 s on ("" = none)."""
    found = [province(len(names), 600, code) for code, names in missing.items()]
    for code, names in missing.items():
        for office, name in zip(offices(len(names), code), names, strict=True):
            found.append(joint(office, name) if name else works(office))
    return of_all([*found, BIRTH, more])


def works(office: Office) -> dict[str, str]:
    return dict.fromkeys(joint(office, "portal"), values((1, 600)))


@pytest.mark.parametrize(
    ("missing", "firing"),
    [
        ({"04": ("portal", "portal", "vneid", "vneid"), "11": ("portal", "vneid", "", "")}, (TOLD,)),
        ({"04": ("portal", "portal", "", ""), "11": ("vneid", "vneid", "", "")}, ()),  # exactly half: no quorum
        ({"04": ("portal", "portal", "vneid", "vneid"), "11": ("", "", "", "")}, ()),  # one province only
    ],
)
def test_an_errand_is_told_when_most_offices_of_several_provinces_miss_something(
    missing: Mapping[str, tuple[str, ...]], firing: tuple[Firing, ...], tmp_path: Path
) -> None:
    Scene(scene(missing), {LATER: firing}).judge(tmp_path)


def test_what_one_service_explains_is_told_once_under_its_name(tmp_path: Path) -> None:
    everywhere = dict.fromkeys(("04", "11"), ("portal",) * 4)
    national = Firing("NationalServiceDown", {
        "severity": "critical", "scope": "country", "cause": "service", "incident": "country/service/portal",
        "service": "portal",
    })  # fmt: skip
    answers = {(LATER, "joint:failing"): {'joint:failing{joint="birth"}': 1.0}}
    Scene(scene(everywhere), {LATER: (national,)}, answers).judge(tmp_path)


def test_what_one_service_explains_is_told_once_while_the_register_is_away(tmp_path: Path) -> None:
    away = dict.fromkeys(BIRTH, values((1, 180), ("gone", 420)))
    series = scene(dict.fromkeys(("04", "11"), ("portal",) * 4)) | away
    Scene(series, values={(345, "joint:unexplained"): {}, (585, "joint:unexplained"): {}}).judge(tmp_path)


def test_what_one_service_explains_in_one_province_is_not_told_of_the_errand_again(tmp_path: Path) -> None:
    missing = {"04": ("portal",) * 4, "11": ("portal", "portal", "vneid", "vneid")}
    Scene(scene(missing), values={(LATER, "joint:unexplained"): {}}).judge(tmp_path)


def test_time_with_exactly_one_service_down_is_recorded_for_offices_that_are_able_to_judge(tmp_path: Path) -> None:
    one, two = offices(2)
    series = province(2, 600) | {
        one.series("joint_success", joint="birth"): values((1, 120), (0, 480)),
        one.series("joint_failing_services", joint="birth"): values((0, 120), (1, 180), (2, 300)),
        two.series("joint_success", joint="birth"): values((0, 600)),
        two.series("joint_failing_services", joint="birth"): values((1, 600)),
        two.series("ups_on_battery", ups="ups-1", collector="ups"): values((1, 600)),
    }
    down = f'office_joint:one_down{{commune="{one.commune}", joint="birth", office="{one.id}", province="04"}}'
    answers: dict[tuple[float, str], dict[str, float]] = {
        (105, "office_joint:one_down"): {},
        (120, "office_joint:one_down"): {down: 1.0},
        (120, "joint:one_down:ratio"): {'joint:one_down:ratio{joint="birth"}': 1.0},
        (285, "office_joint:one_down"): {down: 1.0},
        (300, "office_joint:one_down"): {},
        (300, "joint:one_down:ratio"): {'joint:one_down:ratio{joint="birth"}': 0.0},
        (300, "joint:failing:ratio"): {'joint:failing:ratio{joint="birth"}': 1.0},
    }
    Scene(series, values=answers).judge(tmp_path)
