"""What the alerts say now: Prometheus's own series of pending and firing alerts."""

from alerts.rule import ALERT_NAME
from collectors.core import Kind, Metric
from dashboards.promql import most, select
from inventory.labels import OFFICE

ALERTS = Metric(
    "ALERTS", Kind.GAUGE, "1 for every alert that is pending or firing; written by Prometheus itself.",
    (ALERT_NAME, "alertstate", "severity", "scope", "incident", "cause"), "prometheus",
)  # fmt: skip


def firing(**scope: str) -> str:
    """Every firing alert once for each office it speaks of, with its severity."""
    labels = (ALERT_NAME, "severity", OFFICE, "office_name")
    return most(labels, select(ALERTS, alertstate="firing", **scope))
