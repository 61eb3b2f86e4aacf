"""What one look tells of mains, battery and UPS, sign by sign."""

from dataclasses import replace
from typing import Any

import pytest

from collectors.ups.canonical import Battery, Condition, Observation, Source
from collectors.ups.signs import (
    Mains,
    confirmed,
    denials,
    dipped,
    has_little_left,
    is_bypassed,
    is_low,
    is_overloaded,
    is_testing,
    link_lost,
    mains,
    output_is_live,
    says_battery,
)

ON_MAINS = Observation(source=Source.LINE, input_voltage={1: 231.0}, output_voltage={1: 230.0}, nominal_voltage=230.0)
OUTAGE = replace(ON_MAINS, source=Source.BATTERY, input_voltage={1: 0.0})


def saying(seen: Observation, *conditions: Condition) -> Observation:
    return replace(seen, conditions=dict.fromkeys(conditions, True))


@pytest.mark.parametrize(
    ("volts", "nominal", "output", "expected"),
    [
        ({1: 231.0}, 230.0, {}, Mains.GOOD),
        ({1: 231.0}, None, {1: 229.0}, Mains.GOOD),
        ({1: 231.0, 2: 140.0}, 230.0, {}, Mains.BAD),
        ({1: 180.0}, 230.0, {}, Mains.UNCLEAR),
        ({1: 290.0}, 230.0, {}, Mains.UNCLEAR),
        ({1: 231.0}, None, {}, Mains.UNCLEAR),
        ({1: 60.0}, None, {}, Mains.BAD),
        ({}, 230.0, {}, Mains.UNCLEAR),
        ({1: 231.0, 2: 229.0, 3: 230.0}, 400.0, {1: 230.0}, Mains.GOOD),
        ({1: 400.0}, 400.0, {1: 398.0}, Mains.GOOD),
    ],
)
def test_mains_is_judged_by_its_voltage(
    volts: dict[int, float], nominal: float | None, output: dict[int, float], expected: Mains
) -> None:
    seen = Observation(input_voltage=volts, nominal_voltage=nominal, output_voltage=output)
    assert mains(seen) is expected


def test_an_input_that_the_card_calls_bad_is_bad_whatever_its_voltage() -> None:
    assert mains(saying(ON_MAINS, Condition.INPUT_BAD)) is Mains.BAD


@pytest.mark.parametrize("source", Source)
def test_a_flag_is_believed_only_where_the_source_does_not_tell(source: Source) -> None:
    flagged = replace(saying(ON_MAINS, Condition.ON_BATTERY), source=source, battery=Battery.DISCHARGING)
    assert says_battery(flagged) is (source.is_battery or source is Source.OTHER)


def test_without_a_source_the_flag_or_the_battery_tells() -> None:
    nothing = Observation()
    assert not says_battery(nothing)
    assert says_battery(saying(nothing, Condition.ON_BATTERY))
    assert not says_battery(replace(nothing, battery=Battery.DISCHARGING))
    assert says_battery(replace(saying(nothing, Condition.INPUT_BAD), battery=Battery.DISCHARGING))


@pytest.mark.parametrize(
    ("change", "sure"),
    [
        ({}, False),
        ({"conditions": {Condition.ON_BATTERY: True}}, False),
        ({"conditions": {Condition.CAUSE_MAINS: True}}, False),
        ({"conditions": {Condition.BATTERY_LOW: True}}, True),
        ({"battery": Battery.DISCHARGING}, True),
        ({"battery": Battery.DEPLETED}, True),
        ({"battery": Battery.DISCHARGING, "source": None}, False),
        ({"on_battery_time": 5000.0}, False),
        ({"charge": 0.1}, False),
    ],
)
def test_only_the_battery_itself_confirms_the_word(change: dict[str, Any], sure: bool) -> None:
    assert confirmed(replace(Observation(source=Source.BATTERY), **change)) is sure


@pytest.mark.parametrize(
    ("change", "count"),
    [
        ({}, 0),
        ({"conditions": {Condition.CAUSE_MAINS: True, Condition.BATTERY_LOW: True}, "on_battery_time": 60.0}, 0),
        ({"battery": Battery.DISCHARGING}, 1),
        ({"input_voltage": {1: 3.0}, "conditions": {Condition.INPUT_BAD: True}}, 1),
        ({"battery": Battery.DISCHARGING, "conditions": {Condition.ON_BATTERY: True, Condition.INPUT_BAD: True}}, 3),
    ],
)
def test_signs_of_the_battery_on_mains_are_counted_by_object(change: dict[str, Any], count: int) -> None:
    assert denials(replace(ON_MAINS, **change)) == count


def test_a_test_is_on_by_the_source_or_by_its_own_word() -> None:
    assert is_testing(replace(ON_MAINS, source=Source.BATTERY_TEST))
    assert is_testing(saying(OUTAGE, Condition.TEST_RUNNING))
    assert not is_testing(saying(OUTAGE, Condition.CAUSE_SELF_TEST))


@pytest.mark.parametrize(
    ("change", "low"),
    [
        ({"runtime": 170.0}, True),
        ({"runtime": 190.0}, False),
        ({"runtime": 250.0, "low_runtime": 300.0}, True),
        ({"runtime": 2000.0, "low_runtime": 7200.0}, False),
        ({"charge": 0.15}, True),
        ({"charge": 0.16}, False),
        ({"conditions": {Condition.BATTERY_LOW: True}, "charge": 0.9}, True),
        ({"battery": Battery.LOW, "charge": 0.9}, True),
        ({"battery": Battery.DEPLETED}, True),
    ],
)
def test_a_battery_is_low_by_the_cards_word_or_by_little_left(change: dict[str, Any], low: bool) -> None:
    assert is_low(replace(OUTAGE, **change)) is low


def test_little_left_is_low_on_battery_only() -> None:
    assert not is_low(replace(ON_MAINS, runtime=30.0, charge=0.05))


def test_what_is_left_can_be_asked_to_be_clearly_more() -> None:
    assert not has_little_left(replace(OUTAGE, runtime=200.0))
    assert has_little_left(replace(OUTAGE, runtime=200.0), margin=1.5)


def test_an_unknown_source_is_a_lost_link_whatever_is_said_of_the_link() -> None:
    unknown = replace(ON_MAINS, source=Source.UNKNOWN)
    assert link_lost(unknown)
    assert link_lost(replace(unknown, conditions={Condition.LINK_LOST: False}))
    assert link_lost(saying(OUTAGE, Condition.LINK_LOST))


@pytest.mark.parametrize(
    ("least", "nominal", "low"), [(None, 230.0, None), (228.0, 230.0, False), (150.0, 230.0, True), (60.0, None, True)]
)
def test_a_dip_is_in_the_lowest_voltage_of_the_last_minute(
    least: float | None, nominal: float | None, low: bool | None
) -> None:
    assert dipped(Observation(input_voltage_least=least, nominal_voltage=nominal)) is low


def test_an_overload_is_the_cards_word_or_a_load_over_what_it_can_carry() -> None:
    assert is_overloaded(saying(ON_MAINS, Condition.OVERLOAD))
    assert is_overloaded(replace(ON_MAINS, load={1: 0.4, 2: 1.01}))
    assert not is_overloaded(replace(ON_MAINS, load={1: 1.0}))


def test_a_bypass_is_the_source_or_a_flag_where_the_source_does_not_tell() -> None:
    assert is_bypassed(replace(ON_MAINS, source=Source.BYPASS))
    assert is_bypassed(replace(saying(ON_MAINS, Condition.BYPASS), source=Source.OTHER))
    assert not is_bypassed(saying(ON_MAINS, Condition.BYPASS))


def test_an_output_is_live_when_there_is_voltage_on_it() -> None:
    assert output_is_live(ON_MAINS)
    assert not output_is_live(replace(ON_MAINS, output_voltage={1: 12.0}))
