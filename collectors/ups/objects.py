"""What a profile can say of one object: its OID, and what its values mean."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from collectors.ups.canonical import Battery, Condition, Dimension, Source, TestResult

_UNITS: Mapping[str, tuple[Dimension, float]] = MappingProxyType({
    "%": (Dimension.RATIO, 0.01), "0.1 %": (Dimension.RATIO, 0.001), "0.01 %": (Dimension.RATIO, 0.0001),
    "s": (Dimension.TIME, 1), "min": (Dimension.TIME, 60), "0.1 min": (Dimension.TIME, 6),
    "ticks": (Dimension.TIME, 0.01),
    "V": (Dimension.VOLTAGE, 1), "0.1 V": (Dimension.VOLTAGE, 0.1),
    "A": (Dimension.CURRENT, 1), "0.1 A": (Dimension.CURRENT, 0.1), "0.01 A": (Dimension.CURRENT, 0.01),
    "0.001 A": (Dimension.CURRENT, 0.001),
    "Hz": (Dimension.FREQUENCY, 1), "0.1 Hz": (Dimension.FREQUENCY, 0.1), "0.01 Hz": (Dimension.FREQUENCY, 0.01),
    "degC": (Dimension.TEMPERATURE, 1), "0.1 degC": (Dimension.TEMPERATURE, 0.1),
    "count": (Dimension.COUNT, 1),
})  # fmt: skip


class Part(str):
    """The part of an OID that follows the profile's base: numbers and dots, and names of the profile's rows."""

    __slots__ = ()
    pattern = r"(\d+|[a-z_]+)(\.(\d+|[a-z_]+))*"

    @classmethod
    def parse(cls, text: str) -> Self:
        if not re.fullmatch(cls.pattern, text):
            raise ValueError(f"{text!r} is not part of an OID, such as 2.1.0")
        return cls(text)

    @property
    def rows(self) -> frozenset[str]:
        """The names of rows in it."""
        return frozenset(number for number in self.split(".") if not number.isdigit())


@dataclass(frozen=True, slots=True)
class Unit:
    """What the number 1 means in base units."""

    name: str
    dimension: Dimension
    factor: float

    @classmethod
    def parse(cls, text: str) -> Self:
        if text not in _UNITS:
            raise ValueError(f"{text!r} is not a unit known here: {', '.join(_UNITS)}")
        return cls(text, *_UNITS[text])


@dataclass(frozen=True, slots=True)
class Row:
    """A row whose number differs between cards. `usual` is tried; where it gives nothing, the first row of the column
    counts.
    """

    column: Part
    usual: int = 1


@dataclass(frozen=True, slots=True)
class NumberObject:
    """A number: one object, or with `lines` a table column with rows 1 to `lines`, or `each` with one object per line.

    absent: raw values that mean nothing.
    """

    unit: Unit
    oid: Part | None = None
    each: tuple[Part, ...] = ()
    lines: int = 0
    absent: tuple[int, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """One per line."""
        if self.oid is None:
            return self.each
        return tuple(Part(f"{self.oid}.{line}") for line in range(1, self.lines + 1)) if self.lines else (self.oid,)


@dataclass(frozen=True, slots=True)
class SourceObject:
    """An enumeration that tells what feeds the load. A value that is not listed says nothing.

    texts   the same for objects that answer in words, in small letters
    beside  a number that is not zero where the object means something: on other units it is filled, and never changes
    """

    oid: Part
    values: Mapping[str, Source] = field(default_factory=dict)
    texts: Mapping[str, Source] = field(default_factory=dict)
    beside: Part | None = None


@dataclass(frozen=True, slots=True)
class BatteryObject:
    """An enumeration of what the battery does. Whether it is low, or to be replaced, follows from it."""

    oid: Part
    values: Mapping[str, Battery] = field(default_factory=dict)
    texts: Mapping[str, Battery] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TestObject:
    """An enumeration of how the last self-test ended. Whether one is on now follows from it, if it can say that."""

    oid: Part
    values: Mapping[str, TestResult] = field(default_factory=dict)
    texts: Mapping[str, TestResult] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConditionObject:
    """An enumeration: value -> the conditions that it means. Of those that other listed values mean it means the
    contrary. A value that is not listed, such as "unknown", says nothing. `even` and `odd` stand for all such values.
    """

    oid: Part
    values: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)
    texts: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)


Enumeration = SourceObject | BatteryObject | TestObject | ConditionObject


@dataclass(frozen=True, slots=True)
class Switches:
    """Objects that say yes or no: object -> the condition that yes means and no denies."""

    objects: Mapping[str, Condition]
    yes: str = "1"
    no: str = "2"

    @property
    def conditions(self) -> tuple[ConditionObject, ...]:
        return tuple(
            ConditionObject(Part(part), {self.yes: (condition,), self.no: ()})
            for part, condition in self.objects.items()
        )


@dataclass(frozen=True, slots=True)
class FlagString:
    """A text of 0 and 1.

    positions  number, from 1 at the left -> the condition that a 1 means and a 0 denies
    inverted   the same where a 0 means it and a 1 denies it
    words      texts that stand there instead
    """

    oid: Part
    positions: Mapping[str, Condition]
    inverted: Mapping[str, Condition] = field(default_factory=dict)
    words: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AlarmTable:
    """Rows whose values are `kinds`.n, as many as `count` says: n -> the conditions that it means."""

    count: Part
    rows: Part
    kinds: Part
    conditions: Mapping[str, tuple[Condition, ...]]
