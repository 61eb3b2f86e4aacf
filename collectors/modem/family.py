"""Families: where the routers of a maker say what of their modem. Data files in families/, checked when they are read.

No standard MIB knows a radio signal, so each maker has objects of its own; makers whose objects are not published are
missing here. A new family is a new file there, with the source of its facts.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Self

from collectors.core.decode import decode_text
from collectors.core.ports import Oid
from collectors.modem.said import RANGES

_FOLDER = Path(__file__).with_name("families")


class Part(str):
    """The part of an OID that follows the family's base."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        if not re.fullmatch(r"\d+(\.\d+)*", text):
            raise ValueError(f"{text!r} is not part of an OID, such as 4.0")
        return cls(text)


@dataclass(frozen=True, slots=True)
class Number:
    """scale: what the number 1 means in decibels."""

    oid: Part
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Technology:
    """values: a name for each number; without them a text is its own name."""

    oid: Part
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registered:
    """values: numbers, or the beginnings of texts in small letters, that stand for a modem in its network."""

    oid: Part
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """What routers of one kind say of their modem.

    title       as a person knows it
    reference   where the facts come from
    base        the OID that all others here continue
    twins       other OIDs below which other makers' routers have the same tree
    table       whether a row follows each OID: one for each modem
    mark        an object that tells such a router from others
    numbers     rsrp, rsrq, sinr, rscp, rssi
    registered  without it a modem with a signal counts as registered
    """

    name: str
    title: str
    reference: str
    base: str
    mark: Part
    numbers: Mapping[str, Number]
    table: bool = False
    twins: tuple[str, ...] = ()
    cell: Part | None = None
    operator: Part | None = None
    technology: Technology | None = None
    registered: Registered | None = None

    def check(self) -> Iterable[tuple[str, str]]:
        for name in sorted(self.numbers.keys() - RANGES.keys()):
            yield f"numbers.{name}", f"is not one of {', '.join(RANGES)}"
        for base in (self.base, *self.twins):
            if not re.fullmatch(r"1\.3\.6\.1\.4\.1(\.\d+)+", base):
                yield "base", f"{base!r} is no OID below 1.3.6.1.4.1"

    @property
    def parts(self) -> tuple[Part, ...]:
        """All objects, each once."""
        words = (self.technology, self.registered)
        named = (*(each.oid for each in self.numbers.values()), *(each.oid for each in words if each))
        return tuple(dict.fromkeys((*named, *(each for each in (self.cell, self.operator) if each))))

    def oid(self, part: Part, row: str) -> Oid:
        """row: "" where there is no table."""
        return f"{self.base}.{part}.{row}" if row else f"{self.base}.{part}"


def decode_family(text: str, source: str) -> Family:
    """Raises DecodeError with every problem of the file."""
    return decode_text(text, Family, source).value


@cache
def families() -> tuple[Family, ...]:
    """All of them, one for each tree of a family."""
    found = (decode_family(path.read_text(encoding="utf-8"), str(path)) for path in sorted(_FOLDER.glob("*.yml")))
    return tuple(replace(family, base=base) for family in found for base in (family.base, *family.twins))
