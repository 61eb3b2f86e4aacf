"""Journeys: whether they can be walked to their end, and how long that takes against the plan's time.

A journey is walked each half hour, by offices at different moments: what it says is looked at slowly.
"""

from alerts.promql import OFFICE_KEY, OFFICE_SERVICE_KEY, agreed, named_journey, one_of, still_known
from alerts.recorded import (
    JOURNEY_BUDGET_RATIO,
    JOURNEY_EXPECTED,
    JOURNEY_FAILING,
    JOURNEY_RATIO,
    OFFICE_JOURNEY_FAILING,
    OFFICE_JUDGE,
)
from alerts.rule import ALERT_NAME, Alert, Cause, Recording, Scope, Severity
from alerts.rules.votes import NO_VOTE
from alerts.settings import Settings
from collectors.core.observed import PROBE_RESULT, PROBE_SUCCESS
from collectors.journey.metrics import BUDGET, DURATION
from inventory.facts import JOURNEY_INFO
from inventory.labels import SERVICE

_PROBES = 'collector="journey"'


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Votes of the offices able to judge, as for services; and the median office, for one slow line says nothing."""
    limits = settings.thresholds
    success = f"{PROBE_SUCCESS.name}{{{_PROBES}}}"
    broken = f"{PROBE_RESULT.name}{{{_PROBES}, reason=~{one_of(NO_VOTE)}}}"
    allowed = f"unless on ({OFFICE_SERVICE_KEY}) {broken} and on ({OFFICE_KEY}) {OFFICE_JUDGE}"
    voters = f"count by ({SERVICE}) ({success} {allowed})"
    failing = f"count by ({SERVICE}) ({OFFICE_JOURNEY_FAILING})"
    known = still_known(JOURNEY_INFO.name, SERVICE, settings.windows.facts_memory_seconds)
    info = f"topk by ({SERVICE}) (1, max by ({SERVICE}, name) ({known}))"
    named = f'label_replace({info}, "service_name", "$1", "name", "(.*)")'
    median = f"quantile by ({SERVICE}) (0.5, {DURATION.name})"
    return (
        Recording(
            JOURNEY_EXPECTED,
            f"max by ({SERVICE}, service_name) ({named})"
            f" or on ({SERVICE}) group by ({SERVICE}) ({success} or {DURATION.name})",
        ),
        Recording(OFFICE_JOURNEY_FAILING, f"group by ({OFFICE_SERVICE_KEY}) ({success} == 0 {allowed})"),
        Recording(JOURNEY_RATIO, f"({failing} or 0 * {voters}) / on ({SERVICE}) {voters}"),
        Recording(JOURNEY_FAILING, agreed(JOURNEY_RATIO, limits.quorum_ratio, failing, limits.quorum_offices)),
        Recording(JOURNEY_BUDGET_RATIO, f"{median} / on ({SERVICE}) max by ({SERVICE}) ({BUDGET.name})"),
    )


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """Broken for most, which each service by itself may not show; longer than the budget for most."""
    return (
        Alert(
            "JourneyFailing", named_journey(str(JOURNEY_FAILING)),
            Severity.WARNING, Cause.SERVICE, Scope.COUNTRY, (ALERT_NAME, SERVICE),
            hold=settings.windows.journey_hold_seconds, keep=settings.trends.evaluation_seconds,
        ),
        Alert(
            "JourneyOverBudget", named_journey(f"{JOURNEY_BUDGET_RATIO} > 1"),
            Severity.INFO, Cause.SERVICE, Scope.COUNTRY, (ALERT_NAME, SERVICE),
            keep=settings.trends.evaluation_seconds,
        ),
    )  # fmt: skip
