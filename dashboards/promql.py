"""PromQL from objects: a series is named by the `Metric` or `Recorded` that declares it, never by typing its name."""

from collections.abc import Iterable

from alerts.rule import Recorded
from collectors.core import Metric

Named = Metric | Recorded


def select(series: Named, *matchers: str, **equal: str) -> str:
    """A selector: `select(SUCCESS, 'service!=""', office="$office")` is probe_success{office="$office",service!=""}."""
    inside = ",".join([*(f'{label}="{value}"' for label, value in sorted(equal.items())), *matchers])
    return f"{series.name}{{{inside}}}" if inside else series.name


def total(by: Iterable[str], expression: str) -> str:
    """The sum for each group of labels."""
    return _aggregate("sum", by, expression)


def most(by: Iterable[str], expression: str) -> str:
    """The largest for each group of labels."""
    return _aggregate("max", by, expression)


def least(by: Iterable[str], expression: str) -> str:
    """The smallest for each group of labels."""
    return _aggregate("min", by, expression)


def number(by: Iterable[str], expression: str) -> str:
    """How many series there are in each group of labels."""
    return _aggregate("count", by, expression)


def over_day(selector: str) -> str:
    """The last value of the day that ends now."""
    return f"last_over_time({selector}[1d])"


def or_zero(expression: str, expected: str) -> str:
    """The expression, and 0 for whatever is expected and not in it. Both must carry the same labels."""
    return f"{expression} or 0 * {expected}"


def or_nought(expression: str) -> str:
    """One number: the expression, or 0 where it has no series at all."""
    return f"{expression} or vector(0)"


def bits(expression: str) -> str:
    """Bytes as bits, for the screen only."""
    return f"8 * {expression}"


def _aggregate(operator: str, by: Iterable[str], expression: str) -> str:
    labels = ", ".join(by)
    return f"{operator} by ({labels}) ({expression})" if labels else f"{operator}({expression})"
