"""Samples as a page of Prometheus' text format, version 0.0.4."""

import math
from collections.abc import Iterable
from functools import lru_cache

from collectors.core.metric import Metric, Sample

_EXACT = 2.0**53  # beyond, a float does not hold every whole number
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def page(samples: Iterable[Sample]) -> str:
    """Families sorted by name. Of two samples of one series the first one is shown."""
    families: dict[Metric, dict[str, float]] = {}
    for sample in samples:
        families.setdefault(sample.metric, {}).setdefault(_series(sample.metric.name, sample.labels), sample.value)
    lines: list[str] = []
    for metric in sorted(families, key=lambda metric: metric.name):
        lines += _head(metric)
        lines += [f"{series} {_number(value)}" for series, value in families[metric].items()]
    return "\n".join(lines) + "\n" if lines else ""


def line(sample: Sample) -> str:
    """One sample as it stands on the page: `name{label="value"} 1.5`."""
    return f"{_series(sample.metric.name, sample.labels)} {_number(sample.value)}"


@lru_cache(maxsize=4096)  # the same series come again with every page
def _series(name: str, labels: tuple[tuple[str, str], ...]) -> str:
    if not labels:
        return name
    pairs = ",".join(f'{label}="{_escaped(value)}"' for label, value in labels)
    return f"{name}{{{pairs}}}"


@lru_cache(maxsize=512)
def _head(metric: Metric) -> tuple[str, str]:
    text = metric.help.replace("\\", "\\\\").replace("\n", "\\n")
    return f"# HELP {metric.name} {text}", f"# TYPE {metric.name} {metric.kind}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    if math.isfinite(value):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
