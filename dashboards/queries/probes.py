"""The health of the measuring in one office: generic, so that a new collector shows up by itself."""

from collectors.core.observed import (
    AGENT_CONFIG_GOOD,
    AGENT_MEMORY,
    PROBE_DURATION,
    PROBE_FAILURES,
    PROBE_SUCCESS,
    PROBE_TIMESTAMP,
)
from dashboards.promql import least, most, select, total
from dashboards.queries.scope import OFFICE
from inventory.labels import LINK, SERVICE, UPS

EACH = ("collector", SERVICE, UPS, LINK)
LEGEND = " ".join(f"{{{{{label}}}}}" for label in EACH)


def success() -> str:
    """1 or 0 for each probe."""
    return least(EACH, select(PROBE_SUCCESS, **OFFICE))


def duration() -> str:
    """Seconds for each probe."""
    return most(EACH, select(PROBE_DURATION, **OFFICE))


def age() -> str:
    """Seconds since each probe last ended."""
    return f"time() - {most(EACH, select(PROBE_TIMESTAMP, **OFFICE))}"


def failures() -> str:
    """Runs without success by collector and reason, for each step of the chart."""
    return total(("collector", "reason"), f"increase({select(PROBE_FAILURES, **OFFICE)}[$__rate_interval])")


def configuration() -> str:
    """1 where the last configuration was accepted."""
    return least((), select(AGENT_CONFIG_GOOD, **OFFICE))


def memory() -> str:
    """Resident bytes."""
    return most((), select(AGENT_MEMORY, **OFFICE))
