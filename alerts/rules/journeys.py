"""Journeys against the plan's time from login to submission, as the office in the middle sees them."""

from alerts.recorded import JOURNEY_BUDGET_RATIO
from alerts.rule import ALERT_NAME, Alert, Cause, Recording, Scope, Severity
from alerts.settings import Settings
from collectors.journey.metrics import BUDGET, DURATION
from inventory.labels import SERVICE


def recordings() -> tuple[Recording, ...]:
    """The median office: one slow line says nothing about the pages."""
    median = f"quantile by ({SERVICE}) (0.5, {DURATION.name})"
    return (Recording(JOURNEY_BUDGET_RATIO, f"{median} / on ({SERVICE}) max by ({SERVICE}) ({BUDGET.name})"),)


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """Longer than the budget for most: the plan is missed before anybody has typed a letter."""
    return (
        Alert(
            "JourneyOverBudget", f"{JOURNEY_BUDGET_RATIO} > 1",
            Severity.INFO, Cause.SERVICE, Scope.COUNTRY, (ALERT_NAME, SERVICE),
            keep=settings.trends.evaluation_seconds,
        ),
    )  # fmt: skip
