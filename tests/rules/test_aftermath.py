"""What windows still remember when a fault is over is no fault of its own."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.rules.case import ONE, of_all, office_labels, silent, ups
from tests.rules.cases_of_operators import VNPT_OUT, both_operators, lost
from tests.rules.cases_of_views import router
from tests.rules.every_case import CASES
from tests.rules.scene import STEP, Firing, Office, Scene, offices, province, selector, values

Times = Mapping[float, Sequence[Firing]]

BACK, END = 720, 1200
AFTER: Times = dict.fromkeys(range(BACK + 195, END, 15), ())


def test_a_link_that_comes_back_has_not_become_a_lossy_one(tmp_path: Path) -> None:
    series = province(3, END)
    series |= {ONE.series("link_up", link="wan1"): values((1, 120), (0, BACK - 120), (1, END - BACK))}
    series |= {ONE.series("link_up", link="wan2"): values((1, END))}
    series |= {
        ONE.series("link_hop_loss_ratio", link="wan1", hop="first_hop"): values(
            (0, 120), (1, BACK - 120), (0, END - BACK)
        )
    }
    Scene(series, AFTER).judge(tmp_path)


def test_neither_has_that_of_an_office_that_is_heard_again(tmp_path: Path) -> None:
    heard = {ONE.series("agent_start_time_seconds"): values((1, 120), ("gone", BACK - 120), (1, END - BACK))}
    lost = values((0, 120), ("gone", BACK - 120), (1, 30), (0, END - BACK - 30))
    loss = {ONE.series("link_hop_loss_ratio", link="wan1", hop="first_hop"): lost}
    Scene(province(3, END) | heard | loss, AFTER).judge(tmp_path)


def test_one_burst_of_pings_that_is_lost_makes_no_lossy_line(tmp_path: Path) -> None:
    """A dip of some seconds: the next burst, a minute later, is whole."""
    loss = {ONE.series("link_hop_loss_ratio", link="wan1", hop="first_hop"): values((0, 120), (1, 60), (0, END - 180))}
    Scene(province(3, END) | loss, dict.fromkeys(range(0, END, 15), ())).judge(tmp_path)


def test_offices_that_are_still_starting_after_a_provincial_power_cut_are_not_told_one_by_one(tmp_path: Path) -> None:
    dark = offices(6)
    series = province(8, END)
    series |= of_all([ups(office, (0, 120), (1, 600), (0, END - BACK)) for office in dark])
    bare = Office(7)  # no UPS: silent with mains, and back two minutes after it
    heard = values((1, 120), ("gone", 720), (1, END - 840))
    Scene(series | {bare.series("agent_start_time_seconds"): heard}, AFTER).judge(tmp_path)


def test_a_line_whose_router_starts_anew_once_mains_is_back_is_not_dead(tmp_path: Path) -> None:
    series = province(3, END) | ups(ONE, (0, 120), (1, BACK - 120), (0, END - BACK))
    series |= {ONE.series("link_up", link="wan1"): values((1, 120), (0, BACK - 120 + 90), (1, END - BACK - 90))}
    series |= {ONE.series("link_up", link="wan2"): values((1, END))}
    Scene(series, AFTER).judge(tmp_path)


def test_a_line_that_was_down_at_the_last_look_before_the_office_came_back_is_not_dead(tmp_path: Path) -> None:
    """Who sends once a minute says so for a minute after the return, which was told as a silence."""
    page = values((1, 120), ("gone", BACK - 120), (0, 105), (1, END - BACK - 105))
    heard = {ONE.series("agent_start_time_seconds"): values((1, 120), ("gone", BACK - 120), (1, END - BACK))}
    Scene(province(3, END) | heard | {ONE.series("link_up", link="wan1"): page}, AFTER).judge(tmp_path)


def test_a_line_that_is_down_again_within_three_minutes_is_the_same_incident(tmp_path: Path) -> None:
    """Two minutes down, three quarters of a minute up, by scrapes that fail and begin again: told once, over once."""
    cuts = " ".join([values((1, 120)), *[values(("gone", 120), (1, 45))] * 5, values((1, END))])
    told = Firing("OfficeSilent", office_labels(ONE, "warning", "unknown", "office/unknown/04001-1"))
    times: Times = dict.fromkeys(range(225, 1050, 15), (told,)) | dict.fromkeys(range(1140, END + 600, 15), ())
    Scene(province(3, END + 600) | {ONE.series("agent_start_time_seconds"): cuts}, times).judge(tmp_path)


def test_customers_that_send_and_may_be_lost_too_do_not_stand_for_their_operator(tmp_path: Path) -> None:
    scraped, sending = offices(3), offices(3, first=4)
    series = both_operators(6, 6, END) | lost(scraped, 120, END)
    for office in sending:
        series.pop(office.series("agent_start_time_seconds"))
        for name in ("agent_start_time_seconds", "agent_push_scrape_interval_seconds"):
            series[selector(name, **office.labels)] = f"1x7 _x{int(END / STEP) - 8}"
    told = Firing(VNPT_OUT.alert, VNPT_OUT.labels)
    times: Times = dict.fromkeys(range(0, 210, STEP), ()) | dict.fromkeys(range(255, END, STEP), (told,))
    Scene(series, times).judge(tmp_path)


def test_while_nobody_hears_anything_no_province_is_told_before_the_centre(tmp_path: Path) -> None:
    """Half of the offices send once a minute, and so are missed later than those that are scraped."""
    blind = Firing("CentreBlind", CASES["CentreBlind"].firing.labels)
    series: dict[str, str] = {}
    for code in ("04", "08"):
        series |= province(12, END, code)
        for office in offices(6, code):
            series |= silent(office, 120, END)
        for office in offices(6, code, first=7):
            series.pop(office.series("agent_start_time_seconds"))
            for name in ("agent_start_time_seconds", "agent_push_scrape_interval_seconds"):
                series[selector(name, **office.labels)] = f"1x7 _x{int(END / STEP) - 8}"
    times: Times = dict.fromkeys(range(0, 195, STEP), ()) | dict.fromkeys(range(225, END, STEP), (blind,))
    Scene(series, times).judge(tmp_path)


def behind_the_gateway(codes: Sequence[str]) -> dict[str, str]:
    """Half of the offices are scraped and heard; from 300 s on nothing comes of those that send."""
    series: dict[str, str] = {}
    for code in codes:
        series |= province(12, END, code)
        for office in offices(6, code, first=7):
            for name in ("agent_start_time_seconds", "agent_push_scrape_interval_seconds"):
                series[office.series(name)] = f"1x19 _x{int(END / STEP) - 20}"
    return series


def test_a_dead_gateway_is_the_centres_matter_though_all_who_are_scraped_are_heard(tmp_path: Path) -> None:
    blind = Firing("CentreBlind", CASES["CentreBlind"].firing.labels)
    half = {(510.0, "centre:blind"): {"centre:blind": 0.5}}
    times: Times = dict.fromkeys(range(0, 450, STEP), ()) | dict.fromkeys(range(465, END, STEP), (blind,))
    Scene(behind_the_gateway(("04", "08", "11")), times, half).judge(tmp_path)


def test_nor_is_it_told_province_by_province_where_the_centre_sees_their_routers_answer(tmp_path: Path) -> None:
    blind = Firing("CentreBlind", CASES["CentreBlind"].firing.labels)
    codes = ("04", "08", "11")
    routers = of_all([router(office, (1, END)) for code in codes for office in offices(6, code, first=7)])
    times: Times = dict.fromkeys(range(0, 450, STEP), ()) | dict.fromkeys(range(465, END, STEP), (blind,))
    Scene(behind_the_gateway(codes) | routers, times).judge(tmp_path)


def test_where_those_who_send_are_lost_in_two_provinces_it_is_a_matter_of_these(tmp_path: Path) -> None:
    silences: dict[tuple[float, str], dict[str, float]] = {
        (510.0, "centre:blind"): {},
        (510.0, 'count(ALERTS{alertname="ProvincialSilent", alertstate="firing"})'): {"{}": 2.0},
    }
    Scene(behind_the_gateway(("04", "08")), values=silences).judge(tmp_path)
