"""The canonical form: what any UPS says, whatever its MIB, in base units. Absent means absent: None or no entry.

Names here are the names that profiles use: a quantity or a condition that is not declared here cannot be read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

Lines = Mapping[int, float]  # phase number, from 1 -> value


class Source(StrEnum):
    """What feeds the load now."""

    LINE = "line"
    BOOST = "boost"  # mains, raised by the UPS
    TRIM = "trim"  # mains, lowered by the UPS
    ECO = "eco"  # mains, past an inverter that stands by
    BATTERY = "battery"
    BATTERY_TEST = "battery_test"  # the battery, because the UPS tests itself
    BYPASS = "bypass"
    OFF = "off"
    OTHER = "other"  # the card has a word for it that does not tell
    UNKNOWN = "unknown"  # the card says that it does not know

    @property
    def is_battery(self) -> bool:
        return self in (Source.BATTERY, Source.BATTERY_TEST)

    @property
    def is_mains(self) -> bool:
        return self in (Source.LINE, Source.BOOST, Source.TRIM, Source.ECO)


class Battery(StrEnum):
    """What the battery does, or what is wrong with it."""

    NORMAL = "normal"
    LOW = "low"
    DEPLETED = "depleted"
    CHARGING = "charging"
    DISCHARGING = "discharging"
    RESTING = "resting"  # full and disconnected from its charger for a while
    FAULT = "fault"
    ABSENT = "absent"
    UNKNOWN = "unknown"  # the card says that it does not know


class TestResult(StrEnum):
    """How the last self-test ended, however long ago; whether one is on now."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    ABORTED = "aborted"
    IN_PROGRESS = "in_progress"
    NONE = "none"  # there was none
    UNKNOWN = "unknown"  # the card says that it does not know


class Condition(StrEnum):
    """Something that holds now or does not. `CAUSE_*` say why the UPS went to battery last, which may be long ago."""

    ON_BATTERY = "on_battery"
    BATTERY_LOW = "battery_low"
    BATTERY_REPLACE = "battery_replace"
    TEST_RUNNING = "test_running"
    CAUSE_MAINS = "cause_mains"
    CAUSE_SELF_TEST = "cause_self_test"
    INPUT_BAD = "input_bad"
    OVERLOAD = "overload"
    BYPASS = "bypass"
    OUTPUT_OFF = "output_off"
    LINK_LOST = "link_lost"  # between the card and the UPS: all that the card says is old


class Dimension(StrEnum):
    """What a quantity measures; its base unit is Prometheus's."""

    RATIO = "ratio"
    TIME = "seconds"
    VOLTAGE = "volts"
    CURRENT = "amperes"
    FREQUENCY = "hertz"
    TEMPERATURE = "celsius"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Slip:
    """A decimal point that cards put in the wrong place: between least and most the value is to be multiplied."""

    least: float
    most: float
    factor: float


Zero = Literal["always", "never", "off", "battery", "dark"]
Zeros = frozenset[Zero]


@dataclass(frozen=True, slots=True)
class Quantity:
    """What values of a quantity are believed, in base units.

    zero       when a zero is a value: always, never, while the load is off, also while it runs on battery, or also
               while any other sign speaks of that (dark); at other times it is a card's way to say "no such thing"
    per_line   one value per phase
    essential  the verdict depends on it, so it is asked for first
    """

    dimension: Dimension
    least: float
    most: float
    zero: Zero = "always"
    per_line: bool = False
    essential: bool = False
    slips: tuple[Slip, ...] = ()

    def believed(self, value: float, zeros: Zeros) -> float | None:
        """The value, its decimal point put right, or None where it means nothing; `zeros` are values now."""
        for slip in self.slips:
            if slip.least <= value <= slip.most:
                value *= slip.factor
                break
        if not self.least <= value <= self.most:
            return None
        return value if value or self.zero in zeros else None


_DAYS = 86400.0
_VOLTS = (Slip(600.0001, 6000, 0.1),)
_HERTZ = (Slip(400, 700, 0.1), Slip(4000, 7000, 0.01))
_LOADS = (Slip(2.0001, 20, 0.1),)  # no UPS carries twice its load: RFC 1628 ends at 200 %

QUANTITIES: Mapping[str, Quantity] = MappingProxyType({
    "charge": Quantity(Dimension.RATIO, 0, 1, zero="battery", essential=True),
    "runtime": Quantity(Dimension.TIME, 0, 60 * _DAYS, zero="battery", essential=True),
    "low_runtime": Quantity(Dimension.TIME, 0, _DAYS, zero="never", essential=True),
    "on_battery_time": Quantity(Dimension.TIME, 0, 60 * _DAYS, essential=True),
    "battery_voltage": Quantity(Dimension.VOLTAGE, 8, 2000),  # some cards give the voltage of one cell
    "battery_current": Quantity(Dimension.CURRENT, -2000, 2000),
    "battery_temperature": Quantity(Dimension.TEMPERATURE, -30, 100, zero="never"),
    "input_voltage": Quantity(Dimension.VOLTAGE, 0, 600, zero="dark", per_line=True, essential=True, slips=_VOLTS),
    "input_frequency": Quantity(Dimension.FREQUENCY, 0, 100, zero="dark", per_line=True, slips=_HERTZ),
    "input_voltage_least": Quantity(Dimension.VOLTAGE, 0, 600, essential=True, slips=_VOLTS),
    "input_voltage_most": Quantity(Dimension.VOLTAGE, 0, 600, essential=True, slips=_VOLTS),
    "nominal_voltage": Quantity(Dimension.VOLTAGE, 80, 600, essential=True, slips=_VOLTS),
    "input_bads": Quantity(Dimension.COUNT, 0, 2**32 - 1),
    "output_voltage": Quantity(Dimension.VOLTAGE, 0, 600, zero="off", per_line=True, slips=_VOLTS),
    "output_frequency": Quantity(Dimension.FREQUENCY, 0, 100, zero="off", slips=_HERTZ),
    "load": Quantity(Dimension.RATIO, 0, 2, per_line=True, slips=_LOADS),
})  # fmt: skip


def zeros_now(source: Source | None, battery: Battery | None, conditions: Mapping[Condition, bool]) -> Zeros:
    """Which zeros are values. One sign of an outage is enough for the input: its 0 V is the second sign."""
    if source is Source.OFF:
        return frozenset(("always", "off", "battery", "dark"))
    if source is not None and source.is_battery:
        return frozenset(("always", "battery", "dark"))
    signs = (Condition.ON_BATTERY, Condition.INPUT_BAD)
    is_dark = battery is Battery.DISCHARGING or any(conditions.get(sign) for sign in signs)
    return frozenset(("always", "dark")) if is_dark else frozenset(("always",))


TEXTS = ("manufacturer", "model", "serial", "firmware")


def _no_lines() -> Lines:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Observation:
    """One look at one UPS. Ratios 0 to 1 (the load may exceed 1), seconds, volts, amperes, hertz, degrees Celsius.

    mibs are the names of the profiles that were read, the preferred one first; contradicted: it says mains, and another
    of them battery by two of its objects. The least and the most input voltage are those of the last minute. A battery
    current has the card's sign: on most of them over 0 is out of the battery.
    """

    mibs: tuple[str, ...] = ()
    source: Source | None = None
    battery: Battery | None = None
    test_result: TestResult | None = None
    conditions: Mapping[Condition, bool] = field(default_factory=lambda: MappingProxyType({}))
    charge: float | None = None
    runtime: float | None = None
    low_runtime: float | None = None
    on_battery_time: float | None = None
    battery_voltage: float | None = None
    battery_current: float | None = None
    battery_temperature: float | None = None
    input_voltage: Lines = field(default_factory=_no_lines)
    input_frequency: Lines = field(default_factory=_no_lines)
    input_voltage_least: float | None = None
    input_voltage_most: float | None = None
    nominal_voltage: float | None = None
    input_bads: float | None = None
    output_voltage: Lines = field(default_factory=_no_lines)
    output_frequency: float | None = None
    load: Lines = field(default_factory=_no_lines)
    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    contradicted: bool = False

    def says(self, condition: Condition) -> bool:
        """Whether the card says that the condition holds; silence is no."""
        return self.conditions.get(condition, False)

    @property
    def says_nothing(self) -> bool:
        """Neither a state nor a single number came through."""
        numbers = (getattr(self, name) for name in QUANTITIES)
        return self.source is None and not self.conditions and all(value in (None, {}) for value in numbers)
