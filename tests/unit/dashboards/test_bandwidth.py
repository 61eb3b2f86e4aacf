"""The verdict on a link: contracts, numbers of samples, operators, order."""

from collections import defaultdict

import pytest

from alerts.methods import Method
from dashboards.reports.bandwidth import (
    LinkMonth,
    Verdict,
    by_operator,
    judge,
    line,
    links_of,
    weigh,
    worst_first,
)
from dashboards.reports.link import DIRECTIONS, Direction, Link
from dashboards.reports.measured import Measurement, ProvinceMonth, Tally
from dashboards.reports.month import DAY, Month

MONTH = Month.parse("2026-11")
CAPACITY, GOODPUT = Method.CAPACITY, Method.GOODPUT


def tally(*rates: float | None, day: int = 1) -> Tally:
    begin = MONTH.start + (day - 1) * DAY
    return Tally([Measurement(begin + 60 * place, rate, 10) for place, rate in enumerate(rates)])


def link(name: str = "a", operator: str = "vnpt") -> Link:
    return Link("04", "01273", f"01273-{name}", "main", operator=operator)


def month(name: str, down: Tally, operator: str = "vnpt") -> LinkMonth:
    empty = line("up", None, Tally(), {1: 10}, MONTH)
    return LinkMonth(link(name, operator), (line("down", CAPACITY, down, {1: 10}, MONTH), empty))


@pytest.mark.parametrize(
    ("samples", "of_contract", "verdict"),
    [
        (0, None, Verdict.NO_DATA),
        (50, None, Verdict.NO_CONTRACT),
        (19, 0.1, Verdict.TOO_FEW),
        (20, 0.8, Verdict.MEETS),
        (20, 0.7999, Verdict.BELOW),
    ],
)
def test_the_verdict_is_that_of_the_regulation(samples: int, of_contract: float | None, verdict: Verdict) -> None:
    assert judge(samples, of_contract) is verdict


def test_fewer_than_a_thousand_samples_are_indicative() -> None:
    assert line("down", CAPACITY, tally(*[9.0] * 999), {1: 10}, MONTH).indicative
    assert not line("down", CAPACITY, tally(*[9.0] * 1000), {1: 10}, MONTH).indicative


def test_each_sample_is_held_against_the_contract_of_its_day() -> None:
    both = Tally([*tally(*[8.0] * 10, day=1).measurements, *tally(*[8.0] * 10, day=20).measurements])
    found = line("down", CAPACITY, both, {1: 10, 15: 16}, MONTH)
    assert found.of_contract == pytest.approx((0.8 + 0.5) / 2)
    assert found.below
    assert (found.below.count, found.below.total) == (10, 20)
    assert (found.contract, found.contract_changed) == (16, True)


def test_a_sample_at_exactly_the_limit_is_not_below_it() -> None:
    below = line("down", CAPACITY, tally(8.0, 7.999), {1: 10}, MONTH).below
    assert below
    assert below.count == 1


def test_a_day_without_a_valid_sample_is_a_gap() -> None:
    found = line("down", CAPACITY, tally(9.0, 7.0, None, day=3), {1: 10}, MONTH)
    assert found.daily[2] == pytest.approx(0.8)
    assert [day for day, ratio in enumerate(found.daily, 1) if ratio is not None] == [3]
    assert len(found.daily) == 30


def test_bytes_of_tests_without_a_figure_were_spent_too() -> None:
    assert line("down", CAPACITY, tally(9.0, None), {1: 10}, MONTH).bytes_used == 20


def test_a_link_that_only_the_measurements_know_has_rates_but_no_verdict() -> None:
    found = ProvinceMonth(links={("01273-a", "main"): link()})
    found.tallies[("01273-a", "main"), "down", CAPACITY].measurements.extend(tally(*[9.0] * 30).measurements)
    (only,) = links_of(found, MONTH)
    assert [line.direction for line in only.lines] == list(DIRECTIONS)
    assert only.lines[0].rates
    assert only.lines[0].verdict is Verdict.NO_CONTRACT


def test_the_furthest_below_contract_comes_first() -> None:
    links = [month("good", tally(*[9.0] * 30)), month("bad", tally(*[7.0] * 30)), month("worse", tally(*[3.0] * 30))]
    assert [found.link.office for found in worst_first(links)] == ["01273-worse", "01273-bad", "01273-good"]


def test_a_link_is_as_good_as_its_worse_direction() -> None:
    assert month("a", tally(*[9.0] * 30)).verdict is Verdict.NO_DATA
    assert month("a", tally(*[1.0] * 30)).verdict is Verdict.BELOW


@pytest.mark.parametrize(
    ("test", "ratio", "why"),
    [
        (Measurement(0, 7.0), 0.7, ""),
        (Measurement(0, 7.0, outage=True), None, "power"),
        (Measurement(0, None, at_least=15.0, why=("unsaturated",)), 1.0, ""),
        (Measurement(0, None, at_least=9.0, why=("unsaturated",)), 0.9, ""),
        (Measurement(0, None, at_least=7.9, why=("unsaturated",)), None, "unsaturated"),
        (Measurement(0, None, why=("busy", "scattered")), None, "busy"),
        (Measurement(0, None), None, "failed"),
    ],
)
def test_what_counts_as_a_sample(test: Measurement, ratio: float | None, why: str) -> None:
    found = weigh(test, 10.0)
    assert (found.ratio, found.why) == (ratio, why)


def test_a_line_that_is_faster_than_the_test_counts_and_raises_no_mean() -> None:
    faster = Measurement(MONTH.start, None, at_least=15.0, why=("unsaturated",))
    found = line("down", CAPACITY, Tally([*tally(5.0, 9.0).measurements, faster]), {1: 10}, MONTH)
    assert (found.samples, found.at_least) == (3, 1)
    assert found.of_contract == pytest.approx(2.4 / 3)
    assert found.rates
    assert found.rates.mean == 7.0
    assert found.below
    assert (found.below.count, found.below.total) == (1, 3)


def test_tests_that_do_not_count_are_counted_by_reason() -> None:
    cut, busy = Measurement(MONTH.start, 1.0, outage=True), Measurement(MONTH.start, None, why=("busy",))
    found = line("down", CAPACITY, Tally([cut, busy, busy, *tally(9.0).measurements]), {1: 10}, MONTH)
    assert (found.tests, found.samples) == (4, 1)
    assert found.rejected == (("busy", 2), ("power", 1))
    assert found.below
    assert found.below.count == 0


def test_capacity_judges_and_goodput_is_beside_it() -> None:
    found = ProvinceMonth(links={("01273-a", "main"): link()}, contracts=defaultdict(dict))
    for direction in DIRECTIONS:
        found.contracts[("01273-a", "main"), direction][1] = 10
    found.tallies[("01273-a", "main"), "down", GOODPUT] = tally(*[5.0] * 30)
    found.tallies[("01273-a", "main"), "down", CAPACITY] = tally(*[9.5] * 30)
    found.tallies[("01273-a", "main"), "up", GOODPUT] = tally(*[9.0] * 30)
    found.tallies[("01273-a", "main"), "up", CAPACITY] = tally(*[None] * 30)
    (only,) = links_of(found, MONTH)
    assert [one.method for one in only.judged] == [CAPACITY, GOODPUT]
    assert only.verdict is Verdict.MEETS
    operators = {(one.direction, one.method): one.samples for one in by_operator([only])}
    assert operators == {("down", CAPACITY): 30, ("up", GOODPUT): 30}


def test_a_method_that_only_knows_bounds_gives_way_to_one_with_figures() -> None:
    """A policer that lets a second's traffic pass shows as faster than it is."""
    bounds = Tally([Measurement(MONTH.start, None, at_least=15.0, why=("unsaturated",))] * 30)
    faster = line("down", CAPACITY, bounds, {1: 10}, MONTH)
    slow = line("down", GOODPUT, tally(*[6.0] * 30), {1: 10}, MONTH)
    assert LinkMonth(link(), (faster, slow)).verdict is Verdict.BELOW
    assert LinkMonth(link(), (faster,)).verdict is Verdict.MEETS


@pytest.mark.parametrize(("direction", "samples"), [("down", 60), ("up", 0)])
def test_an_operator_is_judged_by_all_its_samples(direction: Direction, samples: int) -> None:
    links = [month("a", tally(*[9.0] * 40)), month("b", tally(*[3.0] * 20)), month("c", tally(*[1.0] * 20), "fpt")]
    (found,) = (each for each in by_operator(links) if (each.operator, each.direction) == ("vnpt", direction))
    assert (found.links, found.samples) == (2, samples)
    if samples:
        assert found.of_contract == pytest.approx((40 * 0.9 + 20 * 0.3) / 60)
        assert found.below
        assert (found.below.count, found.below.total) == (20, 60)
    else:
        assert found.verdict is Verdict.NO_DATA
