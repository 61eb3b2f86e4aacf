"""What the store knows of one province in one month: facts of the links, contracts by day, and every test.

Read in windows of one day and one province, so that memory and the store's work stay bounded for any number of offices.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from alerts.promql import duration
from collectors.bandwidth.collector import GOODPUT, TIMESTAMP, USED, VALID
from collectors.core import Metric
from dashboards.prometheus import Prometheus, Series
from dashboards.promql import most, number, over_day, select
from dashboards.reports.link import DIRECTIONS, Direction, Key, Link
from dashboards.reports.measured import Point, ProvinceMonth, Scraped
from dashboards.reports.month import Month
from inventory.facts import LINK_CONTRACT, LINK_INFO, OFFICE_INFO
from inventory.labels import COMMUNE, LINK, OFFICE, OPERATOR, PROVINCE, TECHNOLOGY

_DIRECTION = "direction"


@dataclass(frozen=True, slots=True)
class Source:
    """Where to read: a store, a province, and how densely. step: seconds, shorter than the time between two tests."""

    store: Prometheus
    province: str
    step: float


def provinces(store: Prometheus, month: Month, now: float) -> list[str]:
    """The codes of the provinces that had a link, or a test, in the month. Raises PrometheusError."""
    found = {
        series.label(PROVINCE)
        for _, end in month.windows(now)
        for metric in (LINK_INFO, TIMESTAMP)
        for series in store.query(number((PROVINCE,), over_day(select(metric))), end)
    }
    return sorted(found - {""})


def read_province(source: Source, month: Month, now: float) -> ProvinceMonth:
    """One province, day after day. Raises PrometheusError."""
    found = ProvinceMonth()
    for begin, end in month.windows(now):
        _read_facts(source, found, month.day_of(begin), end)
        _read_tests(source, found, month, begin, end)
    return found


def _read_facts(source: Source, found: ProvinceMonth, day: int, end: float) -> None:
    """The names and contracts of one day; a later day's names replace an earlier day's."""
    offices = {series.label(OFFICE): series for series in _facts(source, OFFICE_INFO, end)}
    for series in _facts(source, LINK_INFO, end):
        found.links[_key(series)] = _known_link(series, offices.get(series.label(OFFICE)))
    for series in _facts(source, LINK_CONTRACT, end):
        for direction in _directions(series):
            found.contracts[_key(series), direction][day] = series.points[-1][1]


def _facts(source: Source, metric: Metric, end: float) -> list[Series]:
    return source.store.query(over_day(select(metric, province=source.province)), end)


def _read_tests(source: Source, found: ProvinceMonth, month: Month, begin: float, end: float) -> None:
    """Every test of one window. All directions of a link share the time stamp of their test."""
    rates, valid, spent = (_by_direction(source, metric, begin, end) for metric in (GOODPUT, VALID, USED))
    for series in source.store.query_range(_new_tests(source), begin, end, source.step):
        key = _key(series)
        found.links.setdefault(key, _link(series))
        for direction in DIRECTIONS:
            one = key, direction
            if one in valid:
                scraped = Scraped(series.points, rates.get(one, ()), valid[one], spent.get(one, ()))
                found.tallies[one].add(scraped, month.start, month.end)


def _new_tests(source: Source) -> str:
    """The time stamps that differ from those one step before: the store sends each test once, not at every step."""
    stamp = select(TIMESTAMP, province=source.province)
    labels = (PROVINCE, COMMUNE, OFFICE, LINK)
    now, before = most(labels, stamp), most(labels, f"{stamp} offset {duration(source.step)}")
    return f"{now} unless {now} == {before}"


def _by_direction(
    source: Source, metric: Metric, begin: float, end: float
) -> dict[tuple[Key, Direction], Sequence[Point]]:
    values = most((OFFICE, LINK, _DIRECTION), select(metric, province=source.province))
    expression = f"{values} and on ({OFFICE}, {LINK}) ({_new_tests(source)})"
    return {
        (_key(series), direction): series.points
        for series in source.store.query_range(expression, begin, end, source.step)
        for direction in _directions(series)
    }


def _key(series: Series) -> Key:
    return series.label(OFFICE), series.label(LINK)


def _directions(series: Series) -> Iterator[Direction]:
    """The series' direction, or nothing where it is not one that a report knows."""
    return (direction for direction in DIRECTIONS if direction == series.label(_DIRECTION))


def _link(series: Series) -> Link:
    return Link(*(series.label(name) for name in (PROVINCE, COMMUNE, OFFICE, LINK)))


def _known_link(series: Series, office: Series | None) -> Link:
    """The link as the inventory publishes it, with the names of its office."""
    link = replace(_link(series), operator=series.label(OPERATOR), technology=series.label(TECHNOLOGY))
    if not office:
        return link
    return replace(
        link,
        province_name=office.label("province_name"),
        commune_name=office.label("commune_name"),
        office_name=office.label("office_name"),
    )
