"""Services: every office that is able to judge has a vote; many votes make a verdict for a province or the country.

Whom a firewall turns away cannot say whether the service behind it works: refused offices have no vote, and the refusal
has an alert of its own.
"""

import math

from alerts.planned import OFFICE_PLANNED
from alerts.promql import (
    OFFICE_KEY,
    OFFICE_SERVICE_KEY,
    agreed,
    duration,
    named_office,
    named_province,
    named_service,
    one_of,
)
from alerts.recorded import (
    OFFICE_HEARD,
    OFFICE_JUDGE,
    OFFICE_LINK_BAD,
    OFFICE_POWER_LOST,
    OFFICE_SERVICE_BLOCKED,
    OFFICE_SERVICE_FAILING,
    OFFICE_SERVICE_REASON,
    PROVINCE_SERVICE_FAILING,
    PROVINCE_SERVICE_INTERVAL,
    PROVINCE_SERVICE_RATIO,
    PROVINCE_SERVICE_VOTERS,
    SERVICE_BLOCKED,
    SERVICE_EXPECTED,
    SERVICE_FAILING,
    SERVICE_INTERVAL,
    SERVICE_RATIO,
    SERVICE_SLOW,
    SERVICE_SLOW_RATIO,
)
from alerts.rule import ALERT_NAME, Alert, Cause, Recorded, Recording, Scope, Severity
from alerts.rules.planned import NO_MAINTENANCE
from alerts.settings import Pace, Settings, Thresholds, Windows
from alerts.ways import LINK_PATH_CAUSE, OFFICE_PATH_SHARED
from collectors.core import Reason
from collectors.core.observed import PROBE_RESULT, PROBE_SUCCESS
from inventory.facts import SERVICE_INFO
from inventory.facts import SERVICE_INTERVAL as SERVICE_PROBE_INTERVAL
from inventory.labels import OFFICE, PROVINCE, SERVICE

OWN_TROUBLE = (Reason.INTERNAL, Reason.PERMISSION)  # says nothing about what is measured
NO_VOTE = (*OWN_TROUBLE, Reason.BLOCKED)
_NOT_MEASURED = (*NO_VOTE, Reason.BUDGET)
FAILURES = tuple(reason for reason in Reason if not reason.success and reason not in _NOT_MEASURED)
_PROBES = 'collector="service"'
_PROVINCE_SERVICE = f"{PROVINCE}, {SERVICE}"


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Votes, shares and verdicts. Needs the states of power, links and ways at the same moment."""
    return (
        *_intervals(settings.windows),
        *_refusals(),
        *_votes(),
        *_verdicts(settings.thresholds),
        *_slowness(settings.thresholds),
    )


def _intervals(windows: Windows) -> tuple[Recording, ...]:
    """As the register has them, also while its page is away for a moment."""
    known = f"max_over_time({SERVICE_PROBE_INTERVAL.name}[{duration(windows.facts_memory_seconds)}])"
    return (
        Recording(PROVINCE_SERVICE_INTERVAL, f"max by ({_PROVINCE_SERVICE}) ({known})"),
        Recording(SERVICE_INTERVAL, f"quantile by ({SERVICE}) (0.5, {PROVINCE_SERVICE_INTERVAL})"),
    )


def _refusals() -> tuple[Recording, ...]:
    """Who judges, and whom a service turns away."""
    unfit = (OFFICE_POWER_LOST, OFFICE_LINK_BAD, OFFICE_PATH_SHARED, OFFICE_PLANNED)
    judge = " ".join((str(OFFICE_HEARD), *(f"unless on ({OFFICE_KEY}) {state}" for state in unfit)))
    refused = f'{PROBE_RESULT.name}{{{_PROBES}, reason="{Reason.BLOCKED}"}}'
    return (
        Recording(OFFICE_JUDGE, judge),
        Recording(
            OFFICE_SERVICE_BLOCKED,
            f"group by ({OFFICE_SERVICE_KEY}) ({refused} and on ({OFFICE_KEY}) {OFFICE_JUDGE} {NO_MAINTENANCE})",
        ),
    )


def _votes() -> tuple[Recording, ...]:
    """Of 3,321 offices times forty services only two rules look at every probe; the others see sums, or what fails."""
    success = f"{PROBE_SUCCESS.name}{{{_PROBES}}}"
    broken = f"{PROBE_RESULT.name}{{{_PROBES}, reason=~{one_of(NO_VOTE)}}}"
    why = f"{PROBE_RESULT.name}{{{_PROBES}, reason=~{one_of(FAILURES)}}}"
    allowed = f"unless on ({OFFICE_SERVICE_KEY}) {broken} and on ({OFFICE_KEY}) {OFFICE_JUDGE}"
    info = f"topk by ({SERVICE}) (1, max by ({SERVICE}, name) ({SERVICE_INFO.name}))"
    named = f'label_replace({info}, "service_name", "$1", "name", "(.*)")'
    refused = f"count by ({SERVICE}) ({OFFICE_SERVICE_BLOCKED})"
    voters = f"(sum by ({SERVICE}) ({PROVINCE_SERVICE_VOTERS}) or 0 * {refused})"
    return (
        Recording(
            OFFICE_SERVICE_FAILING, f"group by ({OFFICE_SERVICE_KEY}) ({success} == 0 {allowed} {NO_MAINTENANCE})"
        ),
        Recording(
            OFFICE_SERVICE_REASON,
            f"group by ({OFFICE_SERVICE_KEY}, reason) ({why} and on ({OFFICE_SERVICE_KEY}) {OFFICE_SERVICE_FAILING})",
        ),
        Recording(PROVINCE_SERVICE_VOTERS, f"count by ({_PROVINCE_SERVICE}) ({success} {allowed}) {NO_MAINTENANCE}"),
        Recording(
            SERVICE_EXPECTED,
            f"max by ({SERVICE}, service_name) ({named})"
            f" or on ({SERVICE}) group by ({SERVICE}) ({PROVINCE_SERVICE_VOTERS})"
            f" or on ({SERVICE}) group by ({SERVICE}) ({OFFICE_SERVICE_BLOCKED})",
        ),
        Recording(SERVICE_BLOCKED, f"{refused} / on ({SERVICE}) ({refused} + on ({SERVICE}) {voters})"),
    )


def _verdicts(limits: Thresholds) -> tuple[Recording, ...]:
    """A province needs most of its votes, or many; the country needs several provinces."""
    failing = f"count by ({_PROVINCE_SERVICE}) ({OFFICE_SERVICE_FAILING})"
    voters = f"on ({_PROVINCE_SERVICE}) {PROVINCE_SERVICE_VOTERS}"
    most = agreed(PROVINCE_SERVICE_RATIO, limits.quorum_ratio, failing, limits.quorum_offices)
    many = agreed(PROVINCE_SERVICE_RATIO, limits.area_ratio, failing, limits.area_offices)
    provinces = f"count by ({SERVICE}) ({PROVINCE_SERVICE_FAILING})"
    everywhere = f"sum by ({SERVICE}) ({PROVINCE_SERVICE_RATIO} * {voters})"
    return (
        Recording(PROVINCE_SERVICE_RATIO, f"({failing} or 0 * {PROVINCE_SERVICE_VOTERS}) / {voters}"),
        Recording(PROVINCE_SERVICE_FAILING, f"({most}) or ({many})"),
        Recording(SERVICE_RATIO, f"{everywhere} / on ({SERVICE}) sum by ({SERVICE}) ({PROVINCE_SERVICE_VOTERS})"),
        Recording(SERVICE_FAILING, agreed(SERVICE_RATIO, limits.quorum_ratio, provinces, limits.quorum_provinces)),
    )


def _slowness(limits: Thresholds) -> tuple[Recording, ...]:
    """A slow answer is a right one: it takes no vote, and is counted by itself."""
    slow = f'{PROBE_RESULT.name}{{{_PROBES}, reason="{Reason.SLOW}"}}'
    by_province = f"count by ({_PROVINCE_SERVICE}) ({slow} and on ({OFFICE_KEY}) {OFFICE_JUDGE} {NO_MAINTENANCE})"
    voters = f"sum by ({SERVICE}) ({PROVINCE_SERVICE_VOTERS})"
    share = f"(sum by ({SERVICE}) ({by_province}) or 0 * {voters}) / on ({SERVICE}) {voters}"
    provinces = f"count by ({SERVICE}) ({by_province})"
    return (
        Recording(SERVICE_SLOW_RATIO, share),
        Recording(SERVICE_SLOW, agreed(SERVICE_SLOW_RATIO, limits.quorum_ratio, provinces, limits.quorum_provinces)),
    )


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """Country before province before office, for each pace with windows of its own."""
    windows = settings.windows
    down = tuple(alert for pace in windows.paces for alert in _of_pace(pace, windows))
    slow = Alert(
        "ServiceSlow", named_service(str(SERVICE_SLOW)),
        Severity.WARNING, Cause.SERVICE, Scope.COUNTRY, (ALERT_NAME, SERVICE),
        hold=windows.slow_hold_seconds, keep=windows.rare_probe_seconds,
    )  # fmt: skip
    blocked = Alert(
        "ServiceBlocked", named_service(str(SERVICE_BLOCKED)),
        Severity.INFO, Cause.SERVICE, Scope.COUNTRY, (ALERT_NAME, SERVICE),
        hold=windows.slow_hold_seconds, keep=windows.rare_probe_seconds,
    )  # fmt: skip
    return (*down, slow, blocked)


def _of_pace(pace: Pace, windows: Windows) -> tuple[Alert, ...]:
    no_country = f"unless on ({SERVICE}) {SERVICE_FAILING}"
    no_province = f"unless on ({_PROVINCE_SERVICE}) {PROVINCE_SERVICE_FAILING}"
    at_large, nearby = _at(pace, SERVICE, SERVICE_INTERVAL), _at(pace, _PROVINCE_SERVICE, PROVINCE_SERVICE_INTERVAL)
    province = f"{PROVINCE_SERVICE_FAILING} {nearby} {no_country}"
    no_way = f"unless on ({OFFICE_KEY}) {LINK_PATH_CAUSE}"
    office = f"{OFFICE_SERVICE_FAILING} {nearby} {no_country} {no_province} {no_way}"
    keep = pace.factor * windows.keep_seconds
    return (
        Alert(
            "NationalServiceDown", named_service(f"{SERVICE_FAILING} {at_large}"),
            Severity.CRITICAL, Cause.SERVICE, Scope.COUNTRY, (SERVICE,),
            hold=pace.factor * windows.country_service_hold_seconds, keep=keep,
        ),
        Alert(
            "ProvincialServiceDown", named_service(named_province(province)),
            Severity.CRITICAL, Cause.SERVICE, Scope.PROVINCE, (PROVINCE, SERVICE),
            hold=pace.factor * windows.province_service_hold_seconds, keep=keep,
        ),
        Alert(
            "ServiceDown", named_service(named_office(office)),
            Severity.WARNING, Cause.SERVICE, Scope.OFFICE, (OFFICE,),
            hold=pace.factor * windows.office_service_hold_seconds, keep=keep,
        ),
    )  # fmt: skip


def _at(pace: Pace, key: str, interval: Recorded) -> str:
    """What is asked at this pace; what the register does not know, at the quickest."""
    quicker = f"unless on ({key}) {interval} > {pace.most:g}" if pace.most < math.inf else ""
    slower = f"and on ({key}) {interval} > {pace.over:g}" if pace.over else ""
    return " ".join(filter(None, (slower, quicker)))
