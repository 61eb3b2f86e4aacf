"""The signs in one look at a UPS. Pure; none of them makes a verdict alone: power.py weighs them over time.

Left out on purpose: seconds on battery (some cards do not reset them) and the result of the last test are history.
"""

from dataclasses import replace
from enum import StrEnum

from collectors.ups.canonical import Battery, Condition, Observation, Source

BAD_INPUT = 0.70  # of the nominal voltage: below it no UPS stays on mains
GOOD_INPUT = (0.85, 1.15)  # of the nominal voltage: within it mains is there
LEAST_NOMINAL = 100.0  # volts: no grid has less
LINE_TO_LINE = 300.0  # volts: a nominal voltage above it may be that between two phases
LOW_RUNTIME = 180.0  # seconds; cards that never say "low" are real
LONGEST_LOW_RUNTIME = 900.0  # a card's own limit above this is a slip (120 minutes have been seen)
LOW_CHARGE = 0.15
OVERLOAD = 1.0
LIVE_OUTPUT = 50.0  # volts


class Mains(StrEnum):
    """What the input says of the mains."""

    GOOD = "good"  # its voltage is measured, and right
    BAD = "bad"
    UNCLEAR = "unclear"  # not measured, or neither


def link_lost(seen: Observation) -> bool:
    """Whether the card has lost its UPS: then all that it says is old. Its own word, or a source unknown to it.

    A source is only unknown here where no other object tells it (observe.py), whatever is said of the link.
    """
    return seen.says(Condition.LINK_LOST) or seen.source is Source.UNKNOWN


def says_battery(seen: Observation) -> bool:
    """The card's word for "on battery". Flags are asked only where the source does not tell: they may stay set.

    A battery that discharges is a word for it only beside a bad input: some cards call one so that is charged.
    """
    if seen.source is None or seen.source is Source.OTHER:
        discharges = seen.battery is Battery.DISCHARGING and mains(seen) is Mains.BAD
        return seen.says(Condition.ON_BATTERY) or discharges
    return seen.source.is_battery


def confirmed(seen: Observation) -> bool:
    """Whether the battery itself confirms that word: it discharges, or it is low (or the UPS is about to end)."""
    word = seen.source in (Source.BATTERY, Source.BATTERY_TEST) or seen.says(Condition.ON_BATTERY)
    return word and (seen.battery is Battery.DISCHARGING or is_called_low(seen))


def denials(seen: Observation) -> int:
    """How many objects say that the battery feeds the load, of a card whose source says mains.

    Not what is history (the last cause, seconds), nor a low battery: on mains it recharges.
    """
    signs = (seen.says(Condition.ON_BATTERY), seen.battery is Battery.DISCHARGING, mains(seen) is Mains.BAD)
    return sum(signs) + (2 if seen.contradicted else 0)


def insists(seen: Observation) -> bool:
    """Whether a MIB says battery by two of its objects, and no test of it."""
    named = seen.source is not None and seen.source.is_battery
    return named and denials(seen) > 0 and not is_testing(seen)


def mains(seen: Observation) -> Mains:
    """By the card's verdict on its input, else by the voltage against the nominal one or what the UPS gives out."""
    if seen.says(Condition.INPUT_BAD):
        return Mains.BAD
    volts = tuple(seen.input_voltage.values())
    if not volts:
        return Mains.UNCLEAR
    nominal = _nominal(seen)
    if min(volts) < BAD_INPUT * (nominal or LEAST_NOMINAL):
        return Mains.BAD
    low, high = GOOD_INPUT
    within = nominal is not None and all(low * nominal <= value <= high * nominal for value in volts)
    return Mains.GOOD if within else Mains.UNCLEAR


def measures_mains(seen: Observation) -> bool:
    """Whether the input's voltage is right, whatever else the card says of it."""
    return mains(replace(seen, conditions={})) is Mains.GOOD


def _nominal(seen: Observation) -> float | None:
    output = max((value for value in seen.output_voltage.values() if value > LEAST_NOMINAL), default=None)
    nominal = seen.nominal_voltage
    if nominal is None:
        return output
    between_phases = nominal > LINE_TO_LINE and output is not None and output < 0.75 * nominal
    return nominal / 3**0.5 if between_phases else nominal


def dipped(seen: Observation) -> bool | None:
    """Whether the lowest voltage of the last minute is one that no UPS stays on mains with; None = not measured."""
    if seen.input_voltage_least is None:
        return None
    return seen.input_voltage_least < BAD_INPUT * (_nominal(seen) or LEAST_NOMINAL)


def is_testing(seen: Observation) -> bool:
    """The card says that a test is on now."""
    return seen.source is Source.BATTERY_TEST or seen.says(Condition.TEST_RUNNING)


def is_called_low(seen: Observation) -> bool:
    """The card calls its battery low. On mains it may be recharging."""
    return seen.says(Condition.BATTERY_LOW) or seen.battery in (Battery.LOW, Battery.DEPLETED)


def is_low(seen: Observation) -> bool:
    """The card calls its battery low, or the load runs on it and little is left."""
    return is_called_low(seen) or (says_battery(seen) and has_little_left(seen))


def has_little_left(seen: Observation, margin: float = 1.0) -> bool:
    """Whether the runtime or the charge is at its limit. margin: the limits, times this."""
    limit = min(max(seen.low_runtime or 0.0, LOW_RUNTIME), LONGEST_LOW_RUNTIME)
    return (seen.runtime is not None and seen.runtime <= limit * margin) or (
        seen.charge is not None and seen.charge <= LOW_CHARGE * margin
    )


def is_overloaded(seen: Observation) -> bool:
    """The load is more than the UPS can carry."""
    return seen.says(Condition.OVERLOAD) or any(load > OVERLOAD for load in seen.load.values())


def is_bypassed(seen: Observation) -> bool:
    """The load is on raw mains, past the UPS. As with the battery, a flag counts where the source does not tell."""
    if seen.source in (None, Source.OTHER):
        return seen.says(Condition.BYPASS)
    return seen.source is Source.BYPASS


def output_is_live(seen: Observation) -> bool:
    """Whether there is voltage at the output, whatever the card says of it."""
    return any(volts > LIVE_OUTPUT for volts in seen.output_voltage.values())
