"""The verdict on observations, sign by sign."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.ups.canonical import QUANTITIES, Condition, Observation, Source
from collectors.ups.metrics import METRICS, samples
from collectors.ups.status import Mains, Status, is_low, judge, mains

ON_MAINS = Observation(source=Source.LINE, input_voltage={1: 231.0}, output_voltage={1: 230.0}, nominal_voltage=230.0)
OUTAGE = replace(ON_MAINS, source=Source.BATTERY, input_voltage={1: 0.0})


def saying(seen: Observation, *conditions: Condition) -> Observation:
    return replace(seen, conditions=dict.fromkeys(conditions, True))


@pytest.mark.parametrize(
    "history",
    [
        {"on_battery_time": 6120.0},
        {"conditions": {Condition.CAUSE_MAINS: True}},
        {"conditions": {Condition.CAUSE_SELF_TEST: True}},
        {"conditions": {Condition.BATTERY_LOW: True}},
        {"conditions": {Condition.BATTERY_REPLACE: True}},
        {"charge": 0.05},
        {"runtime": 30.0},
        {"input_voltage": {1: 0.0}},
    ],
    ids=str,
)
def test_no_sign_but_the_source_makes_an_outage(history: dict[str, Any]) -> None:
    assert judge(replace(ON_MAINS, **history)).status is Status.ONLINE


@pytest.mark.parametrize(
    "second",
    [
        {"input_voltage": {1: 0.0}},
        {"conditions": {Condition.INPUT_BAD: True}},
        {"conditions": {Condition.ON_BATTERY: True}},
        {"conditions": {Condition.CAUSE_MAINS: True}},
        {"on_battery_time": 3.0},
        {"input_voltage": {}},
    ],
    ids=str,
)
def test_battery_and_a_second_sign_is_an_outage(second: dict[str, Any]) -> None:
    assert judge(replace(ON_MAINS, source=Source.BATTERY, **second)).status is Status.ON_BATTERY


def test_battery_against_a_good_input_is_no_verdict() -> None:
    assert judge(replace(ON_MAINS, source=Source.BATTERY)).status is Status.UNKNOWN


@pytest.mark.parametrize("sign", [{"source": Source.BATTERY_TEST}, {"conditions": {Condition.TEST_RUNNING: True}}])
def test_a_self_test_is_no_outage_until_mains_is_lost(sign: dict[str, Any]) -> None:
    testing = replace(ON_MAINS, **{"source": Source.BATTERY, **sign})
    assert judge(testing).status is Status.SELF_TEST
    assert judge(replace(testing, input_voltage={})).status is Status.SELF_TEST
    assert judge(replace(testing, input_voltage={1: 12.0})).status is Status.ON_BATTERY


def test_the_cause_alone_makes_no_self_test_when_the_input_is_not_measured() -> None:
    blind = replace(saying(ON_MAINS, Condition.CAUSE_SELF_TEST), source=Source.BATTERY, input_voltage={})
    assert judge(blind).status is Status.ON_BATTERY


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
    ],
)
def test_a_battery_is_low_by_the_cards_word_or_by_little_left(change: dict[str, Any], low: bool) -> None:
    assert is_low(replace(OUTAGE, **change)) is low
    assert judge(replace(OUTAGE, **change)).status is (Status.LOW_BATTERY if low else Status.ON_BATTERY)


def test_a_lost_link_goes_before_everything_that_the_card_repeats() -> None:
    assert judge(saying(OUTAGE, Condition.LINK_LOST)).status is Status.LINK_LOST


def test_an_unknown_source_is_a_lost_link_unless_the_card_says_that_the_link_is_fine() -> None:
    unknown = replace(ON_MAINS, source=Source.UNKNOWN)
    assert judge(unknown).status is Status.LINK_LOST
    assert judge(replace(unknown, conditions={Condition.LINK_LOST: False})).status is Status.UNKNOWN


def test_an_overload_on_battery_is_still_an_outage() -> None:
    assert judge(replace(saying(OUTAGE, Condition.OVERLOAD), load={1: 1.2})).status is Status.ON_BATTERY


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
    ],
)
def test_mains_is_judged_by_its_voltage(
    volts: dict[int, float], nominal: float | None, output: dict[int, float], expected: Mains
) -> None:
    seen = Observation(input_voltage=volts, nominal_voltage=nominal, output_voltage=output)
    assert mains(seen) is expected


def observations() -> st.SearchStrategy[Observation]:
    numbers = st.one_of(st.none(), st.floats(0, 1e6))
    lines = st.dictionaries(st.integers(1, 3), st.floats(0, 600))
    fields = {name: lines if quantity.per_line else numbers for name, quantity in QUANTITIES.items()}
    return st.builds(
        Observation,
        source=st.one_of(st.none(), st.sampled_from(Source)),
        conditions=st.dictionaries(st.sampled_from(Condition), st.booleans()),
        **fields,
    )


@given(observations())
def test_an_outage_needs_the_source_to_be_the_battery(seen: Observation) -> None:
    if judge(seen).status.is_outage:
        assert seen.source in (Source.BATTERY, Source.BATTERY_TEST)


@given(observations())
def test_every_observation_has_a_verdict_and_one_status_that_holds(seen: Observation) -> None:
    exported = samples(seen, judge(seen).status)
    assert [sample.value for sample in exported if sample.metric.name == "ups_status"].count(1) == 1
    assert {sample.metric for sample in exported} <= set(METRICS)
    assert len({(sample.metric, sample.labels) for sample in exported}) == len(exported)
