"""Numbers against each other: what a card fills in where it has nothing to say shows beside its other numbers. Pure."""

from types import MappingProxyType
from typing import Any

from collectors.ups.canonical import QUANTITIES

CHARGED = 0.2  # of the charge: with more there is some runtime left

Numbers = dict[str, dict[int, float]]  # quantity -> line -> value


def _drop_phantoms(numbers: Numbers) -> None:
    """Rows for phases that the UPS does not have: all zero, while another line of the same table is alive."""
    real = {line for line, value in numbers["output_voltage"].items() if value} or {1}
    for name in ("input_voltage", "input_frequency", "load"):
        alive = real | {line for line, value in numbers["input_voltage"].items() if value}
        lines = numbers[name]
        if len(lines) > 1 and (name != "load" or numbers["output_voltage"]):
            numbers[name] = {line: value for line, value in lines.items() if value or line in alive}


def _drop_extremes(numbers: Numbers) -> None:
    """Least and most are zero together where they are not measured; the least alone is a dip."""
    if not numbers["input_voltage_most"].get(1):
        numbers["input_voltage_least"], numbers["input_voltage_most"] = {}, {}


def _drop_blanks(numbers: Numbers) -> None:
    """Cards fill with 0, on battery too, what they do not know of it. Of an empty battery charge and runtime tell."""
    charge, runtime = numbers["charge"].get(1), numbers["runtime"].get(1)
    if runtime == 0 and charge is not None and charge > CHARGED:
        numbers["runtime"] = {}
    if charge == 0 and runtime:
        numbers["charge"] = {}


def shaped(numbers: Numbers) -> dict[str, Any]:
    """Quantity -> line -> value, as Observation holds them: lines for a quantity per line, else one value or None."""
    _drop_phantoms(numbers)
    _drop_extremes(numbers)
    _drop_blanks(numbers)
    return {
        name: MappingProxyType(lines) if QUANTITIES[name].per_line else lines.get(1) for name, lines in numbers.items()
    }
