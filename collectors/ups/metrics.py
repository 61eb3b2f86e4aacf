"""The metrics of a UPS, and the samples that an observation and its verdict give. All in base units."""

from collections.abc import Iterator

from collectors.core import Kind, Metric, Sample
from collectors.ups.canonical import Condition, Lines, Observation
from collectors.ups.status import Status, is_low, is_testing

STATUS = Metric(
    "ups_status", Kind.GAUGE, "1 for the one status that holds, by more than one sign; 0 for the others.", ("status",)
)
ON_BATTERY = Metric(
    "ups_on_battery", Kind.GAUGE,
    "1 while the battery feeds the office because mains failed; a self-test is none. Absent where it cannot be told.",
)  # fmt: skip
BATTERY_LOW = Metric(
    "ups_battery_low", Kind.GAUGE,
    "1 while the battery is low, on mains too (recharging, or worn out): look at ups_on_battery as well.",
)  # fmt: skip
CHARGE = Metric("ups_battery_charge_ratio", Kind.GAUGE, "Charge of the battery, 0 to 1.")
RUNTIME = Metric("ups_battery_runtime_seconds", Kind.GAUGE, "How long the battery would feed the present load.")
ON_BATTERY_TIME = Metric("ups_on_battery_seconds", Kind.GAUGE, "How long the load has been on battery, by the card.")
BATTERY_VOLTAGE = Metric("ups_battery_voltage_volts", Kind.GAUGE, "Voltage of the battery.")
TEMPERATURE = Metric("ups_battery_temperature_celsius", Kind.GAUGE, "Temperature of the battery or inside the UPS.")
REPLACE = Metric("ups_battery_replace", Kind.GAUGE, "1 while the card asks for a new battery.")
INPUT_VOLTAGE = Metric("ups_input_voltage_volts", Kind.GAUGE, "Voltage of the mains, per phase.", ("line",))
INPUT_FREQUENCY = Metric("ups_input_frequency_hertz", Kind.GAUGE, "Frequency of the mains, per phase.", ("line",))
OUTPUT_VOLTAGE = Metric("ups_output_voltage_volts", Kind.GAUGE, "Voltage that the load gets, per phase.", ("line",))
OUTPUT_FREQUENCY = Metric("ups_output_frequency_hertz", Kind.GAUGE, "Frequency that the load gets.")
LOAD = Metric("ups_load_ratio", Kind.GAUGE, "Load as a share of what the UPS can carry, per phase; over 1 is too much.",
              ("line",))  # fmt: skip
TEST_RUNNING = Metric("ups_self_test_running", Kind.GAUGE, "1 while the UPS tests itself or its battery.")
COMMUNICATION = Metric("ups_communication_up", Kind.GAUGE, "1 while the card and its UPS understand each other.")
INPUT_BADS = Metric(
    "ups_input_line_bads_total", Kind.COUNTER,
    "Times that the mains left its tolerance, counted by the card: finds dips that are shorter than the interval.",
)  # fmt: skip
INFO = Metric("ups_info", Kind.GAUGE, "1; who made the UPS, and the MIBs that are read, the preferred one first.",
              ("manufacturer", "model", "serial", "firmware", "mib"))  # fmt: skip

METRICS = tuple(value for value in dict(vars()).values() if isinstance(value, Metric))


def samples(seen: Observation, status: Status) -> tuple[Sample, ...]:
    """What /metrics shows. When the card has lost its UPS, nothing that it still repeats of it."""
    return (*_always(seen, status), *(_fresh(seen, status) if status is not Status.LINK_LOST else ()))


def _always(seen: Observation, status: Status) -> Iterator[Sample]:
    for each in Status:
        yield STATUS(each is status, status=each.value)
    if Condition.LINK_LOST in seen.conditions or status is Status.LINK_LOST:
        yield COMMUNICATION(status is not Status.LINK_LOST)
    yield INFO(1, manufacturer=seen.manufacturer, model=seen.model, serial=seen.serial, firmware=seen.firmware,
               mib="+".join(seen.mibs))  # fmt: skip


def _fresh(seen: Observation, status: Status) -> Iterator[Sample]:
    if status is not Status.UNKNOWN:
        yield ON_BATTERY(status.is_outage)
    if Condition.BATTERY_LOW in seen.conditions or is_low(seen):
        yield BATTERY_LOW(is_low(seen))
    if Condition.BATTERY_REPLACE in seen.conditions:
        yield REPLACE(seen.says(Condition.BATTERY_REPLACE))
    if Condition.TEST_RUNNING in seen.conditions or is_testing(seen):
        yield TEST_RUNNING(is_testing(seen))
    yield from _scalars(seen)
    for metric, lines in _tables(seen):
        yield from (metric(value, line=str(line)) for line, value in lines.items())


def _scalars(seen: Observation) -> Iterator[Sample]:
    values = (
        (CHARGE, seen.charge),
        (RUNTIME, seen.runtime),
        (ON_BATTERY_TIME, seen.on_battery_time),
        (BATTERY_VOLTAGE, seen.battery_voltage),
        (TEMPERATURE, seen.battery_temperature),
        (OUTPUT_FREQUENCY, seen.output_frequency),
        (INPUT_BADS, seen.input_bads),
    )
    return (metric(value) for metric, value in values if value is not None)


def _tables(seen: Observation) -> Iterator[tuple[Metric, Lines]]:
    yield INPUT_VOLTAGE, seen.input_voltage
    yield INPUT_FREQUENCY, seen.input_frequency
    yield OUTPUT_VOLTAGE, seen.output_voltage
    yield LOAD, seen.load
