"""Dips of anything: when they begin, when they end, how deep they were."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from collectors.core.dips import Bounds, Dip, Watch, step

BOUNDS = Bounds(enter=10, leave=5, longest_gap=60)
LOOKS = st.lists(st.tuples(st.floats(0.1, 30), st.floats(0, 40)), max_size=80)


def dips(looks: Sequence[tuple[float, float]], bounds: Bounds = BOUNDS) -> list[Dip]:
    """looks: (at, depth)."""
    watch, found = Watch(), []
    for at, depth in looks:
        watch, dip = step(watch, at, depth, bounds)
        if dip:
            found.append(dip)
    return found


def test_a_dip_lasts_from_the_first_deep_look_to_the_first_that_finds_it_over() -> None:
    assert dips([(0, 0), (10, 12), (20, 20), (30, 7), (40, 4), (50, 0)]) == [Dip(10, 40, 20)]


def test_a_value_that_trembles_at_the_edge_makes_one_dip() -> None:
    assert dips([(at, 11 if at % 2 else 9) for at in range(1, 50)] + [(50, 0)]) == [Dip(1, 50, 11)]


def test_what_stays_above_the_edge_is_none() -> None:
    assert dips([(at, 9.9) for at in range(50)]) == []


def test_a_dip_ends_where_nobody_looked_any_more() -> None:
    assert dips([(0, 15), (10, 15), (500, 0)]) == [Dip(0, 10, 15)]


def test_a_clock_that_goes_back_ends_a_dip() -> None:
    assert dips([(100, 15), (110, 15), (50, 15), (60, 0)]) == [Dip(100, 110, 15), Dip(50, 60, 15)]


@given(LOOKS)
def test_dips_are_apart_in_order_and_as_deep_as_their_deepest_look(steps: list[tuple[float, float]]) -> None:
    at, looks = 0.0, []
    for seconds, depth in steps:
        at += seconds
        looks.append((at, depth))
    found = dips(looks)
    for dip in found:
        inside = [depth for when, depth in looks if dip.start <= when < dip.end]
        assert dip.depth == max(inside)
        assert dip.depth >= BOUNDS.enter
        assert min(inside) >= BOUNDS.leave
    assert all(before.end < after.start for before, after in pairwise(found))


@given(LOOKS)
def test_a_stricter_edge_never_finds_a_dip_where_a_milder_one_finds_none(steps: list[tuple[float, float]]) -> None:
    at, looks = 0.0, []
    for seconds, depth in steps:
        at += seconds
        looks.append((at, depth))
    looks.append((at + 1, 0.0))
    if not dips(looks):
        assert not dips(looks, Bounds(enter=20, leave=5, longest_gap=60))
