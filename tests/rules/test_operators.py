"""One operator's fault is told once, as the operator's; and nobody is blamed who only seems to be alone."""

from pathlib import Path

import pytest

from tests.rules.case import of_all, office_labels, ups
from tests.rules.cases_of_operators import (
    PROVINCES,
    VNPT_DOWN,
    VNPT_OUT,
    both_operators,
    everywhere,
    lost,
    over,
)
from tests.rules.every_case import CASES as OTHERS
from tests.rules.scene import STEP, Firing, Office, Scene, offices, province, selector, values
from tests.rules.test_incidents import during

END = 600.0
TOLD = 120 + 60 + 30 + STEP  # silent since 120, recognised a minute later, held, and one evaluation more
SILENT = OTHERS["ProvincialSilent"].firing
POWER = OTHERS["ProvincialPowerLost"].firing


def bare(firing: Firing) -> Firing:
    return Firing(firing.alert, firing.labels)


def silent_office(office: Office, cause: str = "unknown", **more: str) -> Firing:
    incident = f"office/{cause}/{office.id}"
    return Firing("OfficeSilent", office_labels(office, "warning", cause, incident, **more))


def test_a_whole_province_that_falls_silent_is_no_operators_matter(tmp_path: Path) -> None:
    series = both_operators(4, 4, END) | lost(offices(8), 120, END) | province(12, END, "11")
    Scene(series, during(TOLD, END, bare(SILENT))).judge(tmp_path)


def test_many_customers_of_one_operator_are_not_a_silent_province(tmp_path: Path) -> None:
    series = both_operators(6, 6, END) | lost(offices(6), 120, END)
    Scene(series, during(TOLD, END, bare(VNPT_OUT))).judge(tmp_path)


def test_two_customers_are_too_few_and_are_told_one_by_one_with_their_operator(tmp_path: Path) -> None:
    series = both_operators(2, 6, END) | lost(offices(2), 120, END)
    Scene(series, during(TOLD, END, *(silent_office(one, operator="vnpt") for one in offices(2)))).judge(tmp_path)


def test_few_customers_in_each_of_several_provinces_are_one_matter_of_the_country(tmp_path: Path) -> None:
    codes = (*PROVINCES, "14")
    series = everywhere(both_operators(2, 4, END, code) | lost(offices(2, code), 120, END) for code in codes)
    Scene(series, during(TOLD, END, bare(VNPT_DOWN))).judge(tmp_path)


def test_two_provinces_of_one_operator_are_two_incidents(tmp_path: Path) -> None:
    codes = PROVINCES[:2]
    series = everywhere(both_operators(4, 4, END, code) | lost(offices(3, code), 120, END) for code in codes)
    answer = {f'{{province="{code}"}}': 1.0 for code in codes}
    firing = 'count by (province) (ALERTS{alertstate="firing", alertname!="Watchdog"})'
    Scene(series, values={(TOLD, firing): answer, (END - STEP, firing): answer}).judge(tmp_path)


def test_where_the_spare_line_carries_on_a_dead_operator_is_told_once(tmp_path: Path) -> None:
    """vnpt's lines die; every office has one of viettel's beside it, and is heard."""
    series = province(4, END) | over("vnpt", offices(4), END) | over("viettel", offices(4), END, "wan2", 2)
    for office in offices(4):
        series |= {office.series("link_up", link="wan1"): values((1, 120), (0, END - 120))}
        series |= {office.series("link_up", link="wan2"): values((1, END))}
    told = {selector("office:verdict", **office.labels, verdict="ok", evidence="heard"): 1.0 for office in offices(4)}
    way = {selector("office:way", **office.labels, link="wan2", operator="viettel"): 1.0 for office in offices(4)}
    asked = {(300.0, "office:verdict"): told, (300.0, "office:way"): way}
    name = 'count by (alertname) (ALERTS{alertstate="firing", alertname!="Watchdog"})'
    for moment in (120 + 30 + STEP, END - STEP):
        asked[moment, name] = {'{alertname="OperatorRegionSilent"}': 1.0}
    Scene(series, values=asked).judge(tmp_path)


def test_a_cluster_of_communes_is_enough(tmp_path: Path) -> None:
    """Four of fourteen customers, all in the communes of one area."""
    there, elsewhere = offices(4), offices(10, first=201)
    beside = [*offices(3, first=5), *offices(3, first=301)]
    series = of_all([province(4, END), province(10, END, first=201), province(3, END, first=5),
                     province(3, END, first=301)])  # fmt: skip
    series |= over("vnpt", [*there, *elsewhere], END) | over("viettel", beside, END) | lost(there, 120, END)
    Scene(series, during(TOLD, END, bare(VNPT_OUT))).judge(tmp_path)


def test_near_a_power_cut_offices_without_a_ups_accuse_no_operator(tmp_path: Path) -> None:
    """Two are known to be without mains; three beside them fall silent, and start once mains is back."""
    back, started = 360.0, 450.0
    dark, mute = offices(2), offices(3, first=3)
    series = province(10, END) | over("vnpt", [*dark, *mute], END) | over("viettel", offices(5, first=6), END)
    series |= of_all([ups(office, (0, 120), (1, back - 120), (0, END - back)) for office in dark])
    for office in mute:
        heard = values((1700000000, 120), ("gone", started - 120), (1700000000, END - started))
        series[office.series("agent_start_time_seconds")] = heard
    region = 'count(ALERTS{alertname="OperatorRegionSilent"})'
    asked: dict[tuple[float, str], dict[str, float]] = {
        (moment, region): {} for moment in (TOLD, back - STEP, back + STEP, back + 60, END - STEP)
    }
    Scene(series, values=asked).judge(tmp_path)


def test_lines_that_start_after_a_power_cut_accuse_no_operator(tmp_path: Path) -> None:
    """The routers of vnpt's customers take a minute; a spare line tells of it meanwhile."""
    back, started = 360.0, 420.0
    dark = offices(4)
    series = province(14, END) | over("vnpt", dark, END) | over("viettel", offices(10, first=5), END)
    for office in dark:
        series |= ups(office, (0, 120), (1, back - 120), (0, END - back))
        series[office.series("link_up", link="wan1")] = values((1, 180), (0, started - 180), (1, END - started))
    region = 'count(ALERTS{alertname="OperatorRegionSilent"})'
    asked: dict[tuple[float, str], dict[str, float]] = {
        (moment, region): {} for moment in (TOLD, back, back + STEP, back + 45, started, END - STEP)
    }
    Scene(series, values=asked).judge(tmp_path)


def test_a_power_cut_and_an_operators_fault_at_once_are_two_incidents_and_each_office_has_its_own_cause(
    tmp_path: Path,
) -> None:
    dark, cut, fine = offices(5), offices(4, first=6), offices(7, first=10)
    series = province(16, END) | over("viettel", [*dark, *fine], END) | over("vnpt", cut, END) | lost(cut, 120, END)
    series |= of_all([ups(office, (0, 120), (1, END - 120)) for office in dark])
    series |= of_all([ups(office, (0, 120), ("gone", END - 120)) for office in cut])
    verdicts = {
        **dict.fromkeys(dark, ("power", "battery")),
        **dict.fromkeys(cut, ("link", "operator")),
        **dict.fromkeys(fine, ("ok", "heard")),
    }
    expected = {
        selector("office:verdict", **office.labels, verdict=verdict, evidence=evidence): 1.0
        for office, (verdict, evidence) in verdicts.items()
    }
    told = ["OperatorRegionSilent", "ProvincialPowerLost"]
    name = 'count by (alertname) (ALERTS{alertstate="firing", alertname!="Watchdog"})'
    answer = {f'{{alertname="{alert}"}}': 1.0 for alert in told}
    Scene(series, values={(400, "office:verdict"): expected, (400, name): answer}).judge(tmp_path)


def test_a_storm_over_most_provinces_is_one_incident_for_each_and_the_centre_is_not_blind(tmp_path: Path) -> None:
    codes = [f"{number:02}" for number in range(10, 22)]
    series = of_all([province(5, END, code) for code in codes])
    series |= of_all([lost(offices(5, code), 120, END) for code in codes[:9]])
    name = 'count by (alertname) (ALERTS{alertstate="firing", alertname!="Watchdog"})'
    answer = {'{alertname="ProvincialSilent"}': 9.0}
    Scene(series, values={(240, name): answer, (END - STEP, name): answer}).judge(tmp_path)


def test_a_centre_that_hears_nobody_blames_no_operator(tmp_path: Path) -> None:
    series = everywhere(both_operators(4, 4, END, code) | lost(offices(8, code), 120, END) for code in PROVINCES)
    told = Firing(OTHERS["CentreBlind"].firing.alert, OTHERS["CentreBlind"].firing.labels)
    Scene(series, during(TOLD, END, told)).judge(tmp_path)


@pytest.mark.parametrize("spread", [0.0, 45.0])
def test_an_operator_that_comes_back_customer_by_customer_ends_as_one_incident(tmp_path: Path, spread: float) -> None:
    """Inhibition by the alert that is still kept is left out here: the rules alone may tell of nothing else."""
    end = 900.0
    series = both_operators(6, 6, end)
    for place, office in enumerate(offices(6)):
        back = (400 + spread * place / 6) // STEP * STEP
        heartbeat = values((1700000000, 120), ("gone", back - 120), (1700000000, end - back))
        series[office.series("agent_start_time_seconds")] = heartbeat
    others = 'count(ALERTS{alertstate="firing", alertname!~"Watchdog|OperatorRegionSilent"})'
    asked: dict[tuple[float, str], dict[str, float]] = {(STEP * place, others): {} for place in range(int(end / STEP))}
    Scene(series, {390.0: (bare(VNPT_OUT),), end - STEP: ()}, asked).judge(tmp_path)
