"""Answers of any kind become an observation, and never an invented number."""

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core.ports import SnmpValue
from collectors.ups.canonical import QUANTITIES, TEXTS, Battery, Condition, Observation, Source, TestResult
from collectors.ups.metrics import samples
from collectors.ups.observe import clean, observe, whole
from collectors.ups.profile import PROFILES, Profile, decode_profile
from tests.unit.collectors.ups.cards import verdict

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


FULL = """
name: full
title: A family with every way to say things
reference: made up
rank: vendor
base: 1.3.6.1.4.1.99999.2
markers: [1.0]
rows: {string: {column: 9.1}}
texts: {serial: [1.1.string]}
sources:
  - {oid: 2.0, values: {1: other, 2: line}, texts: {on accu: battery}}
batteries:
  - {oid: 3.0, values: {1: unknown, 2: normal, 3: low, 4: fault}}
  - {oid: 3.1, values: {1: charging, 2: discharging}}
test_results:
  - {oid: 4.0, values: {1: passed, 2: failed}}
conditions:
  - {oid: 5.0, values: {even: [link_lost], odd: [], 7: [overload]}}
switches:
  - {yes: 1, no: 0, objects: {6.0: input_bad}}
numbers:
  charge: [{oid: 9.1.string, unit: "%"}]
  input_voltage: [{each: [7.1, 7.2, 7.3], unit: 0.1 V}, {oid: 7.4, unit: V, absent: [511]}]
  input_voltage_least: [{oid: 8.1, unit: V}]
  input_voltage_most: [{oid: 8.2, unit: V}]
  input_bads: [{oid: 8.3, unit: count}]
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
    [(1, 2, Source.BATTERY), (2, 1, Source.BYPASS), (2, 2, None), (None, None, None), (7, None, None)],
)
def test_a_flag_is_a_source_where_nothing_else_is_but_a_flag_that_is_not_set_is_none(
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


def test_a_test_that_any_mib_sees_is_on() -> None:
    scheduled, in_progress = {"1.3.6.1.4.1.534.1.8.2.0": 7}, {"1.3.6.1.2.1.33.1.7.3.0": 5}
    assert observe(scheduled, PROFILES).conditions == {Condition.TEST_RUNNING: False}
    assert observe({**scheduled, **in_progress}, PROFILES).says(Condition.TEST_RUNNING)


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


def full(**said: SnmpValue) -> Observation:
    """What a card of the full family says; v2_0=5 is its object 2.0."""
    answers = {f"1.3.6.1.4.1.99999.2.{part[1:].replace('_', '.')}": value for part, value in said.items()}
    return observe(answers, (decode_profile(FULL, "full.yml"),))


@pytest.mark.parametrize(
    ("raw", "source"),
    [(2, Source.LINE), (b"On  Accu\0", Source.BATTERY), (b"2", Source.LINE), (3, None), (b"??", None)],
)
def test_a_source_is_told_by_a_number_or_by_a_word(raw: SnmpValue, source: Source | None) -> None:
    assert full(v2_0=raw).source is source


def test_a_word_that_tells_nothing_is_taken_only_where_no_mib_has_a_better_one() -> None:
    standard = tuple(profile for profile in PROFILES if profile.name == "rfc1628")
    both = (decode_profile(FULL, "full.yml"), *standard)
    other, battery = {"1.3.6.1.4.1.99999.2.2.0": 1}, {"1.3.6.1.2.1.33.1.4.1.0": 5}
    assert observe(other, both).source is Source.OTHER
    assert observe({**other, **battery}, both).source is Source.BATTERY


def test_of_two_objects_about_the_battery_the_one_that_knows_more_counts() -> None:
    assert full(v3_0=2, v3_1=2).battery is Battery.DISCHARGING
    assert full(v3_0=3, v3_1=1).battery is Battery.LOW
    assert full(v3_0=1).battery is Battery.UNKNOWN
    assert full(v3_0=2, v3_1=9).battery is Battery.NORMAL


def test_what_a_word_for_the_battery_implies_is_a_condition_too() -> None:
    assert full(v3_0=2).conditions == {Condition.BATTERY_LOW: False}
    assert full(v3_0=3).conditions == {Condition.BATTERY_LOW: True}
    assert full(v3_0=4).conditions == {Condition.BATTERY_REPLACE: True}


def test_a_result_that_cannot_be_in_progress_does_not_deny_a_test() -> None:
    assert full(v4_0=1).test_result is TestResult.PASSED
    assert Condition.TEST_RUNNING not in full(v4_0=1).conditions


def test_a_test_that_another_mib_sees_running_counts_before_a_result() -> None:
    profiles = (decode_profile(FULL, "full.yml"), *(profile for profile in PROFILES if profile.name == "rfc1628"))
    seen = observe({"1.3.6.1.4.1.99999.2.4.0": 1, "1.3.6.1.2.1.33.1.7.3.0": 5}, profiles)
    assert seen.test_result is TestResult.IN_PROGRESS
    assert seen.says(Condition.TEST_RUNNING)


def test_a_link_is_told_by_even_and_odd_and_a_listed_number_counts_first() -> None:
    assert full(v5_0=2).says(Condition.LINK_LOST)
    assert full(v5_0=3).conditions == {Condition.LINK_LOST: False, Condition.OVERLOAD: False}
    assert full(v5_0=7).conditions == {Condition.LINK_LOST: False, Condition.OVERLOAD: True}


def test_a_switch_says_yes_or_no_or_nothing() -> None:
    assert [full(v6_0=raw).conditions.get(Condition.INPUT_BAD) for raw in (1, 0, 2)] == [True, False, None]


def test_an_object_per_line_gives_lines() -> None:
    assert full(v7_1=2291, v7_2=2310, v7_3=2288).input_voltage == pytest.approx({1: 229.1, 2: 231.0, 3: 228.8})


def test_objects_filled_with_zeros_give_way_to_one_that_measures() -> None:
    zeros: dict[str, SnmpValue] = {"v7_1": 0, "v7_2": 0, "v7_3": 0}
    assert full(v2_0=b"on accu", **zeros, v7_4=230).input_voltage == {1: 230}
    assert full(v2_0=b"on accu", **zeros, v7_4=0).input_voltage == {1: 0}
    assert full(v2_0=2, **zeros).input_voltage == {}


@pytest.mark.parametrize("source", [1, None])
@pytest.mark.parametrize("sign", [{"v3_1": 2}, {"v6_0": 1}], ids=["the battery discharges", "the input is bad"])
def test_a_dead_input_is_a_value_where_the_source_does_not_tell_but_another_sign_does(
    source: int | None, sign: dict[str, SnmpValue]
) -> None:
    said = sign if source is None else {**sign, "v2_0": source}
    assert full(**said, v7_4=0).input_voltage == {1: 0}
    assert full(**said, v7_4=0, v9_1_1=0).charge is None, "of the input only"


def test_a_dead_input_is_a_value_beside_a_source_that_stays_on_line_but_only_if_anything_speaks_of_battery() -> None:
    assert full(v2_0=2, v3_1=2, v7_4=0).input_voltage == {1: 0}
    assert full(v2_0=2, v3_1=1, v6_0=0, v7_4=0).input_voltage == {}


def test_a_battery_that_discharges_beside_a_dead_input_is_an_outage_although_the_source_does_not_tell() -> None:
    voltronic, discharging, volts = "1.3.6.1.4.1.21111.1.1", 5, 0
    card = {f"{voltronic}.3.1.0": discharging, f"{voltronic}.4.5.1.3.1": volts, f"{voltronic}.3.4.0": 90}
    assert verdict(card) == "outage"
    huawei, combined, discharging = "1.3.6.1.4.1.2011.6.174.1", 5, 6
    states = {f"{huawei}.2.101.1.1.1": combined, f"{huawei}.2.101.1.3.1": discharging}
    assert verdict({**states, **{f"{huawei}.3.100.1.{line}.1": 0 for line in (1, 2, 3)}}) == "outage"


@pytest.mark.parametrize(
    ("raw", "volts"),
    [(2300, 230.0), (230, 230.0), (511, None), (9999, None), (32767, None), (-1, None), (65535, None), (b"229", 229.0)],
)
def test_a_voltage_in_units_or_tenths_is_the_same_and_a_sentinel_is_none(raw: SnmpValue, volts: float | None) -> None:
    assert full(v7_4=raw).input_voltage == ({} if volts is None else pytest.approx({1: volts}))


def test_tenths_that_are_too_many_are_nothing_not_hundredths() -> None:
    assert full(v7_1=22900).input_voltage == {}


def test_the_least_voltage_of_a_minute_is_a_dip_only_where_the_most_is_measured() -> None:
    assert full(v2_0=2, v8_1=0, v8_2=231).input_voltage_least == 0
    assert full(v2_0=2, v8_1=0, v8_2=0).input_voltage_least is None
    assert full(v2_0=2, v8_1=0).input_voltage_least is None


def test_a_count_may_be_any_number_that_elsewhere_means_nothing() -> None:
    assert full(v8_3=9999).input_bads == 9999
    assert full(v8_3=65535).input_bads == 65535


def test_a_row_is_looked_for_under_its_usual_number_and_put_where_the_card_has_it() -> None:
    profile = decode_profile(FULL, "full.yml")
    elsewhere: dict[str, SnmpValue] = {"1.3.6.1.4.1.99999.2.9.1.5": 71}
    assert profile.unplaced(elsewhere) == {"string": "1.3.6.1.4.1.99999.2.9.1"}
    assert observe(elsewhere, (profile.with_rows({"string": 5}),)).charge == pytest.approx(0.71)
    assert profile.unplaced({"1.3.6.1.4.1.99999.2.9.1.1": 71}) == {}


def test_the_voltage_of_one_cell_is_not_that_of_the_battery() -> None:
    cell, battery = {"1.3.6.1.4.1.935.1.1.1.2.2.2.0": 22}, {"1.3.6.1.2.1.33.1.2.5.0": 410}
    assert observe(cell, PROFILES).battery_voltage is None
    assert observe({**cell, **battery}, PROFILES).battery_voltage == pytest.approx(41.0)


def test_a_result_that_is_not_known_gives_way_to_one_that_is() -> None:
    unknown, passed = {"1.3.6.1.4.1.534.1.8.2.0": 1}, {"1.3.6.1.2.1.33.1.7.3.0": 1}
    assert observe(unknown, PROFILES).test_result is TestResult.UNKNOWN
    assert observe({**unknown, **passed}, PROFILES).test_result is TestResult.PASSED
