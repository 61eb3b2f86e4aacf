"""What a store holds of the offices that push, hour by hour and province by province."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collectors.core import Metric
from collectors.core.observed import (
    BUFFER_LOST,
    PUSH_BACKLOG,
    PUSH_QUARANTINED,
    SCRAPE_NUMBER,
    SCRAPE_SAMPLES,
)
from dashboards.prometheus import Prometheus, Series
from dashboards.promql import select
from dashboards.reports.completeness import Held, Look
from inventory.labels import OFFICE, PROVINCE

_BEFORE = 7200  # seconds back in which the last look before the hour is sought


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of one province. begin: Unix seconds; now: when the question is asked."""

    store: Prometheus
    province: str
    begin: float
    now: float

    def held(self) -> Mapping[str, Held]:
        """By office. Raises PrometheusError."""
        looks, samples = self._looks(), self._samples()
        waiting = self._by_office(select(PUSH_BACKLOG, **self._scope()), self.now)
        refused, dropped = (self._increase(metric) for metric in (PUSH_QUARANTINED, BUFFER_LOST))
        return {
            office: Held(
                looks.get(office, ()), samples.get(office, 0), waiting.get(office, 0),
                refused.get(office, 0), dropped.get(office, 0),
            )
            for office in sorted({*looks, *samples, *waiting})
        }  # fmt: skip

    def _scope(self) -> Mapping[str, str]:
        return {PROVINCE: self.province}

    def _samples(self) -> Mapping[str, int]:
        """Of one metric after the other: a count over time loses the name, and series of two would be the same."""
        found: defaultdict[str, int] = defaultdict(int)
        for name in self._names():
            for office, count in self._by_office(f"count_over_time({self._pushed('=', name)}[{_HOUR}])").items():
                found[office] += count
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

    def _increase(self, metric: Metric) -> Mapping[str, int]:
        return self._by_office(f"increase({select(metric, **self._scope())}[{_HOUR}])")

    def _by_office(self, expression: str, at: float | None = None) -> Mapping[str, int]:
        found: defaultdict[str, int] = defaultdict(int)
        for series in self._ask(f"sum by ({OFFICE}) ({expression})", at):
            found[series.label(OFFICE)] += round(series.points[-1][1])
        return found

    def _ask(self, expression: str, at: float | None = None) -> list[Series]:
        """A millisecond before the hour's end, and a range a millisecond short of an hour: each sample counts once."""
        return self.store.query(expression, self.begin + 3599.999 if at is None else at)


_HOUR = "3599999ms"
