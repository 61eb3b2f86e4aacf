"""When a link's dip begins and ends, whose matter it is, and what counts as a sample at all."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.rules.case import ONE, of_all, silent
from tests.rules.cases_of_lines import BELOW_CONTRACT, LINK_SLOW, REGION_SLOW, SOON
from tests.rules.lines import CONTRACT, Tested, capacity, each, goodput, line
from tests.rules.scene import Firing, Office, Scene, Series, offices, province, selector, values

HOUR = 3600.0
LOOK = 60.0  # seconds between two evaluations
WAN1 = {**ONE.labels, "link": "wan1"}
DOWN = {**WAN1, "direction": "down"}
BY_CAPACITY = {**DOWN, "method": "capacity"}
Asked = Mapping[tuple[float, str], Mapping[str, float]]
DEPTH, SINCE, COUNT = "link:dip:ratio", "link:dip:since:timestamp_seconds", "link:low:count"
CAUSE, SAMPLES, SHARE = "link:dip:cause", "link:samples:count", "link:below:ratio"


def one(name: str, value: float, **labels: str) -> dict[str, float]:
    return {selector(name, **labels): value}


def judge(
    folder: Path,
    series: Series,
    asked: Asked,
    at: Mapping[float, tuple[Firing, ...]] | None = None,
) -> None:
    Scene(province(4, HOUR) | line(ONE, HOUR) | dict(series), at or {}, asked, SOON, LOOK).judge(folder)


def power(office: Office, *parts: tuple[float | str, float]) -> dict[str, str]:
    return {office.series("ups_power_verdict", ups="ups-1", verdict="outage"): values(*parts)}


# --- begin and end --------------------------------------------------------------------------------------------------


def test_a_dip_begins_with_the_second_low_test_and_ends_with_one_that_is_clearly_better(tmp_path: Path) -> None:
    tests = (Tested(300, 1.0), Tested(600, 0.5), Tested(900, 0.4), Tested(1200, 0.6), Tested(1500, 0.82),
             Tested(1800, 0.87), Tested(2100, 0.5))  # fmt: skip
    judge(
        tmp_path,
        capacity(ONE, HOUR, *tests),
        {
            (840, COUNT): one(COUNT, 1, **DOWN),
            (840, DEPTH): {},
            (960, DEPTH): one(DEPTH, 0.4, **BY_CAPACITY),
            (960, SINCE): one(SINCE, 600, **BY_CAPACITY),
            (1560, DEPTH): one(DEPTH, 0.4, **BY_CAPACITY),  # 0.82 is neither low nor good
            (1560, COUNT): one(COUNT, 3, **DOWN),
            (1800, DEPTH): {},
            (1800, COUNT): one(COUNT, 0, **DOWN),
            (2160, SINCE): {},
        },
    )


def test_a_low_probe_that_a_throughput_test_refutes_is_no_dip(tmp_path: Path) -> None:
    low = capacity(ONE, HOUR, Tested(300, 1.0), *each(300, 0.5, 600, 1200), Tested(1200, 0.5))
    judge(
        tmp_path,
        low | goodput(ONE, HOUR, Tested(750, 0.95)),
        {(960, COUNT): one(COUNT, 1, **DOWN), (1200, COUNT): one(COUNT, 2, **DOWN), (1080, DEPTH): {}},
    )


def test_tests_without_a_figure_neither_lengthen_nor_end_a_dip(tmp_path: Path) -> None:
    tests = (Tested(300, 0.5), Tested(600, 0.5), Tested(900), Tested(1200))
    judge(tmp_path, capacity(ONE, HOUR, *tests), {(1500, COUNT): one(COUNT, 2, **DOWN),
                                                  (1500, SINCE): one(SINCE, 300, **BY_CAPACITY)})  # fmt: skip


def test_an_agent_that_is_away_for_a_while_does_not_end_a_dip_and_no_test_counts_twice(tmp_path: Path) -> None:
    found = capacity(ONE, 1200, Tested(300, 0.5), Tested(600, 0.5))
    again = {name: f"{text} {values(('gone', 300))} {_last(text)}x100" for name, text in found.items()}
    judge(tmp_path, again, {(1800, COUNT): one(COUNT, 2, **DOWN), (1800, SAMPLES): one(SAMPLES, 2, **BY_CAPACITY)})


def _last(text: str) -> str:
    return text.rsplit(maxsplit=1)[-1].partition("x")[0]


# --- what counts ----------------------------------------------------------------------------------------------------


def test_each_test_is_one_sample_and_what_has_no_figure_is_counted_by_its_reason(tmp_path: Path) -> None:
    tests = (Tested(300, 0.5), Tested(600), Tested(900, 1.0), Tested(1200, why="busy"), Tested(1500),
             Tested(1800, 1.5, why="unsaturated"), Tested(2100, 0.3, why="unsaturated"))  # fmt: skip
    rejected = "link:rejected:count"
    judge(
        tmp_path,
        capacity(ONE, HOUR, *tests),
        {
            (2400, SAMPLES): one(SAMPLES, 3, **BY_CAPACITY),  # a line that is faster than the probe meets its contract
            (2400, f"round({SHARE}, 0.01)"): one("", 0.33, **BY_CAPACITY),
            (2400, rejected): one(rejected, 2, **BY_CAPACITY, reason="scattered")
            | one(rejected, 1, **BY_CAPACITY, reason="busy")
            | one(rejected, 1, **BY_CAPACITY, reason="unsaturated"),
        },
    )


def test_a_test_that_only_failed_is_counted_by_the_reason_of_its_result(tmp_path: Path) -> None:
    rejected = "link:rejected:count"
    tests = goodput(ONE, HOUR, Tested(300, 0.9), Tested(600, why="frozen"))
    judge(tmp_path, tests, {(900, rejected): one(rejected, 1, **DOWN, method="goodput", reason="frozen")})


@pytest.mark.parametrize("stamp", [-7200.0, 7200.0], ids=["from before", "from the future"])
def test_what_is_told_late_or_by_a_wrong_clock_raises_nothing(tmp_path: Path, stamp: float) -> None:
    """Offices that were away for hours hand in what they kept: neither a link nor a region is slow for that."""
    told = [Tested(at, 0.3, stamp=at + stamp) for at in range(300, 3000, 300)]
    region = of_all([line(office, HOUR) | capacity(office, HOUR, *told) for office in offices(4)])
    judge(tmp_path, region, {(3000, COUNT): {}, (3000, SAMPLES): {}}, {3000: (), 3540: ()})


def test_the_best_method_that_has_spoken_judges_and_every_share_names_its_own(tmp_path: Path) -> None:
    other = Office(2)
    both = capacity(ONE, HOUR, *each(300, 1.0, 300, HOUR)) | goodput(ONE, HOUR, *each(300, 0.5, 300, HOUR))
    alone = line(other, HOUR) | goodput(other, HOUR, *each(300, 0.5, 300, HOUR))
    elsewhere = {**other.labels, "link": "wan1", "direction": "down", "method": "goodput"}
    judge(
        tmp_path,
        both | alone,
        {
            (1800, "link:contract:ratio"): one("link:contract:ratio", 1.0, **BY_CAPACITY)
            | one("link:contract:ratio", 0.5, **elsewhere),
            (1800, SHARE): one(SHARE, 0, **BY_CAPACITY) | one(SHARE, 1, **DOWN, method="goodput")
            | one(SHARE, 1, **elsewhere),
            (1800, DEPTH): one(DEPTH, 0.5, **elsewhere),
        },
    )  # fmt: skip


def test_a_method_that_only_knows_bounds_gives_way_to_one_with_figures(tmp_path: Path) -> None:
    """A policer that lets a second's traffic pass shows as faster than it is."""
    faster = [Tested(at, 1.5, why="unsaturated") for at in range(300, int(HOUR), 300)]
    seen = capacity(ONE, HOUR, *faster) | goodput(ONE, HOUR, *each(600, 0.6, 450, HOUR))
    judge(
        tmp_path,
        seen,
        {
            (420, "link:method"): one("link:method", 1, **BY_CAPACITY),
            (1800, "link:method"): one("link:method", 1, **DOWN, method="goodput"),
            (1800, DEPTH): one(DEPTH, 0.6, **DOWN, method="goodput"),
        },
    )


# --- whose matter ---------------------------------------------------------------------------------------------------


def test_a_dip_in_an_outage_is_the_powers_matter_until_a_low_test_with_mains_says_otherwise(tmp_path: Path) -> None:
    tests = (Tested(300, 1.0), *each(300, 0.5, 600, 2100), *each(600, 0.5, 2100, HOUR))
    judge(
        tmp_path,
        capacity(ONE, HOUR, *tests) | power(ONE, (0, 500), (1, 1165), (0, 1935)),
        {
            (1200, CAUSE): one(CAUSE, 0.5, **BY_CAPACITY, cause="power"),
            (1200, SHARE): one(SHARE, 0, **BY_CAPACITY),
            (1200, "link:rejected:count"): one("link:rejected:count", 3, **BY_CAPACITY, reason="power"),
            (2040, CAUSE): one(CAUSE, 0.5, **BY_CAPACITY, cause="power"),
            (2160, CAUSE): one(CAUSE, 0.5, **BY_CAPACITY, cause="line"),
        },
        {1980: ()},
    )


def test_a_dip_beside_the_offices_own_traffic_is_its_own_and_wakes_nobody(tmp_path: Path) -> None:
    low = capacity(ONE, HOUR, *each(300, 0.75, 300, HOUR))
    judge(
        tmp_path,
        low | {ONE.series("link_wan_used_ratio", link="wan1", direction="down"): values((0.3, HOUR))},
        {(3000, CAUSE): one(CAUSE, 0.75, **BY_CAPACITY, cause="own_load"),
         (3000, "link:dip:own_load:ratio"): one("link:dip:own_load:ratio", 0.3, **BY_CAPACITY)},
        {3540: (BELOW_CONTRACT,)},
    )  # fmt: skip


def test_the_probes_own_look_at_the_counters_comes_before_the_usual_one(tmp_path: Path) -> None:
    at_probe = {ONE.series("link_capacity_own_load_bytes_per_second", link="wan1", direction="down"):
                values((0.05 * CONTRACT, HOUR))}  # fmt: skip
    usual = {ONE.series("link_wan_used_ratio", link="wan1", direction="down"): values((0.9, HOUR))}
    asked: Asked = {(900, "link:own_load:ratio"): one("link:own_load:ratio", 0.05, **DOWN)}
    judge(tmp_path, at_probe | usual, asked)


NEIGHBOURS = offices(4)
REGION_TESTS = of_all([line(office, HOUR) for office in NEIGHBOURS[1:]]) | of_all(
    [capacity(office, HOUR, *each(300, 0.75, 300 + 600 * office.number, HOUR)) for office in NEIGHBOURS]
)  # one after the other


def test_a_region_that_gets_slow_link_by_link_is_one_alert_for_its_operator(tmp_path: Path) -> None:
    near = {"area": "040", "operator": "vnpt"}
    moments = dict.fromkeys((3000.0, HOUR - 60), (REGION_SLOW,))
    asked: Asked = {
        (3480, 'link:neighbours:low{office="04001-1", area!="all"}'): one("link:neighbours:low", 3, **WAN1, **near),
        (3480, 'link:neighbours:measured{office="04001-1", area!="all"}'): one(
            "link:neighbours:measured", 3, **WAN1, **near
        ),
        (3480, f'{CAUSE}{{office="04001-1"}}'): one(CAUSE, 0.75, **BY_CAPACITY, cause="region"),
    }
    Scene(
        province(4, HOUR) | line(ONE, HOUR) | REGION_TESTS,
        {at: tuple(Firing(each.alert, {**each.labels}) for each in firing) for at, firing in moments.items()},
        asked,
        SOON,
        LOOK,
    ).judge(tmp_path)


def test_links_of_other_operators_are_no_neighbours(tmp_path: Path) -> None:
    others = of_all([line(office, HOUR, operator="fpt") for office in NEIGHBOURS[1:]])
    tests = of_all([capacity(office, HOUR, *each(300, 1.0, 300, HOUR)) for office in NEIGHBOURS[1:]])
    low = capacity(ONE, HOUR, *each(300, 0.75, 300, HOUR))
    asked: Asked = {(3000, f'{CAUSE}{{office="04001-1"}}'): one(CAUSE, 0.75, **BY_CAPACITY, cause="line")}
    judge(tmp_path, others | tests | low, asked, {3000: (LINK_SLOW, BELOW_CONTRACT)})


def test_a_slow_link_of_an_office_that_goes_silent_is_not_told_of_any_more(tmp_path: Path) -> None:
    low = {name: f"{text} {values(('gone', 600))}" for name, text in
           capacity(ONE, 3000, *each(300, 0.75, 300, 3000)).items()}  # fmt: skip
    gone = Firing("OfficeSilent", _silent_labels())
    scene = province(4, HOUR) | line(ONE, HOUR) | low | silent(ONE, 3000, HOUR)
    Scene(scene, {2400: (LINK_SLOW, BELOW_CONTRACT), HOUR - 60: (gone, BELOW_CONTRACT)}, {}, SOON, LOOK).judge(tmp_path)


def _silent_labels() -> Mapping[str, str]:
    return {**ONE.labels, **ONE.names, "severity": "warning", "scope": "office", "cause": "unknown",
            "incident": "office/unknown/04001-1", "operator": "vnpt"}  # fmt: skip
