"""Profiles: how a family of cards says things. Data files in profiles/, decoded and checked when this is imported.

A new family is a new file there (docs/ups.md says how to write one) and a recording to test it with.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from collectors.core.decode import decode_text
from collectors.core.ports import Oid
from collectors.ups.canonical import QUANTITIES, TEXTS
from collectors.ups.objects import (
    AlarmTable,
    BatteryObject,
    ConditionObject,
    Enumeration,
    FlagString,
    NumberObject,
    Part,
    Row,
    SourceObject,
    Switches,
    TestObject,
)

FOLDER = Path(__file__).with_name("profiles")
_NUMBER = ("a whole number", r"-?\d+")
_ENTERPRISE = re.compile(r"1\.3\.6\.1\.4\.1\.(\d+)")


@dataclass(frozen=True, slots=True)
class Profile:
    """One family of cards. Where several objects feed one quantity, word or text, the first that says something counts.

    title        as a person knows it
    reference    where the facts come from
    rank         a vendor's own MIB goes before the standard one
    base         the OID that all others here continue
    twins        other OIDs below which other makers' cards have the same tree
    enterprises  other makers whose cards may speak it beside or instead of their own
    markers      objects that a card of this family has; one is enough
    rows         rows whose number differs between cards, by the name that stands for it in OIDs
    texts        manufacturer, model, serial, firmware
    maker        the manufacturer, where no object says it
    """

    name: str
    title: str
    reference: str
    rank: Literal["vendor", "standard"]
    base: Part
    markers: tuple[Part, ...]
    twins: tuple[Part, ...] = ()
    enterprises: tuple[int, ...] = ()
    rows: Mapping[str, Row] = field(default_factory=dict)
    texts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    sources: tuple[SourceObject, ...] = ()
    batteries: tuple[BatteryObject, ...] = ()
    test_results: tuple[TestObject, ...] = ()
    conditions: tuple[ConditionObject, ...] = ()
    switches: tuple[Switches, ...] = ()
    flags: tuple[FlagString, ...] = ()
    alarms: AlarmTable | None = None
    numbers: Mapping[str, tuple[NumberObject, ...]] = field(default_factory=dict)
    maker: str = ""

    def check(self) -> Iterator[tuple[str, str]]:
        """What the types cannot say."""
        if not self.markers:
            yield "markers", "is empty: the family cannot be recognised"
        for name in self.texts.keys() - set(TEXTS):
            yield "texts", f"{name!r} is not one of {', '.join(TEXTS)}"
        for name, objects in self.numbers.items():
            yield from ((f"numbers.{name}", problem) for problem in _number_problems(name, objects))
        for where, keys, wanted in self._enumerations():
            yield from ((where, f"{key!r} is not {wanted[0]}") for key in keys if not re.fullmatch(wanted[1], key))
        for where, parts in self._places():
            for row in sorted({row for part in parts for row in part.rows} - self.rows.keys()):
                yield where, f"rows do not say what {row!r} stands for"

    def _enumerations(self) -> Iterator[tuple[str, Iterable[str], tuple[str, str]]]:
        """Where, the keys there, and what they should be: in words and as a pattern."""
        for where, items in self._sections():
            for index, item in enumerate(items):
                yield f"{where}[{index}].values", item.values, ("a whole number", r"-?\d+|even|odd")
                yield f"{where}[{index}].texts", item.texts, ("a text in small letters", r"[^A-Z]+")
        for index, switches in enumerate(self.switches):
            yield f"switches[{index}]", (switches.yes, switches.no), _NUMBER
            yield f"switches[{index}].objects", switches.objects, ("part of an OID", Part.pattern)
        for index, flags in enumerate(self.flags):
            yield f"flags[{index}].positions", flags.positions, _NUMBER
            yield f"flags[{index}].inverted", flags.inverted, _NUMBER
        if self.alarms:
            yield "alarms.conditions", self.alarms.conditions, _NUMBER

    def _sections(self) -> tuple[tuple[str, Sequence[Enumeration]], ...]:
        return (
            ("sources", self.sources),
            ("batteries", self.batteries),
            ("test_results", self.test_results),
            ("conditions", self.conditions),
        )

    # --- where things are ---------------------------------------------------------------------------------------------

    def oid(self, part: Part) -> Oid:
        """The whole OID."""
        numbers = (str(self.rows[number].usual) if number in self.rows else number for number in part.split("."))
        return ".".join((self.base, *numbers))

    def oids(self, item: NumberObject) -> tuple[tuple[int, Oid], ...]:
        """(line, OID) of a number's objects."""
        return tuple((line, self.oid(part)) for line, part in enumerate(item.parts, 1))

    def with_rows(self, numbers: Mapping[str, int]) -> "Profile":
        """The same for a card on which these rows have these numbers."""
        return replace(
            self, rows={name: replace(row, usual=numbers.get(name, row.usual)) for name, row in self.rows.items()}
        )

    @property
    def makers(self) -> frozenset[int]:
        """The enterprise numbers (RFC 2578, section 4) of those whose cards may speak it."""
        own = _ENTERPRISE.match(self.base)
        return frozenset((*self.enterprises, *((int(own[1]),) if own else ())))

    # --- what to ask --------------------------------------------------------------------------------------------------

    @property
    def statements(self) -> tuple[ConditionObject, ...]:
        """All objects that state conditions by a number or a word."""
        return (*self.conditions, *(item for switches in self.switches for item in switches.conditions))

    @property
    def marker_oids(self) -> tuple[Oid, ...]:
        return tuple(self.oid(part) for part in self.markers)

    @property
    def state_oids(self) -> tuple[Oid, ...]:
        """What the verdict depends on."""
        return tuple(dict.fromkeys(self.oid(part) for part in (*self._words(), *self._numbers(essential=True))))

    @property
    def detail_oids(self) -> tuple[Oid, ...]:
        """What else is to be known."""
        parts = (*(part for parts in self.texts.values() for part in parts), *self._numbers(essential=False))
        return tuple(dict.fromkeys(self.oid(part) for part in parts))

    def second_rows(self, found: Iterable[Oid]) -> tuple[Oid, ...]:
        """Rows under the index i.0, which some cards use for i, where nothing of the same quantity was found."""
        seen = set(found)
        quantities = ([(item, oid) for item in items for _, oid in self.oids(item)] for items in self.numbers.values())
        absent = (objects for objects in quantities if seen.isdisjoint(oid for _, oid in objects))
        return tuple(f"{oid}.0" for objects in absent for item, oid in objects if item.lines)

    def unplaced(self, found: Iterable[Oid]) -> Mapping[str, Oid]:
        """Rows of which nothing was found under their usual number: name -> the column whose first row counts."""
        seen = set(found)
        return {
            name: self.oid(row.column)
            for name, row in self.rows.items()
            if seen.isdisjoint(self.oid(part) for _, parts in self._places() for part in parts if name in part.rows)
        }

    def _words(self) -> tuple[Part, ...]:
        enumerations = (*(item for _, items in self._sections() for item in items), *self.statements)
        beside = (item.beside for item in self.sources if item.beside is not None)
        others = (*(flags.oid for flags in self.flags), *((self.alarms.count,) if self.alarms else ()))
        return (*(item.oid for item in enumerations), *beside, *others)

    def _numbers(self, *, essential: bool) -> tuple[Part, ...]:
        wanted = (items for name, items in self.numbers.items() if QUANTITIES[name].essential is essential)
        return tuple(part for items in wanted for item in items for part in item.parts)

    def _places(self) -> Iterator[tuple[str, tuple[Part, ...]]]:
        """Every part of an OID that is asked for, and where it stands."""
        yield "markers", self.markers
        for where, items in self._sections():
            yield from ((f"{where}[{index}]", (item.oid,)) for index, item in enumerate(items))
        yield "sources", tuple(item.beside for item in self.sources if item.beside is not None)
        yield "switches", tuple(item.oid for switches in self.switches for item in switches.conditions)
        yield from ((f"flags[{index}]", (flags.oid,)) for index, flags in enumerate(self.flags))
        yield from ((f"texts.{name}", parts) for name, parts in self.texts.items())
        for name, objects in self.numbers.items():
            yield f"numbers.{name}", tuple(part for item in objects for part in item.parts)


def _number_problems(name: str, objects: tuple[NumberObject, ...]) -> Iterator[str]:
    quantity = QUANTITIES.get(name)
    if quantity is None:
        yield f"is not a quantity known here: {', '.join(QUANTITIES)}"
        return
    for item in objects:
        if (item.oid is None) is not bool(item.each) or (item.lines and item.each):
            yield "needs either oid or each, and lines only with oid"
            continue
        if item.unit.dimension is not quantity.dimension:
            yield f"{item.parts[0]} is in {item.unit.name}, not in a unit of {quantity.dimension}"
        if (item.lines or item.each) and not quantity.per_line:
            yield f"{item.oid or item.each[0]} has lines, but this is one value"


def decode_profile(text: str, source: str) -> Profile:
    """One profile. Raises DecodeError with every problem in it; `source` is its name in the messages."""
    return decode_text(text, Profile, source).value


def _load() -> tuple[Profile, ...]:
    """All profiles, vendors' first, by the order in which they are preferred; one for each tree of a family."""
    files = sorted(FOLDER.glob("*.yml"))
    profiles = [decode_profile(path.read_text(encoding="utf-8"), str(path)) for path in files]
    trees = (replace(profile, base=base) for profile in profiles for base in (profile.base, *profile.twins))
    return tuple(sorted(trees, key=lambda profile: (profile.rank != "vendor", profile.name)))


PROFILES = _load()
