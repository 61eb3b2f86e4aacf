"""The way of figures from the offices to here: what waits, is turned away or put aside; their disks and clocks."""

from alerts.promql import OFFICE_KEY, duration, named_office
from alerts.recorded import (
    OFFICE_BUFFER_FAILING,
    OFFICE_CLOCK_WRONG,
    OFFICE_PUSH_BACKLOG,
    OFFICE_PUSH_MISCONFIGURED,
    OFFICE_PUSH_QUARANTINED,
)
from alerts.rule import ALERT_NAME, Alert, Cause, Recording, Scope, Severity
from alerts.settings import Settings
from collectors.core.observed import (
    BUFFER_FAILURES,
    BUFFER_LOST,
    PUSH_BACKLOG_AGE,
    PUSH_MISCONFIGURED,
    PUSH_QUARANTINED,
    PUSH_SKEW,
)
from inventory.labels import PROVINCE


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Of several receivers the worst. What is said of one that is away comes by way of another, or by a scrape."""
    limits = settings.thresholds
    window = duration(settings.windows.memory_seconds)
    return (
        Recording(OFFICE_PUSH_BACKLOG, f"max by ({OFFICE_KEY}) ({PUSH_BACKLOG_AGE.name}) > {limits.backlog_seconds:g}"),
        Recording(OFFICE_PUSH_MISCONFIGURED, f"group by ({OFFICE_KEY}) ({PUSH_MISCONFIGURED.name} == 1)"),
        Recording(
            OFFICE_PUSH_QUARANTINED,
            f"sum by ({OFFICE_KEY}) (increase({PUSH_QUARANTINED.name}[{window}])) > 0",
        ),
        Recording(
            OFFICE_BUFFER_FAILING,
            f"group by ({OFFICE_KEY})"
            f" (increase({BUFFER_FAILURES.name}[{window}]) > 0 or increase({BUFFER_LOST.name}[{window}]) > 0)",
        ),
        Recording(
            OFFICE_CLOCK_WRONG,
            f"max by ({OFFICE_KEY}) ({PUSH_SKEW.name}) > {limits.skew_seconds:g}"
            f" or max by ({OFFICE_KEY}) ({PUSH_SKEW.name}) < -{limits.skew_seconds:g}",
        ),
    )


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """Somebody should look within the day: nothing is lost until a buffer is full. One notification per province."""
    windows = settings.windows
    incident = (ALERT_NAME, PROVINCE)
    return (
        Alert(
            "PushBacklog", named_office(str(OFFICE_PUSH_BACKLOG)), Severity.WARNING, Cause.AGENT, Scope.OFFICE,
            incident, hold=windows.backlog_hold_seconds,
        ),
        Alert(
            "PushMisconfigured", named_office(str(OFFICE_PUSH_MISCONFIGURED)), Severity.WARNING, Cause.AGENT,
            Scope.OFFICE, incident, hold=windows.agent_hold_seconds,
        ),
        Alert(
            "PushQuarantined", named_office(str(OFFICE_PUSH_QUARANTINED)), Severity.INFO, Cause.AGENT, Scope.OFFICE,
            incident,
        ),
        Alert(
            "BufferFailing", named_office(str(OFFICE_BUFFER_FAILING)), Severity.WARNING, Cause.AGENT, Scope.OFFICE,
            incident, hold=windows.agent_hold_seconds,
        ),
        Alert(
            "ClockWrong", named_office(str(OFFICE_CLOCK_WRONG)), Severity.INFO, Cause.AGENT, Scope.OFFICE, incident,
            hold=windows.agent_hold_seconds,
        ),
    )  # fmt: skip
