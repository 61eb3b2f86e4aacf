"""A case: a fault, a moment at which nothing may fire yet, what fires a little later; and what cases are made of."""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.settings import PRODUCTION, Settings
from tests.rules.scene import Firing, Office, Series, selector, values

MINUTE = 60.0
HOUR = 3600.0
DAY = 86400.0


@dataclass(frozen=True)
class Case:
    """`quiet`: the last evaluation at which it does not fire; `fires`: the first at which it does.

    At both moments `beside` fires, and nothing else.
    """

    series: Series
    quiet: float
    fires: float
    firing: Firing
    beside: tuple[Firing, ...] = ()
    settings: Settings = PRODUCTION


def office_labels(office: Office, severity: str, cause: str, incident: str, **more: str) -> Mapping[str, str]:
    return {
        **office.labels, **office.names, "severity": severity, "scope": "office", "cause": cause,
        "incident": incident, **more,
    }  # fmt: skip


def wide_labels(severity: str, scope: str, cause: str, incident: str, **more: str) -> Mapping[str, str]:
    return {"severity": severity, "scope": scope, "cause": cause, "incident": incident, **more}


ONE = Office(1)
PORTAL = selector("service_info", service="portal", name="Cổng Dịch vụ công", owner="mps", tier="1", job="facts")


def ups(office: Office, *parts: tuple[float | str, float]) -> dict[str, str]:
    return {office.series("ups_on_battery", ups="ups-1", collector="ups"): values(*parts)}


def silent(office: Office, after: float, until: float) -> dict[str, str]:
    return {office.series("agent_start_time_seconds"): values((1700000000, after), ("gone", until - after))}


def service(office: Office, *parts: tuple[float | str, float]) -> dict[str, str]:
    return {office.series("probe_success", service="portal", collector="service"): values(*parts)}


def of_all(found: list[dict[str, str]]) -> dict[str, str]:
    return {name: text for each in found for name, text in each.items()}
