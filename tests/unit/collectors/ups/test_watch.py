"""From readings to what is exported of the power, through failures and restarts of the agent."""

import json
from dataclasses import replace
from typing import Any

import pytest

from agent.usual import Comparing
from collectors.core import Reading, Reason
from collectors.ups import COLLECTOR
from collectors.ups.canonical import Condition, Observation, Source
from collectors.ups.metrics import samples
from collectors.ups.power import MISSES, SOON, Verdict
from collectors.ups.spell import APART
from collectors.ups.watch import Look, Watch, compare
from tests.unit.collectors.ups.cards import exported

NOW = 1.8e9
MAINS = Observation(source=Source.LINE, input_voltage={1: 231.0}, nominal_voltage=230.0, input_bads=4.0)
CUT = replace(MAINS, source=Source.BATTERY, input_voltage={1: 0.0})
BLIND = replace(CUT, input_voltage={})
FAILED = Reading(Reason.NO_ANSWER, evidence=("no answer: nobody listens",))


def reading(seen: Observation, at: float) -> Reading:
    return Reading(Reason.OK, samples(seen), evidence=("agent: a card",), seen=Look(seen, at))


def last(*looks: Observation | None, watch: Watch | None = None, apart: float = APART) -> tuple[Reading, Watch]:
    """The last of these looks as it is published; None = the probe failed."""
    watch, found = watch or Watch(), FAILED
    for number, seen in enumerate(looks):
        at = 1000.0 + number * apart
        found, watch = compare(FAILED if seen is None else reading(seen, at), watch, NOW + at)
    return found, watch


def test_the_collector_is_one_that_compares() -> None:
    assert isinstance(COLLECTOR, Comparing)


def test_exactly_one_verdict_holds_and_the_outage_has_a_series_of_its_own() -> None:
    found, _ = last(CUT)
    verdicts = {one.label("verdict"): one.value for one in found.samples if one.metric.name == "ups_power_verdict"}
    assert verdicts == {verdict.value: float(verdict is Verdict.OUTAGE) for verdict in Verdict}
    assert exported(found)["ups_on_battery"] == 1
    assert found.again == SOON


def test_a_first_sign_is_told_as_suspicion_and_not_as_mains() -> None:
    values = exported(last(MAINS, BLIND)[0])
    assert values["ups_outage_suspected"] == 1
    assert "ups_on_battery" not in values


def test_a_self_test_is_an_outage_when_an_input_that_had_voltage_has_none() -> None:
    testing = replace(CUT, conditions={Condition.TEST_RUNNING: True})
    values = exported(last(MAINS, testing)[0])
    assert values["ups_power_verdict{outage}"] == 1


def test_an_input_that_nobody_measures_makes_no_outage_of_a_self_test() -> None:
    always_zero = replace(CUT, conditions={Condition.TEST_RUNNING: True})
    on_mains = replace(MAINS, input_voltage={})  # a zero on mains is no value
    one_line_is_dead = replace(always_zero, input_voltage={1: 0.0, 2: 231.0, 3: 229.0})
    two_lines = replace(MAINS, input_voltage={2: 231.0, 3: 229.0})
    assert exported(last(on_mains, always_zero)[0])["ups_power_verdict{self_test}"] == 1
    assert exported(last(two_lines, one_line_is_dead)[0])["ups_power_verdict{self_test}"] == 1


def test_a_failed_probe_keeps_its_result_and_has_a_verdict_but_no_old_values() -> None:
    found, _ = last(MAINS, CUT, None)
    assert (found.result, found.again) == (Reason.NO_ANSWER, APART)
    assert exported(found) == {
        "ups_power_verdict{outage}": 1, "ups_on_battery": 1, "ups_outage_suspected": 0, "ups_data_age_seconds": APART,
        "ups_disturbances_total": 0,
    }  # fmt: skip


def test_failures_in_a_row_are_no_answer_and_say_nothing_of_the_mains() -> None:
    values = exported(last(CUT, *[None] * MISSES)[0])
    assert values["ups_power_verdict{no_answer}"] == 1
    assert "ups_on_battery" not in values


def test_a_probe_that_has_never_answered_has_no_age() -> None:
    assert exported(last(None)[0]) == {"ups_power_verdict{no_answer}": 1, "ups_outage_suspected": 0}


@pytest.mark.parametrize("jump", [-86400.0, 86400.0 * 365])
def test_a_wall_clock_that_jumps_moves_a_failed_look_by_an_hour_at_most(jump: float) -> None:
    _, watch = last(MAINS)
    found, _ = compare(FAILED, watch, NOW + jump)
    assert 0 <= exported(found)["ups_data_age_seconds"] <= 3600


def test_the_reason_comes_first_in_both_languages() -> None:
    assert last(CUT)[0].evidence == (
        "Mất điện lưới: UPS báo đang dùng ắc quy và điện lưới vào không đạt (điện áp vào 0 V)",
        "outage: the UPS says battery, and its input is bad (input 0 V)",
        "agent: a card",
    )


def test_dips_between_looks_add_up() -> None:
    _, watch = last(MAINS, replace(MAINS, input_bads=6.0), replace(MAINS, input_bads=7.0))
    assert watch.disturbances == 3


def test_a_ups_that_counts_nothing_has_no_counter() -> None:
    assert "ups_disturbances_total" not in exported(last(replace(MAINS, input_bads=None))[0])


def test_the_counter_outlives_the_agent_and_the_verdict_does_not() -> None:
    _, before = last(MAINS, replace(MAINS, input_bads=6.0), BLIND, BLIND, replace(MAINS, input_bads=8.0))
    assert before.state.in_outage
    kept = json.loads(json.dumps(before.plain()))
    found, after = last(BLIND, watch=Watch.read(kept))
    assert exported(found)["ups_power_verdict{unknown}"] == 1
    assert after.disturbances == 2
    assert last(replace(MAINS, input_bads=9.0), watch=Watch.read(kept))[1].disturbances == 3


@pytest.mark.parametrize(
    "kept",
    [
        None, [], 5, {}, {"disturbances": -1, "ups": "", "bads": None}, {"disturbances": 1, "ups": "", "bads": "7"},
        {"disturbances": 1, "ups": "", "bads": float("nan")}, {"disturbances": "1", "ups": "", "bads": 1.0},
        {"disturbances": 10**400, "ups": "", "bads": 1.0}, {"disturbances": 1, "ups": "", "bads": 10**400},
    ],
)  # fmt: skip
def test_a_file_that_was_touched_is_refused(kept: Any) -> None:
    with pytest.raises(ValueError, match="not what was kept"):
        Watch.read(kept)
