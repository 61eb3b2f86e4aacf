"""Offices that reach no service while others of their province do: what is broken is theirs, not the services'.

A firewall, a proxy, a page that asks to log in, a clock that breaks TLS: the line carries pings, and the centre hears
the office. Where the reference of the line is lost, too, the line is down (rules/links.py); a place that a look at the
way has found is told instead (rules/path.py).
"""

from alerts.planned import PROVINCE_SERVICE_PLANNED
from alerts.promql import OFFICE_KEY, duration, named_office
from alerts.recorded import (
    OFFICE_SERVICE_FAILING,
    PROVINCE_SERVICE_FAILING,
    PROVINCE_SERVICE_INTERVAL,
    PROVINCE_SERVICE_VOTERS,
    SERVICE_FAILING,
)
from alerts.rule import Alert, Cause, Recording, Scope, Severity
from alerts.rules.regions import NO_OUTAGE
from alerts.settings import Settings, Windows
from alerts.votes import OFFICE_REACHES_NOTHING, OPERATOR_SERVICE_EXPLAINED, PROVINCE_SERVICE_SOUND
from alerts.ways import LINK_PATH_CAUSE
from inventory.labels import OFFICE, OPERATOR, PROVINCE, SERVICE

_PROVINCE_SERVICE = f"{PROVINCE}, {SERVICE}"


def not_all(windows: Windows) -> str:
    """To be appended to services that fail at an office: also until those that are asked again last have answered."""
    return f"unless on ({OFFICE_KEY}) last_over_time({OFFICE_REACHES_NOTHING}[{duration(windows.backed_off_seconds)}])"


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Needs the verdicts on services of the same moment. Looks at what fails, never at every probe."""
    limits = settings.thresholds
    sound = (
        f"group by ({_PROVINCE_SERVICE}) ({PROVINCE_SERVICE_INTERVAL} <= {settings.windows.probe_seconds:g})"
        f" and on ({_PROVINCE_SERVICE}) {PROVINCE_SERVICE_VOTERS} >= {limits.quorum_voters}"
        f" unless on ({SERVICE}) {SERVICE_FAILING}"
        f" unless on ({_PROVINCE_SERVICE}) ({PROVINCE_SERVICE_FAILING} or {PROVINCE_SERVICE_PLANNED})"
    )
    failing = (
        f"{OFFICE_SERVICE_FAILING} and on ({_PROVINCE_SERVICE}) {PROVINCE_SERVICE_SOUND}"
        f" unless on ({PROVINCE}, {OPERATOR}, {SERVICE}) {OPERATOR_SERVICE_EXPLAINED}"
    )
    several = f"count by ({PROVINCE}) ({PROVINCE_SERVICE_SOUND}) >= {limits.sound_services}"
    return (
        Recording(PROVINCE_SERVICE_SOUND, sound),
        Recording(
            OFFICE_REACHES_NOTHING,
            f"count by ({OFFICE_KEY}, {OPERATOR}) ({failing}) >= on ({PROVINCE}) group_left () ({several})",
        ),
    )


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """No sooner than a look at the way could have found the place."""
    windows = settings.windows
    expr = f"{OFFICE_REACHES_NOTHING} unless on ({OFFICE_KEY}) {LINK_PATH_CAUSE} {NO_OUTAGE}"
    return (
        Alert(
            "OfficeReachesNothing", named_office(expr),
            Severity.WARNING, Cause.OFFICE, Scope.OFFICE, (OFFICE,),
            hold=windows.office_service_hold_seconds, keep=windows.keep_seconds,
        ),
    )  # fmt: skip
