"""The packets of one run as figures."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core.ports import Echo
from collectors.echo.summary import STATS, percentile, summary

TRIPS = st.lists(st.none() | st.floats(0.0, 2.0), min_size=1, max_size=100)


def run(*round_trips: float | None) -> tuple[Echo, ...]:
    return tuple(Echo(float(at), trip) for at, trip in enumerate(round_trips))


def test_an_even_line_has_no_jitter_and_loses_nothing() -> None:
    found = summary(run(0.02, 0.02, 0.02))
    assert found.round_trips == (0.02,) * len(STATS)
    assert (found.jitter, found.loss, found.bursts, found.longest) == (0.0, 0.0, 0, 0)


def test_percentiles_are_values_that_were_measured() -> None:
    hundred = [float(number) for number in range(1, 101)]
    assert [percentile(hundred, share) for share in (0.0, 0.5, 0.95, 0.99, 1.0)] == [1, 50, 95, 99, 100]


def test_jitter_is_the_mean_difference_of_answers_that_follow_each_other() -> None:
    assert summary(run(0.010, 0.030, None, 0.020)).jitter == pytest.approx(0.015)


def test_single_losses_are_no_burst() -> None:
    found = summary(run(None, 0.02, None, None, 0.02, None, None, None))
    assert (found.sent, found.lost, found.bursts, found.longest) == (8, 6, 2, 3)


def test_silence_has_no_times() -> None:
    found = summary(run(None, None))
    assert (found.round_trips, found.jitter, found.loss) == ((), None, 1.0)


@given(TRIPS)
def test_figures_are_in_order_and_shares_are_shares(round_trips: list[float | None]) -> None:
    found = summary(run(*round_trips))
    assert list(found.round_trips) == sorted(found.round_trips)
    assert 0 <= found.loss <= 1
    assert 2 * found.bursts <= found.lost
    assert found.longest <= found.lost
    assert found.jitter is None or 0 <= found.jitter <= 2.0 + math.ulp(2.0)
