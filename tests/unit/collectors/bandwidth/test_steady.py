"""The stop rule, by tables and by properties: any rate, any looks, no figure from a flow that is still moving."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.bandwidth.steady import RULE, is_steady, steady, why_not
from collectors.core.ports import Point

MEGABIT = 125_000


def flow(rate: float, seconds: float, every: float = 0.02) -> list[Point]:
    """A constant flow of `rate` bytes per second, looked at regularly."""
    return [(index * every, int(rate * index * every)) for index in range(int(seconds / every) + 1)]


def joined(*pieces: list[Point]) -> list[Point]:
    """One flow after the other."""
    whole: list[Point] = [(0.0, 0)]
    for piece in pieces:
        seconds, count = whole[-1]
        whole += [(seconds + later, count + more) for later, more in piece[1:]]
    return whole


@pytest.mark.parametrize("megabits", [1, 5, 20, 100, 1000])
def test_a_constant_flow_is_steady_and_read_exactly(megabits: int) -> None:
    window = steady(flow(megabits * MEGABIT, 4.0), 0.02)
    assert window is not None
    assert window.rate == pytest.approx(megabits * MEGABIT, rel=0.002)


def test_a_fast_flow_needs_its_start_and_one_window() -> None:
    points = flow(20 * MEGABIT, 2.0)
    first = next(points[index][0] for index in range(len(points)) if is_steady(points[: index + 1], 0.02))
    assert first == pytest.approx(RULE.start_seconds + RULE.window_seconds, abs=0.021)


def test_a_long_round_trip_asks_for_a_longer_window() -> None:
    window = steady(flow(20 * MEGABIT, 10.0), 0.6)
    assert window is not None
    assert window.seconds == pytest.approx(3.6)
    assert not is_steady(flow(20 * MEGABIT, 3.5), 0.6)


def test_a_slow_link_asks_for_a_longer_window_because_packets_are_lumps() -> None:
    assert not is_steady(flow(MEGABIT, 1.5), 0.02)
    assert is_steady(flow(MEGABIT, 4.0), 0.02)


@pytest.mark.parametrize("lump", [0.005, 0.010, 0.020, 0.040])
def test_arrivals_in_lumps_are_read_right_once_the_window_smooths_them(lump: float) -> None:
    rate = 20 * MEGABIT
    points = [(seconds, int(rate * (seconds // lump * lump))) for seconds, _ in flow(rate, 5.0, 0.0199)]
    window = steady(points, 0.02)
    assert window is not None
    assert window.rate == pytest.approx(rate, rel=0.03)


NOT_STEADY = {
    "nothing at all": [],
    "one look": [(0.0, 0)],
    "silence": flow(0, 3.0),
    "too short": flow(20 * MEGABIT, 0.5),
    "still growing by doubling": joined(*(flow(MEGABIT * 2**step, 0.15) for step in range(8))),
    "still growing slowly": [(i * 0.02, int(20 * MEGABIT * (i * 0.02) ** 1.5)) for i in range(150)],
    "stops in the middle of the window": joined(flow(20 * MEGABIT, 1.5), flow(0, 0.3)),
    "falls to half": joined(flow(20 * MEGABIT, 2.0), flow(10 * MEGABIT, 0.3)),
    "on and off": joined(*(flow(40 * MEGABIT * (step % 2), 0.16) for step in range(20))),
}


@pytest.mark.parametrize("points", NOT_STEADY.values(), ids=NOT_STEADY.keys())
def test_what_is_not_steady_gives_no_figure_but_a_reason(points: list[Point]) -> None:
    assert steady(points, 0.02) is None
    assert why_not(points, 0.02)


@pytest.mark.parametrize("bucket", [64_000, 256_000, 1_000_000])
def test_a_full_token_bucket_at_the_start_does_not_show(bucket: int) -> None:
    rate = 20 * MEGABIT
    window = steady(joined(flow(1000 * MEGABIT, bucket / (1000 * MEGABIT), 0.002), flow(rate, 1.2)), 0.02)
    assert window is not None
    assert window.rate == pytest.approx(rate, rel=0.01)


def test_slow_start_does_not_lower_the_figure() -> None:
    start = joined(*(flow(100 * MEGABIT / 2**step, 0.04) for step in range(7, 0, -1)))
    window = steady(joined(start, flow(100 * MEGABIT, 0.8)), 0.02)
    assert window is not None
    assert window.rate == pytest.approx(100 * MEGABIT, rel=0.005)


def test_one_late_look_changes_nothing() -> None:
    points = flow(20 * MEGABIT, 1.2)
    window = steady(points[:40] + points[52:], 0.02)
    assert window is not None
    assert window.rate == pytest.approx(20 * MEGABIT, rel=0.002)


steps = st.lists(st.tuples(st.floats(0.0, 0.3), st.integers(0, 2_000_000)), max_size=120)


def walked(moves: list[tuple[float, int]]) -> list[Point]:
    points: list[Point] = [(0.0, 0)]
    for seconds, count in moves:
        points.append((points[-1][0] + seconds, points[-1][1] + count))
    return points


@given(steps, st.floats(0.0, 1.0))
def test_whatever_arrived_it_never_raises_and_stays_within_what_was_seen(
    moves: list[tuple[float, int]], round_trip: float
) -> None:
    points = walked(moves)
    window = steady(points, round_trip)
    assert why_not(points, round_trip)
    if window:
        assert 0 < window.rate * window.seconds <= points[-1][1] * (1 + 1e-9)
        assert window.seconds >= max(RULE.window_seconds, RULE.window_round_trips * round_trip)


@given(steps, st.floats(0.0, 0.2), st.floats(0.0, 1e6))
def test_when_the_clock_began_does_not_matter(moves: list[tuple[float, int]], trip: float, shift: float) -> None:
    points = [(round(seconds, 3), count) for seconds, count in walked(moves)]
    here, there = steady(points, trip), steady([(seconds + round(shift), count) for seconds, count in points], trip)
    if here and there and here.seconds == there.seconds:
        assert there.rate == pytest.approx(here.rate, rel=1e-3)


@given(st.lists(st.floats(0.001, 0.06), min_size=60, max_size=120), st.integers(2 * MEGABIT, 1000 * MEGABIT))
def test_irregular_looks_at_a_constant_flow_read_it_exactly(gaps: list[float], rate: int) -> None:
    points = walked([(gap, round(gap * rate)) for gap in gaps])
    if window := steady(points, 0.0):
        assert window.rate == pytest.approx(rate, rel=0.002)
