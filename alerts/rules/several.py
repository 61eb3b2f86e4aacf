"""Most services fail for one province at once: what is broken is what the province shares, not each of them.

Its data network, the firewall or the proxy that all offices go through, its name servers. Where looks at the way have
found the place, or one operator's customers alone are hit, it is told as that (rules/path.py, rules/votes.py).
"""

from alerts.promql import duration, held, named_province
from alerts.recorded import (
    PROVINCE_SERVICE_FAILING,
    PROVINCE_SERVICE_INTERVAL,
    PROVINCE_SERVICE_VOTERS,
    SERVICE_FAILING,
)
from alerts.rule import Alert, Cause, Recording, Scope, Severity
from alerts.settings import Settings, Windows
from alerts.votes import PROVINCE_SERVICES_FAILING, PROVINCE_SERVICES_RATIO
from inventory.labels import PROVINCE, SERVICE

_PROVINCE_SERVICE = f"{PROVINCE}, {SERVICE}"


def not_several(windows: Windows) -> str:
    """To be appended to services that fail for a province: also until those that are asked again last have answered."""
    return f"unless on ({PROVINCE}) last_over_time({PROVINCE_SERVICES_FAILING}[{duration(windows.backed_off_seconds)}])"


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Needs the verdicts on services of the same moment. Only what is asked once a minute: all see that within one."""
    limits = settings.thresholds
    quick = (
        f"and on ({_PROVINCE_SERVICE}) {PROVINCE_SERVICE_INTERVAL} <= {settings.windows.probe_seconds:g}"
        f" unless on ({SERVICE}) {SERVICE_FAILING}"
    )
    failing = f"count by ({PROVINCE}) ({PROVINCE_SERVICE_FAILING} {quick})"
    judged = f"count by ({PROVINCE}) ({PROVINCE_SERVICE_VOTERS} >= {limits.quorum_voters} {quick})"
    most = held(PROVINCE_SERVICES_RATIO, limits.quorum_ratio, failing, limits.province_services,
                PROVINCE_SERVICES_FAILING, limits)  # fmt: skip
    return (
        Recording(PROVINCE_SERVICES_RATIO, f"{failing} / on ({PROVINCE}) {judged}"),
        Recording(PROVINCE_SERVICES_FAILING, most),
    )


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """Hardly later than the first of them would be told by itself: they fail within one round of probes."""
    windows = settings.windows
    return (
        Alert(
            "ProvincialServicesDown", named_province(str(PROVINCE_SERVICES_FAILING)),
            Severity.CRITICAL, Cause.UNKNOWN, Scope.PROVINCE, (PROVINCE,),
            hold=windows.province_service_hold_seconds, keep=windows.keep_seconds,
        ),
    )  # fmt: skip
