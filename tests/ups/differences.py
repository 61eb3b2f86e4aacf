"""Our values beside others', and the differences that have an explanation: tests/ups/explained.yml."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ups.canonical import Fact, Value
from tests.ups.librenms import Sensor

EXPLANATIONS = Path(__file__).with_name("explained.yml")
CLOSE = 0.001  # of the value: nobody rounds here, but decimal fractions are binary ones


@dataclass(frozen=True, slots=True)
class Comparison:
    """One statement of another project about one recording, beside ours. item: as that project calls it."""

    whose: str
    recording: str
    item: str
    fact: Fact
    theirs: Value
    ours: Value | None

    @property
    def agrees(self) -> bool:
        if isinstance(self.theirs, float) and isinstance(self.ours, float):
            return self.ours == pytest.approx(self.theirs, rel=CLOSE, abs=CLOSE)
        return self.theirs == self.ours

    @property
    def reason(self) -> str:
        """Why the difference is none of ours, "" where nobody explained it."""
        return explanations().get((self.whose, self.recording, self.item), "")

    def __str__(self) -> str:
        return f"{self.recording}: {self.fact} is {self.ours}, {self.whose} ({self.item}) expects {self.theirs}"


def beside_librenms(expected: Iterable[Sensor], ours: Mapping[Fact, Value]) -> Sequence[Comparison]:
    """The sensors of one recording beside our facts."""
    return [
        Comparison("librenms", each.recording.stem, each.item, each.fact, each.value, ours.get(each.fact))
        for each in expected
        if each.fact
    ]


def unexplained(comparisons: Iterable[Comparison]) -> Sequence[str]:
    """For a person: what differs, and nobody has said why."""
    return [str(each) for each in comparisons if not each.agrees and not each.reason]


def needless(whose: str, comparisons: Iterable[Comparison]) -> Sequence[tuple[str, str, str]]:
    """Explanations of differences that are gone, or never were."""
    differing = {(each.whose, each.recording, each.item) for each in comparisons if not each.agrees}
    return sorted(key for key in explanations() if key[0] == whose and key not in differing)


@cache
def explanations() -> Mapping[tuple[str, str, str], str]:
    """(project, recording, item) -> the reason in words."""
    raw: Mapping[str, Any] = yaml.safe_load(EXPLANATIONS.read_text(encoding="utf-8"))
    return {
        (whose, recording, item): raw["reasons"][reason]
        for whose, recordings in raw["explained"].items()
        for recording, reasons in recordings.items()
        for reason, items in reasons.items()
        for item in items
    }
