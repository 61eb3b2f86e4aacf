"""Planned work explains what begins while it runs, in its way and in its place; nothing else, and not for ever."""

from pathlib import Path

import pytest

from tests.rules.case import ONE, PORTAL, of_all, office_labels, service, silent, ups
from tests.rules.cases_of_offices import ON_BATTERY, silent_because
from tests.rules.every_case import CASES
from tests.rules.plans import AFTER, PERIOD, SOON, cut, maintenance, planned, planned_cut, work_on_line
from tests.rules.scene import Firing, Office, Scene, offices, province, selector, values
from tests.rules.test_alerts import TEXTS

END = 1500.0
START, OVER = 300.0, 900.0  # of the work
TWO = Office(2)
LINK = {"link": "wan1", "operator": "vnpt"}
LINK_FACTS = {selector("link_info", **ONE.labels, **LINK, technology="ftth", job="facts"): values((1, END))}
OVERRAN_VI = f" (cắt điện theo kế hoạch {PERIOD} nhưng đã quá hạn)"
OVERRAN_EN = f" (a planned power cut, {PERIOD}, that overran)"


def silence(cause: str, evidence: str, vi: str = "", en: str = "", **more: str) -> Firing:
    labels = office_labels(ONE, "warning", cause, f"office/{cause}/04001-1", **more)
    return Firing("OfficeSilent", labels, vi, en, silent_because(evidence))


def test_a_cut_within_its_time_is_told_as_planned_and_as_nothing_else(tmp_path: Path) -> None:
    power = ups(ONE, (0, 315), (1, 900), (0, END - 1215))  # half an hour's margin is not used up
    moments = {moment: (planned_cut(ONE),) for moment in (300.0, 360.0, 600.0, 930.0)}
    shares: dict[tuple[float, str], dict[str, float]] = {
        (600.0, f'province:out:ratio{{planned="{word}"}} * 3'): {selector("", province="04", planned=word): count}
        for word, count in (("yes", 1.0), ("no", 0.0))
    }
    outage = {"office:planned_outage" + _labels(ONE, kind="power", period=PERIOD): 1.0}
    Scene(
        province(3, END) | power | cut(START, 1200, END, [ONE]),
        moments | {1350.0: ()},
        {(600.0, "office:planned_outage"): outage, (1350.0, "office:planned_outage"): {}, **shares},
        settings=SOON,
    ).judge(tmp_path)


def test_an_office_that_goes_dark_in_a_planned_cut_wakes_nobody_whether_it_has_a_ups_or_not(tmp_path: Path) -> None:
    with_ups = ups(ONE, (0, 315), (1, 60), ("gone", END - 375)) | silent(ONE, 375, END)
    series = province(3, END) | with_ups | silent(TWO, 315, END) | cut(START, 1200, END, [ONE, TWO])
    both = (planned_cut(ONE), planned_cut(TWO))
    why = {
        "office:silent:cause" + _labels(TWO, cause="power", evidence="planned"): 1.0,
    }
    values_then = {(900.0, "office:silent:cause"): why}
    Scene(series, {450: both, 600: both, 1200: both}, values_then, settings=SOON).judge(tmp_path)


def test_what_outlasts_the_work_and_its_margin_becomes_an_incident_that_says_so(tmp_path: Path) -> None:
    series = province(3, END) | ups(ONE, (0, 315), (1, END - 315)) | cut(START, OVER, END, [ONE])
    late = Firing(
        "OnBattery", ON_BATTERY.labels, "Trung tâm xã 1: mất điện lưới, đang dùng UPS" + OVERRAN_VI,
        "Trung tâm xã 1: mains power lost, running on the UPS" + OVERRAN_EN,
    )  # fmt: skip
    moments = {OVER + AFTER - 15: (planned_cut(ONE),), OVER + AFTER + 15: (), OVER + AFTER + 30: (late,), 1470: (late,)}
    Scene(series, moments, settings=SOON).judge(tmp_path, TEXTS)


def test_a_silence_that_outlasts_the_cut_says_so_too_and_without_a_ups_its_cause_is_not_known(tmp_path: Path) -> None:
    series = province(3, END) | silent(ONE, 315, END) | cut(START, OVER, END, [ONE])
    late = silence(
        "unknown", "none", "Trung tâm xã 1: mất liên lạc" + OVERRAN_VI, "Trung tâm xã 1: silent" + OVERRAN_EN
    )
    Scene(series, {600: (planned_cut(ONE),), 1200: (late,), 1470: (late,)}, settings=SOON).judge(tmp_path, TEXTS)


def test_a_cut_that_comes_right_after_another_ended_in_time_is_an_incident_that_was_not_planned(tmp_path: Path) -> None:
    power = ups(ONE, (0, 315), (1, 300), (0, 600), (1, END - 1215))
    series = province(3, END) | power | cut(START, OVER, END, [ONE])
    Scene(series, {600: (planned_cut(ONE),), 1185: (), 1290: (CASES["OnBattery"].firing,)}, settings=SOON).judge(
        tmp_path, TEXTS
    )


def test_what_was_told_before_the_work_began_stays_an_incident(tmp_path: Path) -> None:
    series = province(3, END) | ups(ONE, (0, 120), (1, END - 120)) | cut(START, OVER, END, [ONE, TWO])
    moments = {180.0: [ON_BATTERY], 600: [ON_BATTERY, planned_cut(TWO)], 1200: [ON_BATTERY]}
    Scene(series, moments, settings=SOON).judge(tmp_path)


def test_a_planned_cut_of_power_explains_no_broken_line_while_mains_is_fine(tmp_path: Path) -> None:
    dead = ups(ONE, (0, 315), ("gone", END - 315)) | silent(ONE, 315, END)
    series = province(3, END) | dead | cut(START, 1200, END, [ONE])
    Scene(series, {600: (planned_cut(ONE), silence("link", "mains"))}, settings=SOON).judge(tmp_path)


@pytest.mark.parametrize("kept", [None, 0, 1])
def test_where_the_cut_is_seen_a_router_that_may_have_died_with_it_blames_no_line(
    tmp_path: Path, kept: int | None
) -> None:
    dead = ups(ONE, (0, 315), ("gone", END - 315)) | silent(ONE, 315, END) | ups(TWO, (0, 315), (1, END - 315))
    router = {} if kept is None else {ONE.series("office_router_on_ups"): values((kept, 315), ("gone", END - 315))}
    both = (planned_cut(ONE), planned_cut(TWO))
    told = (*both, silence("link", "mains")) if kept else both
    series = province(3, END) | dead | router | cut(START, 1380, END, [ONE, TWO])
    Scene(series, {600: told, 1350: told}, settings=SOON).judge(tmp_path)


def test_an_office_outside_the_area_is_not_explained(tmp_path: Path) -> None:
    series = province(3, END) | ups(ONE, (0, 315), (1, END - 315)) | cut(START, 1200, END, [TWO])
    Scene(series, {600: (planned_cut(TWO), ON_BATTERY)}, settings=SOON).judge(tmp_path)


def test_offices_in_a_planned_cut_are_left_out_of_their_provinces_share(tmp_path: Path) -> None:
    """Ten of twenty by plan: five of the other ten are half of those that count, not a quarter of all."""
    power = of_all([ups(office, (0, 315), (1, END - 315)) for office in offices(15)])
    series = province(20, END) | power | cut(START, 1200, END, offices(10))
    case = CASES["ProvincialPowerLost"].firing
    area = Firing(
        case.alert,
        case.labels,
        "Tỉnh 04: 50% số trụ sở mất điện lưới",
        "Tỉnh 04: 50% of the offices have lost mains power",
        {**case.more, "offices": "5"},
    )
    told = (*(planned_cut(office) for office in offices(10)), area)
    Scene(series, {600: told}, settings=SOON).judge(tmp_path, TEXTS)


def test_a_province_wide_planned_cut_is_no_power_area(tmp_path: Path) -> None:
    power = of_all([ups(office, (0, 315), (1, END - 315)) for office in offices(8)])
    series = province(10, END) | power | cut(START, 1200, END, offices(8))
    Scene(series, {600: [planned_cut(office) for office in offices(8)]}, settings=SOON).judge(tmp_path)


def test_work_on_the_first_line_explains_the_silence_and_work_on_another_does_not(tmp_path: Path) -> None:
    dead = ups(ONE, (0, 315), ("gone", END - 315)) | silent(ONE, 315, END) | LINK_FACTS
    told = planned("link", {**ONE.labels, **ONE.names, **LINK})
    other = (told, silence("link", "mains", operator="vnpt"))
    for first, firing in ((True, (told,)), (False, other)):
        series = province(3, END) | dead | work_on_line(START, 1200, END, ONE, "wan1", first=first)
        Scene(series, {600: firing}, settings=SOON).judge(tmp_path)


def test_a_line_that_is_worked_at_may_be_down(tmp_path: Path) -> None:
    line = {ONE.series("link_up", link="wan1"): values((1, 315), (0, END - 315))}
    other = {ONE.series("link_up", link="wan2"): values((1, END))}
    work = work_on_line(START, OVER, END, ONE, "wan1", first=False)
    told = planned("link", {**ONE.labels, **ONE.names, **LINK})
    down = CASES["LinkDown"].firing
    late = Firing("LinkDown", down.labels, f"{down.vi} (nhà mạng bảo trì theo kế hoạch {PERIOD} nhưng đã quá hạn)",
                  f"{down.en} (planned work on the line, {PERIOD}, that overran)")  # fmt: skip
    moments = {600: (told,), OVER + AFTER + 90: (late,)}
    Scene(province(3, END) | LINK_FACTS | line | other | work, moments, settings=SOON).judge(tmp_path, TEXTS)


def test_maintenance_of_a_service_is_no_outage_in_its_province_and_takes_no_vote(tmp_path: Path) -> None:
    """The other province has no plan: there it is told, and one province is no national outage."""
    here, there = offices(3), offices(3, "11")
    down = of_all([service(office, (1, 315), (0, END - 315)) for office in (*here, *there)])
    series = province(3, END) | province(3, END, "11") | {PORTAL: values((1, END))} | down
    told = planned("service", _portal("04"))
    outage = Firing("ProvincialServiceDown", {**CASES["ProvincialServiceDown"].firing.labels, **_portal("11"),
                                              "incident": "province/service/11/portal"})  # fmt: skip
    Scene(series | maintenance(START, 1200, END, "portal"), {600: (told, outage)}, settings=SOON).judge(tmp_path)


def test_maintenance_that_overruns_becomes_an_outage_that_says_so(tmp_path: Path) -> None:
    down = of_all([service(office, (1, 315), (0, END - 315)) for office in offices(3)])
    outage = CASES["ProvincialServiceDown"].firing
    late = Firing(
        outage.alert, outage.labels, f"{outage.vi} (bảo trì theo kế hoạch {PERIOD} nhưng đã quá hạn)",
        f"{outage.en} (planned maintenance, {PERIOD}, that overran)", outage.more,
    )  # fmt: skip
    series = province(3, END) | {PORTAL: values((1, END))} | down | maintenance(START, OVER, END, "portal")
    moments = {600: (planned("service", _portal("04")),), OVER + AFTER + 75: (late,)}
    Scene(series, moments, settings=SOON).judge(tmp_path, TEXTS)


def test_plans_that_are_over_when_they_are_first_read_say_nothing(tmp_path: Path) -> None:
    """A cut that is imported after it was: what it did is history, and no alert is told of it."""
    series = province(3, END) | cut(-7200, -3600, END, [ONE]) | ups(ONE, (0, END))
    Scene(series, dict.fromkeys((15.0, 300.0, 1200.0), ()), {(300, "work:running"): {}}, settings=SOON).judge(tmp_path)


def test_a_plan_holds_while_the_page_of_facts_is_away(tmp_path: Path) -> None:
    facts = {name: values((1, 300), ("gone", END - 300)) for name in (office.facts() for office in offices(3))}
    plan = {
        name: values((float(text.split("x")[0]), 300), ("gone", END - 300))
        for name, text in cut(START, 1200, END, [ONE]).items()
    }
    series = province(3, END) | facts | plan | ups(ONE, (0, 315), (1, END - 315))
    missing = CASES["FactsMissing"].firing
    Scene(series, {450: (planned_cut(ONE),), 900: (planned_cut(ONE), missing)}, settings=SOON).judge(tmp_path)


def test_two_times_of_one_piece_of_work_that_touch_each_other_are_no_error(tmp_path: Path) -> None:
    later = {name.replace(PERIOD, "11:00–12:00"): text for name, text in cut(OVER, 1200, END, [ONE]).items()}
    series = province(3, END) | cut(START, OVER, END, [ONE]) | later | ups(ONE, (0, 315), (1, END - 315))
    one = planned_cut(ONE)
    second = Firing("PlannedWork", {**one.labels, "period": "11:00–12:00"})
    Scene(series, {600: (one,), 1200: (second,)}, settings=SOON).judge(tmp_path)


def _portal(code: str) -> dict[str, str]:
    return {
        "province": code, "province_name": f"Tỉnh {code}", "service": "portal", "service_name": "Cổng Dịch vụ công",
    }  # fmt: skip


def _labels(office: Office, **more: str) -> str:
    return selector("", **office.labels, **more)
