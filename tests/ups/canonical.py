"""An observation as plain facts, each under one name, so that others' statements can be laid beside it."""

from collections.abc import Mapping
from typing import NamedTuple

from collectors.ups.canonical import QUANTITIES, Observation

Value = float | str | bool


class Fact(NamedTuple):
    """A quantity, a condition, `source`, `battery` or `test_result`; line: phase number, 1 where there are no lines."""

    name: str
    line: int = 1

    def __str__(self) -> str:
        return self.name if self.line == 1 else f"{self.name} {self.line}"


def facts(seen: Observation) -> Mapping[Fact, Value]:
    """What was seen. What was not is not there."""
    found: dict[Fact, Value] = {}
    for name in QUANTITIES:
        value = getattr(seen, name)
        lines = value if isinstance(value, Mapping) else {1: value}
        found |= {Fact(name, line): number for line, number in lines.items() if number is not None}
    words = {"source": seen.source, "battery": seen.battery, "test_result": seen.test_result}
    found |= {Fact(name): word.value for name, word in words.items() if word is not None}
    return found | {Fact(condition.value): holds for condition, holds in seen.conditions.items()}
