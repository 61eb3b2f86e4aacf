"""What Prometheus writes about every scrape by itself."""

from collectors.core import Kind, Metric

SCRAPE_DURATION = Metric(
    "scrape_duration_seconds", Kind.GAUGE, "How long the last scrape of a target took, whether it succeeded or not."
)
