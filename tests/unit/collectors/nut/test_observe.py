"""From NUT's words to the canonical form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.nut.observe import lost, observe
from collectors.ups.canonical import Battery, Condition, Observation, Source, TestResult
from collectors.ups.metrics import samples
from collectors.ups.power import State, Verdict, step
from tests.fakes.nut_dumps import dump_files, read_dump

AT_WORK = {
    "device.mfr": "EATON", "device.model": "5E 1100i", "device.serial": "000000000", "driver.name": "usbhid-ups",
    "ups.firmware": "03.08", "ups.status": "OL CHRG", "battery.charge": "100", "battery.runtime": "1260",
    "battery.runtime.low": "120", "battery.voltage": "13.7", "ups.temperature": "31.5", "input.voltage": "229.0",
    "input.frequency": "49.9", "input.voltage.nominal": "230", "output.voltage": "230.0", "output.frequency": "49.9",
    "ups.load": "17",
}  # fmt: skip


def status(text: str, **others: str) -> Observation:
    return observe({"ups.status": text} | {name.replace("_", "."): value for name, value in others.items()})


def test_everything_is_in_base_units() -> None:
    seen = observe(AT_WORK)
    assert (seen.mibs, seen.manufacturer, seen.model, seen.serial, seen.firmware) == (
        ("nut", "usbhid-ups"), "EATON", "5E 1100i", "", "03.08",
    )  # fmt: skip
    assert (seen.source, seen.battery) == (Source.LINE, Battery.CHARGING)
    assert (seen.charge, seen.runtime, seen.low_runtime, seen.battery_voltage) == (1.0, 1260.0, 120.0, 13.7)
    assert (seen.battery_temperature, seen.nominal_voltage, seen.output_frequency) == (31.5, 230.0, 49.9)
    assert (dict(seen.input_voltage), dict(seen.input_frequency)) == ({1: 229.0}, {1: 49.9})
    assert dict(seen.output_voltage) == {1: 230.0}
    assert seen.load[1] == pytest.approx(0.17)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("OL", Source.LINE),
        ("OL CHRG", Source.LINE),
        ("OL BOOST", Source.BOOST),
        ("OL TRIM", Source.TRIM),
        ("OL ECO", Source.ECO),
        ("OL BYPASS", Source.BYPASS),
        ("OL OFF", Source.OFF),
        ("OFF", Source.OFF),
        ("OB DISCHRG", Source.BATTERY),
        ("OB OFF", Source.BATTERY),
        ("FSD OB LB", Source.BATTERY),
        ("OB CAL", Source.BATTERY_TEST),
        ("OB TEST", Source.BATTERY_TEST),
        ("OL CAL", Source.LINE),
        ("OL DISCHRG OB", Source.OTHER),
        ("ALARM", None),
        ("WAIT", None),
        ("", None),
    ],
)
def test_the_status_says_what_feeds_the_load(text: str, source: Source | None) -> None:
    assert status(text).source is source


@pytest.mark.parametrize(
    ("text", "holding"),
    [
        ("OL", set()),
        ("OB LB", {Condition.BATTERY_LOW}),
        ("FSD OB", {Condition.BATTERY_LOW}),
        ("OL RB", {Condition.BATTERY_REPLACE}),
        ("OL OVER", {Condition.OVERLOAD}),
        ("OL BYPASS", {Condition.BYPASS}),
        ("OL OFF", {Condition.OUTPUT_OFF}),
        ("OL CAL", {Condition.TEST_RUNNING}),
    ],
)
def test_the_status_says_what_holds(text: str, holding: set[Condition]) -> None:
    said = status(text).conditions
    assert {condition for condition, holds in said.items() if holds} == holding
    assert said[Condition.LINK_LOST] is False


@pytest.mark.parametrize("text", ["", "WAIT"])
def test_a_driver_that_has_not_read_its_ups_yet_denies_nothing(text: str) -> None:
    assert status(text).conditions == {}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Done and passed", TestResult.PASSED), ("Ok", TestResult.PASSED), ("Done and warning", TestResult.WARNING),
        ("Done and error", TestResult.FAILED), ("Battery failed", TestResult.FAILED), ("aborted", TestResult.ABORTED),
        ("In progress", TestResult.IN_PROGRESS), ("No test initiated", TestResult.NONE),
        ("No test in progress", TestResult.NONE), ("Unknown", TestResult.UNKNOWN),
        ("Test scheduled", TestResult.UNKNOWN), ("  ", None),
    ],
)  # fmt: skip
def test_the_last_test_has_words_of_its_own(text: str, result: TestResult | None) -> None:
    assert status("OL", ups_test_result=text).test_result is result


def test_on_battery_while_a_test_is_in_progress_is_the_tests_doing() -> None:
    assert status("OB", ups_test_result="In progress").source is Source.BATTERY_TEST


@pytest.mark.parametrize(
    ("text", "charger", "battery"),
    [
        ("OL", "", None), ("OL CHRG", "", Battery.CHARGING), ("OB DISCHRG", "", Battery.DISCHARGING),
        ("OB LB", "", Battery.LOW), ("OL", "resting", Battery.RESTING), ("OL", "floating", Battery.NORMAL),
        ("OL CHRG DISCHRG", "", Battery.UNKNOWN), ("OL DISCHRG OB", "", Battery.UNKNOWN),
    ],
)  # fmt: skip
def test_the_battery_has_words_of_its_own(text: str, charger: str, battery: Battery | None) -> None:
    assert status(text, battery_charger_status=charger).battery is battery


@pytest.mark.parametrize(
    ("reason", "mains", "test"),
    [
        ("input voltage out of range", True, False), ("rateOfVoltageChange", True, False), ("selfTest", False, True),
        ("none", False, False),
    ],
)  # fmt: skip
def test_the_reason_of_the_last_transfer_blames_mains_or_a_test(reason: str, mains: bool, test: bool) -> None:
    said = status("OL", input_transfer_reason=reason).conditions
    assert (said[Condition.CAUSE_MAINS], said[Condition.CAUSE_SELF_TEST]) == (mains, test)


def test_three_phases_are_three_lines() -> None:
    variables = {f"input.L{line}-N.voltage": f"23{line}.0" for line in (1, 2, 3)}
    variables |= {f"output.L{line}.power.percent": f"{line}0" for line in (1, 2, 3)}
    seen = observe({"ups.status": "OL", "input.voltage": "399", **variables})
    assert dict(seen.input_voltage) == {1: 231.0, 2: 232.0, 3: 233.0}
    assert dict(seen.load) == {1: pytest.approx(0.1), 2: pytest.approx(0.2), 3: pytest.approx(0.3)}


@pytest.mark.parametrize(
    "nothing", ["-1", "-1.00", "65535", "4294967295", "257698037760", "n/a", "", "1e9", "nan", "٣"]
)
def test_numbers_that_mean_nothing_are_absent(nothing: str) -> None:
    seen = status("OL", battery_charge=nothing, battery_runtime=nothing, input_voltage=nothing)
    assert (seen.charge, seen.runtime, dict(seen.input_voltage)) == (None, None, {})


def test_no_input_voltage_is_believed_on_battery_only() -> None:
    assert dict(status("OB", input_voltage="0.00").input_voltage) == {1: 0.0}
    assert dict(status("OL", input_voltage="0.00").input_voltage) == {}


def test_of_a_lost_ups_nothing_else_is_said() -> None:
    assert {sample.metric.name: sample.value for sample in samples(lost())} == {
        "ups_communication_up": 0, "ups_info": 1,
    }  # fmt: skip


# --- with the machine of collectors.ups -------------------------------------------------------------------------------


def verdict(*looks: dict[str, str]) -> Verdict:
    """After these looks, 5 s apart."""
    state = State()
    for number, variables in enumerate(looks):
        state, _ = step(state, observe(variables), 1000 + 5.0 * number)
    assert state.last
    return state.last.verdict


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Verdict.MAINS),
        ({"ups.status": "OB DISCHRG", "input.voltage": "0"}, Verdict.OUTAGE),
        ({"ups.status": "OB DISCHRG LB", "input.voltage": "0"}, Verdict.LOW_BATTERY),
        ({"ups.status": "OB", "input.voltage": "229"}, Verdict.UNKNOWN),
        ({"ups.status": "OB CAL"}, Verdict.SELF_TEST),
        ({"ups.status": "OB", "ups.test.result": "In progress"}, Verdict.SELF_TEST),
        ({"ups.status": "OL BYPASS"}, Verdict.BYPASS),
        ({"ups.status": "OL OVER"}, Verdict.OVERLOAD),
        ({"ups.status": "OL LB RB", "battery.charge": "9"}, Verdict.MAINS),
        ({"ups.status": "OL OB DISCHRG"}, Verdict.UNKNOWN),
        ({"ups.status": "WAIT"}, Verdict.UNKNOWN),
    ],
)
def test_the_words_lead_to_the_verdict(changes: dict[str, str], expected: Verdict) -> None:
    assert verdict(AT_WORK | changes) is expected


def test_real_dumps_have_the_verdict_that_their_submitters_saw() -> None:
    outages = {path.stem for path in dump_files() if verdict(*[read_dump(path)] * 3).is_outage}
    assert outages == {"APC__Smart-UPS_1000__snmp-ups__2.7.4__01"}, "the others, some marked as wrong, are on mains"


def test_real_dumps_give_a_charge_where_they_have_one() -> None:
    for path in dump_files():
        variables = read_dump(path)
        charge = variables.get("battery.charge")
        if charge and observe(variables).source not in (None, Source.OTHER):
            assert observe(variables).charge == pytest.approx(float(charge) / 100) or float(charge) == 0, path.stem


_NAMES = st.sampled_from([*AT_WORK, "input.L1-N.voltage", "output.L3.power.percent", "ups.test.result", "ups.alarm"])
_VALUES = st.one_of(st.text(max_size=30), st.sampled_from(["OL", "OB LB", "0", "1e400", "nan", "-5", "In progress"]))


@given(st.dictionaries(_NAMES, _VALUES))
def test_any_text_in_any_variable_is_an_observation(variables: dict[str, str]) -> None:
    seen = observe(variables)
    assert seen.charge is None or 0 <= seen.charge <= 1
    assert samples(seen)
