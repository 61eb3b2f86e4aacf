"""A buffer as text with times, for `promtool tsdb create-blocks-from openmetrics` and for people.

Source: OpenMetrics 1.0, section "Text format": the samples of a metric stand together, those of a series in order.
"""

from array import array
from collections.abc import Iterable, Iterator

from agent.buffer.scrape import Labels, Scrape
from collectors.core import exposition

_NAME = "__name__"


def lines(scrapes: Iterable[Scrape], name: str = "") -> Iterator[str]:
    """Of the metric of this name, or of all. Values are kept in memory: 16 bytes each. NaN, an end, is left out."""
    found: dict[Labels, tuple[array[float], array[float]]] = {}
    for scrape in scrapes:
        for labels, value in scrape.values.items():
            if value == value and (not name or (_NAME, name) in labels):
                times, values = found.setdefault(labels, (array("d"), array("d")))
                times.append(scrape.stamp.wall)
                values.append(value)
    for labels in sorted(found, key=lambda labels: (dict(labels)[_NAME], labels)):
        own = tuple(pair for pair in labels if pair[0] != _NAME)
        series = exposition.series(dict(labels)[_NAME], own)
        for at, value in zip(*found[labels], strict=True):
            yield f"{series} {exposition.number(value)} {at:.3f}"
    yield "# EOF"
