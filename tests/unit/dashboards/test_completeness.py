"""Completeness: what was measured against what is there, and why they differ."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core.lastword import Away
from dashboards.reports.completeness import Absence, Held, Look, State, Told, Verdict, hours, verdict, verdicts

HOUR = 3600.0
EVERY, SAMPLES = 15.0, 150
SILENT = Told()
CUT = Absence(-7200, HOUR + 600, Away.POWER)


def looks(*numbers: int, begin: float = 0.0) -> tuple[Look, ...]:
    """Looks at their usual moments: number 0 is at `begin`."""
    return tuple(Look(begin + EVERY * number, number, SAMPLES) for number in numbers)


def judged(*numbers: int, lacking: int = 0, told: Told = SILENT) -> Verdict:
    """The hour from 0 on."""
    seen = looks(*numbers)
    inside = [look for look in seen if 0 <= look.at < HOUR]
    return verdict(Held(seen, SAMPLES * len(inside) - lacking), told, 0, HOUR)


def test_every_look_there_is_complete() -> None:
    found = judged(*range(-1, 240))
    assert (found.state, found.ratio, found.expected) == (State.COMPLETE, 1.0, 240 * SAMPLES)


@given(st.sets(st.integers(1, 238)))
def test_each_look_that_is_not_there_is_counted_and_its_place_is_told(gone: set[int]) -> None:
    there = [number for number in range(-1, 240) if number not in gone]
    found = judged(*there)
    assert (found.looks, found.expected - found.found) == (len(gone), len(gone) * SAMPLES)
    assert found.state is (State.MISSING if gone else State.COMPLETE)
    for number in gone:
        assert any(since < EVERY * number < until for since, until in found.gaps)


def test_a_gap_that_began_before_the_hour_is_seen_with_its_whole_length() -> None:
    found = judged(-100, *range(5, 240))
    assert (found.looks, found.gaps) == (104, ((-1500.0, 75.0),))


def test_a_look_that_came_in_part_is_missed_too() -> None:
    found = judged(*range(240), lacking=7)
    assert (found.state, found.gaps) == (State.MISSING, ())
    assert found.ratio == pytest.approx(1 - 7 / 36_000)


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (Told(since=HOUR - 1), State.WAITING),
        (Told(since=HOUR), State.MISSING),  # what is measured this minute always waits
        (Told(refused=7), State.REFUSED),
        (Told(refused=6), State.MISSING),
        (Told(timeless=7, refused=7), State.TIMELESS),
        (Told(dropped=1), State.MISSING),  # no look is missing
    ],
)
def test_what_the_office_says_of_itself_is_the_reason(told: Told, state: State) -> None:
    assert judged(*range(240), lacking=7, told=told).state is state


def test_looks_for_which_there_was_no_room_are_its_reason() -> None:
    there = range(-1, 240, 4)  # one a minute was left
    assert judged(*there, told=Told(dropped=180)).state is State.DROPPED
    assert judged(*there, told=Told(dropped=100)).state is State.MISSING


def test_what_explains_one_hour_explains_no_other() -> None:
    told = Told(refused=7, timeless=150, dropped=3)
    assert told.without(judged(*range(240), lacking=7, told=Told(refused=7))).refused == 0
    assert told.without(judged(*range(240), lacking=99, told=Told(timeless=99))).timeless == 51
    assert told.without(judged(-1, *range(4, 240), told=Told(dropped=4))).dropped == 0
    assert told.without(judged(*range(240))) == told


def test_an_hour_in_which_the_agent_was_away_has_its_own_reason() -> None:
    found = judged(-500, told=Told(absences=(CUT,)))
    assert (found.state, found.cause, found.ratio) == (State.AWAY, Away.POWER, None)
    assert judged(-500, told=Told(absences=(Absence(-7200, 0, Away.AGENT),))).state is State.SILENT


def test_more_than_was_measured_is_counted_twice() -> None:
    found = judged(*range(240), lacking=-36_000)
    assert (found.state, found.ratio) == (State.DOUBLED, 1.0)


def test_an_hour_without_a_look_is_silent_or_on_its_way() -> None:
    assert judged(-4).state is State.SILENT
    assert judged(-4, told=Told(since=-20, absences=(CUT,))).state is State.WAITING
    assert judged().ratio is None


def spell(*numbers: int, told: Told = SILENT, after: int | None = None) -> list[State]:
    """Four hours with these looks, and one in the fifth."""
    seen = looks(*numbers)
    whole = []
    for hour in range(4):
        begin, end = HOUR * hour, HOUR * (hour + 1)
        inside = [look for look in seen if begin <= look.at < end]
        before = [look for look in seen if look.at < begin]
        whole.append((begin, Held((*before[-1:], *inside), SAMPLES * len(inside))))
    return [one.state for one in verdicts(whole, told, Look(4 * HOUR + 60, after, 0) if after is not None else None)]


@pytest.mark.parametrize("known", [0, 12, 239])
def test_a_store_that_lost_what_looks_said_of_themselves_is_not_thought_to_count_twice(known: int) -> None:
    """But those samples are missing."""
    seen = [replace(look, samples=look.samples if look.number < known else 0) for look in looks(*range(240))]
    found = verdict(Held(seen, 240 * (SAMPLES - 1) + known), SILENT, 0, HOUR)
    assert found.state is State.MISSING
    assert found.lacking == 240 - known


def test_silent_hours_within_a_gap_share_its_reason() -> None:
    assert spell(*range(240), *range(730, 960)) == ["complete", "missing", "missing", "missing"]
    assert spell(*range(240), *range(730, 960), told=Told(dropped=490)) == ["complete", *["dropped"] * 3]


def test_a_gap_that_reaches_out_of_the_time_in_question_is_seen_once_the_next_look_is_there() -> None:
    whole = range(480)
    assert spell(*whole) == ["complete", "complete", "silent", "silent"]
    assert spell(*whole, after=480) == ["complete", "complete", "silent", "silent"]
    assert spell(*whole, after=964) == ["complete", "missing", "missing", "missing"]
    assert spell(*whole, after=964, told=Told(since=4 * HOUR)) == ["complete", "complete", "silent", "silent"]


def test_a_number_that_begins_anew_is_a_new_buffer_and_no_gap() -> None:
    seen = (*looks(500, 501, begin=-7500), *looks(*range(1, 200), begin=100))
    found = verdict(Held(seen, 201 * SAMPLES), SILENT, 0, HOUR)
    assert (found.state, found.looks) == (State.RENEWED, 0)


def test_only_whole_hours_are_judged() -> None:
    assert list(hours(7200, 3 * HOUR + 1)) == [(7200, 10_800)]
    assert list(hours(7201, 4 * HOUR)) == [(10_800, 14_400)]
    assert list(hours(7201, 7300)) == []
