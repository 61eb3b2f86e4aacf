"""Signs that contradict each other: which of them are outweighed, and what is told of the rest."""

from dataclasses import replace
from typing import Any

import pytest

from collectors.ups.canonical import Battery, Condition, Observation, Source
from collectors.ups.power import RETURN, Verdict
from collectors.ups.spell import APART
from tests.unit.collectors.ups.scenes import (
    BLIND,
    CUT,
    DOUBTFUL,
    LOST,
    MAINS,
    counting,
    every,
    history,
    judged,
    verdicts,
)

# --- the card says battery, and its input looks good ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"battery": Battery.DISCHARGING}, Verdict.OUTAGE),
        ({"conditions": {Condition.BATTERY_LOW: True}}, Verdict.LOW_BATTERY),
        ({"battery": Battery.DEPLETED}, Verdict.LOW_BATTERY),
        ({"battery": Battery.DISCHARGING, "charge": 0.09}, Verdict.LOW_BATTERY),
    ],
    ids=str,
)
def test_a_battery_that_confirms_the_word_outweighs_a_good_input_for_good(
    change: dict[str, Any], verdict: Verdict
) -> None:
    assert set(verdicts(*every(5, 600, replace(DOUBTFUL, **change)))) == {verdict}


def test_a_low_battery_ends_the_doubt_of_a_flag_that_was_found_to_be_stuck() -> None:
    low = replace(DOUBTFUL, conditions={Condition.BATTERY_LOW: True})
    assert judged(*every(5, 200, DOUBTFUL), (205, low)).verdict is Verdict.LOW_BATTERY


@pytest.mark.parametrize("volts", [200.0, 231.0, 258.0])
def test_a_transfer_blamed_on_mains_is_an_outage_as_soon_as_the_seconds_run(volts: float) -> None:
    blamed = replace(DOUBTFUL, input_voltage={1: volts}, conditions={Condition.CAUSE_MAINS: True})
    looks = counting(5, 60, blamed)
    assert verdicts(*looks) == [Verdict.UNKNOWN, *[Verdict.OUTAGE] * (len(looks) - 1)]


def test_a_transfer_blamed_on_mains_is_an_outage_as_soon_as_the_charge_falls() -> None:
    blamed = replace(DOUBTFUL, conditions={Condition.CAUSE_MAINS: True})
    assert verdicts((0, blamed), (30, replace(blamed, charge=0.97))) == [Verdict.UNKNOWN, Verdict.OUTAGE]


def test_a_battery_that_discharges_in_a_test_of_its_own_is_not_at_once_an_outage() -> None:
    own = replace(DOUBTFUL, battery=Battery.DISCHARGING, conditions={Condition.CAUSE_SELF_TEST: True})
    assert judged((0, own)).verdict is Verdict.UNKNOWN


def test_a_charge_that_is_told_late_is_measured_from_there() -> None:
    late = [(0.0, replace(DOUBTFUL, charge=None)), (5.0, DOUBTFUL), (30.0, replace(DOUBTFUL, charge=0.9))]
    assert judged(*late).verdict is Verdict.OUTAGE


# --- the card says battery, and nobody measures the input -------------------------------------------------------------


def test_a_word_beside_seconds_that_do_not_begin_is_a_suspicion_and_then_stuck() -> None:
    stuck = every(5, 1000, replace(BLIND, on_battery_time=0.0))
    found = history(stuck)
    assert {judgement.verdict for judgement in found} == {Verdict.UNKNOWN}
    assert [found[look].suspect for look in (0, 2, -1)] == [True, True, False]


@pytest.mark.parametrize("seconds", [None, 1.0, 75.0])
def test_a_word_that_is_there_twice_is_an_outage_unless_the_seconds_have_not_begun(seconds: float | None) -> None:
    assert judged(*every(5, 300, replace(BLIND, on_battery_time=seconds))).verdict is Verdict.OUTAGE


@pytest.mark.parametrize(
    "change",
    [{"on_battery_time": 8.0}, {"charge": 0.97}, {"battery": Battery.DISCHARGING}, {"input_voltage": {1: 3.0}}],
    ids=str,
)
@pytest.mark.parametrize("since", [10.0, 600.0], ids=["soon", "after it was stuck"])
def test_any_other_sign_beside_seconds_that_had_not_begun_is_an_outage(change: dict[str, Any], since: float) -> None:
    blind = replace(BLIND, on_battery_time=0.0)
    now = replace(blind, **change)
    if "on_battery_time" in change:
        now = replace(blind, on_battery_time=since)
    assert judged(*every(5, since - 5, blind), (since, now)).verdict is Verdict.OUTAGE


# --- the card says mains, and other signs say battery -----------------------------------------------------------------

DENIED = replace(MAINS, input_voltage={1: 0.0}, battery=Battery.DISCHARGING)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"battery": None, "conditions": {Condition.ON_BATTERY: True}},
        {"input_voltage": {}, "conditions": {Condition.INPUT_BAD: True}},
    ],
    ids=str,
)
def test_a_bad_input_and_another_sign_outweigh_the_word_mains(change: dict[str, Any]) -> None:
    assert judged((0, replace(DENIED, **change))).verdict is Verdict.OUTAGE


@pytest.mark.parametrize("condition", [Condition.ON_BATTERY, Condition.INPUT_BAD])
def test_two_signs_against_the_word_mains_and_a_good_input_are_a_suspicion(condition: Condition) -> None:
    found = judged((0, replace(DENIED, input_voltage={1: 231.0}, conditions={condition: True})))
    assert (found.verdict, found.suspect, found.again) == (Verdict.UNKNOWN, True, APART)


@pytest.mark.parametrize("change", [{"on_battery_time": 30.0}, {"charge": 0.97}], ids=str)
def test_a_bad_input_and_a_battery_in_use_are_a_suspicion_against_the_word_mains(change: dict[str, Any]) -> None:
    first = replace(DENIED, battery=None, on_battery_time=0.0)
    found = history([(0, first), (30, replace(first, **change))])
    assert [(each.verdict, each.suspect) for each in found] == [(Verdict.MAINS, False), (Verdict.UNKNOWN, True)]


def test_an_outage_that_the_word_mains_denied_ends_as_any_other() -> None:
    assert verdicts((0, DENIED), (3, MAINS), (3 + RETURN, MAINS))[1:] == [Verdict.OUTAGE, Verdict.MAINS]


# --- overload and bypass ----------------------------------------------------------------------------------------------

OVERLOADED = replace(CUT, source=Source.OTHER, conditions={Condition.OVERLOAD: True})


@pytest.mark.parametrize("source", [Source.OTHER, Source.BYPASS, Source.OFF, None])
def test_an_outage_goes_on_while_the_input_is_bad_whatever_feeds_the_load(source: Source | None) -> None:
    then = replace(OVERLOADED, source=source)
    assert set(verdicts((0, CUT), *every(3, 600, then, first=3))) == {Verdict.OUTAGE}
    assert judged((0, CUT), (600, replace(then, charge=0.1))).verdict is Verdict.LOW_BATTERY


@pytest.mark.parametrize("source", [Source.OTHER, Source.BYPASS])
def test_an_outage_goes_on_where_the_bad_input_is_not_told_any_more(source: Source) -> None:
    """Off the battery a 0 V is no value: it would not tell a dead input from one that nobody measures."""
    then = replace(OVERLOADED, source=source, input_voltage={})
    assert set(verdicts((0, CUT), *every(3, 60, then, first=3))) == {Verdict.OUTAGE}
    assert not judged((0, CUT), *every(5, 60, replace(then, input_voltage={1: 230.0}), first=3)).verdict.is_outage


@pytest.mark.parametrize("source", [Source.LINE, Source.OTHER, Source.BYPASS])
def test_an_overload_for_one_look_does_not_end_an_outage(source: Source) -> None:
    once = replace(MAINS, source=source, load={1: 1.2})
    assert verdicts((0, CUT), (3, once), (6, CUT)) == [Verdict.OUTAGE] * 3


@pytest.mark.parametrize("seen", [OVERLOADED, replace(CUT, source=Source.BYPASS)], ids=["overload", "bypass"])
def test_without_mains_neither_overload_nor_bypass_is_told(seen: Observation) -> None:
    found = judged((0, seen))
    assert (found.verdict, found.suspect) == (Verdict.UNKNOWN, True)


# --- the other verdicts -----------------------------------------------------------------------------------------------


def test_a_card_that_lost_its_ups_says_nothing_else_and_its_values_age() -> None:
    lost = judged((0, CUT), (10, replace(CUT, conditions={Condition.LINK_LOST: True})))
    assert (lost.verdict, lost.age) == (Verdict.UPS_LINK_LOST, 10)


def test_a_word_from_before_the_link_was_lost_is_no_sign_after_it() -> None:
    assert verdicts((0, BLIND), (5, LOST), (10, BLIND))[-1] is Verdict.UNKNOWN
    assert verdicts((0, CUT), (5, LOST), (10, BLIND))[-1] is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"conditions": {Condition.OVERLOAD: True}}, Verdict.OVERLOAD),
        ({"source": Source.BYPASS}, Verdict.BYPASS),
        ({"source": Source.BYPASS, "load": {1: 1.2}}, Verdict.OVERLOAD),
        ({"source": Source.BOOST}, Verdict.MAINS),
        ({"source": Source.ECO}, Verdict.MAINS),
        ({"source": Source.OFF}, Verdict.UNKNOWN),
        ({"source": Source.OTHER}, Verdict.UNKNOWN),
        ({"source": None}, Verdict.UNKNOWN),
    ],
)
def test_what_is_not_the_battery_has_its_verdict_at_the_first_look(change: dict[str, Any], verdict: Verdict) -> None:
    first = judged((0, replace(MAINS, **change)))
    assert (first.verdict, first.suspect) == (verdict, False)


def test_an_overload_on_battery_is_an_outage() -> None:
    assert judged((0, replace(CUT, load={1: 1.3}))).verdict is Verdict.OUTAGE


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"runtime": 120.0, "charge": 0.12}, ", 2 min and 12 % left"),
        ({"runtime": 120.0, "charge": None}, ", 2 min left"),
        ({"runtime": None, "charge": 0.12}, ", 12 % left"),
        ({"runtime": None, "charge": None, "battery": Battery.LOW}, ", says the UPS"),
        ({"charge": 0.9, "battery": Battery.LOW}, ", says the UPS, although 90 % is left: it may be worn out"),
    ],
    ids=str,
)
def test_a_low_battery_is_told_with_what_is_left(change: dict[str, Any], left: str) -> None:
    said = judged((0, replace(CUT, **change))).because.text("en")
    assert said == f"the UPS says battery, and its input is bad (input 0 V); the battery is low{left}"


def test_the_reason_is_told_in_both_languages() -> None:
    because = judged((0, CUT)).because
    assert because.text("vi") == "UPS báo đang dùng ắc quy và điện lưới vào không đạt (điện áp vào 0 V)"
    assert because.text("en") == "the UPS says battery, and its input is bad (input 0 V)"
