"""Rules for engines that lack something: the same rules, put in other words.

vmalert of Debian's victoria-metrics (1.79) knows no `keep_firing_for`, and refuses a file that says it. There an alert
goes on while its condition held within that time and the alert fires: its condition is recorded, and `ALERTS`, which
both engines write, says whether it fires. So nothing is told sooner, and nothing is over too soon.
"""

from dataclasses import replace
from enum import StrEnum

from alerts.promql import duration
from alerts.rule import ALERT_NAME, INCIDENT, Alert, Group, Recorded, Recording
from alerts.scraped import ALERTS

_BESIDE = (ALERT_NAME, "alertstate", "alertgroup", "severity", "scope", "cause", INCIDENT)  # what firing adds


class Engine(StrEnum):
    """Who evaluates the rules."""

    PROMETHEUS = "prometheus"
    VMALERT = "vmalert"


def suited(group: Group, engine: Engine) -> Group:
    """The group as this engine reads it."""
    if engine is Engine.PROMETHEUS:
        return group
    kept = [_kept(alert, number) if alert.keep else (None, alert) for number, alert in enumerate(group.alerts)]
    conditions = tuple(condition for condition, _ in kept if condition)
    return replace(group, recordings=(*group.recordings, *conditions), alerts=tuple(alert for _, alert in kept))


def _kept(alert: Alert, number: int) -> tuple[Recording, Alert]:
    """The recorded condition, and the alert that remembers it. An alert of several paces has several conditions."""
    condition = Recorded(f"alert:{alert.key}:condition{number}", f"Where {alert.name} holds now.")
    firing = f'{ALERTS.name}{{{ALERT_NAME}="{alert.name}", alertstate="firing"}}'
    past = f"last_over_time({condition}[{duration(alert.keep)}]) and ignoring ({', '.join(_BESIDE)}) {firing}"
    return Recording(condition, alert.expr), replace(alert, expr=f"({alert.expr}) or ({past})", keep=0)
