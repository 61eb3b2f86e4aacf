"""The centre itself: the dead man's switch, the register, and the relay's channels."""

from alerts.promql import duration
from alerts.recorded import CHANNEL_FAILING
from alerts.relay.metrics import NOTIFICATIONS, QUEUE_AGE, Outcome
from alerts.rule import ALERT_NAME, Alert, Cause, Recording, Scope, Severity
from alerts.settings import Settings
from inventory.facts import OFFICE_INFO


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Channels that lose messages or hold them back."""
    hold = settings.windows.relay_hold_seconds
    dropped = f'increase({NOTIFICATIONS.name}{{outcome="{Outcome.DROPPED}"}}[{duration(hold)}]) > 0'
    return (
        Recording(
            CHANNEL_FAILING,
            f"group by (channel) ({dropped}) or group by (channel) ({QUEUE_AGE.name} > {hold:g})",
        ),
    )


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """Watchdog fires always: whoever misses it knows that the monitoring is dead."""
    windows = settings.windows
    return (
        Alert("Watchdog", "vector(1)", Severity.NONE, Cause.AGENT, Scope.CENTRE),
        Alert(
            "FactsMissing", f"absent({OFFICE_INFO.name})", Severity.CRITICAL, Cause.AGENT, Scope.CENTRE, (ALERT_NAME,),
            hold=windows.facts_hold_seconds,
        ),
        Alert(
            "RelayDeliveryFailing", str(CHANNEL_FAILING), Severity.WARNING, Cause.AGENT, Scope.CENTRE,
            (ALERT_NAME, "channel"), keep=windows.keep_seconds,
        ),
    )  # fmt: skip
