"""The report's figures against numbers worked out by hand or by the standard library."""

import statistics
from math import log
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.reports.statistics import Interval, Share, mean, median_interval, quantile, summarise

samples = st.lists(st.floats(0, 1e9), min_size=1, max_size=200)


def test_quantiles_are_those_of_a_spreadsheet() -> None:
    ordered = [15.0, 20.0, 35.0, 40.0, 50.0]
    assert [quantile(ordered, q) for q in (0, 0.05, 0.4, 0.5, 0.95, 1)] == pytest.approx([15, 16, 29, 35, 48, 50])


@given(samples)
def test_the_median_is_the_median(values: list[float]) -> None:
    assert quantile(sorted(values), 0.5) == pytest.approx(statistics.median(values))


@given(st.lists(st.floats(0, 1e9), min_size=2, max_size=200))
def test_percentiles_are_those_of_the_standard_library(values: list[float]) -> None:
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    summary = summarise(values)
    assert summary
    assert [summary.p5, summary.p95] == pytest.approx([cuts[0], cuts[-1]])


@given(samples)
def test_the_figures_are_in_order(values: list[float]) -> None:
    summary = summarise(values)
    assert summary
    assert min(values) <= summary.p5 <= summary.median <= summary.p95 <= max(values)


def test_the_mean_loses_nothing_to_rounding() -> None:
    assert mean([1e16, 1.0, -1e16, 1.0]) == 0.5


def test_no_samples_have_no_summary() -> None:
    assert summarise([]) is None


def test_five_samples_are_too_few_for_an_interval_of_the_median() -> None:
    assert median_interval([1, 2, 3, 4, 5]) is None
    assert median_interval([1, 2, 3, 4, 5, 6]) == Interval(1, 6)


@pytest.mark.parametrize(("count", "low"), [(10, 2), (20, 6), (25, 8), (50, 18), (100, 40)])
def test_ranks_of_the_median_interval_are_the_published_ones(count: int, low: int) -> None:
    ordered = [float(rank) for rank in range(1, count + 1)]
    assert median_interval(ordered) == Interval(low, count + 1 - low)


def test_long_series_take_nearly_the_same_ranks_as_the_exact_sum() -> None:
    exact = median_interval([float(rank) for rank in range(1, 1001)])
    long = median_interval([float(rank) for rank in range(1, 1002)])
    assert exact
    assert long
    assert long.low == pytest.approx(exact.low, abs=1.5)


def test_the_median_interval_holds_the_true_median_nineteen_times_in_twenty() -> None:
    random = Random(7)
    held = 0
    for _ in range(500):
        interval = median_interval(sorted(random.expovariate(1) for _ in range(30)))
        held += interval is not None and interval.low <= log(2) <= interval.high
    assert held / 500 > 0.93


def test_wilson_gives_the_published_example() -> None:
    interval = Share(81, 263).interval  # Newcombe 1998, table I
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)


def test_a_share_of_none_or_all_stays_within_0_and_1() -> None:
    assert Share(0, 20).interval.low == 0
    assert Share(0, 20).interval.high == pytest.approx(0.1611, abs=1e-4)
    assert Share(20, 20).interval.high == 1


@given(st.integers(1, 5000), st.data())
def test_a_share_lies_within_its_interval(total: int, data: st.DataObject) -> None:
    share = Share(data.draw(st.integers(0, total)), total)
    assert share.interval.low <= share.value + 1e-12
    assert share.value - 1e-12 <= share.interval.high
