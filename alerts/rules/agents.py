"""The monitoring itself: what cannot run, does not answer, was refused, or could not be told if it came to it."""

from alerts.promql import OFFICE_KEY, named_office, one_of
from alerts.recorded import (
    OFFICE_CONFIG_REJECTED,
    OFFICE_LAST_WORD_BLOCKED,
    OFFICE_PROBE_BROKEN,
    OFFICE_UPS_UNREACHABLE,
)
from alerts.rule import ALERT_NAME, Alert, Cause, Recording, Scope, Severity
from alerts.rules.votes import OWN_TROUBLE
from alerts.settings import Settings
from collectors.core.observed import AGENT_CONFIG_GOOD, PROBE_RESULT, PROBE_SUCCESS, WORD_READY
from collectors.ups import READERS
from collectors.ups.metrics import COMMUNICATION
from inventory.labels import PROVINCE


def recordings(_: Settings) -> tuple[Recording, ...]:
    """What is wrong with the measuring, per office."""
    broken = f"{PROBE_RESULT.name}{{reason=~{one_of(OWN_TROUBLE)}}} == 1"
    mute = f"{PROBE_SUCCESS.name}{{collector=~{one_of(READERS)}}} == 0 or {COMMUNICATION.name} == 0"
    return (
        Recording(OFFICE_PROBE_BROKEN, f"max by ({OFFICE_KEY}, collector, reason) ({broken})"),
        Recording(OFFICE_UPS_UNREACHABLE, f"group by ({OFFICE_KEY}) ({mute})"),
        Recording(OFFICE_CONFIG_REJECTED, f"group by ({OFFICE_KEY}) ({AGENT_CONFIG_GOOD.name} == 0)"),
        Recording(OFFICE_LAST_WORD_BLOCKED, f"group by ({OFFICE_KEY}) ({WORD_READY.name} == 0)"),
    )


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """One notification per alert and province: a bad release reaches many offices at once."""
    hold = settings.windows.agent_hold_seconds
    return (
        Alert(
            "ProbeFailing", named_office(str(OFFICE_PROBE_BROKEN)), Severity.INFO, Cause.AGENT, Scope.OFFICE,
            (ALERT_NAME, PROVINCE), hold=hold,
        ),
        Alert(
            "UpsUnreachable", named_office(str(OFFICE_UPS_UNREACHABLE)), Severity.INFO, Cause.AGENT, Scope.OFFICE,
            (ALERT_NAME, PROVINCE), hold=settings.windows.ups_hold_seconds,
        ),
        Alert(
            "ConfigurationRejected", named_office(str(OFFICE_CONFIG_REJECTED)), Severity.WARNING, Cause.AGENT,
            Scope.OFFICE, (ALERT_NAME, PROVINCE), hold=hold,
        ),
        Alert(
            "LastWordBlocked", named_office(str(OFFICE_LAST_WORD_BLOCKED)), Severity.WARNING, Cause.AGENT,
            Scope.OFFICE, (ALERT_NAME, PROVINCE), hold=hold,
        ),
    )  # fmt: skip
