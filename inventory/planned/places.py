"""Where planned work is: names in a text that mean communes, offices and feeders of one province. Nothing is guessed.

Names are found with or without diacritics, but not with wrong ones, for Đồng Tiến and Đông Tiến lie in one province.
What is called a commune and is none here is told, as is a name that two of them have.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from collectors.core.problem import Problem
from inventory.planned.notice import Notice
from inventory.planned.words import Word, fold, words
from inventory.register import Commune, CommuneType

_TYPES: Mapping[tuple[str, ...], CommuneType] = {
    ("xa",): CommuneType.XA,
    ("phuong",): CommuneType.PHUONG,
    ("dac", "khu"): CommuneType.DAC_KHU,
}
_PARTS = re.compile(r"[;,\n/]|\s+(?:và|va|and)\s+", re.IGNORECASE)
_BEFORE_2025 = (
    "names from before July 2025 are not known: write the code, or say under `places:` in province.yml what is meant"
)


@dataclass(frozen=True, slots=True)
class Found:
    """Codes and ids, in the order of the text."""

    communes: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    feeders: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.communes or self.offices or self.feeders)


@dataclass(frozen=True)  # no slots: what is made of it is kept
class Gazetteer:
    """What places of one province may be called.

    words   the province's own -> communes, offices and feeders; feeders and circuits: their codes -> those of an office
    """

    communes: Sequence[Commune]
    offices: frozenset[str] = frozenset()
    feeders: frozenset[str] = frozenset()
    circuits: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def names(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        """Everything but communes' names -> what it means, by folded words."""
        own = {**{name: (name,) for name in (*self.offices, *self.feeders)}, **self.words}
        own |= {commune.code: (commune.code,) for commune in self.communes}
        own |= {circuit: (office,) for circuit, office in self.circuits.items()}
        return {tuple(fold(name).split()): meant for name, meant in own.items() if fold(name)}

    @cached_property
    def longest(self) -> int:
        """Words of the longest of these names."""
        return max((len(name) for name in self.names), default=0)

    @cached_property
    def by_first_word(self) -> Mapping[str, Sequence[tuple[tuple[Word, ...], Commune]]]:
        """The communes with the words of their names."""
        found: dict[str, list[tuple[tuple[Word, ...], Commune]]] = {}
        for commune in self.communes:
            name = words(commune.name)
            found.setdefault(name[0].folded, []).append((name, commune))
        return found

    def sorted_out(self, meant: Iterable[str]) -> Found:
        """Codes and ids, each where it belongs."""
        those = tuple(dict.fromkeys(meant))
        return Found(
            tuple(code for code in those if code not in self.offices and code not in self.feeders),
            tuple(code for code in those if code in self.offices),
            tuple(code for code in those if code in self.feeders and code not in self.offices),
        )


def find(notice: Notice, gazetteer: Gazetteer) -> tuple[Found, tuple[Problem, ...]]:
    """What the notice names, and what of it is not known or not clear."""
    station = _Search(notice, gazetteer)
    station.own(notice.station)
    if station.meant:  # says it more exactly than the area around it
        return gazetteer.sorted_out(station.meant), ()
    search = _Search(notice, gazetteer)
    search.run()
    found = gazetteer.sorted_out(search.meant)
    if notice.places.strip() and not found and not search.problems:
        search.problems.append(notice.problem(f"{_short(notice.places)!r} names no place that is known", _BEFORE_2025))
    return found, tuple(search.problems) if notice.stated or not found else ()


class _Search:
    """One walk over the words of one notice."""

    def __init__(self, notice: Notice, gazetteer: Gazetteer) -> None:
        self.meant: list[str] = []
        self.problems: list[Problem] = []
        self._notice = notice
        self._known = gazetteer
        self._typed_out = any(word.marks for word in words(notice.places))  # with diacritics

    def run(self) -> None:
        """By what kind of place is said before each name; where nothing says so, each part is a name."""
        if not self._walk(words(self._notice.places)) and self._notice.stated:
            for part in _PARTS.split(self._notice.places):
                self._whole(part)

    def own(self, text: str) -> None:
        """Only what is neither a commune's name nor code; the rest is somebody else's and no matter."""
        left = words(text)
        while left:
            left = left[self._own(left) or 1 :]

    def _walk(self, text: Sequence[Word]) -> bool:
        """Whether any word says that a commune's name follows, or a name of the province's own was found."""
        at, said = 0, False
        while at < len(text):
            step = self._own(text[at:]) or self._commune(text[at:])
            said = said or step > 0
            at += step or 1
        return said

    def _own(self, text: Sequence[Word]) -> int:
        """How many words are a name that is no commune's; the longest wins."""
        for length in range(min(self._known.longest, len(text)), 0, -1):
            if meant := self._known.names.get(tuple(word.folded for word in text[:length])):
                self.meant += meant
                return length
        return 0

    def _commune(self, text: Sequence[Word]) -> int:
        for said, kind in _TYPES.items():
            if tuple(word.folded for word in text[: len(said)]) == said:
                rest = text[len(said) :]
                return len(said) + (self._own(rest) or self._named(rest, kind))
        return 0

    def _named(self, text: Sequence[Word], kind: CommuneType) -> int:
        """The communes whose name begins the text; the longest wins."""
        beginning = self._known.by_first_word.get(text[0].folded, ()) if text else ()
        fitting = [
            (name, unit) for name, unit in beginning if unit.type is kind and self._same(text[: len(name)], name)
        ]
        length = max((len(name) for name, _ in fitting), default=0)
        units = [unit for name, unit in fitting if len(name) == length]
        if not units:
            self._unknown(text[:3], kind)
        self._one_of(units)
        return length

    def _whole(self, part: str) -> None:
        text = words(part)
        if text:
            beginning = self._known.by_first_word.get(text[0].folded, ())
            units = [unit for name, unit in beginning if self._same(text, name)]
            if not units:
                self._unknown(text[:4], None)
            self._one_of(units)

    def _same(self, text: Sequence[Word], name: Sequence[Word]) -> bool:
        """Letter for letter; and with their diacritics, where the text has any."""
        if self._typed_out:
            return tuple(text) == tuple(name)
        return [word.folded for word in text] == [word.folded for word in name]

    def _one_of(self, units: Sequence[Commune]) -> None:
        if len(units) == 1:
            self.meant.append(units[0].code)
        elif units:
            known = ", ".join(f"{unit.code} {unit.title()}" for unit in units)
            message = f"{_short(self._notice.places)!r} may mean {known}"
            self.problems.append(self._notice.problem(message, "write it with its diacritics, or its code"))

    def _unknown(self, text: Sequence[Word], kind: CommuneType | None) -> None:
        written = " ".join(word.folded for word in text)
        near = list(self._near(written, kind))
        hint = f"did you mean {near[0].title()}, {near[0].code}? Otherwise: {_BEFORE_2025}" if near else _BEFORE_2025
        message = f"{_short(self._notice.places)!r} names a place that is not known here: {written!r}"
        self.problems.append(self._notice.problem(message, hint))

    def _near(self, written: str, kind: CommuneType | None) -> Iterator[Commune]:
        units = {fold(unit.name): unit for unit in self._known.communes if kind in (None, unit.type)}
        for length in (3, 2, 1):
            start = " ".join(written.split()[:length])
            yield from (units[name] for name in difflib.get_close_matches(start, units, 1, 0.8))


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 60 else plain[:57] + "..."
