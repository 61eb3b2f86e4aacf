"""Single places in a JSON text (RFC 8259), found without making objects of the whole of it. Pure.

Python's own reader makes 24 bytes out of each one of `[{},{},...]`: a page of a quarter of a megabyte would become six.
Here one value is made at a time, and let go again; what lies beside the way to the places is only looked over.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn

Place = tuple[str | int, ...]  # keys and indices, from the outermost

_DEEPEST = 500  # lists and objects within each other; Python's own reader gives up at about 1,000
_ENDS = {"[": "]", "{": "}"}
_BLANK = re.compile(r"[ \t\n\r]*+")
_BEHIND = re.compile(r"[ \t\n\r]*+([,\]}])[ \t\n\r]*+")  # a value
_COLON = re.compile(r"[ \t\n\r]*+:[ \t\n\r]*+")

_STRING = r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+"'
_SCALAR = rf"(?:{_STRING}|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?|true|false|null)"


def _enclosed(begin: str, part: str, end: str) -> str:
    return rf"\{begin}[ \t\n\r]*+(?:{part}[ \t\n\r]*+(?:,[ \t\n\r]*+{part}[ \t\n\r]*+)*+)?\{end}"


_PAIR = rf"{_STRING}[ \t\n\r]*+:[ \t\n\r]*+"
_FLAT = rf"(?:{_SCALAR}|{_enclosed('[', _SCALAR, ']')}|{_enclosed('{', _PAIR + _SCALAR, '}')})"
_LOW = rf"(?:{_SCALAR}|{_enclosed('[', _FLAT, ']')}|{_enclosed('{', _PAIR + _FLAT, '}')})"


@lru_cache(maxsize=2)
def _row(letter: str) -> re.Pattern[str]:
    """As many low parts of a list ("[") or object ("{") as there are, each with the comma behind it."""
    part = _LOW if letter == "[" else _PAIR + _LOW
    return re.compile(rf"(?:{part}[ \t\n\r]*+,[ \t\n\r]*+)*+")


def find(text: str, places: Iterable[Place]) -> Mapping[Place, str]:
    """The values at those places that there are, each as it is written in the text.

    Of a key that stands twice the last one counts. Raises ValueError where the text is not JSON, or nested too deeply.
    """
    walk = _Walk(text, frozenset(places))
    walk.run()
    return walk.found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"JSON has no {name}")


_ONE = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_no_number)


@dataclass(slots=True)
class _Around:
    """A list or object that is not over yet.

    begin: where in the text; part: the index or key of the value that is next or was last; until: the index behind
    which nothing is wanted, -1 where nothing is wanted at all.
    """

    begin: int
    until: float
    part: str | int = 0


class _Walk:
    """Once through the text, from value to value."""

    def __init__(self, text: str, wanted: frozenset[Place]) -> None:
        self._text = text
        self._wanted = wanted
        self._at = 0
        self._around: list[_Around] = []
        self.found: dict[Place, str] = {}

    def run(self) -> None:
        self._skip(_BLANK)
        due = True
        while due or self._around:
            due = self._enter() if due else self._go_on()
        self._skip(_BLANK)
        if self._at < len(self._text):
            raise ValueError("something stands behind the value")

    def _enter(self) -> bool:
        """A value begins here; whether another one, in it, comes next."""
        begin, letter = self._at, self._text[self._at : self._at + 1]
        if letter not in _ENDS:
            _, self._at = _ONE.raw_decode(self._text, begin)
            self._keep(begin, self._at)
            return False
        if len(self._around) == _DEEPEST:
            raise ValueError("nested too deeply")
        self._at += 1
        self._skip(_BLANK)
        if self._text.startswith(_ENDS[letter], self._at):
            self._at += 1
            self._keep(begin, self._at)
            return False
        self._around.append(_Around(begin, self._until(letter)))
        self._begin_part(letter, 0)
        return True

    def _go_on(self) -> bool:
        """A value of a list or object is over; whether another one comes next."""
        sign, around = self._skip(_BEHIND), self._around[-1]
        letter = self._text[around.begin]
        if sign[1] == ",":
            self._begin_part(letter, around.part + 1 if isinstance(around.part, int) else 0)
            return True
        if sign[1] != _ENDS[letter]:
            raise ValueError("the end of something else")
        self._around.pop()
        self._keep(around.begin, sign.end(1))
        return False

    def _begin_part(self, letter: str, index: int) -> None:
        around = self._around[-1]
        if index > around.until:
            self._skip(_row(letter))
        around.part = index if letter == "[" else self._key()

    def _key(self) -> str:
        if not self._text.startswith('"', self._at):
            raise ValueError("a key is a string")
        key, self._at = _ONE.raw_decode(self._text, self._at)
        self._skip(_COLON)
        return str(key)

    def _place(self) -> Place:
        return tuple([around.part for around in self._around])

    def _until(self, letter: str) -> float:
        """Of the list or object that begins here."""
        if self._around and self._around[-1].until < 0:
            return -1
        here = self._place()
        onward = [place[len(here)] for place in self._wanted if place[: len(here)] == here and len(place) > len(here)]
        if letter == "[":
            return max((part for part in onward if isinstance(part, int)), default=-1)
        return math.inf if any(isinstance(part, str) for part in onward) else -1

    def _keep(self, begin: int, end: int) -> None:
        if (not self._around or self._around[-1].until >= 0) and (place := self._place()) in self._wanted:
            self.found[place] = self._text[begin:end]

    def _skip(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.match(self._text, self._at)
        if not match:
            raise ValueError("not what should stand here")
        self._at = match.end()
        return match
