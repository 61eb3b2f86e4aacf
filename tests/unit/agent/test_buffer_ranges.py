"""Which scrapes a receiver has taken."""

from hypothesis import given
from hypothesis import strategies as st

from agent.buffer.ranges import MOST, Ranges

_STEPS = st.lists(st.tuples(st.booleans(), st.integers(1, 40), st.integers(0, 6)), max_size=25)


@given(_STEPS)
def test_ranges_are_the_set_that_was_taken_and_not_taken_back(steps: list[tuple[bool, int, int]]) -> None:
    ranges, taken = Ranges(), set[int]()
    for takes, first, more in steps:
        span = range(first, first + more + 1)
        ranges = ranges.plus(first, span[-1]) if takes else ranges.minus(first, span[-1])
        taken = taken.union(span) if takes else taken.difference(span)
    assert {one for one in range(1, 50) if one in ranges} == taken
    assert {one for first, last in ranges.gaps(49) for one in range(first, last + 1)} == set(range(1, 50)) - taken
    assert ranges.top == max(taken, default=0)
    for first, last in ((1, 3), (5, 5), (4, 20)):
        assert ranges.covers(first, last) == taken.issuperset(range(first, last + 1))


def test_a_live_lane_ahead_of_the_backlog_is_one_range_until_they_meet() -> None:
    ranges = Ranges().plus(1, 10).plus(101, 104).plus(105, 108)
    assert ranges == Ranges(10, ((101, 108),))
    assert list(ranges.gaps(110)) == [(11, 100), (109, 110)]
    assert ranges.plus(11, 100) == Ranges(108)


def test_of_too_many_ranges_the_shortest_is_forgotten_and_never_one_made_up() -> None:
    ranges = Ranges()
    for number in range(MOST + 1):
        ranges = ranges.plus(10 * number + 10, 10 * number + (11 if number == 5 else 14))
    assert len(ranges.above) == MOST
    assert 60 not in ranges
    assert 50 in ranges
    assert 15 not in ranges
