"""What a store holds of the offices that push, hour by hour and province by province, and what they said of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from alerts.scraped import SCRAPE_DURATION
from collectors.core import Metric
from collectors.core.lastword import Away
from collectors.core.observed import (
    ABSENCE_END,
    ABSENCE_SECONDS,
    BUFFER_LOST,
    PUSH_BACKLOG_AGE,
    PUSH_QUARANTINED,
    SCRAPE_NUMBER,
    SCRAPE_SAMPLES,
)
from dashboards.prometheus import Prometheus, Series
from dashboards.promql import select
from dashboards.reports.completeness import Absence, Held, Look, Told
from inventory.labels import OFFICE, PROVINCE

_BEFORE = 7200  # seconds back in which the last look before the hour is sought
REMEMBERED = 8 * 86400  # seconds: an office that pushed so lately is still one that pushes
_REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Past:
    """One province: the time from `begin` to `end` (Unix seconds), and what was said of it until now."""

    store: Prometheus
    province: str
    begin: float
    end: float
    now: float

    def last_looks(self) -> Mapping[str, Look]:
        """By office: the last look before `begin`, of whose time nothing but that is known. Raises PrometheusError."""
        asked = f"last_over_time({self._all(SCRAPE_NUMBER)}[{REMEMBERED}s])"
        found = self.store.query(asked, self.begin - 0.001)
        return {series.label(OFFICE): Look(self.begin - 1, int(series.points[-1][1]), 0) for series in found}

    def next_looks(self) -> Mapping[str, Look]:
        """By office: the first look after `end`. Raises PrometheusError."""
        length = round((self.now - self.end) * 1000)
        found = self.store.query(f"{self._all(SCRAPE_NUMBER)}[{length}ms]", self.now) if length > 0 else []
        return {series.label(OFFICE): Look(series.points[0][0], int(series.points[0][1]), 0) for series in found}

    def told(self) -> Mapping[str, Told]:
        """By office. Raises PrometheusError."""
        age = self._all(PUSH_BACKLOG_AGE)
        # Of several receivers the one that is least behind: what another waits for says nothing about this store.
        since = self._by_office(f"max by ({OFFICE}) (timestamp({age}) - ({age} > 0))")
        refused = self._increase(self._all(PUSH_QUARANTINED, reason=_REFUSED))
        timeless = self._increase(self._all(PUSH_QUARANTINED, f'reason!="{_REFUSED}"'))
        dropped, absences = self._increase(self._all(BUFFER_LOST)), self.absences()
        return {
            office: Told(
                since.get(office), round(refused.get(office, 0)), round(timeless.get(office, 0)),
                round(dropped.get(office, 0)), absences.get(office, ()),
            )
            for office in {*since, *refused, *timeless, *dropped, *absences}
        }  # fmt: skip

    def _all(self, metric: Metric, *matchers: str, **equal: str) -> str:
        return select(metric, *matchers, **{PROVINCE: self.province}, **equal)

    def _increase(self, selector: str) -> Mapping[str, float]:
        return self._by_office(f"sum by ({OFFICE}) (increase({selector}[{int(self.now - self.begin) + 1}s]))")

    def _by_office(self, expression: str) -> Mapping[str, float]:
        return {series.label(OFFICE): series.points[-1][1] for series in self.store.query(expression, self.now)}

    def absences(self) -> Mapping[str, Sequence[Absence]]:
        """By office: those that an hourly look shows; of two within an hour, the last. Raises PrometheusError."""
        ends, lengths = (
            {(series.label(OFFICE), series.label("cause")): dict(series.points) for series in self._hourly(metric)}
            for metric in (ABSENCE_END, ABSENCE_SECONDS)
        )
        found: defaultdict[str, set[Absence]] = defaultdict(set)
        for (office, cause), points in ends.items():
            for moment, end in points.items():
                with suppress(KeyError, ValueError):  # a length that is not told, a cause of another version
                    length = lengths[office, cause][moment]
                    found[office].add(Absence(end - length, end, Away(cause)))
        return {office: sorted(absences, key=lambda one: one.begin) for office, absences in found.items()}

    def _hourly(self, metric: Metric) -> list[Series]:
        newest = f"last_over_time({self._all(metric)}[1h])"
        return self.store.query_range(newest, self.begin, self.now + 3600, 3600)


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of one province. begin: Unix seconds."""

    store: Prometheus
    province: str
    begin: float

    def held(self) -> Mapping[str, Held]:
        """By office. Raises PrometheusError."""
        looks, samples = self._looks(), self._samples()
        return {office: Held(looks.get(office, ()), samples.get(office, 0)) for office in {*looks, *samples}}

    def scraped(self) -> frozenset[str]:
        """Offices that were scraped in it. Raises PrometheusError."""
        asked = f"count by ({OFFICE}) (last_over_time({select(SCRAPE_DURATION, **self._scope())}[{_HOUR}]))"
        return frozenset(series.label(OFFICE) for series in self._ask(asked))

    def _scope(self) -> Mapping[str, str]:
        return {PROVINCE: self.province}

    def _samples(self) -> Mapping[str, int]:
        """Of one metric after the other: a count over time loses the name, and series of two would be the same."""
        found: defaultdict[str, int] = defaultdict(int)
        for name in self._names():
            counted = f"sum by ({OFFICE}) (count_over_time({self._pushed('=', name)}[{_HOUR}]))"
            for series in self._ask(counted):
                found[series.label(OFFICE)] += round(series.points[-1][1])
        return found

    def _names(self) -> list[str]:
        every = f"last_over_time({self._pushed('!~', 'ALERTS.*|.*:.*')}[{_HOUR}])"
        asked = f'count by (name) (label_replace({every}, "name", "$1", "__name__", "(.*)"))'
        return sorted(series.label("name") for series in self._ask(asked))

    def _pushed(self, match: str, name: str) -> str:
        """What offices pushed has no job; by this it is told from what rules recorded and what the centre publishes."""
        return f'{{__name__{match}"{name}",{PROVINCE}="{self.province}",{OFFICE}!="",job=""}}'

    def _looks(self) -> Mapping[str, Sequence[Look]]:
        """Those of the hour, and the last one before it."""
        length = f"{int(3600 + _BEFORE) * 1000 - 1}ms"
        numbers, sizes = (
            {series.label(OFFICE): series for series in self._ask(f"{select(metric, **self._scope())}[{length}]")}
            for metric in (SCRAPE_NUMBER, SCRAPE_SAMPLES)
        )
        found: dict[str, Sequence[Look]] = {}
        for office, series in numbers.items():
            of = dict(sizes[office].points) if office in sizes else {}
            looks = [Look(at, int(number), int(of.get(at, 0))) for at, number in series.points]
            before = [look for look in looks if look.at < self.begin]
            found[office] = (*before[-1:], *(look for look in looks if look.at >= self.begin))
        return found

    def _ask(self, expression: str) -> list[Series]:
        """A millisecond before the hour's end, and a range a millisecond short of an hour: each sample counts once."""
        return self.store.query(expression, self.begin + 3599.999)


_HOUR = "3599999ms"
