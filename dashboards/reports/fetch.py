"""What the store knows of one province in one month: facts of the links, contracts by day, every test, and the dips.

Read in windows of one day and one province, so that memory and the store's work stay bounded for any number of offices.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from alerts.methods import SOURCES, Source
from alerts.promql import duration
from alerts.rules.samples import outage
from alerts.settings import PRODUCTION
from collectors.capacity.metrics import AT_LEAST
from collectors.core import Metric
from dashboards.prometheus import Prometheus, Series
from dashboards.promql import most, number, over_day, select
from dashboards.reports.link import DIRECTIONS, Direction, Key, Link, Point
from dashboards.reports.measured import ProvinceMonth, Scraped
from dashboards.reports.month import Month
from inventory.facts import LINK_CONTRACT, LINK_INFO, OFFICE_INFO
from inventory.labels import COMMUNE, LINK, OFFICE, OPERATOR, PROVINCE, TECHNOLOGY

_DIRECTION, _REASON = "direction", "reason"
_LINKS = (PROVINCE, COMMUNE, OFFICE, LINK)


@dataclass(frozen=True, slots=True)
class Place:
    """Where to read: a store, a province, and how densely. step: seconds, shorter than the time between two tests."""

    store: Prometheus
    province: str
    step: float


@dataclass(frozen=True, slots=True)
class Window:
    """Begin and end, Unix time, and how a place is asked about that time."""

    place: Place
    begin: float
    end: float

    def ask(self, expression: str) -> list[Series]:
        """The values at every step. Raises PrometheusError."""
        return self.place.store.query_range(expression, self.begin, self.end, self.place.step)

    def of(self, metric: Metric) -> str:
        """A selector."""
        return select(metric, province=self.place.province)


def provinces(store: Prometheus, month: Month, now: float) -> list[str]:
    """The codes of the provinces that had a link, or a test, in the month. Raises PrometheusError."""
    found = {
        series.label(PROVINCE)
        for _, end in month.windows(now)
        for metric in (LINK_INFO, *(source.stamp for source in SOURCES))
        for series in store.query(number((PROVINCE,), over_day(select(metric))), end)
    }
    return sorted(found - {""})


def read_province(place: Place, month: Month, now: float) -> ProvinceMonth:
    """One province, day after day. Raises PrometheusError."""
    found = ProvinceMonth()
    for begin, end in month.windows(now):
        window = Window(place, begin, end)
        _read_facts(window, found, month.day_of(begin))
        for source in SOURCES:
            _read_tests(window, source, found, month)
    return found


def _read_facts(window: Window, found: ProvinceMonth, day: int) -> None:
    """The names and contracts of one day; a later day's names replace an earlier day's."""
    offices = {series.label(OFFICE): series for series in _facts(window, OFFICE_INFO)}
    for series in _facts(window, LINK_INFO):
        found.links[key_of(series)] = _known_link(series, offices.get(series.label(OFFICE)))
    for series in _facts(window, LINK_CONTRACT):
        for direction in directions(series):
            found.contracts[key_of(series), direction][day] = series.points[-1][1]


def _facts(window: Window, metric: Metric) -> list[Series]:
    return window.place.store.query(over_day(window.of(metric)), window.end)


# --- tests ----------------------------------------------------------------------------------------------------------

_Directed = dict[tuple[Key, Direction], list[Point]]


def _read_tests(window: Window, source: Source, found: ProvinceMonth, month: Month) -> None:
    """Every test of one method in one window. All directions of a link share the time stamp of their test."""
    stamps = window.ask(_new_tests(window, source))
    if not stamps:
        return
    scraped = _scraped(window, source)
    for series in stamps:
        key = key_of(series)
        found.links.setdefault(key, _link(series))
        for direction in DIRECTIONS:
            if one := scraped.get((key, direction)):
                tally = found.tallies[key, direction, source.method]
                tally.add(replace(one, stamps=series.points), month.start, month.end)


def _scraped(window: Window, source: Source) -> dict[tuple[Key, Direction], Scraped]:
    """All but the stamps, of every link and direction that this method tells of."""
    rates, spent = (_by_direction(window, source, metric) for metric in (source.rate, source.used))
    valid = _by_direction(window, source, source.doubts.valid) if source.doubts else _all_valid(rates)
    bounds = _by_direction(window, source, AT_LEAST) if source.method is SOURCES[0].method else {}
    doubts, outages = _doubts(window, source), _outages(window, source)
    return {
        one: Scraped(
            rates=rates.get(one, ()),
            valid=known,
            bytes_used=spent.get(one, ()),
            at_least=bounds.get(one, ()),
            doubts=doubts.get(one, {}),
            outages=outages.get(one[0], ()),
        )
        for one, known in valid.items()
    }


def _all_valid(rates: _Directed) -> _Directed:
    return {one: [(time, 1.0) for time, _ in points] for one, points in rates.items()}


def _new_tests(window: Window, source: Source) -> str:
    """The time stamps that differ from those one step before: the store sends each test once, not at every step."""
    stamp = window.of(source.stamp)
    now, before = most(_LINKS, stamp), most(_LINKS, f"{stamp} offset {duration(window.place.step)}")
    return f"{now} unless {now} == {before}"


def _at_tests(window: Window, source: Source, values: str) -> list[Series]:
    return window.ask(f"{values} and on ({OFFICE}, {LINK}) ({_new_tests(window, source)})")


def _by_direction(window: Window, source: Source, metric: Metric) -> _Directed:
    values = most((OFFICE, LINK, _DIRECTION), window.of(metric))
    return {
        (key_of(series), direction): list(series.points)
        for series in _at_tests(window, source, values)
        for direction in directions(series)
    }


def _doubts(window: Window, source: Source) -> dict[tuple[Key, Direction], dict[str, list[Point]]]:
    """Why tests have no figure."""
    found: dict[tuple[Key, Direction], dict[str, list[Point]]] = {}
    if source.doubts:
        values = f"{most((OFFICE, LINK, _DIRECTION, _REASON), window.of(source.doubts.doubt))} == 1"
        for series in _at_tests(window, source, values):
            for direction in directions(series):
                found.setdefault((key_of(series), direction), {})[series.label(_REASON)] = list(series.points)
    return found


def _outages(window: Window, source: Source) -> dict[Key, list[float]]:
    """When a link was tested while its office had no mains, by the rule that the alerts have."""
    cut = outage(PRODUCTION, province=window.place.province)
    tested = f"({_new_tests(window, source)}) and on ({OFFICE}) ({cut})"
    return {key_of(series): [time for time, _ in series.points] for series in window.ask(tested)}


# --- labels ---------------------------------------------------------------------------------------------------------


def key_of(series: Series) -> Key:
    """Which link a series is about."""
    return series.label(OFFICE), series.label(LINK)


def directions(series: Series) -> Iterator[Direction]:
    """The series' direction, or nothing where it is not one that a report knows."""
    return (direction for direction in DIRECTIONS if direction == series.label(_DIRECTION))


def _link(series: Series) -> Link:
    return Link(*(series.label(name) for name in _LINKS))


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
