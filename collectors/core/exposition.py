"""Samples as a page of Prometheus' text format, version 0.0.4."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from collectors.core.metric import Kind, Sample

_NOT_FINITE: Mapping[str, str] = {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"}
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def page(samples: Iterable[Sample]) -> str:
    """Families sorted by name. Of two samples of one series the first one is shown."""
    families: dict[str, dict[str, float]] = {}
    lines_before: dict[str, tuple[str, str]] = {}
    for sample in samples:
        metric = sample.metric
        family = families.get(metric.name)
        if family is None:
            family = families[metric.name] = {}
            lines_before[metric.name] = _head(metric.name, metric.kind, metric.help)
        family.setdefault(series(metric.name, sample.labels), sample.value)
    lines: list[str] = []
    for name in sorted(families):
        lines += lines_before[name]
        lines += [f"{one} {number(value)}" for one, value in families[name].items()]
    return "\n".join(lines) + "\n" if lines else ""


def line(sample: Sample) -> str:
    """One sample as it stands on the page: `name{label="value"} 1.5`."""
    return f"{series(sample.metric.name, sample.labels)} {number(sample.value)}"


@lru_cache(maxsize=4096)  # the same series come again with every page
def series(name: str, labels: tuple[tuple[str, str], ...]) -> str:
    """Such as `up{office="x"}`."""
    if not labels:
        return name
    pairs = ",".join(f'{label}="{_escaped(value)}"' for label, value in labels)
    return f"{name}{{{pairs}}}"


@lru_cache(maxsize=512)
def _head(name: str, kind: Kind, text: str) -> tuple[str, str]:
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return f"# HELP {name} {text}", f"# TYPE {name} {kind}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def number(value: float) -> str:
    """The shortest text that is read as the same number."""
    text = repr(value)
    return text[:-2] if text.endswith(".0") else _NOT_FINITE.get(text, text)
