"""What an office may send, and whose turn it is."""

import heapq

from hypothesis import given
from hypothesis import strategies as st

from agent.gateway.allowance import Allowance, Limits

LIMITS = Limits(series=3, rate=10, burst=100, catching_up=2)


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


def test_series_of_before_come_first_and_are_forgotten_after_an_hour() -> None:
    allowance = Allowance(LIMITS)
    assert allowance.surplus("a", {1, 2}, 0) == 0
    assert allowance.surplus("a", {1, 2, 3, 4}, 10) == 1
    assert allowance.surplus("a", {1, 2, 3}, 20) == 0
    assert allowance.surplus("a", {4}, 30) == 1
    assert allowance.surplus("b", {4}, 30) == 0
    assert allowance.surplus("a", {4, 5, 6}, 3601) == 0


def test_offices_that_catch_up_take_turns() -> None:
    allowance = Allowance(LIMITS)
    assert allowance.wait_for_turn("a", 0) == allowance.wait_for_turn("b", 0) == 0
    assert allowance.catching_up == 2
    waits = {allowance.wait_for_turn(office, 0) for office in ("c", "d", "e", "f")}
    assert len(waits) == 4  # nobody comes back together with everybody
    assert all(10 <= wait <= 60 for wait in waits)
    assert allowance.wait_for_turn("a", 9) == 0  # still its turn
    assert allowance.wait_for_turn("c", 11) == 0  # that of b has ended
    assert allowance.wait_for_turn("b", 12) > 0


def test_the_more_offices_wait_the_less_often_each_asks() -> None:
    allowance = Allowance(LIMITS)
    waits = [allowance.wait_for_turn(f"office {number}", number / 1000) for number in range(2000)]
    assert waits[:2] == [0, 0]
    assert max(waits[2:6]) <= 60
    assert all(300 <= wait <= 900 for wait in waits[-100:])
    assert max(waits[-100:]) - min(waits[-100:]) > 300  # and not all at the same moment


def test_an_hour_of_a_whole_country_is_taken_in_turns_without_long_breaks() -> None:
    """Each office has one request of old samples; those that wait come back as told."""
    allowance = Allowance(Limits(series=1, rate=1, burst=1, catching_up=50))
    asks = [(0.0, number) for number in range(3321)]
    heapq.heapify(asks)
    last = 0.0
    while asks:
        now, number = heapq.heappop(asks)
        wait = allowance.wait_for_turn(f"office {number}", now)
        if wait:
            heapq.heappush(asks, (now + wait, number))
        last = now
    assert last < 3 * 3321 / 50 * 12  # a turn and its lease: 12 s


def test_an_office_that_is_gone_from_the_inventory_is_forgotten() -> None:
    allowance = Allowance(LIMITS)
    allowance.wait_for_turn("a", 0)
    allowance.wait_for_samples("a", 100, 0)
    allowance.keep_only(["b"])
    assert allowance.catching_up == 0
    assert allowance.wait_for_samples("a", 100, 0) == 0
