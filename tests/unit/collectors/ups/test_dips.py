"""Dips between two looks are found by what the UPS counts, once each, and never in an outage."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.ups.canonical import Condition, Observation, Source
from collectors.ups.dips import Marks, dips, marks

MAINS = Observation(
    source=Source.LINE, nominal_voltage=230.0, input_bads=12.0, input_voltage_least=228.0, on_battery_time=0.0,
    conditions={Condition.CAUSE_MAINS: False}, model="A", serial="1",
)  # fmt: skip


def between(before: Observation, now: Observation, seconds: float = 15.0) -> int:
    return dips(marks(before, 100.0), marks(now, 100.0 + seconds))


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({}, 0),
        ({"input_bads": 13.0}, 1),
        ({"input_bads": 15.0}, 3),
        ({"input_bads": 3.0}, 0),
        ({"input_bads": 2e9}, 0),
        ({"input_bads": None}, 0),
        ({"input_voltage_least": 90.0}, 1),
        ({"conditions": {Condition.CAUSE_MAINS: True}}, 1),
        ({"on_battery_time": 4.0}, 1),
        ({"on_battery_time": 4000.0}, 0),
        ({"on_battery_time": 4.0, "conditions": {Condition.CAUSE_SELF_TEST: True}}, 0),
        ({"input_bads": 13.0, "input_voltage_least": 90.0, "on_battery_time": 4.0}, 1),
    ],
    ids=str,
)
def test_what_the_ups_counts_tells_of_dips(change: dict[str, Any], number: int) -> None:
    assert between(MAINS, replace(MAINS, **change)) == number


def test_the_same_dip_is_told_once() -> None:
    dipped = replace(MAINS, input_voltage_least=90.0, input_bads=13.0, on_battery_time=4.0)
    assert between(dipped, dipped) == 0


def test_a_count_of_seconds_that_runs_on_mains_is_no_dip() -> None:
    assert between(replace(MAINS, on_battery_time=4000.0), replace(MAINS, on_battery_time=4015.0)) == 0


@pytest.mark.parametrize(
    "other",
    [
        {"source": Source.BATTERY},
        {"source": Source.BATTERY_TEST},
        {"source": None},
        {"conditions": {Condition.LINK_LOST: True}},
        {"serial": "2"},
    ],
    ids=str,
)
def test_what_is_counted_in_an_outage_or_by_another_ups_is_no_dip(other: dict[str, Any]) -> None:
    counted = replace(MAINS, input_bads=14.0)
    assert between(replace(MAINS, **other), counted) == 0
    assert between(MAINS, replace(counted, **other)) == 0


def test_of_an_earlier_life_only_the_counter_is_compared() -> None:
    before = Marks(ups=marks(MAINS, 0).ups, bads=12.0)
    assert dips(before, marks(replace(MAINS, input_bads=14.0, on_battery_time=4.0), 5.0)) == 2


def test_a_ups_that_counts_nothing_is_known_as_such() -> None:
    assert marks(MAINS, 0).counts
    assert not marks(Observation(source=Source.LINE), 0).counts


@given(st.floats(0, 2**32 - 1), st.floats(0, 2**32 - 1), st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_any_counts_give_a_number_that_makes_sense(
    bads: float, later: float, seconds: float, longer: float, elapsed: float
) -> None:
    before = replace(MAINS, input_bads=bads, on_battery_time=seconds)
    assert 0 <= between(before, replace(MAINS, input_bads=later, on_battery_time=longer), elapsed) <= 1000
