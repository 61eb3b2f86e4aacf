"""What a foreign file says about one piece of work, before anything in it is looked up."""

import re
from dataclasses import dataclass
from datetime import datetime

from collectors.core.problem import Problem
from inventory.planned.window import Window


@dataclass(frozen=True, slots=True)
class Notice:
    """One row or event.

    where      file:line; column: what its place is called there
    ref        its own number there, "" where it has none
    station    of whose substation, feeder or circuit, as written
    places     where, as written; stated: whether it was written as the place, or is a text that may name one
    operator   and services as written, "" where the file does not say
    """

    where: str
    ref: str
    title: str
    times: tuple[Window, ...]
    places: str
    station: str = ""
    column: str = "place"
    stated: bool = True
    operator: str = ""
    service: str = ""
    cancelled: bool = False

    def problem(self, message: str, hint: str = "", column: str = "") -> Problem:
        """Something that is wrong with it, in a form that leads to the line."""
        return Problem(self.where, column or self.column, message, hint)


def moved(ref: str, replaced: datetime) -> str:
    """The number of one time of what repeats under `ref`, moved from when it would have been."""
    return f"{ref} {replaced:%Y%m%dT%H%M%z}"


def series(ref: str) -> str:
    """The number of what repeats, of which this is one time that was moved; "" for anything else."""
    found = re.fullmatch(r"(.+) \d{8}T\d{4}[+-]\d{4,6}", ref)
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Notices:
    """What could be read of a file, and what could not. remarks: what a person should know though nothing is wrong."""

    found: tuple[Notice, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[str, ...] = ()
