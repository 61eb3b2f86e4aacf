"""Agents that are heard, and yet not what they should be: of an older release, or measuring nothing of a kind."""

from alerts.fleet import OFFICE_PROBES_STALE, OFFICE_VERSION_BEHIND
from alerts.promql import OFFICE_KEY, duration, named_office
from alerts.recorded import OFFICE_HEARD
from alerts.rule import ALERT_NAME, Alert, Cause, Recording, Scope, Severity
from alerts.settings import Settings
from collectors.core.observed import AGENT_INFO, AGENT_PROBES, AGENT_STALE
from inventory.expected import AGENT_WANTED
from inventory.labels import PROVINCE

_KIND = f"{OFFICE_KEY}, collector"


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """A kind that gives nothing new though its agent speaks: silence alone would not show it."""
    memory = duration(settings.windows.facts_memory_seconds)
    wanted = f"last_over_time({AGENT_WANTED.name}[{memory}])"
    heard = f"and on ({OFFICE_KEY}) {OFFICE_HEARD}"
    running = f"group by ({OFFICE_KEY}, version) ({AGENT_INFO.name})"
    stale, all_of_them = (f"max by ({_KIND}) ({metric.name})" for metric in (AGENT_STALE, AGENT_PROBES))
    return (
        Recording(
            OFFICE_VERSION_BEHIND,
            f"{running} unless on ({PROVINCE}, version) {wanted} and on ({PROVINCE}) {wanted} {heard}",
        ),
        Recording(OFFICE_PROBES_STALE, f"{stale} >= on ({_KIND}) {all_of_them} {heard}"),
    )


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """One notification per province: a rollout reaches its offices within a day, or it has stopped."""
    return (
        Alert(
            "AgentOutdated", named_office(str(OFFICE_VERSION_BEHIND)), Severity.INFO, Cause.AGENT, Scope.OFFICE,
            (ALERT_NAME, PROVINCE), hold=settings.trends.version_hold_seconds,
        ),
        Alert(
            "ProbesStale", named_office(str(OFFICE_PROBES_STALE)), Severity.INFO, Cause.AGENT, Scope.OFFICE,
            (ALERT_NAME, PROVINCE), hold=settings.windows.agent_hold_seconds,
        ),
    )  # fmt: skip
