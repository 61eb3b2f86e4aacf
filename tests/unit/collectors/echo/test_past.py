"""What goes on over runs: outages, dips, counters that survive the agent."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core.ports import Echo, Echoes
from collectors.echo.past import LONGEST_GAP, LOST_IN_A_ROW, Past, seen

BEGUN = 1_800_000_000.0
GOOD = 0.02


def run(past: Past, *round_trips: float | None, begun: float = BEGUN, interval: float = 1.0) -> Past:
    echoes = tuple(Echo(index * interval, trip) for index, trip in enumerate(round_trips))
    return seen(past, Echoes("10.0.0.1", echoes, used_bytes=64 * len(echoes)), begun)


def outages(past: Past) -> tuple[int, float]:
    return past.counts.outages, past.counts.outage_seconds


def test_an_outage_lasts_from_the_first_lost_packet_to_the_first_that_came_back() -> None:
    past = run(Past(), GOOD, GOOD, None, None, None, None, GOOD)
    assert outages(past) == (1, 4.0)
    assert not past.out


def test_two_lost_packets_are_no_outage() -> None:
    assert outages(run(Past(), GOOD, None, None, GOOD, None, None, GOOD)) == (0, 0.0)


def test_an_outage_that_goes_on_is_counted_up_to_now() -> None:
    past = run(Past(), GOOD, None, None, None, None)
    assert past.out
    assert outages(past) == (1, 3.0)


def test_an_outage_over_several_runs_is_one() -> None:
    past = run(Past(), GOOD, GOOD, None, None)
    past = run(past, None, None, begun=BEGUN + 4)
    past = run(past, None, GOOD, begun=BEGUN + 6)
    assert outages(past) == (1, 5.0)


def test_silence_before_anybody_ever_answered_is_no_outage() -> None:
    past = run(Past(), *(None,) * 60)
    assert outages(past) == (0, 0.0)
    assert not past.out
    assert past.counts.lost == 60


def test_what_nobody_looked_at_is_in_no_outage() -> None:
    past = run(Past(), GOOD, None, None, None)
    later = run(past, None, None, None, GOOD, begun=BEGUN + 3600)
    assert outages(later) == (2, 2.0 + 3.0)


def test_a_clock_that_is_set_back_takes_no_seconds_away() -> None:
    past = run(Past(), GOOD, None, None, None)
    assert outages(run(past, None, GOOD, begun=BEGUN - 7200)) == (1, 2.0)


def test_many_lost_or_late_packets_make_one_dip_and_a_steady_delay_makes_none() -> None:
    rough = (GOOD, 0.4, None, 0.5, GOOD, None, 0.6, GOOD, None)
    past = run(Past(), *(GOOD,) * 20, *rough, *(GOOD,) * 20)
    assert past.counts.dips == 1
    assert 5 <= past.counts.dip_seconds <= 25
    assert 0.3 <= past.depth <= 1
    assert run(Past(), *(0.6,) * 60).counts.dips == 0


def test_what_was_counted_survives_a_file() -> None:
    past = run(Past(), *(GOOD,) * 20, *(None,) * 5, *(GOOD,) * 20)
    kept = Past.read(json.loads(json.dumps(past.plain())))
    assert (kept.counts, kept.usual) == (past.counts, past.usual)
    assert not kept.window


@pytest.mark.parametrize(
    "kept",
    [
        None, [], {}, {"usual": "x"}, {"usual": 0.1}, {**Past().plain(), "sent": -1},  # type: ignore[dict-item]
        {**Past().plain(), "sent": 1.5}, {**Past().plain(), "dips": True},  # type: ignore[dict-item]
        {**Past().plain(), "more": 1}, {**Past().plain(), "usual": float("nan")},  # type: ignore[dict-item]
        {**Past().plain(), "outage_seconds": float("inf")},  # type: ignore[dict-item]
    ],
)  # fmt: skip
def test_a_file_that_was_touched_is_refused(kept: object) -> None:
    with pytest.raises(ValueError, match="o"):
        Past.read(kept)


@given(st.lists(st.none() | st.floats(0.001, 2.0), max_size=200), st.integers(1, 200))
def test_runs_may_be_cut_anywhere(round_trips: list[float | None], size: int) -> None:
    """Nothing but the usual round trip, which is taken once a run, depends on where one run ends."""
    whole, cut = run(Past(usual=GOOD), *round_trips), Past(usual=GOOD)
    for begin in range(0, len(round_trips), size):
        cut = run(cut, *round_trips[begin : begin + size], begun=BEGUN + begin)
    assert outages(cut) == pytest.approx(outages(whole))
    assert (cut.counts.sent, cut.counts.lost) == (whole.counts.sent, whole.counts.lost)


@given(st.lists(st.none() | st.floats(0.001, 2.0), min_size=1, max_size=200), st.floats(0.2, LONGEST_GAP))
def test_outages_take_no_more_time_than_there_was(round_trips: list[float | None], interval: float) -> None:
    past = run(Past(usual=GOOD), *round_trips, interval=interval)
    count, seconds = outages(past)
    lost = sum(trip is None for trip in round_trips)
    assert count * LOST_IN_A_ROW <= lost
    assert 0 <= seconds <= lost * interval * 1.0001
