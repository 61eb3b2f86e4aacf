"""A power cut on one line of the power company: one message for all its offices, from the first second to the last."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from alerts.settings import PRODUCTION
from tests.rules.case import of_all, office_labels, silent, ups
from tests.rules.cases_of_feeders import FEEDER, cut_of, fed
from tests.rules.every_case import CASES
from tests.rules.plans import AFTER, PERIOD, SOON, cut, planned_cut
from tests.rules.scene import STEP, Firing, Office, Scene, Series, offices, province, values
from tests.rules.test_alerts import TEXTS

CUT, END = 120.0, 900.0
FOUR = offices(4)
TOLD = Firing("FeederPowerLost", cut_of(4).labels)


def on_battery(office: Office) -> Firing:
    """As it is told of an office whose line is known."""
    labels = office_labels(office, "warning", "power", f"office/power/{office.id}", feeder=FEEDER)
    return Firing("OnBattery", labels)


def line(those: Iterable[Office] = FOUR, count: int = 12, end: float = END) -> Series:
    """A province in which one line feeds those; too few to be a matter of the province."""
    return {**province(count, end), **of_all([fed(office, end) for office in those])}


def dark(office: Office, start: float = CUT, stop: float = END, end: float = END) -> dict[str, str]:
    """On battery from `start` until before `stop`."""
    back: tuple[tuple[float | str, float], ...] = ((0, end - stop),) if stop < end else ()
    return ups(office, (0, start), (1, stop - start), *back)


def through(start: float, stop: float, *firing: Firing) -> dict[float, tuple[Firing, ...]]:
    """The same at every evaluation from `start` until before `stop`."""
    return {start + STEP * number: firing for number in range(int((stop - start) / STEP))}


def test_whoever_loses_power_some_seconds_before_his_neighbours_is_not_told_beside_them(tmp_path: Path) -> None:
    first, second, *others = FOUR
    series = {
        **line(end=450), **dark(first, stop=450, end=450), **ups(second, (0, 450)),
        **of_all([dark(office, CUT + 15, 450, 450) for office in others]),
    }  # fmt: skip
    Scene(series, through(0, CUT + 45) | through(CUT + 45, 450, TOLD)).judge(tmp_path)


def test_a_single_office_that_was_told_is_part_of_the_cut_that_follows(tmp_path: Path) -> None:
    first, *others = FOUR
    series = {
        **line(), **dark(first), **of_all([ups(office, (0, CUT + 300), (1, END - CUT - 300)) for office in others])
    }  # fmt: skip
    Scene(series, through(CUT + 30, CUT + 300, on_battery(first)) | through(CUT + 420, END, TOLD)).judge(tmp_path)


def test_two_of_a_line_whose_other_offices_have_power_are_two_matters(tmp_path: Path) -> None:
    one, two, *fine = FOUR
    series = {
        **line(end=450), **dark(one, stop=450, end=450), **dark(two, stop=450, end=450),
        **of_all([ups(office, (0, 450)) for office in fine]),
    }  # fmt: skip
    Scene(series, through(CUT + 30, 450, on_battery(one), on_battery(two))).judge(tmp_path)


def test_two_are_enough_where_nobody_else_knows_and_who_has_no_ups_is_part_of_it(tmp_path: Path) -> None:
    one, two, *mute = FOUR
    series = {**line(), **dark(one), **dark(two), **of_all([silent(office, CUT, END) for office in mute])}
    count = {(CUT + 300, "feeder:power_lost"): {f'feeder:power_lost{{province="04", feeder="{FEEDER}"}}': 4.0}}
    Scene(series, through(CUT + 30, END, TOLD), count).judge(tmp_path)


def test_who_is_silent_beside_them_is_part_of_it_unless_his_router_lives_on(tmp_path: Path) -> None:
    """Both had mains at their last word; whoever's router dies with mains has no time for another."""
    *known, unknown, kept = offices(5)
    on_ups = {kept.series("office_router_on_ups"): values((1, CUT))}
    mute = [{**silent(office, CUT, END), **ups(office, (0, CUT), ("gone", END - CUT))} for office in (unknown, kept)]
    series = {
        **line(offices(5), count=30), **of_all([dark(office) for office in known]), **on_ups,
        **of_all(mute),
    }  # fmt: skip
    causes = {
        f'office:silent:cause{{cause="{cause}", commune="{office.commune}", evidence="{evidence}", '
        f'office="{office.id}", province="04"}}': 1.0
        for office, cause, evidence in ((unknown, "power", "neighbours_power"), (kept, "link", "mains"))
    }
    Scene(series, values={(CUT + 300, "office:silent:cause"): causes}).judge(tmp_path)


def test_one_with_a_ups_among_some_without_is_told_and_then_all_of_them_once(tmp_path: Path) -> None:
    one, *mute = FOUR
    series = {**line(), **dark(one), **of_all([silent(office, CUT, END) for office in mute])}
    Scene(series, through(CUT + 30, CUT + 75, on_battery(one)) | through(CUT + 225, END, TOLD)).judge(tmp_path)


def test_a_dip_shorter_than_the_hold_wakes_nobody(tmp_path: Path) -> None:
    series = {**line(end=450), **of_all([dark(office, CUT, CUT + 30, 450) for office in FOUR])}
    Scene(series, through(0, 450)).judge(tmp_path)


def test_offices_that_are_mended_one_by_one_are_one_matter_to_the_end(tmp_path: Path) -> None:
    """One more each minute and a half; the last but one ends it, the last is given time."""
    ends = {office: CUT + 90 * office.number for office in FOUR}
    over = ends[FOUR[2]] + 120
    series = {**line(), **of_all([dark(office, stop=stop) for office, stop in ends.items()])}
    Scene(series, through(CUT + 30, over, TOLD) | through(over, END)).judge(tmp_path)


def test_whoever_stays_without_power_when_the_others_have_it_back_is_told_after_a_while(tmp_path: Path) -> None:
    *mended, last = FOUR
    series = {**line(), **of_all([dark(office, stop=CUT + 120) for office in mended]), **dark(last)}
    Scene(series, through(CUT + 240, CUT + 360) | through(CUT + 420, END, on_battery(last))).judge(tmp_path)


def test_a_planned_cut_of_a_line_is_planned_work_and_no_incident_until_it_overruns(tmp_path: Path) -> None:
    series = {**line(), **of_all([dark(office, 165) for office in FOUR]), **cut(150, 450, END, FOUR)}
    late = Firing(
        TOLD.alert, TOLD.labels, f"{cut_of(4).vi} (cắt điện theo kế hoạch {PERIOD} nhưng đã quá hạn)",
        f"{cut_of(4).en} (a planned power cut, {PERIOD}, that overran)", cut_of(4).more,
    )  # fmt: skip
    plan = through(180, 450 + AFTER, *(planned_cut(office) for office in FOUR))
    moments = plan | {450 + AFTER + 15: (), 450 + AFTER + 30: (late,), END - 15: (late,)}
    Scene(series, moments, settings=SOON).judge(tmp_path, TEXTS)


def test_who_is_silent_in_a_planned_cut_of_a_line_is_no_incident_either(tmp_path: Path) -> None:
    """His router is not known to hang on the UPS; the others of the line are on theirs."""
    *known, unknown = FOUR
    mute = {**silent(unknown, 165, 600), **ups(unknown, (0, 165), ("gone", 435))}
    series = {**line(end=600), **of_all([dark(office, 165, 600, 600) for office in known]), **mute}
    plan = through(180, 600, *(planned_cut(office) for office in FOUR))
    Scene({**series, **cut(150, 600, 600, FOUR)}, plan, settings=SOON).judge(tmp_path)


def test_beside_a_planned_cut_two_that_were_not_named_are_one_matter(tmp_path: Path) -> None:
    """The notice named two; the others are on the line that is switched off."""
    series = {**line(end=600), **of_all([dark(office, 165, 600, 600) for office in FOUR])}
    told = (planned_cut(FOUR[0]), planned_cut(FOUR[1]), TOLD)
    moments = through(195, 600, *told)
    Scene({**series, **cut(150, 600, 600, FOUR[:2])}, moments, settings=SOON).judge(tmp_path)


def test_a_province_without_power_is_not_also_told_line_by_line(tmp_path: Path) -> None:
    """Nor where the first line goes dark a moment before the second; what stays dark for long is told then."""
    soon = replace(PRODUCTION, windows=replace(PRODUCTION.windows, power_return_seconds=120))
    second = offices(8, first=11)
    wide = Firing("ProvincialPowerLost", CASES["ProvincialPowerLost"].firing.labels)
    series = {
        **line(count=40),
        **of_all([fed(office, END, "473-E16.1") for office in second]),
        **of_all([dark(office) for office in FOUR]),
        **of_all([dark(office, CUT + 15, CUT + 135) for office in second]),
    }
    moments = through(CUT + 30, CUT + 360, wide) | through(CUT + 390, CUT + 510) | {END - 15: (TOLD,)}
    Scene(series, moments, settings=soon).judge(tmp_path)


def test_a_province_is_known_by_its_feeders_before_offices_without_a_ups_are_silent(tmp_path: Path) -> None:
    """Sixteen of forty are dark, eight of them can tell: no more than a fifth."""
    second = offices(8, first=11)
    wide = Firing("ProvincialPowerLost", CASES["ProvincialPowerLost"].firing.labels)
    series = {
        **line(offices(8), 40, 450),
        **of_all([fed(office, 450, "473-E16.1") for office in second]),
        **of_all([dark(office, stop=450, end=450) for office in (*FOUR, *second[:4])]),
        **of_all([silent(office, CUT, 450) for office in (*offices(4, first=5), *second[4:])]),
    }
    Scene(series, through(0, CUT + 30) | through(CUT + 30, 450, wide)).judge(tmp_path)


def test_an_office_that_two_pages_put_on_different_lines_breaks_no_rule(tmp_path: Path) -> None:
    series = {
        **line(end=300), **fed(FOUR[0], 300, "473-E16.1"),
        **of_all([dark(office, stop=300, end=300) for office in FOUR]),
    }  # fmt: skip
    told = f'count by (alertname) (ALERTS{{alertname="FeederPowerLost", alertstate="firing", feeder="{FEEDER}"}})'
    Scene(series, values={(285, told): {'{alertname="FeederPowerLost"}': 1}}).judge(tmp_path)


def test_machines_that_start_when_power_is_back_leave_no_silence_to_be_told(tmp_path: Path) -> None:
    """Batteries are empty after two minutes; machines are heard two minutes after mains is back."""
    gone, back = 240.0, END - CUT - 360
    battery = [ups(office, (0, CUT), (1, 120), ("gone", gone), (0, back)) for office in FOUR]
    heard = values((100, CUT + 120), ("gone", gone), (700, back))
    away = {office.series("agent_start_time_seconds"): heard for office in FOUR}
    over = CUT + 360 + 120
    Scene({**line(), **of_all(battery), **away}, through(CUT + 30, over, TOLD) | through(over, END)).judge(tmp_path)


def test_a_silence_some_minutes_after_a_cut_is_judged_anew(tmp_path: Path) -> None:
    one, two, three, mute = FOUR
    back, again = CUT + 180, CUT + 480
    heard = (1700000000, CUT), ("gone", back - CUT), (1700000000, again - back), ("gone", END - again)
    series = {
        **line(), **of_all([dark(office, stop=back) for office in (one, two, three)]),
        mute.series("agent_start_time_seconds"): values(*heard),
    }  # fmt: skip
    evidence = 'count by (evidence) (office:silent:cause{office="04004-1"})'
    asked = {
        (back - STEP, evidence): {'{evidence="neighbours_power"}': 1.0},
        (again + 75, evidence): {'{evidence="none"}': 1.0},
        (END - STEP, evidence): {'{evidence="none"}': 1.0},
    }
    Scene(series, values=asked).judge(tmp_path)


def test_who_sends_and_was_cut_off_with_them_does_not_stand_for_mains(tmp_path: Path) -> None:
    """Two say that they are dark, three fall silent without a UPS; three that send had mains at their last message."""
    those = offices(8)
    dead = [silent(office, CUT, END) for office in those[2:5]]
    for office in those[5:]:
        sent = values((1, CUT), ("gone", END - CUT))
        dead += [
            silent(office, CUT, END), {office.series("agent_push_scrape_interval_seconds"): sent},
            ups(office, (0, CUT), ("gone", END - CUT)),
        ]  # fmt: skip
    series = {**line(those, 60), **of_all([dark(office) for office in those[:2]]), **of_all(dead)}
    others = 'count(ALERTS{alertname="OfficeSilent", alertstate="firing"})'
    asked: dict[tuple[float, str], dict[str, float]] = {(CUT + STEP * n, others): {} for n in range(1, 40)}
    Scene(series, {END - STEP: (Firing("FeederPowerLost", cut_of(8).labels),)}, asked).judge(tmp_path)
