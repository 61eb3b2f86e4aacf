"""The verdict on one observation: is the office on mains? Pure.

An outage is never read from one sign alone: not from seconds on battery (some cards do not reset them), not from the
cause of the last transfer or the result of the last test (they are history), not from a battery that is low on mains.
What only several polls can tell (a self-test that lasts too long, a source that flickers) is not decided here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from collectors.ups.canonical import Condition, Observation, Source

BAD_INPUT = 0.70  # of the nominal voltage: below it no UPS stays on mains
GOOD_INPUT = (0.85, 1.15)  # of the nominal voltage: within it mains is there
LOW_RUNTIME = 180.0  # seconds; cards that never say "low" are real
LONGEST_LOW_RUNTIME = 900.0  # a card's own limit above this is a slip (120 minutes have been seen)
LOW_CHARGE = 0.15
OVERLOAD = 1.0
LIVE_OUTPUT = 50.0  # volts


class Status(StrEnum):
    """One word for the UPS: a closed list, exported as the label `status` of `ups_status`."""

    ONLINE = "online"
    ON_BATTERY = "on_battery"
    LOW_BATTERY = "low_battery"
    SELF_TEST = "self_test"
    BYPASS = "bypass"
    OVERLOAD = "overload"
    OFF = "off"
    LINK_LOST = "link_lost"  # the card answers, but has lost its UPS: whatever it says is old
    UNKNOWN = "unknown"

    @property
    def is_outage(self) -> bool:
        return self in (Status.ON_BATTERY, Status.LOW_BATTERY)


class Mains(StrEnum):
    """What the measured input says."""

    GOOD = "good"
    BAD = "bad"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status, and for a person why."""

    status: Status
    because: str


def judge(seen: Observation) -> Verdict:
    """The first of these that holds: link lost, on battery in one way or another, overload, bypass, off, online."""
    if seen.says(Condition.LINK_LOST):
        return Verdict(Status.LINK_LOST, "the card has lost contact with the UPS")
    if seen.source is Source.UNKNOWN and Condition.LINK_LOST not in seen.conditions:
        return Verdict(Status.LINK_LOST, "the card does not know what feeds the load")
    if seen.source is not None and seen.source.is_battery:
        return _on_battery(seen)
    if seen.says(Condition.OVERLOAD) or any(load > OVERLOAD for load in seen.load.values()):
        return Verdict(Status.OVERLOAD, "the load is more than the UPS can carry")
    if seen.source is Source.BYPASS:
        return Verdict(Status.BYPASS, "the load is on raw mains, past the UPS")
    if seen.source is Source.OFF:
        return _off(seen)
    if seen.source is not None and seen.source.is_mains:
        return Verdict(Status.ONLINE, f"the UPS feeds the load from mains ({seen.source})")
    return Verdict(Status.UNKNOWN, "the card does not say what feeds the load")


def _on_battery(seen: Observation) -> Verdict:
    state = mains(seen)
    if is_testing(seen) and state is not Mains.BAD:
        return Verdict(Status.SELF_TEST, f"on battery because the UPS tests itself, {_input(seen)}")
    signs = tuple(second_signs(seen))
    if state is Mains.GOOD and not signs:
        return Verdict(Status.UNKNOWN, f"the card says battery, but {_input(seen)} and nothing else says battery")
    because = f"the card says battery, {_input(seen)}" + "".join(f", {sign}" for sign in signs)
    low = is_low(seen)
    return Verdict(Status.LOW_BATTERY if low else Status.ON_BATTERY, because + (", the battery is low" if low else ""))


def _off(seen: Observation) -> Verdict:
    if any(volts > LIVE_OUTPUT for volts in seen.output_voltage.values()):
        return Verdict(Status.UNKNOWN, "the card says that the output is off, but there is voltage on it")
    return Verdict(Status.OFF, "the output of the UPS is off")


def mains(seen: Observation) -> Mains:
    """Judged by the voltage, against the nominal voltage or else what the UPS itself gives out."""
    if seen.says(Condition.INPUT_BAD):
        return Mains.BAD
    nominal = seen.nominal_voltage or max((v for v in seen.output_voltage.values() if v > 80), default=None)
    volts = seen.input_voltage.values()
    if not volts:
        return Mains.UNCLEAR
    if min(volts) < BAD_INPUT * (nominal or 100):  # 100 V is the lowest nominal voltage of any grid
        return Mains.BAD
    low, high = GOOD_INPUT
    within = nominal is not None and all(low * nominal <= value <= high * nominal for value in volts)
    return Mains.GOOD if within else Mains.UNCLEAR


def is_testing(seen: Observation) -> bool:
    """A test is on now. The cause of the last transfer counts only on battery with mains measured to be there."""
    if seen.source is Source.BATTERY_TEST or seen.says(Condition.TEST_RUNNING):
        return True
    return seen.source is Source.BATTERY and seen.says(Condition.CAUSE_SELF_TEST) and mains(seen) is Mains.GOOD


def second_signs(seen: Observation) -> Iterator[str]:
    """What else says that the battery really feeds the office. Worth something beside the source only."""
    if seen.says(Condition.ON_BATTERY):
        yield "its battery flag is set"
    if seen.says(Condition.INPUT_BAD):
        yield "it calls the input bad"
    if seen.says(Condition.CAUSE_MAINS):
        yield "it blames the mains for the last transfer"
    if seen.on_battery_time:
        yield f"it counts {seen.on_battery_time:.0f} s on battery"


def is_low(seen: Observation) -> bool:
    """The card calls its battery low, or the load runs on it and little is left. On mains it may be recharging."""
    if seen.says(Condition.BATTERY_LOW):
        return True
    if seen.source is None or not seen.source.is_battery:
        return False
    limit = min(max(seen.low_runtime or 0.0, LOW_RUNTIME), LONGEST_LOW_RUNTIME)
    return (seen.runtime is not None and seen.runtime <= limit) or (
        seen.charge is not None and seen.charge <= LOW_CHARGE
    )


def _input(seen: Observation) -> str:
    if not seen.input_voltage:
        return "the input is not measured"
    return "the input is at " + ", ".join(f"{volts:.0f} V" for volts in seen.input_voltage.values())
