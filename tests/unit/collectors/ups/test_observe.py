"""Answers of any kind become an observation, and never an invented number."""

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core.ports import SnmpValue
from collectors.ups.canonical import QUANTITIES, TEXTS, Condition, Observation, Source
from collectors.ups.metrics import samples
from collectors.ups.observe import clean, observe, whole
from collectors.ups.profile import PROFILES, Profile, decode_profile

OIDS = sorted({oid for profile in PROFILES for oid in (*profile.state_oids, *profile.detail_oids)})
ROW = "1.3.6.1.2.1.33.1.6.2.1.2"
KIND = "1.3.6.1.2.1.33.1.6.3"

SIMPLE = """
name: simple
title: A family with yes and no for each state
reference: made up
rank: vendor
base: 1.3.6.1.4.1.99999.1
markers: [1.0]
texts: {}
sources: []
numbers:
  runtime: [{oid: 5.0, unit: 0.1 min, absent: [9999]}]
conditions:
  - {oid: 2.0, values: {1: [on_battery], 2: []}}
  - {oid: 3.0, values: {1: [bypass], 2: []}}
"""


def values() -> st.SearchStrategy[SnmpValue]:
    numbers = st.one_of(st.integers(-(2**70), 2**70), st.integers(-2, 300), st.sampled_from([65535, 2**32 - 1, 2**31]))
    texts = st.one_of(st.binary(max_size=80), st.from_regex(rb"[-+]?[0-9.]{1,12}", fullmatch=True))
    oids = st.one_of(st.just("1.3.6.1"), st.integers(0, 30).map(lambda kind: f"{KIND}.{kind}"))
    return st.one_of(numbers, texts, oids)


@given(st.dictionaries(st.sampled_from([*OIDS, *(f"{ROW}.{row}" for row in range(5))]), values()))
def test_any_answers_are_survived_and_every_number_is_plausible(answers: dict[str, SnmpValue]) -> None:
    seen = observe(answers, PROFILES)
    for name, quantity in QUANTITIES.items():
        value = getattr(seen, name)
        numbers = value.values() if quantity.per_line else [value] if value is not None else []
        assert all(quantity.least <= number <= quantity.most for number in numbers), name
    for name in TEXTS:
        assert getattr(seen, name).isprintable()
    samples(seen)


@given(st.dictionaries(st.from_regex(r"1(\.[0-9]{1,4}){1,9}", fullmatch=True), values()))
def test_answers_to_other_questions_say_nothing(answers: dict[str, SnmpValue]) -> None:
    assert observe(answers, ()) == Observation()


@pytest.mark.parametrize(
    ("on_battery", "bypass", "source"),
    [(1, 2, Source.BATTERY), (2, 1, Source.BYPASS), (2, 2, Source.LINE), (None, None, None), (7, None, None)],
)
def test_a_card_with_yes_and_no_for_each_state_has_a_source(
    on_battery: int | None, bypass: int | None, source: Source | None
) -> None:
    said = {"2.0": on_battery, "3.0": bypass}
    answers = {f"1.3.6.1.4.1.99999.1.{part}": value for part, value in said.items() if value is not None}
    assert observe(answers, (simple(),)).source is source


@pytest.mark.parametrize(("raw", "runtime"), [(347, 2082.0), (9999, None), (-1, None), (65535, None), (b"12", 72.0)])
def test_a_number_is_scaled_by_its_unit_and_dropped_when_it_is_a_sentinel(
    raw: SnmpValue, runtime: float | None
) -> None:
    found = observe({"1.3.6.1.4.1.99999.1.5.0": raw}, (simple(),)).runtime
    assert found == (None if runtime is None else pytest.approx(runtime))


def test_minus_one_is_no_temperature() -> None:
    assert observe({"1.3.6.1.2.1.33.1.2.7.0": -1}, PROFILES).battery_temperature is None
    assert observe({"1.3.6.1.2.1.33.1.2.7.0": -2}, PROFILES).battery_temperature == -2


def test_where_two_mibs_speak_of_a_condition_the_vendors_counts() -> None:
    vendor_is_fine, standard_is_low = {"1.3.6.1.4.1.318.1.1.1.2.1.1.0": 2}, {"1.3.6.1.2.1.33.1.2.1.0": 3}
    assert observe(standard_is_low, PROFILES).conditions == {Condition.BATTERY_LOW: True}
    assert not observe({**vendor_is_fine, **standard_is_low}, PROFILES).says(Condition.BATTERY_LOW)


def test_an_alarm_table_that_is_incomplete_denies_nothing() -> None:
    standard = tuple(profile for profile in PROFILES if profile.name == "rfc1628")
    count = "1.3.6.1.2.1.33.1.6.1.0"
    partly = observe({count: 2, f"{ROW}.1": f"{KIND}.2"}, standard).conditions
    assert partly == {Condition.ON_BATTERY: True}
    fully = observe({count: 1, f"{ROW}.1": f"{KIND}.2"}, standard).conditions
    assert fully[Condition.LINK_LOST] is False


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"EAST  \x00\x00", "EAST"),
        (b" a \t b ", "a b"),
        (b"\xe9t\xe9", "été"),
        ("été".encode(), "été"),
        (5, ""),
        (None, ""),
    ],
)
def test_texts_are_made_fit_for_a_person(raw: SnmpValue | None, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    ("raw", "number"), [(3, 3), (b"3", 3), (b"3.0", 3), (b"3.5", None), ("1.3", None), (b"", None)]
)
def test_enumerations_are_read_by_value_not_by_type(raw: SnmpValue, number: int | None) -> None:
    assert whole(raw) == number


def test_an_observation_cannot_be_changed() -> None:
    assert isinstance(observe({}, PROFILES).conditions, MappingProxyType)


def simple() -> Profile:
    return decode_profile(SIMPLE, "simple.yml")
