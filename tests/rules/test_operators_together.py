"""Two operators that fail in one province at once are two matters, and none of a third's customers, nor of nobody's."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.rules.cases_of_operators import VNPT_MISSES_PORTAL, VNPT_OUT, lost, over, votes
from tests.rules.every_case import CASES
from tests.rules.scene import STEP, Firing, Office, Scene, offices, province
from tests.rules.test_incidents import during
from tests.rules.test_operators import TOLD

END = 600.0


def shared(vnpt: int, viettel: int, fpt: int) -> tuple[Mapping[str, list[Office]], dict[str, str]]:
    """A province of three operators: whose offices are whose, and its series."""
    found: dict[str, list[Office]] = {}
    series = province(vnpt + viettel + fpt, END) | province(12, END, "11")
    for operator, count in (("vnpt", vnpt), ("viettel", viettel), ("fpt", fpt)):
        found[operator] = offices(count, first=1 + sum(map(len, found.values())))
        series |= over(operator, found[operator], END)
    return found, series


def told(firing: Firing, operator: str) -> Firing:
    return Firing(firing.alert, {**firing.labels, "operator": operator, "incident": f"operator/link/04/{operator}"})


def test_a_small_operator_is_told_as_one_beside_a_large_one(tmp_path: Path) -> None:
    """Else the large one's customers stood for "others", and those of the small one were told office by office."""
    of, series = shared(6, 6, 3)
    series |= lost([*of["vnpt"], *of["fpt"]], 120, END)
    both = told(VNPT_OUT, "vnpt"), told(VNPT_OUT, "fpt")
    Scene(series, during(0, 200) | during(TOLD, END, *both)).judge(tmp_path)


def test_two_large_ones_are_no_silent_province_while_a_third_is_heard(tmp_path: Path) -> None:
    of, series = shared(6, 6, 4)
    series |= lost([*of["vnpt"], *of["viettel"]], 120, END)
    both = told(VNPT_OUT, "vnpt"), told(VNPT_OUT, "viettel")
    Scene(series, during(0, 200) | during(TOLD, END, *both)).judge(tmp_path)


def test_where_hardly_anybody_is_left_beside_them_it_is_the_province(tmp_path: Path) -> None:
    of, series = shared(6, 6, 2)
    series |= lost([*of["vnpt"], *of["viettel"]], 120, END)
    silent = CASES["ProvincialSilent"].firing
    Scene(series, during(TOLD, END, replace(silent, vi="", en="", more={}))).judge(tmp_path)


def test_one_customer_of_another_operator_clears_no_province(tmp_path: Path) -> None:
    of, series = shared(3, 1, 0)
    series |= lost(of["vnpt"], 120, END)
    own = 'count by (alertname) (ALERTS{alertstate="firing", alertname!="Watchdog"})'
    Scene(series, values={(END - STEP, own): {'{alertname="OfficeSilent"}': 3.0}}).judge(tmp_path)


def test_a_service_that_two_operators_customers_miss_is_told_of_both(tmp_path: Path) -> None:
    of, series = shared(6, 6, 3)
    fails = [*of["vnpt"], *of["fpt"]]
    series |= votes(fails, of["viettel"], END)
    both = (told(VNPT_MISSES_PORTAL, "vnpt"), told(VNPT_MISSES_PORTAL, "fpt"))
    Scene(series, during(0, 180) | during(180, END, *both)).judge(tmp_path)


def test_also_where_most_of_all_offices_are_theirs(tmp_path: Path) -> None:
    of, series = shared(6, 6, 4)
    fails = [*of["vnpt"], *of["viettel"]]
    series |= votes(fails, of["fpt"], END)
    both = (told(VNPT_MISSES_PORTAL, "vnpt"), told(VNPT_MISSES_PORTAL, "viettel"))
    Scene(series, during(0, 180) | during(180, END, *both)).judge(tmp_path)


def test_but_not_where_the_others_miss_it_as_well(tmp_path: Path) -> None:
    of, series = shared(6, 6, 4)
    fails = [*of["vnpt"], *of["viettel"], *of["fpt"][:2]]
    series |= votes(fails, of["fpt"][2:], END)
    portal = CASES["ProvincialServiceDown"].firing
    Scene(series, {END - STEP: (replace(portal, vi="", en="", more={}),)}).judge(tmp_path)
