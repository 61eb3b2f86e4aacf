"""The UPSes of one office."""

from collectors.core.observed import ABSENCE_SECONDS
from collectors.ups import metrics
from collectors.ups.power import Verdict
from dashboards.promql import coded, select, total
from dashboards.queries.scope import OFFICE
from inventory.labels import UPS


def verdict() -> str:
    """The place of each UPS's verdict in Verdict, from 1."""
    return coded(metrics.POWER_VERDICT, "verdict", tuple(Verdict), (UPS,), **OFFICE)


def disturbances() -> str:
    """Dips of the mains that no look saw, by UPS, for each step of the chart."""
    return total((UPS,), f"increase({select(metrics.DISTURBANCES, **OFFICE)}[$__rate_interval])")


def last_absence() -> str:
    """Seconds that the office was away the last time, by cause and evidence."""
    return total(("cause", "evidence"), select(ABSENCE_SECONDS, **OFFICE))


def charge() -> str:
    """0 to 1 by UPS."""
    return select(metrics.CHARGE, **OFFICE)


def runtime() -> str:
    """Seconds by UPS."""
    return select(metrics.RUNTIME, **OFFICE)


def input_voltage() -> str:
    """Volts by UPS and phase of the mains."""
    return select(metrics.INPUT_VOLTAGE, **OFFICE)


def load() -> str:
    """Share of what each UPS can carry, by phase."""
    return select(metrics.LOAD, **OFFICE)
