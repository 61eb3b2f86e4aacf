"""Profiles: how a family of cards says things. Data files in profiles/, decoded and checked when this is imported.

A new family is a new file there (docs/ups.md says how to write one) and a recording to test it with.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Self

from collectors.core.decode import decode_text
from collectors.core.ports import Oid
from collectors.ups.canonical import QUANTITIES, TEXTS, Battery, Condition, Dimension, Source, TestResult

FOLDER = Path(__file__).with_name("profiles")

_UNITS: Mapping[str, tuple[Dimension, float]] = MappingProxyType({
    "%": (Dimension.RATIO, 0.01), "0.1 %": (Dimension.RATIO, 0.001),
    "s": (Dimension.TIME, 1), "min": (Dimension.TIME, 60), "0.1 min": (Dimension.TIME, 6),
    "ticks": (Dimension.TIME, 0.01),
    "V": (Dimension.VOLTAGE, 1), "0.1 V": (Dimension.VOLTAGE, 0.1),
    "A": (Dimension.CURRENT, 1), "0.1 A": (Dimension.CURRENT, 0.1), "0.01 A": (Dimension.CURRENT, 0.01),
    "Hz": (Dimension.FREQUENCY, 1), "0.1 Hz": (Dimension.FREQUENCY, 0.1), "0.01 Hz": (Dimension.FREQUENCY, 0.01),
    "degC": (Dimension.TEMPERATURE, 1), "0.1 degC": (Dimension.TEMPERATURE, 0.1),
    "count": (Dimension.COUNT, 1),
})  # fmt: skip


class Part(str):
    """The part of an OID that follows the profile's base: numbers and dots."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        if not re.fullmatch(r"\d+(\.\d+)*", text):
            raise ValueError(f"{text!r} is not part of an OID, such as 2.1.0")
        return cls(text)


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
class NumberObject:
    """A number. lines: a table column with rows 1 to `lines`, 0 = one object. absent: raw values that mean nothing."""

    oid: Part
    unit: Unit
    lines: int = 0
    absent: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceObject:
    """An enumeration of what feeds the load. A value that is not listed says nothing."""

    oid: Part
    values: Mapping[str, Source]


@dataclass(frozen=True, slots=True)
class BatteryObject:
    """An enumeration of what the battery does. Whether it is low, or to be replaced, follows from it."""

    oid: Part
    values: Mapping[str, Battery]


@dataclass(frozen=True, slots=True)
class TestObject:
    """An enumeration of how the last self-test ended. Whether one is on now follows from it."""

    oid: Part
    values: Mapping[str, TestResult]


@dataclass(frozen=True, slots=True)
class ConditionObject:
    """An enumeration: value -> the conditions that it means. Of those that other listed values mean it means the
    contrary. A value that is not listed, such as "unknown", says nothing.
    """

    oid: Part
    values: Mapping[str, tuple[Condition, ...]]


@dataclass(frozen=True, slots=True)
class FlagString:
    """A text of 0 and 1: position, from 1 at the left -> condition. words: texts that stand there instead."""

    oid: Part
    positions: Mapping[str, Condition]
    words: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AlarmTable:
    """Rows whose values are `kinds`.n, as many as `count` says: n -> the conditions that it means."""

    count: Part
    rows: Part
    kinds: Part
    conditions: Mapping[str, tuple[Condition, ...]]


@dataclass(frozen=True, slots=True)
class Profile:
    """One family of cards. Where several objects feed one quantity or text, the first with a value counts.

    title       as a person knows it
    reference   where the facts come from
    rank        a vendor's own MIB goes before the standard one
    base        the OID that all others here continue
    markers     objects that a card of this family has; one is enough
    texts       manufacturer, model, serial, firmware
    maker       the manufacturer, where no object says it
    """

    name: str
    title: str
    reference: str
    rank: Literal["vendor", "standard"]
    base: Part
    markers: tuple[Part, ...]
    texts: Mapping[str, tuple[Part, ...]]
    sources: tuple[SourceObject, ...]
    numbers: Mapping[str, tuple[NumberObject, ...]]
    batteries: tuple[BatteryObject, ...] = ()
    test_results: tuple[TestObject, ...] = ()
    conditions: tuple[ConditionObject, ...] = ()
    flags: tuple[FlagString, ...] = ()
    alarms: AlarmTable | None = None
    maker: str = ""

    def check(self) -> Iterator[tuple[str, str]]:
        """What the types cannot say."""
        if not self.markers:
            yield "markers", "is empty: the family cannot be recognised"
        for name in self.texts.keys() - set(TEXTS):
            yield "texts", f"{name!r} is not one of {', '.join(TEXTS)}"
        for name, objects in self.numbers.items():
            yield from (("numbers", f"{name}: {problem}") for problem in _number_problems(name, objects))
        for where, keys in self._enumerations():
            for key in keys:
                if not re.fullmatch(r"-?\d+", key):
                    yield where, f"{key!r} is not a whole number"

    def _enumerations(self) -> Iterator[tuple[str, Iterable[str]]]:
        yield from (("sources", item.values) for item in self.sources)
        yield from (("batteries", item.values) for item in self.batteries)
        yield from (("test_results", item.values) for item in self.test_results)
        yield from (("conditions", item.values) for item in self.conditions)
        yield from (("flags", item.positions) for item in self.flags)
        if self.alarms:
            yield "alarms", self.alarms.conditions

    def oid(self, part: Part) -> Oid:
        return f"{self.base}.{part}"

    def rows(self, item: NumberObject) -> tuple[tuple[int, Oid], ...]:
        """(line, OID) of a number's objects."""
        if not item.lines:
            return ((1, self.oid(item.oid)),)
        return tuple((line, f"{self.oid(item.oid)}.{line}") for line in range(1, item.lines + 1))

    @property
    def marker_oids(self) -> tuple[Oid, ...]:
        return tuple(self.oid(part) for part in self.markers)

    @property
    def state_oids(self) -> tuple[Oid, ...]:
        """What the verdict depends on."""
        parts = [
            *(item.oid for item in self.sources),
            *(item.oid for item in self.batteries),
            *(item.oid for item in self.test_results),
            *(item.oid for item in self.conditions),
            *(item.oid for item in self.flags),
            *((self.alarms.count,) if self.alarms else ()),
        ]
        return (*(self.oid(part) for part in parts), *self._numbers(essential=True))

    @property
    def detail_oids(self) -> tuple[Oid, ...]:
        """What else is to be known."""
        return (*(self.oid(part) for parts in self.texts.values() for part in parts), *self._numbers(essential=False))

    def second_rows(self, found: Iterable[Oid]) -> tuple[Oid, ...]:
        """Rows under the index i.0, which some cards use for i, of the columns that gave nothing under i."""
        seen = set(found)
        columns = (item for items in self.numbers.values() for item in items if item.lines)
        absent = ([oid for _, oid in self.rows(item)] for item in columns)
        return tuple(f"{oid}.0" for oids in absent if seen.isdisjoint(oids) for oid in oids)

    def _numbers(self, *, essential: bool) -> tuple[Oid, ...]:
        wanted = (items for name, items in self.numbers.items() if QUANTITIES[name].essential is essential)
        return tuple(oid for items in wanted for item in items for _, oid in self.rows(item))


def _number_problems(name: str, objects: tuple[NumberObject, ...]) -> Iterator[str]:
    quantity = QUANTITIES.get(name)
    if quantity is None:
        yield f"is not a quantity known here: {', '.join(QUANTITIES)}"
        return
    for item in objects:
        if item.unit.dimension is not quantity.dimension:
            yield f"{item.oid} is in {item.unit.name}, not in a unit of {quantity.dimension}"
        if item.lines and not quantity.per_line:
            yield f"{item.oid} has lines, but this is one value"


def decode_profile(text: str, source: str) -> Profile:
    """One profile. Raises DecodeError with every problem in it; `source` is its name in the messages."""
    return decode_text(text, Profile, source).value


def _load() -> tuple[Profile, ...]:
    """All profiles, vendors' first, by the order in which they are preferred."""
    files = sorted(FOLDER.glob("*.yml"))
    profiles = [decode_profile(path.read_text(encoding="utf-8"), str(path)) for path in files]
    return tuple(sorted(profiles, key=lambda profile: (profile.rank != "vendor", profile.name)))


PROFILES = _load()
