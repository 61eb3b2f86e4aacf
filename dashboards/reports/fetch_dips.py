"""The dips of one province in one month, from the series that the rules have recorded."""

from alerts.contracts import (
    AREA,
    EVERYWHERE,
    LINK_DIP_CAUSE,
    LINK_DIP_LOAD,
    LINK_DIP_SINCE,
    METHOD,
    NEIGHBOURS_LOW,
    NEIGHBOURS_MEASURED,
)
from alerts.methods import Method
from alerts.rule import Recorded
from alerts.rules.dips import Blame
from dashboards.promql import select
from dashboards.reports.dips import DipLog, Points, looks_at
from dashboards.reports.fetch import Place, Window, directions, key_of
from dashboards.reports.link import Direction, Key, Point
from dashboards.reports.month import Month

_Causes = dict[tuple[Method, Blame], list[Point]]
_METHODS, _CAUSES = {str(one): one for one in Method}, {str(one): one for one in Blame}
_NEAR = f'{AREA}!="{EVERYWHERE}"'


def read_dips(place: Place, month: Month, now: float) -> DipLog:
    """Day after day. Raises PrometheusError."""
    log = DipLog()
    for begin, end in month.windows(now):
        _read_day(Window(place, begin, end), log)
    return log


def _read_day(window: Window, log: DipLog) -> None:
    begun = _by_direction(window, LINK_DIP_SINCE)
    if not begun:
        return
    causes, loads = _causes(window), _by_direction(window, LINK_DIP_LOAD)
    low, measured = (_neighbours(window, series) for series in (NEIGHBOURS_LOW, NEIGHBOURS_MEASURED))
    for (key, direction), since in begun.items():
        points = Points(
            since, causes.get((key, direction), {}), dict(loads.get((key, direction), ())), low.get(key, {}),
            measured.get(key, {}),
        )  # fmt: skip
        for start, look in looks_at(points):
            log.add(key, direction, start, look)


def _causes(window: Window) -> dict[tuple[Key, Direction], _Causes]:
    found: dict[tuple[Key, Direction], _Causes] = {}
    for series in window.ask(_of(window, LINK_DIP_CAUSE)):
        method, cause = _METHODS.get(series.label(METHOD)), _CAUSES.get(series.label("cause"))
        for direction in directions(series):
            if method and cause:
                found.setdefault((key_of(series), direction), {})[method, cause] = list(series.points)
    return found


def _by_direction(window: Window, recorded: Recorded) -> dict[tuple[Key, Direction], list[Point]]:
    found: dict[tuple[Key, Direction], list[Point]] = {}
    for series in window.ask(_of(window, recorded)):
        for direction in directions(series):
            found.setdefault((key_of(series), direction), []).extend(series.points)
    return {one: sorted(points) for one, points in found.items()}


def _neighbours(window: Window, recorded: Recorded) -> dict[Key, dict[float, float]]:
    return {key_of(series): dict(series.points) for series in window.ask(_of(window, recorded, _NEAR))}


def _of(window: Window, recorded: Recorded, *matchers: str) -> str:
    return select(recorded, *matchers, province=window.place.province)
