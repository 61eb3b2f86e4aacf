"""What the alerts say now: Prometheus's own series of pending and firing alerts."""

from alerts.rule import ALERT_NAME
from alerts.scraped import ALERTS
from dashboards.promql import most, select
from inventory.labels import OFFICE


def firing(**scope: str) -> str:
    """Every firing alert once for each office it speaks of, with its severity."""
    labels = (ALERT_NAME, "severity", OFFICE, "office_name")
    return most(labels, select(ALERTS, alertstate="firing", **scope))
