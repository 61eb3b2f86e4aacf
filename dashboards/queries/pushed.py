"""What one office pushes: whether all of it arrives, what waits or was put aside, its clock and its certificate."""

from collectors.core.observed import (
    BUFFER_LOST,
    CERTIFICATE_ENDS,
    PUSH_BACKLOG,
    PUSH_BACKLOG_AGE,
    PUSH_QUARANTINED,
    PUSH_SKEW,
    SCRAPE_NUMBER,
)
from dashboards.promql import least, most, select, total
from dashboards.queries import fleet
from dashboards.queries.scope import OFFICE

_RECEIVER = ("receiver",)


def completeness() -> str:
    """Share of the looks of the last hour that are in the store."""
    return most((), fleet.completeness_by_office(**OFFICE))


def newest() -> str:
    """Seconds since the newest look that is in the store."""
    return f"time() - {most((), f'timestamp({select(SCRAPE_NUMBER, **OFFICE)})')}"


def waiting_for() -> str:
    """Seconds since the oldest look that a receiver has not taken."""
    return most(_RECEIVER, select(PUSH_BACKLOG_AGE, **OFFICE))


def waiting() -> str:
    """Samples that a receiver has not taken."""
    return most(_RECEIVER, select(PUSH_BACKLOG, **OFFICE))


def put_aside() -> str:
    """Samples that will never be sent, by reason, for each step of the chart."""
    return total(("reason",), f"increase({select(PUSH_QUARANTINED, **OFFICE)}[$__rate_interval])")


def dropped() -> str:
    """Looks for which there was no room, by reason, for each step of the chart."""
    return total(("reason",), f"increase({select(BUFFER_LOST, **OFFICE)}[$__rate_interval])")


def skew() -> str:
    """Seconds by which the machine's clock is ahead."""
    return most((), select(PUSH_SKEW, **OFFICE))


def certificate() -> str:
    """Seconds until the office's own certificate ends."""
    return f"{least((), select(CERTIFICATE_ENDS, **OFFICE))} - time()"
