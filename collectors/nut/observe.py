"""From NUT's variables to one Observation. Pure, and at home with any text.

Names and meanings: RFC 9271 and NUT's list of variables. What drivers leave out stays absent.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from collectors.ups.canonical import (
    QUANTITIES,
    TEXTS,
    Battery,
    Condition,
    Observation,
    Source,
    TestResult,
    Zeros,
    zeros_now,
)
from collectors.ups.observe import NOTHING, NOTHING_16_BIT, clean
from collectors.ups.shape import shaped

MIB = "nut"

# Of variables that mean the same the first that has a value counts. {line}: one per phase.
_NUMBERS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "charge": ("battery.charge",),
    "runtime": ("battery.runtime",),
    "low_runtime": ("battery.runtime.low",),
    "on_battery_time": ("battery.runtime.elapsed",),
    "battery_voltage": ("battery.voltage",),
    "battery_temperature": ("battery.temperature", "ups.temperature"),
    "input_voltage": ("input.L{line}-N.voltage", "input.voltage"),
    "input_frequency": ("input.frequency",),
    "nominal_voltage": ("input.voltage.nominal",),
    "output_voltage": ("output.L{line}-N.voltage", "output.voltage"),
    "output_frequency": ("output.frequency",),
    "load": ("output.L{line}.power.percent", "ups.load"),
})  # fmt: skip
_PERCENT = frozenset(("charge", "load"))
_TEXTS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "manufacturer": ("device.mfr", "ups.mfr"),
    "model": ("device.model", "ups.model"),
    "serial": ("device.serial", "ups.serial"),
    "firmware": ("ups.firmware",),
})  # fmt: skip

# Drivers have words of their own; the first pattern that fits decides.
_RESULTS: tuple[tuple[re.Pattern[str], TestResult], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), result)
    for pattern, result in (
        ("no test", TestResult.NONE),
        ("progress", TestResult.IN_PROGRESS),
        ("abort", TestResult.ABORTED),
        ("warn", TestResult.WARNING),
        (r"fail|error|\bng\b", TestResult.FAILED),
        (r"pass|\bok\b", TestResult.PASSED),
    )
)
_CHARGER: Mapping[str, Battery] = MappingProxyType({
    "charging": Battery.CHARGING,
    "discharging": Battery.DISCHARGING,
    "floating": Battery.NORMAL,
    "resting": Battery.RESTING,
})  # fmt: skip
_SELF_TEST = re.compile(r"self[ -]?test", re.IGNORECASE)
_MAINS_FAULT = re.compile(r"voltage|utility|input|blackout|brownout|sag|spike|frequency", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d{1,6})?", re.ASCII)


def observe(variables: Mapping[str, str]) -> Observation:
    """What the UPS says, as its driver has put it into NUT's words."""
    tokens = frozenset(variables.get("ups.status", "").split())
    result = _result(variables.get("ups.test.result", ""))
    conditions = dict(_conditions(tokens, result, variables.get("input.transfer.reason", "").strip()))
    source = _source(tokens, testing=conditions.get(Condition.TEST_RUNNING, False))
    driver = clean(variables.get("driver.name", "").encode())
    battery = _battery(tokens, variables.get("battery.charger.status", ""))
    zeros = zeros_now(source, battery, conditions)
    values = shaped({name: _lines(variables, name, zeros) for name in QUANTITIES})
    texts: dict[str, Any] = {name: _text(variables, name) for name in TEXTS}
    return Observation(
        (MIB, driver) if driver else (MIB,),
        source,
        battery,
        result,
        MappingProxyType(conditions),
        **values,
        **texts,
    )


def lost() -> Observation:
    """Of a UPS that the server has lost."""
    return Observation((MIB,), conditions=MappingProxyType({Condition.LINK_LOST: True}))


def _source(tokens: frozenset[str], *, testing: bool) -> Source | None:
    """OL and OB together, which drivers have been seen to say while mains was there, say nothing."""
    if {"OL", "OB"} <= tokens:
        return Source.OTHER
    if "OB" in tokens:
        return Source.BATTERY_TEST if testing else Source.BATTERY
    for token, source in (
        ("OFF", Source.OFF),
        ("BYPASS", Source.BYPASS),
        ("BOOST", Source.BOOST),
        ("TRIM", Source.TRIM),
        ("ECO", Source.ECO),
        ("OL", Source.LINE),
    ):
        if token in tokens:
            return source
    return None


def _conditions(tokens: frozenset[str], result: TestResult | None, reason: str) -> Iterator[tuple[Condition, bool]]:
    """A driver that says nothing of a battery says nothing against it: without any token there are no conditions."""
    if tokens - {"WAIT"}:
        yield Condition.LINK_LOST, False
        yield Condition.BATTERY_LOW, bool(tokens & {"LB", "FSD"})  # FSD: whoever reads it is to shut down now
        yield Condition.BATTERY_REPLACE, "RB" in tokens
        yield Condition.OVERLOAD, "OVER" in tokens
        yield Condition.BYPASS, "BYPASS" in tokens
        yield Condition.OUTPUT_OFF, "OFF" in tokens
    if result not in (None, TestResult.UNKNOWN):
        yield Condition.TEST_RUNNING, result is TestResult.IN_PROGRESS
    if tokens & {"CAL", "TEST"}:
        yield Condition.TEST_RUNNING, True
    if reason:
        by_test = bool(_SELF_TEST.search(reason))
        yield Condition.CAUSE_SELF_TEST, by_test
        yield Condition.CAUSE_MAINS, not by_test and bool(_MAINS_FAULT.search(reason))


def _battery(tokens: frozenset[str], charger: str) -> Battery | None:
    if {"CHRG", "DISCHRG"} <= tokens or {"OL", "OB"} <= tokens:
        return Battery.UNKNOWN
    if "DISCHRG" in tokens:
        return Battery.DISCHARGING
    if "CHRG" in tokens:
        return Battery.CHARGING
    return _CHARGER.get(charger.strip().lower(), Battery.LOW if "LB" in tokens else None)


def _result(text: str) -> TestResult | None:
    if not text.strip():
        return None
    return next((result for pattern, result in _RESULTS if pattern.search(text)), TestResult.UNKNOWN)


def _lines(variables: Mapping[str, str], name: str, zeros: Zeros) -> dict[int, float]:
    """Line -> value, of the first variable that has a value to be believed."""
    for variable in _NUMBERS.get(name, ()):
        lines = range(1, 4) if "{line}" in variable else (1,)
        read = ((line, _value(variables.get(variable.format(line=line), ""), name, zeros)) for line in lines)
        if found := {line: value for line, value in read if value is not None}:
            return found
    return {}


def _value(text: str, name: str, zeros: Zeros) -> float | None:
    number = float(text) if _NUMBER.fullmatch(text) else None
    if number is None or number in NOTHING or number == NOTHING_16_BIT:
        return None
    return QUANTITIES[name].believed(number * (0.01 if name in _PERCENT else 1), zeros)


def _text(variables: Mapping[str, str], name: str) -> str:
    texts: Iterable[str] = (clean(variables.get(variable, "").encode()) for variable in _TEXTS[name])
    return next((text for text in texts if text.strip("F0-?")), "")
