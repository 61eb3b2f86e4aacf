"""Data that no office can see: whether its owner still has something new to report."""

from alerts.promql import duration, named_province, named_service
from alerts.recorded import DATA_STALE
from alerts.rule import ALERT_NAME, Alert, Cause, Recording, Scope, Severity
from alerts.settings import Settings
from collectors import freshness
from collectors.core.observed import PROBE_SUCCESS
from inventory.labels import PROVINCE, SERVICE

_FEED = f"{PROVINCE}, {SERVICE}"


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """The report says so, or there has been none to read since before the window began."""
    window = duration(settings.trends.data_stale_seconds)
    reading = f'{PROBE_SUCCESS.name}{{collector="{freshness.COLLECTOR.name}"}}'
    newest = f"max by ({_FEED}) ({freshness.LAST_SUCCESS.name})"
    old = f"group by ({_FEED}) (time() - {newest} > {settings.trends.data_stale_seconds:g})"
    mute = f"max by ({_FEED}) (max_over_time({reading}[{window}])) == 0"
    known = f"group by ({_FEED}) ({reading} offset {window})"
    return (Recording(DATA_STALE, f"{old} or group by ({_FEED}) ({mute} and on ({_FEED}) {known})"),)


def alerts() -> tuple[Alert, ...]:
    """No hold: the window is long already."""
    return (
        Alert(
            "DataStale", named_service(named_province(str(DATA_STALE))),
            Severity.WARNING, Cause.SERVICE, Scope.PROVINCE, (ALERT_NAME, PROVINCE, SERVICE),
        ),
    )  # fmt: skip
