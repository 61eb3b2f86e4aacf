"""Services: every office that is able to judge has a vote; many votes make a verdict for a province or the country."""

from alerts.promql import OFFICE_KEY, OFFICE_SERVICE_KEY, named_office, named_province, named_service, one_of
from alerts.recorded import (
    OFFICE_HEARD,
    OFFICE_JUDGE,
    OFFICE_LINK_BAD,
    OFFICE_POWER_LOST,
    OFFICE_SERVICE_FAILING,
    PROVINCE_SERVICE_FAILING,
    PROVINCE_SERVICE_RATIO,
    PROVINCE_SERVICE_VOTERS,
    SERVICE_EXPECTED,
    SERVICE_FAILING,
    SERVICE_RATIO,
)
from alerts.rule import Alert, Cause, Recorded, Recording, Scope, Severity
from alerts.settings import Settings
from collectors.core import Reason
from collectors.core.observed import PROBE_RESULT, PROBE_SUCCESS
from inventory.facts import SERVICE_INFO
from inventory.labels import OFFICE, PROVINCE, SERVICE

OWN_TROUBLE = (Reason.INTERNAL, Reason.PERMISSION)  # says nothing about what is measured
_PROBES = 'collector="service"'
_PROVINCE_SERVICE = f"{PROVINCE}, {SERVICE}"


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Votes, shares and verdicts. Needs the states of power and links at the same moment."""
    limits = settings.thresholds
    info = f"max by ({SERVICE}, name) ({SERVICE_INFO.name})"
    named = f'label_replace(topk by ({SERVICE}) (1, {info}), "service_name", "$1", "name", "(.*)")'
    success = f"{PROBE_SUCCESS.name}{{{_PROBES}}}"
    broken = f"{PROBE_RESULT.name}{{{_PROBES}, reason=~{one_of(OWN_TROUBLE)}}}"
    votes = f"unless on ({OFFICE_SERVICE_KEY}) {broken} and on ({OFFICE_KEY}) {OFFICE_JUDGE}"
    failing = f"count by ({_PROVINCE_SERVICE}) ({OFFICE_SERVICE_FAILING})"
    voters = f"on ({_PROVINCE_SERVICE}) {PROVINCE_SERVICE_VOTERS}"
    most = _agreed(PROVINCE_SERVICE_RATIO, limits.quorum_ratio, failing, limits.quorum_offices)
    many = _agreed(PROVINCE_SERVICE_RATIO, limits.area_ratio, failing, limits.area_offices)
    provinces = f"count by ({SERVICE}) ({PROVINCE_SERVICE_FAILING})"
    # Of 3,321 offices times forty services only two rules look at every probe; the others see sums, or what fails.
    return (
        Recording(
            OFFICE_JUDGE,
            f"{OFFICE_HEARD} unless on ({OFFICE_KEY}) {OFFICE_POWER_LOST} unless on ({OFFICE_KEY}) {OFFICE_LINK_BAD}",
        ),
        Recording(OFFICE_SERVICE_FAILING, f"group by ({OFFICE_SERVICE_KEY}) ({success} == 0 {votes})"),
        Recording(PROVINCE_SERVICE_VOTERS, f"count by ({_PROVINCE_SERVICE}) ({success} {votes})"),
        Recording(
            SERVICE_EXPECTED,
            f"max by ({SERVICE}, service_name) ({named})"
            f" or on ({SERVICE}) group by ({SERVICE}) ({PROVINCE_SERVICE_VOTERS})",
        ),
        Recording(PROVINCE_SERVICE_RATIO, f"({failing} or 0 * {PROVINCE_SERVICE_VOTERS}) / {voters}"),
        Recording(PROVINCE_SERVICE_FAILING, f"({most}) or ({many})"),
        Recording(
            SERVICE_RATIO,
            f"sum by ({SERVICE}) ({PROVINCE_SERVICE_RATIO} * {voters}) / on ({SERVICE})"
            f" sum by ({SERVICE}) ({PROVINCE_SERVICE_VOTERS})",
        ),
        Recording(SERVICE_FAILING, _agreed(SERVICE_RATIO, limits.quorum_ratio, provinces, limits.quorum_provinces)),
    )


def _agreed(share: Recorded, ratio: float, count: str, least: int) -> str:
    key = ", ".join(share.labels)
    return f"{share} > {ratio} and on ({key}) {count} >= {least}"


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """Country before province before office."""
    windows = settings.windows
    no_country = f"unless on ({SERVICE}) {SERVICE_FAILING}"
    office = f"{OFFICE_SERVICE_FAILING} {no_country} unless on ({_PROVINCE_SERVICE}) {PROVINCE_SERVICE_FAILING}"
    return (
        Alert(
            "NationalServiceDown", named_service(str(SERVICE_FAILING)),
            Severity.CRITICAL, Cause.SERVICE, Scope.COUNTRY, (SERVICE,),
            hold=windows.country_service_hold_seconds, keep=windows.keep_seconds,
        ),
        Alert(
            "ProvincialServiceDown", named_service(named_province(f"{PROVINCE_SERVICE_FAILING} {no_country}")),
            Severity.CRITICAL, Cause.SERVICE, Scope.PROVINCE, (PROVINCE, SERVICE),
            hold=windows.province_service_hold_seconds, keep=windows.keep_seconds,
        ),
        Alert(
            "ServiceDown", named_service(named_office(office)),
            Severity.WARNING, Cause.SERVICE, Scope.OFFICE, (OFFICE,),
            hold=windows.office_service_hold_seconds, keep=windows.keep_seconds,
        ),
    )  # fmt: skip
