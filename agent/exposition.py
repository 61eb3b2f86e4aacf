"""/metrics: text, or OpenMetrics for those who ask for it. The only file that knows prometheus_client."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector as FamilySource

from collectors.core import Kind, Metric, Sample, exposition


@dataclass(frozen=True, slots=True)
class Page:
    """The encoded page and its media type."""

    content_type: str
    body: bytes


def expose(samples: Iterable[Sample], accept: str = "") -> Page:
    """The page in the format that the `Accept` header asks for. Of two samples of one series the first one is shown."""
    if "application/openmetrics-text" not in accept:
        return Page(exposition.CONTENT_TYPE, exposition.page(samples).encode())
    encode, content_type = choose_encoder(accept)
    return Page(content_type, encode(_Samples(samples)))


class _Samples(FamilySource):
    """What prometheus_client's encoders want of a registry: something with `collect()`."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        self._families: dict[Metric, dict[tuple[tuple[str, str], ...], float]] = {}
        for sample in samples:
            series = tuple(sorted(sample.labels))
            self._families.setdefault(sample.metric, {}).setdefault(series, sample.value)

    def collect(self) -> Iterator[Family]:
        for metric in sorted(self._families, key=lambda metric: metric.name):
            family: Family
            if metric.kind is Kind.COUNTER:
                family = CounterMetricFamily(metric.name, metric.help)
            else:
                family = GaugeMetricFamily(metric.name, metric.help)
            for labels, value in self._families[metric].items():
                family.add_sample(metric.name, dict(labels), value)
            yield family
