"""Small types that the inventory's files are made of."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

Value = str | tuple[str, ...] | Mapping[str, str]
Fields = Mapping[str, Value]
Tree = str | Sequence["Tree"] | Mapping[str, "Tree"]

_SIZES = {"kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


class ByteSize(int):
    """A number of bytes in decimal units, as telecom operators count: 500MB, 30GB."""

    @classmethod
    def parse(cls, text: str) -> "ByteSize":
        """ValueError for anything but a number and a unit."""
        match = re.fullmatch(r"(\d+(?:\.\d+)?) ?(kB|MB|GB|TB)", text)
        if not match:
            raise ValueError(f"{text!r} is not an amount of data; write 500MB or 30GB")
        return cls(float(match[1]) * _SIZES[match[2]])


class Day(date):
    """A day of the calendar: 2026-11-20."""

    @classmethod
    def parse(cls, text: str) -> "Day":
        """ValueError for anything else."""
        try:
            return cls.fromisoformat(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a day; write 2026-11-20") from None


class Technology(StrEnum):
    """What a link is made of."""

    FTTH = "ftth"
    LEASED = "leased"
    MOBILE_4G = "4g"
    MOBILE_5G = "5g"
    SATELLITE = "satellite"


class Scope(StrEnum):
    """One host for the whole country, or one per province."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"


class Cover(StrEnum):
    """What becomes of a system that is no service to turn on."""

    MEASURED = "measured"  # by something else: another entry, or another collector
    CHECKLIST = "checklist"  # kept by people, not by probes
    OUT_OF_SCOPE = "out_of_scope"  # nothing that a machine could see
