"""What a link's budget allows: never more than the month's bytes, some on every day."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent import night
from agent.budget import Spent, objection, read_spent
from collectors.capacity import COLLECTOR as CAPACITY
from collectors.core.values import VIETNAM
from tests.unit.agent.conftest import Toy

MEGABYTE = 1_000_000
GIGABYTE = 1000 * MEGABYTE
DAY = 86400.0


def at(month: int, day: int, hour: float = 0.0) -> float:
    return (datetime(2026, month, day, tzinfo=VIETNAM) + timedelta(hours=hour)).timestamp()


def test_a_month_with_bytes_left_objects_to_nothing() -> None:
    assert objection(Spent(), GIGABYTE, MEGABYTE, at(11, 1)) is None


def test_a_month_whose_bytes_are_used_says_so_and_from_when_on_it_is_measured_again() -> None:
    spent = Spent().plus(995 * MEGABYTE, at(11, 3))
    why = objection(spent, GIGABYTE, 6 * MEGABYTE, at(11, 20))
    assert why is not None
    assert "995 MB of this month's 1 GB" in why
    assert "again from 2026-12-01" in why


def test_the_next_month_begins_with_the_whole_budget() -> None:
    spent = Spent().plus(GIGABYTE, at(11, 30, 23))
    assert objection(spent, GIGABYTE, MEGABYTE, at(12, 1)) is None


def test_months_are_vietnams() -> None:
    spent = Spent().plus(GIGABYTE, at(11, 30, 23.9))
    assert objection(spent, GIGABYTE, MEGABYTE, at(11, 30, 23.95)) is not None  # in Greenwich it is the afternoon
    assert objection(spent, GIGABYTE, MEGABYTE, at(12, 1, 0.1)) is None


def test_a_larger_budget_is_good_at_once() -> None:
    spent = Spent().plus(GIGABYTE, at(11, 3))
    assert objection(spent, GIGABYTE, MEGABYTE, at(11, 20)) is not None
    assert objection(spent, 2 * GIGABYTE, MEGABYTE, at(11, 20)) is None


def test_a_day_may_use_twice_its_part_and_then_waits_for_the_next() -> None:
    spent = Spent().plus(59 * MEGABYTE, at(11, 1, 8))  # of thirty days' 900
    assert objection(spent, 900 * MEGABYTE, MEGABYTE, at(11, 1, 9)) is None
    why = objection(spent.plus(MEGABYTE, at(11, 1, 9)), 900 * MEGABYTE, MEGABYTE, at(11, 1, 10))
    assert why is not None
    assert "again tomorrow" in why
    assert objection(spent.plus(MEGABYTE, at(11, 1, 9)), 900 * MEGABYTE, MEGABYTE, at(11, 2)) is None


def moments(days: int) -> Iterator[float]:
    """Some on each day of November."""
    return (at(11, 1) + number * DAY / 4 for number in range(days * 4))


@given(
    budget=st.integers(20 * MEGABYTE, 10 * GIGABYTE),
    most=st.integers(MEGABYTE, 20 * MEGABYTE),
    shares=st.lists(st.floats(0, 1), min_size=1, max_size=20),
    at_once=st.integers(1, 12),
)
def test_whatever_runs_use_a_month_keeps_its_budget(budget: int, most: int, shares: list[float], at_once: int) -> None:
    spent, used = Spent(), 0
    for turn, now in enumerate(moments(30)):
        for run in range(at_once):
            if objection(spent, budget, most, now) is None:
                size = int(most * shares[(turn + run) % len(shares)])
                spent, used = spent.plus(size, now), used + size
    assert used <= budget


@given(runs=st.integers(4, 400), most=st.integers(1, 20 * MEGABYTE))
def test_a_budget_for_a_run_a_day_and_more_leaves_no_day_without_one(runs: int, most: int) -> None:
    spent, measured = Spent(), set()
    for now in moments(30):
        for _ in range(24):
            if objection(spent, 31 * runs * most, most, now) is None:
                spent = spent.plus(most, now)
                measured.add(datetime.fromtimestamp(now, VIETNAM).day)
    assert measured == set(range(1, 31))


def test_a_clock_that_was_wrong_for_a_while_costs_the_month_nothing() -> None:
    spent = Spent().plus(GIGABYTE, at(11, 3)).plus(MEGABYTE, 0.0).plus(MEGABYTE, at(11, 4) + 3650 * DAY)
    assert objection(spent, GIGABYTE, MEGABYTE, at(11, 20)) is not None
    assert objection(spent, GIGABYTE, MEGABYTE, at(12, 1)) is None


def test_what_is_kept_does_not_grow() -> None:
    spent = Spent()
    for day in range(400):
        spent = spent.plus(1, day * DAY)
    assert len(spent.days) < 70
    assert spent.on(spent.days[-1][0]) == 1


def test_what_was_kept_is_read_again() -> None:
    spent = Spent().plus(5, at(11, 3)).plus(7, at(11, 4))
    assert read_spent(spent.plain()) == spent


@pytest.mark.parametrize(
    "kept", [None, [], {"yesterday": 5}, {"2026-11-03": -1}, {"2026-11-03": "5"}, {"2026-11-03": 1.5}]
)
def test_anything_else_is_no_account(kept: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the text
        read_spent(kept)


@pytest.mark.parametrize(("hour", "every", "expected"), [
    (6.4, 1800, 2), (6.5, 1800, 1), (12, 1800, 1), (18.4, 1800, 1), (18.5, 1800, 2), (0, 1800, 2),
    (0, 600, 2), (0, 30, 2), (0, 3600, 1), (0, 7200, 1),
])  # fmt: skip
def test_capacity_is_looked_at_half_as_often_outside_of_working_hours(hour: float, every: float, expected: int) -> None:
    assert night.turns(CAPACITY, every, at(11, 3, hour)) == expected


def test_what_costs_nothing_knows_no_night() -> None:
    assert night.turns(Toy(), 10, at(11, 3, 2)) == 1
