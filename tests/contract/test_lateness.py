"""What an office sends late fills boards and reports, and wakes nobody: no rule of the moment looks back at it."""

from collections.abc import Iterator
from typing import Any

import promql_parser as promql
import pytest

from alerts import rules
from alerts.recorded import RECORDED
from alerts.settings import PRODUCTION

MOMENT = tuple(group for group in rules.groups(PRODUCTION) if group.name in {"register", "live", "upkeep"})
EXPRESSIONS = [
    *(one.expr for group in MOMENT for one in group.recordings),
    *(one.expr for group in MOMENT for one in group.alerts),
]
RULED = {series.name for series in RECORDED}  # rules fill these at the moment, never afterwards
CHILDREN = ("expr", "lhs", "rhs", "vector_selector")


def nodes(node: Any) -> Iterator[Any]:
    yield node
    inner = [getattr(node, name) for name in CHILDREN if getattr(node, name, None) is not None]
    inner += [*node.args] if isinstance(node, promql.Call) else []
    for child in inner:
        yield from nodes(child)


def looks_back(expression: str) -> Iterator[tuple[str, float]]:
    """Measured series that are looked at in the past, and how far."""
    for node in nodes(promql.parse(expression)):
        if isinstance(node, promql.MatrixSelector):
            yield str(node.vector_selector.name), node.range.total_seconds()
        if isinstance(node, promql.VectorSelector) and node.offset is not None:
            yield str(node.name), float("inf")


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_rule_of_the_moment_looks_back_no_further_than_the_register_is_remembered(expression: str) -> None:
    back = {name: seconds for name, seconds in looks_back(expression) if name not in RULED}
    assert all(seconds <= PRODUCTION.windows.facts_memory_seconds for seconds in back.values()), back


@pytest.mark.parametrize(
    ("expression", "seen"),
    [
        ("max_over_time(probe_success[1h]) and on (office) up", [("probe_success", 3600.0)]),
        ("sum by (office) (probe_success offset 2h)", [("probe_success", float("inf"))]),
        ("probe_success == 0", []),
    ],
)
def test_the_check_itself_bites(expression: str, seen: list[tuple[str, float]]) -> None:
    assert list(looks_back(expression)) == seen
