"""Services: every office that is able to judge has a vote; many votes make a verdict for a province or the country.

Whom a firewall turns away cannot say whether the service behind it works: refused offices have no vote, and the refusal
has an alert of its own. Nor has a vote whose operator alone does not lead there: that is rules/votes.py.
"""

from alerts.planned import OFFICE_PLANNED
from alerts.promql import (
    OFFICE_KEY,
    OFFICE_SERVICE_KEY,
    agreed,
    duration,
    held,
    named_office,
    named_operator,
    named_province,
    named_service,
    one_of,
    still_known,
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
    PROVINCE_SERVICE_RATIO,
    PROVINCE_SERVICE_VOTERS,
    SERVICE_BLOCKED,
    SERVICE_EXPECTED,
    SERVICE_FAILING,
    SERVICE_PROVINCES_RATIO,
    SERVICE_RATIO,
    SERVICE_SLOW,
    SERVICE_SLOW_RATIO,
)
from alerts.regions import LINK_CUT_OFF
from alerts.rule import ALERT_NAME, Alert, Cause, Recording, Scope, Severity
from alerts.rules import owners, votes
from alerts.rules.alone import not_all
from alerts.rules.planned import NO_MAINTENANCE
from alerts.rules.regions import NO_OUTAGE
from alerts.rules.several import not_several
from alerts.settings import Pace, Settings, Thresholds, Windows
from alerts.votes import (
    OFFICE_SERVICE_FAILS,
    OPERATOR_FAILING,
    OPERATOR_SERVICE_EXPLAINED,
    OPERATOR_VOTERS,
    SERVICE_VOTERS,
)
from alerts.ways import LINK_PATH_CAUSE, OFFICE_PATH_SHARED
from collectors.core import Reason
from collectors.core.observed import PROBE_RESULT, PROBE_SUCCESS
from inventory.facts import SERVICE_INFO
from inventory.labels import OFFICE, OPERATOR, PROVINCE, SERVICE

_NOT_MEASURED = (*votes.NO_VOTE, Reason.BUDGET)
FAILURES = tuple(reason for reason in Reason if not reason.success and reason not in _NOT_MEASURED)
_PROBES = 'collector="service"'
_PROVINCE_SERVICE = f"{PROVINCE}, {SERVICE}"


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Votes, shares and verdicts. Needs the states of power, links and ways at the same moment."""
    return (
        *_refusals(),
        *_votes(settings.windows),
        *votes.of_operators(settings.thresholds),
        *_verdicts(settings),
        *_slowness(settings.thresholds),
        votes.verdict(settings.thresholds),
    )


def answers() -> tuple[Recording, ...]:
    """What does not answer, whoever is to blame: here alone every probe is looked at. Links are judged by it, too."""
    failed = f"{PROBE_SUCCESS.name}{{{_PROBES}}} == 0 unless on ({OFFICE_SERVICE_KEY}) {votes.REFUSED}"
    return (Recording(OFFICE_SERVICE_FAILS, f"group by ({OFFICE_SERVICE_KEY}) ({failed})"),)


def _refusals() -> tuple[Recording, ...]:
    """Who judges, and whom a service turns away."""
    unfit = (OFFICE_POWER_LOST, OFFICE_LINK_BAD, LINK_CUT_OFF, OFFICE_PATH_SHARED, OFFICE_PLANNED)
    judge = " ".join((str(OFFICE_HEARD), *(f"unless on ({OFFICE_KEY}) {state}" for state in unfit)))
    refused = f'{PROBE_RESULT.name}{{{_PROBES}, reason="{Reason.BLOCKED}"}}'
    return (
        Recording(OFFICE_JUDGE, named_operator(judge)),
        Recording(
            OFFICE_SERVICE_BLOCKED,
            f"group by ({OFFICE_SERVICE_KEY}) ({refused} and on ({OFFICE_KEY}) {OFFICE_JUDGE} {NO_MAINTENANCE})",
        ),
    )


def _votes(windows: Windows) -> tuple[Recording, ...]:
    """What fails, for those who are able to judge; what is called how."""
    why = f"{PROBE_RESULT.name}{{{_PROBES}, reason=~{one_of(FAILURES)}}}"
    by_operator = f"on ({OFFICE_KEY}) group_left ({OPERATOR}) {OFFICE_JUDGE}"
    known = still_known(SERVICE_INFO.name, SERVICE, windows.facts_memory_seconds)
    info = f"topk by ({SERVICE}) (1, max by ({SERVICE}, name) ({known}))"
    named = f'label_replace({info}, "service_name", "$1", "name", "(.*)")'
    return (
        Recording(
            OFFICE_SERVICE_FAILING,
            f"group by ({OFFICE_SERVICE_KEY}, {OPERATOR}) ({OFFICE_SERVICE_FAILS} * {by_operator}) {NO_MAINTENANCE}",
        ),
        Recording(
            OFFICE_SERVICE_REASON,
            f"group by ({OFFICE_SERVICE_KEY}, reason) ({why} and on ({OFFICE_SERVICE_KEY}) {OFFICE_SERVICE_FAILING})",
        ),
        *votes.voters(),
        Recording(
            SERVICE_EXPECTED,
            f"max by ({SERVICE}, service_name) ({named})"
            f" or on ({SERVICE}) group by ({SERVICE}) ({OPERATOR_VOTERS})"
            f" or on ({SERVICE}) group by ({SERVICE}) ({OFFICE_SERVICE_BLOCKED})",
        ),
        Recording(SERVICE_BLOCKED, _blocked()),
    )


def _blocked() -> str:
    refused = f"count by ({SERVICE}) ({OFFICE_SERVICE_BLOCKED})"
    voters = f"(sum by ({SERVICE}) ({OPERATOR_VOTERS}) or 0 * {refused})"
    return f"{refused} / on ({SERVICE}) ({refused} + on ({SERVICE}) {voters})"


def _verdicts(settings: Settings) -> tuple[Recording, ...]:
    """A province needs most of its votes, or many; the country needs several provinces. No verdict from a few."""
    limits = settings.thresholds
    unexplained = f"unless on ({PROVINCE}, {OPERATOR}, {SERVICE}) {OPERATOR_SERVICE_EXPLAINED}"
    failing = f"sum by ({_PROVINCE_SERVICE}) ({OPERATOR_FAILING} {unexplained})"
    enough = f"and on ({_PROVINCE_SERVICE}) {PROVINCE_SERVICE_VOTERS} >= {limits.quorum_voters}"
    most = held(PROVINCE_SERVICE_RATIO, limits.quorum_ratio, failing, limits.quorum_offices, PROVINCE_SERVICE_FAILING,
                limits)  # fmt: skip
    many = held(PROVINCE_SERVICE_RATIO, limits.area_ratio, failing, limits.area_offices, PROVINCE_SERVICE_FAILING,
                limits)  # fmt: skip
    provinces = f"count by ({SERVICE}) ({PROVINCE_SERVICE_RATIO} > {limits.quorum_ratio})"
    everywhere = f"(sum by ({SERVICE}) ({OPERATOR_FAILING} {unexplained}) or 0 * {SERVICE_VOTERS})"
    country = held(SERVICE_RATIO, limits.quorum_ratio, provinces, limits.quorum_provinces, SERVICE_FAILING, limits)
    return (
        Recording(PROVINCE_SERVICE_VOTERS, f"sum by ({_PROVINCE_SERVICE}) ({OPERATOR_VOTERS} {unexplained})"),
        Recording(
            PROVINCE_SERVICE_RATIO,
            f"({failing} or 0 * {PROVINCE_SERVICE_VOTERS}) / on ({_PROVINCE_SERVICE}) {PROVINCE_SERVICE_VOTERS}",
        ),
        Recording(PROVINCE_SERVICE_FAILING, f"({most} or {many}) {enough}"),
        Recording(SERVICE_VOTERS, f"sum by ({SERVICE}) ({PROVINCE_SERVICE_VOTERS})"),
        Recording(SERVICE_RATIO, f"{everywhere} / on ({SERVICE}) {SERVICE_VOTERS}"),
        Recording(SERVICE_PROVINCES_RATIO, _provinces(settings.windows)),
        Recording(
            SERVICE_FAILING,
            f"({country} or {SERVICE_RATIO} and on ({SERVICE}) {_in_many_provinces(limits)})"
            f" and on ({SERVICE}) {SERVICE_VOTERS} >= {limits.national_voters}",
        ),
    )


def _provinces(windows: Windows) -> str:
    """It has failed there for two holds of the country: what comes back with an operator's customers fails shorter."""
    lasting = f"{PROVINCE_SERVICE_FAILING} offset {duration(2 * windows.country_service_hold_seconds)}"
    failing = f"count by ({SERVICE}) ({PROVINCE_SERVICE_FAILING} and {lasting})"
    return f"{failing} / on ({SERVICE}) count by ({SERVICE}) ({PROVINCE_SERVICE_VOTERS})"


def _in_many_provinces(limits: Thresholds) -> str:
    """One front end of several is dead: each province misses it, and none of them by half."""
    provinces = f"count by ({SERVICE}) ({PROVINCE_SERVICE_FAILING})"
    return held(
        SERVICE_PROVINCES_RATIO, limits.area_ratio, provinces, limits.service_provinces, SERVICE_FAILING, limits
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
    operators = tuple(alert for pace in windows.paces for alert in votes.alerts(pace, windows))
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
    return (*down, *operators, slow, blocked)


def _of_pace(pace: Pace, windows: Windows) -> tuple[Alert, ...]:
    no_country = f"unless on ({SERVICE}) {SERVICE_FAILING} {owners.no_owner_lately(pace, windows)}"
    no_province = f"unless on ({_PROVINCE_SERVICE}) {PROVINCE_SERVICE_FAILING}"
    at_large, nearby = votes.paced_at_large(pace), votes.paced(pace)
    province = f"{PROVINCE_SERVICE_FAILING} {nearby} {no_country} {not_several(windows)}"
    no_way = f"unless on ({OFFICE_KEY}) {LINK_PATH_CAUSE}"
    no_operator = f"unless on ({PROVINCE}, {OPERATOR}, {SERVICE}) {OPERATOR_SERVICE_EXPLAINED}"
    single = f"{OFFICE_SERVICE_FAILING} {nearby} {no_country} {no_province} {no_way}"
    office = f"{single} {no_operator} {NO_OUTAGE} {not_all(windows)}"
    keep = pace.factor * windows.keep_seconds
    return (
        Alert(
            "NationalServiceDown", owners.named(f"{SERVICE_FAILING} {at_large} {owners.NO_OWNER}"),
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
