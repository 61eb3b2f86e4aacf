"""Two small pictures as inline SVG: where a month's samples lie against the contract, and how its days went.

Pure text, no script, no outside asset; sizes in pixels of the viewBox, colours by class in page.css. A ratio of 1 is
the contract; what lies beyond TOP is drawn at the edge.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from dashboards.reports.bandwidth import REQUIRED_SHARE

TOP = 1.2  # the ratio at the end of the scale
WIDTH, HEIGHT = 150, 22
DAY_WIDTH, DAYS_HEIGHT = 4, 30


def spread(p5: float, median: float, p95: float, label: str) -> str:
    """A band from P5 to P95 with a mark at the median, over a scale from 0 to TOP with the required share on it."""
    low, middle, high = (_across(value) for value in (p5, median, p95))
    required, contract = _across(REQUIRED_SHARE), _across(1)
    return (
        f'<svg class="spread" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{label}">'
        f'<rect class="scale" x="0" y="9" width="{WIDTH}" height="4" rx="2"/>'
        f'<rect class="promised" x="0" y="9" width="{contract:.1f}" height="4" rx="2"/>'
        f'<rect class="band" x="{low:.1f}" y="6" width="{max(high - low, 2):.1f}" height="10" rx="3"/>'
        f'<line class="required" x1="{required:.1f}" x2="{required:.1f}" y1="1" y2="21"/>'
        f'<rect class="median" x="{middle - 1.5:.1f}" y="3" width="3" height="16" rx="1.5"/></svg>'
    )


def days(ratios: Sequence[float | None], label: str) -> str:
    """A line over the days of the month; a day without samples is a gap, a day alone is a dot."""
    width = DAY_WIDTH * len(ratios)
    required = _up(REQUIRED_SHARE)
    return (
        f'<svg class="days" viewBox="0 0 {width} {DAYS_HEIGHT}" width="{width}" height="{DAYS_HEIGHT}" role="img" '
        f'aria-label="{label}">'
        f'<line class="required" x1="0" x2="{width}" y1="{required:.1f}" y2="{required:.1f}"/>'
        f"{''.join(_stretches(ratios))}</svg>"
    )


def _stretches(ratios: Sequence[float | None]) -> Iterable[str]:
    for known, stretch in groupby(enumerate(ratios), key=lambda day: day[1] is not None):
        if known:
            yield _stretch([((day + 0.5) * DAY_WIDTH, _up(ratio or 0)) for day, ratio in stretch])


def _stretch(points: Sequence[tuple[float, float]]) -> str:
    if len(points) == 1:
        ((x, y),) = points
        return f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="1.6"/>'
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline class="line" points="{path}"/>'


def _across(ratio: float) -> float:
    return WIDTH * min(max(ratio, 0.0), TOP) / TOP


def _up(ratio: float) -> float:
    """The height of a ratio, upside down as SVG counts, with a margin of 2 for the line's own width."""
    return 2 + (DAYS_HEIGHT - 4) * (1 - min(max(ratio, 0.0), TOP) / TOP)
