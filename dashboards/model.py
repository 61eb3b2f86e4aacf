"""What a board is, free of Grafana: questions, panels, queries and the words for them.

A board answers one question, a row one part of it, a panel one detail. Every text is a key of the message catalogue
(see `Board.words_of`); the screen shows Vietnamese first, English beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from collectors.messages import text


class Unit(StrEnum):
    """Grafana's names of the units on screen. Data are in base units; `queries.bits` turns bytes into bits."""

    NUMBER = "none"
    RATIO = "percentunit"
    SECONDS = "s"
    BITS_PER_SECOND = "bps"
    BYTES = "bytes"
    VOLTS = "volt"


class View(StrEnum):
    """How a panel shows its queries: one big number each, lines over time, states over time, a row per thing."""

    NUMBER = "stat"
    LINES = "timeseries"
    STATES = "statetimeline"
    TABLE = "table"


class Colour(StrEnum):
    """The three meanings of colour, and none."""

    GOOD = "green"
    WARNING = "orange"
    BAD = "red"
    PLAIN = "text"


@dataclass(frozen=True, slots=True)
class Step:
    """From this value upwards, this colour; `value` None = from minus infinity."""

    value: float | None
    colour: Colour


@dataclass(frozen=True, slots=True)
class Word:
    """A value that is shown as a word: a key of the catalogue, and what it means."""

    value: float | str
    key: str
    colour: Colour


GOOD_IS_ZERO = (Step(None, Colour.GOOD), Step(1, Colour.BAD))
GOOD_IS_ONE = (Step(None, Colour.BAD), Step(1, Colour.GOOD))


@dataclass(frozen=True, slots=True)
class Query:
    """One PromQL expression, with a name for what it shows.

    legend   Grafana's template for the names of its series: "{{hop}}"
    name     instead of a template, a key of the catalogue; in a table, the title of the query's column
    unit, steps, words   of that column; elsewhere the panel's own hold
    """

    expression: str
    legend: str = ""
    name: str = ""
    unit: Unit = Unit.NUMBER
    steps: tuple[Step, ...] = ()
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A label as a column of a table: a key of the catalogue for its title, and words for its values."""

    label: str
    name: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Jump:
    """A click on a row or value opens another board: variable -> the column whose value it takes; keep: as chosen."""

    board: str
    variables: tuple[tuple[str, str], ...]
    keep: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """One detail. width in 24ths of the screen, height in Grafana's units of 30 pixels.

    key            of its words: `boards.<board>.<key>`, or, for a panel of several boards, `fleet.<key>` below `boards`
    columns        tables: the labels to show, before the queries' own columns
    may_be_empty   no data is good news here (a list of failures)
    """

    key: str
    view: View
    queries: tuple[Query, ...]
    unit: Unit = Unit.NUMBER
    width: int = 12
    height: int = 7
    steps: tuple[Step, ...] = ()
    words: tuple[Word, ...] = ()
    columns: tuple[Column, ...] = ()
    jump: Jump | None = None
    lowest: float | None = None
    highest: float | None = None
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A part of the question. `key` names its title."""

    key: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """A choice at the top of the board, named like the label whose values it offers.

    expression   the series that carry the label
    shown        the label whose value people read in the list, "" = the code itself
    every        "all" may be chosen, and several
    """

    name: str
    expression: str
    shown: str = ""
    every: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """One question. `uid` is for ever: links and bookmarks hold it."""

    uid: str
    key: str
    rows: tuple[Row, ...]
    variables: tuple[Variable, ...] = ()
    hours: int = 24

    def words_of(self, panel: Panel) -> str:
        """The key of a panel's title and help."""
        return f"boards.{panel.key}" if "." in panel.key else f"boards.{self.key}.{panel.key}"

    def panels(self) -> Iterator[Panel]:
        for row in self.rows:
            yield from row.panels


def both(key: str) -> str:
    """Vietnamese first, English beside it, on one line; once where they are the same."""
    vietnamese, english = text(key, "vi"), text(key, "en")
    return vietnamese if vietnamese == english else f"{vietnamese} · {english}"


def explained(key: str) -> str:
    """Vietnamese first, English below it, as two paragraphs."""
    return f"{text(key, 'vi')}\n\n{text(key, 'en')}"
