"""Metric and Sample: the only place where the name, kind, unit and help of a metric are written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


class Kind(StrEnum):
    """Metric types of the Prometheus exposition format that the product uses."""

    GAUGE = "gauge"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric family: `DURATION = Metric("probe_duration_seconds", Kind.GAUGE, "How long the probe took.")`.

    `labels` are the labels that the collector itself sets. Identity labels (province, commune, office, service, ups,
    link) are never among them: configuration adds those. `borrowed` names the project whose metric name and meaning
    is used unchanged ("blackbox_exporter", "node_exporter"), so that dashboards made for it work on our data.
    """

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    borrowed: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is not a metric name")
        if bad := [label for label in self.labels if not _LABEL.fullmatch(label) or label.startswith("__")]:
            raise ValueError(f"{self.name}: {bad} are not label names")
        if (self.kind is Kind.COUNTER) != self.name.endswith("_total"):
            raise ValueError(f"{self.name}: a counter, and only a counter, ends in _total")

    def __call__(self, value: float, /, **labels: str) -> "Sample":
        """The sample of this metric with this value; the labels must be exactly the declared ones."""
        if not labels and not self.labels:
            return Sample(self, float(value))
        if labels.keys() != set(self.labels):
            raise ValueError(f"{self.name} takes the labels {sorted(self.labels)}, not {sorted(labels)}")
        return Sample(self, float(value), tuple([(name, labels[name]) for name in self.labels]))


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of one metric, in base units, with labels in the order in which the metric declares them."""

    metric: Metric
    value: float
    labels: tuple[tuple[str, str], ...] = ()

    def label(self, name: str) -> str:
        """The value of a label, "" when the sample has none of that name (as PromQL sees it)."""
        return dict(self.labels).get(name, "")

    def labelled(self, extra: Mapping[str, str]) -> "Sample":
        """The same sample with identity labels added; a label that the collector set itself is kept."""
        labels = {**extra, **dict(self.labels)} if self.labels else extra
        return Sample(self.metric, self.value, tuple(labels.items()))
