"""docs/metrics.md: every metric and every recorded series."""

from collections.abc import Iterable, Iterator

import collectors
from alerts.recorded import RECORDED
from alerts.relay import metrics as relay
from collectors.core import Metric, gateway, observed, responder
from inventory import facts

INTRODUCTION = """\
# Metrics

Base units: seconds, bytes, ratio 0 to 1, volts, hertz, celsius. Identity labels (`province`, `commune`, `office`, and
the probe's own `service`, `ups` or `link`) are added to all series of an office and not repeated here. A series whose
answer is stale is not on the page. A name marked with another project's name has the meaning that it has there.
"""

TOP = ("| metric | kind | own labels | meaning |", "|---|---|---|---|")


def page() -> str:
    """The whole page."""
    sections = [INTRODUCTION]
    sections += of_collectors()
    sections.append(section("Every probe, and the agent itself", observed.METRICS))
    sections.append(section("Facts, published by the centre", declared(facts)))
    sections.append(section("The relay", declared(relay)))
    sections.append(section("The responder", declared(responder)))
    sections.append(section("The gateway", declared(gateway)))
    sections.append(recorded())
    return "\n".join(sections)


def of_collectors() -> Iterator[str]:
    """One section per collector; those that have the same metrics share it."""
    names: dict[tuple[Metric, ...], list[str]] = {}
    for name in collectors.names():
        names.setdefault(collectors.load(name).metrics, []).append(name)
    for metrics, sharing in names.items():
        plural = "s" if sharing[1:] else ""
        yield section(f"Collector{plural} " + " and ".join(f"`{name}`" for name in sharing), metrics)


def declared(module: object) -> tuple[Metric, ...]:
    """The metrics that a module defines, in its order."""
    return tuple(value for value in vars(module).values() if isinstance(value, Metric))


def section(title: str, metrics: Iterable[Metric]) -> str:
    """One table."""
    return "\n".join((f"## {title}", "", *TOP, *(row(metric) for metric in metrics), ""))


def row(metric: Metric) -> str:
    borrowed = f" ({metric.borrowed})" if metric.borrowed else ""
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    return f"| `{metric.name}` | {metric.kind} | {labels} | {metric.help}{borrowed} |"


def recorded() -> str:
    """The series that recording rules fill; alerts and boards read these."""
    return "\n".join(
        ("## Recorded by rules", "", "| series | labels | meaning |", "|---|---|---|", *recorded_rows(), "")
    )


def recorded_rows() -> Iterator[str]:
    for series in RECORDED:
        labels = ", ".join(f"`{label}`" for label in series.labels)
        yield f"| `{series.name}` | {labels} | {series.help} |"
