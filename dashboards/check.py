"""Do the boards show anything? Every panel's queries, asked of a real store.

`panels_without_data("http://127.0.0.1:9090", {"province": "04", "office": "01273-ubnd"}, now)` lists the panels that
would be empty, but for those that are marked as allowed to be.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dashboards.boards import BOARDS
from dashboards.model import Board, Panel, both
from dashboards.prometheus import Prometheus

_ALL = ".*"  # what Grafana puts in for "all"
_DEFAULTS = {"commune": _ALL, "service": _ALL, "__rate_interval": "5m"}


@dataclass(frozen=True, slots=True)
class Empty:
    """A query without an answer."""

    board: str
    panel: str
    expression: str

    def __str__(self) -> str:
        return f"{self.board} / {self.panel}: no data for {self.expression}"


def queries_of(board: Board, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """(panel's title, expression with the values in place of the variables), in the order of the board.

    Raises KeyError for a variable that is not in `values`; commune, service and the rate interval have defaults.
    """
    return [(both_of(board, panel), expression) for panel, expression in _resolved(board, values)]


def panels_without_data(url: str, values: Mapping[str, str], now: float) -> list[Empty]:
    """What would be empty at this moment. Raises PrometheusError."""
    store = Prometheus(url)
    return [
        Empty(board.uid, both_of(board, panel), expression)
        for board in BOARDS
        for panel, expression in _resolved(board, values)
        if not panel.may_be_empty and not store.query(expression, now)
    ]


def both_of(board: Board, panel: Panel) -> str:
    """The panel's title as it stands on the screen."""
    return both(f"{board.words_of(panel)}.title")


def _resolved(board: Board, values: Mapping[str, str]) -> Iterator[tuple[Panel, str]]:
    known = {**_DEFAULTS, **values}
    for panel in board.panels():
        for query in panel.queries:
            yield panel, re.sub(r"\$(\w+)", lambda found: known[found[1]], query.expression)
