"""What Prometheus writes by itself: about every scrape, and about every alert."""

from alerts.rule import ALERT_NAME
from collectors.core import Kind, Metric

UP = Metric("up", Kind.GAUGE, "1 where the last scrape of a target succeeded, else 0.")
SCRAPE_DURATION = Metric(
    "scrape_duration_seconds", Kind.GAUGE, "How long the last scrape of a target took, whether it succeeded or not."
)
ALERTS = Metric(
    "ALERTS", Kind.GAUGE, "1 for every alert that is pending or firing; written by Prometheus itself.",
    (ALERT_NAME, "alertstate", "severity", "scope", "incident", "cause"), "prometheus",
)  # fmt: skip
