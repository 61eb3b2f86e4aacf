"""The metrics of a UPS, and the samples that one look gives. All in base units. watch.py fills those of the verdict."""

from collections.abc import Iterator
from enum import StrEnum

from collectors.core import Kind, Metric, Sample
from collectors.ups.canonical import Battery, Condition, Lines, Observation, Source, TestResult
from collectors.ups.signs import is_bypassed, is_low, is_overloaded, is_testing, link_lost

POWER_VERDICT = Metric(
    "ups_power_verdict", Kind.GAUGE,
    "1 for the one verdict on the power that holds, by more than one sign and look; 0 for the others.", ("verdict",),
)  # fmt: skip
ON_BATTERY = Metric(
    "ups_on_battery", Kind.GAUGE,
    "1 while the verdict is outage or low_battery; a self-test is none. Absent where it cannot be told.",
)  # fmt: skip
SUSPECTED = Metric(
    "ups_outage_suspected", Kind.GAUGE, "1 from the first sign of an outage until it is confirmed or withdrawn."
)
DATA_AGE = Metric(
    "ups_data_age_seconds", Kind.GAUGE,
    "Age of the last values that are not old: 0 after a good look, growing without an answer or a link to the UPS.",
)  # fmt: skip
DISTURBANCES = Metric(
    "ups_disturbances_total", Kind.COUNTER,
    "Dips of the mains between two looks that both found mains, by what the card counts and remembers.",
)  # fmt: skip
SOURCE = Metric("ups_source", Kind.GAUGE, "1 for what feeds the load, by the card's word alone; 0 for the others.",
                ("source",))  # fmt: skip
BATTERY_STATE = Metric("ups_battery_state", Kind.GAUGE, "1 for the battery's state, by the card; 0 for the others.",
                       ("state",))  # fmt: skip
BATTERY_LOW = Metric(
    "ups_battery_low", Kind.GAUGE,
    "1 while the battery is low, on mains too (recharging, or worn out): look at ups_on_battery as well.",
)  # fmt: skip
CHARGE = Metric("ups_battery_charge_ratio", Kind.GAUGE, "Charge of the battery, 0 to 1.")
RUNTIME = Metric("ups_battery_runtime_seconds", Kind.GAUGE, "How long the battery would feed the present load.")
ON_BATTERY_TIME = Metric("ups_on_battery_seconds", Kind.GAUGE, "How long the load has been on battery, by the card.")
BATTERY_VOLTAGE = Metric("ups_battery_voltage_volts", Kind.GAUGE, "Voltage of the battery.")
BATTERY_CURRENT = Metric(
    "ups_battery_current_amperes", Kind.GAUGE, "Current of the battery, with the card's sign; most mean out of it."
)
TEMPERATURE = Metric("ups_battery_temperature_celsius", Kind.GAUGE, "Temperature of the battery or inside the UPS.")
REPLACE = Metric("ups_battery_replace", Kind.GAUGE, "1 while the card asks for a new battery.")
INPUT_VOLTAGE = Metric("ups_input_voltage_volts", Kind.GAUGE, "Voltage of the mains, per phase.", ("line",))
INPUT_LOWEST = Metric("ups_input_voltage_lowest_volts", Kind.GAUGE, "Lowest voltage of the mains in the last minute.")
INPUT_HIGHEST = Metric(
    "ups_input_voltage_highest_volts", Kind.GAUGE, "Highest voltage of the mains in the last minute."
)
INPUT_FREQUENCY = Metric("ups_input_frequency_hertz", Kind.GAUGE, "Frequency of the mains, per phase.", ("line",))
OUTPUT_VOLTAGE = Metric("ups_output_voltage_volts", Kind.GAUGE, "Voltage that the load gets, per phase.", ("line",))
OUTPUT_FREQUENCY = Metric("ups_output_frequency_hertz", Kind.GAUGE, "Frequency that the load gets.")
LOAD = Metric("ups_load_ratio", Kind.GAUGE, "Load as a share of what the UPS can carry, per phase; over 1 is too much.",
              ("line",))  # fmt: skip
TEST_RUNNING = Metric("ups_self_test_running", Kind.GAUGE, "1 while the UPS tests itself or its battery.")
TEST_RESULT = Metric(
    "ups_self_test_result", Kind.GAUGE, "1 for how the last self-test ended, however long ago; 0 for the others.",
    ("result",),
)  # fmt: skip
BYPASS = Metric("ups_bypass", Kind.GAUGE, "1 while the load is on raw mains, past the UPS.")
OVERLOAD = Metric("ups_overload", Kind.GAUGE, "1 while the load is more than the UPS can carry.")
COMMUNICATION = Metric("ups_communication_up", Kind.GAUGE, "1 while the card and its UPS understand each other.")
INPUT_BADS = Metric(
    "ups_input_line_bads_total", Kind.COUNTER,
    "Times that the mains left its tolerance, counted by the card: finds dips that are shorter than the interval.",
)  # fmt: skip
MIBS_DISAGREE = Metric(
    "ups_mibs_disagree", Kind.GAUGE,
    "1 while the MIBs of one card differ on whether the battery feeds the load: the maker's counts, look at the card.",
)  # fmt: skip
INFO = Metric("ups_info", Kind.GAUGE, "1; who made the UPS, and the MIBs that are read, the preferred one first.",
              ("manufacturer", "model", "serial", "firmware", "mib"))  # fmt: skip

METRICS = tuple(value for value in dict(vars()).values() if isinstance(value, Metric))


def samples(seen: Observation) -> tuple[Sample, ...]:
    """What one look shows. When the card has lost its UPS, nothing that it still repeats of it."""
    return (*_always(seen), *(() if link_lost(seen) else _fresh(seen)))


def _always(seen: Observation) -> Iterator[Sample]:
    if Condition.LINK_LOST in seen.conditions or link_lost(seen):
        yield COMMUNICATION(not link_lost(seen))
    yield INFO(1, manufacturer=seen.manufacturer, model=seen.model, serial=seen.serial, firmware=seen.firmware,
               mib="+".join(seen.mibs))  # fmt: skip


def _fresh(seen: Observation) -> Iterator[Sample]:
    yield from _words(SOURCE, seen.source)
    yield from _words(BATTERY_STATE, seen.battery)
    yield from _words(TEST_RESULT, seen.test_result)
    yield from _facts(seen)
    yield from _scalars(seen)
    for metric, lines in _tables(seen):
        yield from (metric(value, line=str(line)) for line, value in lines.items())


def _words(metric: Metric, said: Source | Battery | TestResult | None) -> Iterator[Sample]:
    """One sample for every word there is; none at all where the card has no such object."""
    (label,) = metric.labels
    words: type[StrEnum] | tuple[()] = () if said is None else type(said)
    return (metric(word is said, **{label: word.value}) for word in words)


def _facts(seen: Observation) -> Iterator[Sample]:
    """Yes or no; a no only of cards that would say yes."""
    facts = (
        (BATTERY_LOW, Condition.BATTERY_LOW, is_low(seen)),
        (REPLACE, Condition.BATTERY_REPLACE, seen.says(Condition.BATTERY_REPLACE)),
        (TEST_RUNNING, Condition.TEST_RUNNING, is_testing(seen)),
        (OVERLOAD, Condition.OVERLOAD, is_overloaded(seen)),
        (BYPASS, Condition.BYPASS, is_bypassed(seen)),
    )
    by_source = {BYPASS} if seen.source not in (None, Source.OTHER, Source.UNKNOWN) else set()
    by_load = {OVERLOAD} if seen.load else set()
    for metric, condition, holds in facts:
        if holds or condition in seen.conditions or metric in by_source | by_load:
            yield metric(holds)


def _scalars(seen: Observation) -> Iterator[Sample]:
    values = (
        (CHARGE, seen.charge),
        (RUNTIME, seen.runtime),
        (ON_BATTERY_TIME, seen.on_battery_time),
        (BATTERY_VOLTAGE, seen.battery_voltage),
        (BATTERY_CURRENT, seen.battery_current),
        (TEMPERATURE, seen.battery_temperature),
        (INPUT_LOWEST, seen.input_voltage_least),
        (INPUT_HIGHEST, seen.input_voltage_most),
        (OUTPUT_FREQUENCY, seen.output_frequency),
        (INPUT_BADS, seen.input_bads),
    )
    return (metric(value) for metric, value in values if value is not None)


def _tables(seen: Observation) -> Iterator[tuple[Metric, Lines]]:
    yield INPUT_VOLTAGE, seen.input_voltage
    yield INPUT_FREQUENCY, seen.input_frequency
    yield OUTPUT_VOLTAGE, seen.output_voltage
    yield LOAD, seen.load
