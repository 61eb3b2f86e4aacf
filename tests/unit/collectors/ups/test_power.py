"""The verdict over time: what makes an outage, what does not, and when it ends."""

from dataclasses import replace
from typing import Any

import pytest

from collectors.ups.canonical import Battery, Condition, Observation, Source
from collectors.ups.power import LONGEST_TEST, MISSES, RETURN, Verdict
from collectors.ups.spell import APART
from tests.unit.collectors.ups.scenes import (
    BLIND,
    CUT,
    DOUBTFUL,
    MAINS,
    TEST,
    Look,
    counting,
    every,
    history,
    judged,
    verdicts,
)

# --- an outage --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"input_voltage": {1: 0.0}},
        {"input_voltage": {1: 150.0}},
        {"conditions": {Condition.INPUT_BAD: True}},
        {"input_voltage": {}, "conditions": {Condition.CAUSE_MAINS: True}},
        {"input_voltage": {}, "battery": Battery.DISCHARGING},
        {"source": None, "input_voltage": {1: 0.0}, "conditions": {Condition.ON_BATTERY: True}},
    ],
    ids=str,
)
def test_the_word_battery_and_another_sign_is_an_outage_at_once(change: dict[str, Any]) -> None:
    first = judged((0, replace(DOUBTFUL, **change)))
    assert first.verdict is Verdict.OUTAGE
    assert not first.suspect
    assert first.again is not None


@pytest.mark.parametrize(
    "history",
    [
        {"on_battery_time": 6120.0},
        {"conditions": {Condition.CAUSE_MAINS: True}},
        {"conditions": {Condition.ON_BATTERY: True}},
        {"conditions": {Condition.BATTERY_LOW: True}},
        {"battery": Battery.DISCHARGING},
        {"charge": 0.05},
        {"runtime": 30.0},
        {"input_voltage": {1: 0.0}},
    ],
    ids=str,
)
def test_nothing_is_an_outage_while_the_card_says_mains(history: dict[str, Any]) -> None:
    assert set(verdicts(*every(5, 300, replace(MAINS, **history)))) == {Verdict.MAINS}


def test_without_a_measured_input_the_second_look_confirms_the_first() -> None:
    first, second = history([(0, BLIND), (APART, BLIND)])
    assert (first.verdict, first.suspect, first.again) == (Verdict.UNKNOWN, True, APART)
    assert (second.verdict, second.suspect, second.since) == (Verdict.OUTAGE, False, 0)


def test_two_looks_at_almost_the_same_time_are_one_sign() -> None:
    assert judged((0, BLIND), (APART - 1, BLIND)).verdict is Verdict.UNKNOWN


def test_an_input_too_low_for_mains_and_too_high_for_none_needs_the_second_look() -> None:
    brownout = replace(CUT, input_voltage={1: 175.0})
    assert verdicts((0, brownout), (APART, brownout)) == [Verdict.UNKNOWN, Verdict.OUTAGE]


def test_a_word_against_a_good_input_is_no_first_sign_for_the_next_look() -> None:
    assert verdicts((0, DOUBTFUL), (5, BLIND), (10, BLIND)) == [Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.OUTAGE]


def test_a_first_sign_that_is_taken_back_leaves_nothing_behind() -> None:
    assert verdicts((0, BLIND), (5, MAINS), (10, BLIND), (15, MAINS))[1::2] == [Verdict.MAINS] * 2


def test_an_outage_is_since_its_first_sign() -> None:
    assert judged((100, MAINS), (110, BLIND), (120, BLIND), (130, BLIND)).since == 110


# --- words that mean nothing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "history", [{}, {"on_battery_time": 5000.0}, {"conditions": {Condition.CAUSE_MAINS: True}}], ids=str
)
def test_a_word_that_stays_set_against_a_good_input_is_no_outage(history: dict[str, Any]) -> None:
    stuck = every(5, 1000, replace(DOUBTFUL, **history))
    assert set(verdicts(*stuck)) == {Verdict.UNKNOWN}
    assert [judged(*stuck[:looks]).suspect for looks in (1, 2, len(stuck))] == [True, True, False]


def test_a_word_that_was_found_to_be_stuck_makes_no_outage_when_the_input_is_not_measured_either() -> None:
    assert judged(*every(5, 200, DOUBTFUL), (205, BLIND), (215, BLIND)).verdict is Verdict.UNKNOWN
    assert judged(*every(5, 200, DOUBTFUL), (205, CUT)).verdict is Verdict.OUTAGE


def test_a_running_count_of_seconds_makes_an_outage_of_what_the_input_denies() -> None:
    looks = counting(5, LONGEST_TEST + 10, DOUBTFUL)
    found = verdicts(*looks)
    assert set(found[:-2]) == {Verdict.UNKNOWN}
    assert found[-1] is Verdict.OUTAGE


@pytest.mark.parametrize("jump", [0.0, 1e6])
def test_a_count_that_does_not_go_with_the_time_is_no_sign(jump: float) -> None:
    looks = [(at, replace(DOUBTFUL, on_battery_time=7.0 + jump * (at > 100))) for at, _ in every(5, 300, DOUBTFUL)]
    assert set(verdicts(*looks)) == {Verdict.UNKNOWN}


# --- self-tests -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "test",
    [
        TEST,
        replace(TEST, input_voltage={}),
        replace(DOUBTFUL, source=Source.BATTERY_TEST),
    ],
    ids=["word", "input not measured", "source"],
)
def test_a_self_test_is_no_outage(test: Observation) -> None:
    assert set(verdicts(*every(5, LONGEST_TEST, test))) == {Verdict.SELF_TEST}


def test_a_self_test_leaves_a_suspicion_where_the_input_is_not_measured() -> None:
    assert judged((0, replace(TEST, input_voltage={}))).suspect
    assert not judged((0, TEST)).suspect


def test_the_cause_of_the_transfer_alone_is_no_test() -> None:
    found = judged((0, replace(DOUBTFUL, conditions={Condition.CAUSE_SELF_TEST: True})))
    assert (found.verdict, found.suspect) == (Verdict.UNKNOWN, True)


def test_a_word_for_a_test_that_was_set_long_before_explains_no_battery() -> None:
    long = replace(MAINS, conditions={Condition.TEST_RUNNING: True})
    blind = replace(TEST, input_voltage={})
    assert verdicts(*every(15, 300, long), (305, blind), (310, blind))[-2:] == [Verdict.UNKNOWN, Verdict.OUTAGE]


def test_the_cause_of_the_transfer_makes_no_test_when_the_input_is_not_measured() -> None:
    blind = replace(BLIND, conditions={Condition.CAUSE_SELF_TEST: True})
    assert verdicts((0, blind), (5, blind)) == [Verdict.UNKNOWN, Verdict.OUTAGE]


def test_a_test_that_lasts_too_long_is_an_outage() -> None:
    assert judged(*every(5, LONGEST_TEST, TEST), (LONGEST_TEST + 1, TEST)).verdict is Verdict.OUTAGE


@pytest.mark.parametrize(
    ("seen", "before"), [(TEST, Verdict.SELF_TEST), (DOUBTFUL, Verdict.UNKNOWN)], ids=["test", "good input"]
)
def test_a_battery_that_loses_a_tenth_of_its_charge_feeds_the_office(seen: Observation, before: Verdict) -> None:
    assert judged((0, seen), (10, replace(seen, charge=0.91))).verdict is before
    assert judged((0, seen), (10, replace(seen, charge=0.90))).verdict is Verdict.OUTAGE


def test_a_flag_that_was_found_to_be_stuck_is_believed_again_when_the_battery_drains() -> None:
    assert judged(*every(5, 200, DOUBTFUL), (205, replace(DOUBTFUL, charge=0.9))).verdict is Verdict.OUTAGE


def test_mains_lost_in_a_test_is_an_outage() -> None:
    lost = replace(TEST, input_voltage={1: 12.0})
    first, second = history([(0, TEST), (5, lost)])
    assert (first.verdict, second.verdict, second.since) == (Verdict.SELF_TEST, Verdict.OUTAGE, 5)


def test_a_test_whose_words_are_stuck_is_neither_test_nor_outage() -> None:
    stuck = replace(TEST, on_battery_time=12.0)
    assert judged(*every(5, LONGEST_TEST + 10, stuck)).verdict is Verdict.UNKNOWN


def test_a_card_may_take_back_the_word_test_before_the_word_battery() -> None:
    assert verdicts((0, TEST), (5, DOUBTFUL), (10, MAINS)) == [Verdict.SELF_TEST, Verdict.SELF_TEST, Verdict.MAINS]


def test_an_outage_is_not_made_a_test_by_a_flag() -> None:
    blind_test = replace(BLIND, conditions={Condition.TEST_RUNNING: True})
    assert judged((0, CUT), (5, blind_test)).verdict is Verdict.OUTAGE


def test_a_test_of_a_ups_on_mains_is_mains() -> None:
    assert judged((0, replace(MAINS, conditions={Condition.TEST_RUNNING: True}))).verdict is Verdict.MAINS


# --- low battery ------------------------------------------------------------------------------------------------------


def test_a_battery_is_low_in_an_outage_only() -> None:
    low = {Condition.BATTERY_LOW: True}
    assert judged((0, replace(CUT, conditions=low))).verdict is Verdict.LOW_BATTERY
    assert judged((0, replace(MAINS, conditions=low))).verdict is Verdict.MAINS
    assert judged((0, replace(TEST, conditions={**TEST.conditions, **low}))).verdict is Verdict.SELF_TEST
    assert judged((0, replace(BLIND, conditions=low))).verdict is Verdict.LOW_BATTERY, "two signs"


def test_a_low_battery_stays_low_until_clearly_more_is_left() -> None:
    left = [(number * 3.0, replace(CUT, runtime=runtime)) for number, runtime in enumerate((200, 170, 200, 190, 280))]
    low, outage = Verdict.LOW_BATTERY, Verdict.OUTAGE
    assert verdicts(*left) == [outage, low, low, low, outage]


def test_a_low_battery_is_since_it_became_low() -> None:
    assert judged((0, CUT), (50, replace(CUT, charge=0.1)), (53, replace(CUT, charge=0.1))).since == 50


# --- the end of an outage ---------------------------------------------------------------------------------------------


def test_mains_has_to_stay_for_a_while_after_an_outage() -> None:
    found = verdicts((0, CUT), (3, MAINS), (6, MAINS), (3 + RETURN, MAINS))
    assert found == [Verdict.OUTAGE, Verdict.OUTAGE, Verdict.OUTAGE, Verdict.MAINS]


def test_mains_that_flickers_is_one_outage() -> None:
    flicker = [(3.0 * number, MAINS if number % 2 else CUT) for number in range(20)]
    found = history(flicker)
    assert {(judgement.verdict, judgement.since) for judgement in found} == {(Verdict.OUTAGE, 0)}


def test_a_ups_may_take_its_time_before_it_goes_back_to_a_good_input() -> None:
    back = [(3.0 * number, DOUBTFUL) for number in range(1, 20)]
    assert set(verdicts((0, CUT), *back)) == {Verdict.OUTAGE}


def test_a_ups_that_goes_on_saying_battery_after_mains_is_back_is_stuck() -> None:
    assert judged((0, CUT), *every(3, 200, DOUBTFUL, first=3)).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(("source", "verdict"), [(Source.BYPASS, Verdict.BYPASS), (Source.OFF, Verdict.UNKNOWN)])
def test_an_outage_ends_in_something_else_as_it_does_in_mains(source: Source, verdict: Verdict) -> None:
    ended = [(3.0 + number * RETURN / 2, replace(MAINS, source=source)) for number in range(3)]
    assert verdicts((0, CUT), *ended) == [Verdict.OUTAGE, Verdict.OUTAGE, Verdict.OUTAGE, verdict]


# --- silence ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [MAINS, CUT], ids=["mains", "outage"])
def test_a_lost_answer_changes_nothing_but_the_age_and_three_do(before: Observation) -> None:
    first, *missed = history([(0, before), *((10.0 * miss, None) for miss in range(1, MISSES + 1))])
    assert [judgement.verdict for judgement in missed] == [first.verdict] * (MISSES - 1) + [Verdict.NO_ANSWER]
    assert [judgement.age for judgement in missed] == [10.0 * miss for miss in range(1, MISSES + 1)]
    assert missed[0].again == APART


def test_without_any_answer_yet_there_is_none() -> None:
    assert [(judgement.verdict, judgement.age) for judgement in history([(0, None)])] == [(Verdict.NO_ANSWER, None)]


def test_after_silence_a_single_look_makes_no_outage_of_an_old_suspicion() -> None:
    silence: list[Look] = [(5.0 * miss, None) for miss in range(1, 5)]
    assert verdicts((0, BLIND), *silence, (3600, BLIND))[-1] is Verdict.UNKNOWN


def test_a_suspicion_outlives_one_lost_answer() -> None:
    assert judged((0, BLIND), (5, None)).suspect
    assert judged((0, BLIND), (5, None), (10, BLIND)).verdict is Verdict.OUTAGE
