"""Series of a scene as samples that come late: written to a real store hours after they should have been."""

import re
from collections.abc import Iterator, Mapping

from agent.uplink.series import Series
from tests.rules.scene import STEP

_LABEL = re.compile(r'(\w+)="([^"]*)"')
_RUN = re.compile(r"(stale|_|-?[\d.eE]+)?(?:([+-][\d.eE]+)?x(\d+))?")
_STAMPS = ("timestamp_seconds", "_planned_start", "_planned_end")  # their values are times of the scene's clock


def late(series: Mapping[str, str], start: float) -> Iterator[Series]:
    """As if the scene had begun at `start`, Unix time; what a scene calls stale was not measured."""
    for name, notation in series.items():
        metric, _, rest = name.partition("{")
        labels = tuple(sorted({"__name__": metric, **dict(_LABEL.findall(rest))}.items()))
        shift = start if metric.endswith(_STAMPS) else 0.0
        points = [(index, value + shift) for index, value in enumerate(samples(notation)) if value is not None]
        if points:
            times = tuple(round((start + index * STEP) * 1000) for index, _ in points)
            yield Series(labels, times, tuple(value for _, value in points))


def samples(notation: str) -> Iterator[float | None]:
    """promtool's: 1x3 is 1 four times, 0+15x2 is 0 15 30, _x2 nothing twice, stale one mark."""
    for word in notation.split():
        match = _RUN.fullmatch(word)
        if match is None:
            raise ValueError(word)
        first, step, more = match.groups()
        if first == "stale":
            yield None
        elif first == "_":
            yield from [None] * int(more or 1)
        else:
            yield from (float(first) + index * float(step or 0) for index in range(int(more or 0) + 1))


def length(series: Mapping[str, str]) -> float:
    """Seconds that the longest of them takes."""
    return max(sum(1 for _ in samples(notation)) for notation in series.values()) * STEP
