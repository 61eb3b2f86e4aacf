"""PromQL from objects: a series is named by the `Metric` or `Recorded` that declares it, never by typing its name.

What joins names of offices, provinces, links and services to a series is in alerts/promql.py, and used from there.
"""

from collections.abc import Iterable, Sequence

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


def rate(selector: str) -> str:
    """Growth of a counter per second, over the window that suits the screen."""
    return f"rate({selector}[$__rate_interval])"


def or_else(expression: str, other: str) -> str:
    """The expression, and the other for whatever labels the first lacks. Both carry the same labels."""
    return f"{expression} or {other}"


def or_nought(expression: str) -> str:
    """One number: the expression, or 0 where it has no series at all."""
    return f"{expression} or vector(0)"


def coded(series: Named, label: str, words: Sequence[str], by: Iterable[str], **equal: str) -> str:
    """Which of the words holds, as a number: 1 for the first. The series says 1 for the value of `label` that holds."""
    held = (f"{code} * ({select(series, **{label: word}, **equal)} == 1)" for code, word in enumerate(words, 1))
    return most(by, " or ".join(held))


def bits(expression: str) -> str:
    """Bytes as bits, for the screen only."""
    return f"8 * {expression}"


def _aggregate(operator: str, by: Iterable[str], expression: str) -> str:
    labels = ", ".join(by)
    return f"{operator} by ({labels}) ({expression})" if labels else f"{operator}({expression})"
