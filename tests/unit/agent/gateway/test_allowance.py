"""What an office may send."""

from hypothesis import given
from hypothesis import strategies as st

from agent.gateway.allowance import Allowance, Limits

LIMITS = Limits(series=3, rate=10, burst=100)


def test_an_office_sends_as_much_at_once_as_it_has_saved() -> None:
    allowance = Allowance(LIMITS)
    assert allowance.wait_for_samples("a", 60, 0) == 0
    assert allowance.wait_for_samples("a", 60, 0) == 2  # 20 are missing, 10 come each second
    assert allowance.wait_for_samples("a", 60, 2) == 0
    assert allowance.wait_for_samples("b", 60, 0) == 0  # another has its own


def test_more_than_can_be_saved_is_taken_once_all_is_saved() -> None:
    allowance = Allowance(LIMITS)
    assert allowance.wait_for_samples("a", 150, 0) == 0
    wait = allowance.wait_for_samples("a", 150, 0)
    assert wait > 0
    assert allowance.wait_for_samples("a", 150, wait) == 0


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(1, 100)), max_size=50))
def test_whoever_waits_as_told_is_taken_and_nobody_gets_more_than_the_rate(
    asks: list[tuple[float, int]],
) -> None:
    allowance, now, taken = Allowance(LIMITS), 0.0, 0
    for pause, samples in asks:
        now += pause
        wait = allowance.wait_for_samples("a", samples, now)
        if wait:
            now += wait + 1e-6
            assert allowance.wait_for_samples("a", samples, now) == 0
        taken += samples
        assert taken <= LIMITS.burst + LIMITS.rate * now + 1e-3


def test_what_was_refused_counts_and_a_debt_has_an_end() -> None:
    allowance = Allowance(LIMITS)
    allowance.spend("a", 10_000, 0)
    assert allowance.wait_for_samples("a", 0, 0) == 10  # a burst below nothing, whatever was sent
    assert allowance.wait_for_samples("a", 0, 10) == 0
    assert allowance.wait_for_samples("b", 100, 0) == 0


def test_series_of_before_come_first_and_are_forgotten_after_an_hour() -> None:
    allowance = Allowance(LIMITS)
    assert allowance.surplus("a", {1, 2}, 0) == 0
    assert allowance.surplus("a", {1, 2, 3, 4}, 10) == 1
    assert allowance.surplus("a", {1, 2, 3}, 20) == 0
    assert allowance.surplus("a", {4}, 30) == 1
    assert allowance.surplus("b", {4}, 30) == 0
    assert allowance.surplus("a", {4, 5, 6}, 3601) == 0


def test_an_office_that_is_gone_from_the_inventory_is_forgotten() -> None:
    allowance = Allowance(LIMITS)
    allowance.wait_for_samples("a", 100, 0)
    allowance.keep_only(["b"])
    assert allowance.wait_for_samples("a", 100, 0) == 0
