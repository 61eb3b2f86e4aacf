"""Completeness: what was measured against what is there, and why they differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.reports.completeness import Held, Look, State, hours, verdict

HOUR = 3600.0
EVERY, SAMPLES = 15.0, 150


def looks(*numbers: int, begin: float = 0.0) -> tuple[Look, ...]:
    """Looks at their usual moments: number 0 is at `begin`."""
    return tuple(Look(begin + EVERY * number, number, SAMPLES) for number in numbers)


def held(*numbers: int, lacking: int = 0, **more: int) -> Held:
    seen = looks(*numbers)
    inside = [look for look in seen if 0 <= look.at < HOUR]
    return Held(seen, SAMPLES * len(inside) - lacking, **more)


def test_every_look_there_is_complete() -> None:
    found = verdict(held(*range(-1, 240)), 0, HOUR)
    assert (found.state, found.ratio, found.expected) == (State.COMPLETE, 1.0, 240 * SAMPLES)


@given(st.sets(st.integers(1, 238)))
def test_each_look_that_is_not_there_is_counted_and_its_place_is_told(gone: set[int]) -> None:
    there = [number for number in range(-1, 240) if number not in gone]
    found = verdict(held(*there), 0, HOUR)
    assert (found.looks, found.expected - found.found) == (len(gone), len(gone) * SAMPLES)
    assert found.state is (State.MISSING if gone else State.COMPLETE)
    for number in gone:
        assert any(since < EVERY * number < until for since, until in found.gaps)


def test_a_gap_that_began_before_the_hour_is_seen_with_its_whole_length() -> None:
    found = verdict(held(-100, *range(5, 240)), 0, HOUR)
    assert (found.looks, found.gaps) == (104, ((-1500.0, 75.0),))


def test_a_look_that_came_in_part_is_missed_too() -> None:
    found = verdict(held(*range(240), lacking=7), 0, HOUR)
    assert (found.state, found.gaps) == (State.MISSING, ())
    assert found.ratio == pytest.approx(1 - 7 / 36_000)


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"waiting": 10}, State.WAITING),
        ({"refused": 7}, State.REFUSED),
        ({"refused": 6}, State.MISSING),
        ({"dropped": 1}, State.DROPPED),
    ],
)
def test_what_the_office_says_of_itself_is_the_reason(more: dict[str, int], state: State) -> None:
    assert verdict(held(*range(240), lacking=7, **more), 0, HOUR).state is state


def test_more_than_was_measured_is_counted_twice() -> None:
    found = verdict(held(*range(240), lacking=-36_000), 0, HOUR)
    assert (found.state, found.ratio) == (State.DOUBLED, 1.0)


def test_an_hour_without_a_look_is_silent_or_on_its_way() -> None:
    assert verdict(held(-4), 0, HOUR).state is State.SILENT
    assert verdict(held(-4, waiting=5), 0, HOUR).state is State.WAITING
    assert verdict(held(), 0, HOUR).ratio is None


def test_a_number_that_begins_anew_is_a_new_buffer_and_no_gap() -> None:
    seen = (*looks(500, 501, begin=-7500), *looks(*range(1, 200), begin=100))
    found = verdict(Held(seen, 201 * SAMPLES), 0, HOUR)
    assert (found.state, found.looks) == (State.COMPLETE, 0)


def test_only_whole_hours_are_judged() -> None:
    assert list(hours(7200, 3 * HOUR + 1)) == [(7200, 10_800)]
    assert list(hours(7201, 4 * HOUR)) == [(10_800, 14_400)]
    assert list(hours(7201, 7300)) == []
