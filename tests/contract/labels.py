"""Which labels may the result of a PromQL expression carry? Checks every grouping and join on the way.

A set of labels is what may be there, not what must: identity labels are optional on most series.
"""

from collections.abc import Mapping
from typing import Any

import promql_parser as promql

Labels = frozenset[str]
_FROM_SCRAPE = frozenset({"instance", "job"})
_SET_OPERATORS = ("and", "or", "unless")


class WrongLabelError(AssertionError):
    """An expression groups or joins by a label that its series do not have."""


def labels_of(expression: str, declared: Mapping[str, Labels]) -> Labels:
    """The labels of the result. KeyError for a series that is not declared, WrongLabelError for a label."""
    return _labels(promql.parse(expression), declared)


def _labels(node: Any, declared: Mapping[str, Labels]) -> Labels:
    match node:
        case promql.VectorSelector():
            return _selected(node, declared)
        case promql.MatrixSelector():
            return _selected(node.vector_selector, declared)
        case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            return _labels(node.expr, declared)
        case promql.Call() if node.func.name == "label_replace":
            return _labels(node.args[0], declared) | {node.args[1].val}
        case promql.Call():
            return frozenset().union(*(_labels(argument, declared) for argument in node.args))
        case promql.AggregateExpr():
            return _aggregated(node, _labels(node.expr, declared))
        case promql.BinaryExpr():
            return _combined(node, _labels(node.lhs, declared), _labels(node.rhs, declared))
        case promql.NumberLiteral() | promql.StringLiteral():
            return frozenset()
    raise NotImplementedError(type(node).__name__)


def _selected(selector: Any, declared: Mapping[str, Labels]) -> Labels:
    known = declared[selector.name] | _FROM_SCRAPE
    _within(known, {matcher.name for matcher in selector.matchers.matchers}, selector.name)
    return known


def _aggregated(node: Any, inner: Labels) -> Labels:
    if str(node.op) in ("topk", "bottomk"):
        return inner
    if node.modifier is None:
        return frozenset()
    named = frozenset(node.modifier.labels)
    if node.modifier.type != promql.AggModifierType.By:
        return inner - named
    return _within(inner, named, f"{node.op} by")


def _combined(node: Any, left: Labels, right: Labels) -> Labels:
    modifier = node.modifier
    if modifier and modifier.matching:
        on = frozenset(modifier.matching.labels)
        _within(left, on, f"{node.op} on")
        _within(right, on, f"{node.op} on")
    if str(node.op) in _SET_OPERATORS:
        return left | right if str(node.op) == "or" else left
    if modifier and modifier.group_labels:
        return left | _within(right, frozenset(modifier.group_labels), "group_left")
    return left or right


def _within(known: Labels, named: frozenset[str] | set[str], where: str) -> Labels:
    if missing := named - known:
        raise WrongLabelError(f"{where}: {sorted(missing)} is not among {sorted(known)}")
    return frozenset(named)
