"""What Prometheus writes about every scrape by itself."""

from collectors.core import Kind, Metric

UP = Metric("up", Kind.GAUGE, "1 where the last scrape of a target succeeded, else 0.")
SCRAPE_DURATION = Metric(
    "scrape_duration_seconds", Kind.GAUGE, "How long the last scrape of a target took, whether it succeeded or not."
)
