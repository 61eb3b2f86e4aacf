"""The centre itself: the dead man's switch, the register, and the relay's channels."""

from alerts.lifeline import RELAY_DEAD, WATCHDOG
from alerts.planned import PROVINCE_KNOWN
from alerts.promql import duration
from alerts.recorded import CHANNEL_DEAD, CHANNEL_FAILING, PROVINCE_OFFICES, RELAY_DAMAGED
from alerts.relay.metrics import DAMAGED, FAILING, NOTIFICATIONS, QUEUE_AGE, RECEIVERS_GOOD, TOKEN_GOOD, Outcome
from alerts.rule import ALERT_NAME, Alert, Cause, Recording, Scope, Severity
from alerts.scraped import UP
from alerts.settings import Settings, Thresholds
from inventory.facts import OFFICE_INFO
from inventory.labels import PROVINCE

RELAY_JOB = "relay"  # in the province's prometheus.yml


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Channels that lose messages, hold them back, have no key any more, or live by their fallback; files nobody could
    read; a dead relay.
    """
    hold = settings.windows.relay_hold_seconds
    dropped = f'increase({NOTIFICATIONS.name}{{outcome="{Outcome.DROPPED}"}}[{duration(hold)}]) > 0'
    return (
        Recording(
            CHANNEL_FAILING,
            f"group by (channel) ({dropped}) or group by (channel) ({QUEUE_AGE.name} > {hold:g})"
            f" or group by (channel) ({TOKEN_GOOD.name} == 0)",
        ),
        Recording(
            CHANNEL_DEAD,
            f"group by (channel) ({FAILING.name} > {settings.windows.relay_dead_seconds:g})"
            f" unless on (channel) {CHANNEL_FAILING}",
        ),
        Recording(RELAY_DAMAGED, f"sum({DAMAGED.name}) + sum({RECEIVERS_GOOD.name} == bool 0) > 0"),
        Recording(RELAY_DEAD, f'group(max_over_time({UP.name}{{job="{RELAY_JOB}"}}[{duration(hold)}]) == 0)'),
    )


def _nameless(limits: Thresholds) -> str:
    """Provinces whose page alone is away; an agent or two of an unknown one are somebody's trial."""
    return f"group({PROVINCE_OFFICES} >= {limits.area_offices} unless on ({PROVINCE}) {PROVINCE_KNOWN})"


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """Watchdog fires always: whoever misses it knows that the monitoring is dead, or cannot tell anybody."""
    windows = settings.windows
    missing = f"absent({OFFICE_INFO.name}) or {_nameless(settings.thresholds)}"
    return (
        Alert(WATCHDOG, f"vector(1) unless on () {RELAY_DEAD}", Severity.NONE, Cause.AGENT, Scope.CENTRE),
        Alert(
            "FactsMissing", missing, Severity.CRITICAL, Cause.AGENT, Scope.CENTRE, (ALERT_NAME,),
            hold=windows.facts_hold_seconds,
        ),
        Alert(
            "RelayDeliveryFailing", str(CHANNEL_FAILING), Severity.WARNING, Cause.AGENT, Scope.CENTRE,
            (ALERT_NAME, "channel"), keep=windows.keep_seconds,
        ),
        Alert(
            "RelayChannelDead", str(CHANNEL_DEAD), Severity.INFO, Cause.AGENT, Scope.CENTRE,
            (ALERT_NAME, "channel"), keep=windows.keep_seconds,
        ),
        Alert(
            "RelayFilesDamaged", str(RELAY_DAMAGED), Severity.WARNING, Cause.AGENT, Scope.CENTRE, (ALERT_NAME,),
            hold=windows.relay_hold_seconds,
        ),
    )  # fmt: skip
