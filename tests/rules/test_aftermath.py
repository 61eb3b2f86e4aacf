"""What windows still remember when a fault is over is no fault of its own."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.rules.cases import CASES, ONE, of_all, silent, ups
from tests.rules.cases_of_operators import VNPT_OUT, both_operators, lost
from tests.rules.scene import STEP, Firing, Office, Scene, offices, province, selector, values

Times = Mapping[float, Sequence[Firing]]

BACK, END = 720, 1200
AFTER: Times = dict.fromkeys(range(BACK + 135, END, 15), ())


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
