"""What a rule is: a recorded series with the expression that fills it, or an alert on recorded series."""

import re
from dataclasses import dataclass
from enum import StrEnum

ALERT_NAME = "alertname"  # the label that Prometheus gives to every alert
INCIDENT = "incident"  # the label that Alertmanager groups by: one value, one notification


class Severity(StrEnum):
    """critical: somebody gets up; warning: today; info: this week; none: for machines."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"
    NONE = "none"


class Cause(StrEnum):
    """Where the fault is, as far as the evidence goes."""

    POWER = "power"
    LINK = "link"
    SERVICE = "service"
    OFFICE = "office"  # its own network: cables, switches, the router
    NAMES = "names"  # a name server, whoever runs it
    AGENT = "agent"  # the monitoring itself
    BANDWIDTH = "bandwidth"
    UNKNOWN = "unknown"


class Scope(StrEnum):
    """How far a fault reaches."""

    CENTRE = "centre"
    COUNTRY = "country"
    PROVINCE = "province"
    OPERATOR = "operator"  # one operator's customers, of a province or an area
    FEEDER = "feeder"  # offices on one line of the power company
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The name of a series that a recording rule fills, with all the labels that it carries."""

    name: str
    help: str
    labels: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Recording:
    """`series` is filled with `expr` at every evaluation."""

    series: Recorded
    expr: str


@dataclass(frozen=True, slots=True)
class Alert:
    """A condition that people are told about.

    cause      None when the expression's own label `cause` says it
    incident   the labels whose values, together with the cause and the scope, make one incident: one notification
    hold       seconds that the condition must last; keep: seconds that it must be gone before it is over
    """

    name: str
    expr: str
    severity: Severity
    cause: Cause | None
    scope: Scope
    incident: tuple[str, ...] = ()
    hold: float = 0
    keep: float = 0

    @property
    def key(self) -> str:
        """The name in the message catalogue and of the runbook: OnBattery -> on_battery."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.name).lower()


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that Prometheus evaluates together, in this order, at one moment."""

    name: str
    interval: float
    recordings: tuple[Recording, ...]
    alerts: tuple[Alert, ...]
