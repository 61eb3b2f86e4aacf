"""Whose matter a service that fails is: one operator's, whose customers alone cannot use it, or the service's own.

Offices that work over the government's own network vote as customers of it, so that it is told apart from the Internet.
"""

import math

from alerts.planned import PROVINCE_SERVICE_PLANNED
from alerts.promql import OFFICE_KEY, held, named_province, named_service, one_of
from alerts.recorded import (
    OFFICE_JUDGE,
    OFFICE_SERVICE_FAILING,
    PROVINCE_SERVICE_FAILING,
    PROVINCE_SERVICE_INTERVAL,
    PROVINCE_SERVICE_VOTERS,
    SERVICE_FAILING,
    SERVICE_INTERVAL,
)
from alerts.regions import OPERATOR_DOWN
from alerts.rule import Alert, Cause, Recorded, Recording, Scope, Severity
from alerts.rules.planned import NO_MAINTENANCE
from alerts.rules.regions import NO_OUTAGE
from alerts.settings import Pace, Thresholds, Windows
from alerts.votes import (
    OFFICE_ENROLLED,
    OPERATOR_ENROLLED,
    OPERATOR_FAILING,
    OPERATOR_RATIO,
    OPERATOR_SERVICE_BROKEN,
    OPERATOR_SERVICE_EXPLAINED,
    OPERATOR_SERVICE_RATIO,
    OPERATOR_VOTERS,
    PROVINCE_OPERATOR_BROKEN,
    SERVICE_VERDICT,
)
from collectors.core import Reason
from collectors.core.observed import PROBE_RESULT
from inventory.labels import OPERATOR, PROVINCE, SERVICE

OWN_TROUBLE = (Reason.INTERNAL, Reason.PERMISSION)  # says nothing about what is measured
NO_VOTE = (*OWN_TROUBLE, Reason.BLOCKED)
REFUSED = f'{PROBE_RESULT.name}{{collector="service", reason=~{one_of(NO_VOTE)}}}'

_PROVINCE_SERVICE = f"{PROVINCE}, {SERVICE}"
_OPERATOR_SERVICE = f"{OPERATOR}, {SERVICE}"
_PROVINCE_OPERATOR = f"{PROVINCE}, {OPERATOR}"
_VOTES = f"{PROVINCE}, {OPERATOR}, {SERVICE}"
BROKEN, OK, FEW, PLANNED = VERDICTS = ("broken", "ok", "not_enough_evidence", "planned")
NOWHERE = "none"
OFFICE, OPERATORS, PROVINCES, NATIONAL = SCOPES = ("office", "operator", "province", "national")


def voters() -> tuple[Recording, ...]:
    """The roll, less those that are unable to judge by now, or are refused. For whom it fails, too, is on the roll.

    Were they counted sooner than those for whom it works, they would be all voters: once the centre hears again, or
    Prometheus runs again, some offices that always miss a service would make it an outage of the country.
    """
    office = f"{OFFICE_KEY}, {OPERATOR}"
    left = f"count by ({_PROVINCE_OPERATOR}) ({OFFICE_ENROLLED} unless on ({office}) {OFFICE_JUDGE})"
    unable = f"0 * {OPERATOR_ENROLLED} - on ({_PROVINCE_OPERATOR}) group_left () {left}"
    refused = f"0 - count by ({_VOTES}) ({REFUSED} * on ({OFFICE_KEY}) group_left ({OPERATOR}) {OFFICE_JUDGE})"
    enrolled = f"{OFFICE_SERVICE_FAILING} and on ({office}) {OFFICE_ENROLLED}"
    able = f"sum by ({_VOTES}) ({OPERATOR_ENROLLED} or {_part(unable, 'unable')} or {_part(refused, 'refused')}) > 0"
    return (
        Recording(OPERATOR_FAILING, f"count by ({_VOTES}) ({enrolled}) and on ({_VOTES}) {OPERATOR_ENROLLED}"),
        Recording(
            OPERATOR_VOTERS,
            f"max by ({_VOTES}) ({able} or {_part(str(OPERATOR_FAILING), 'failing')}) {NO_MAINTENANCE}",
        ),
    )


def _part(expr: str, name: str) -> str:
    """A label of its own, so that `or` keeps it beside the others."""
    return f'label_replace({expr}, "part", "{name}", "", "")'


def of_operators(limits: Thresholds) -> tuple[Recording, ...]:
    """Most of an operator's voters against hardly any of the others'. Needs the votes of the same moment.

    Two operators may miss it at once: then hardly any voters of all others do.
    """
    known = f'{OPERATOR_RATIO}{{{OPERATOR}!=""}}'
    few = f"on ({_VOTES}) {OPERATOR_VOTERS}"
    most = held(OPERATOR_RATIO, limits.quorum_ratio, str(OPERATOR_FAILING), limits.quorum_offices,
                PROVINCE_OPERATOR_BROKEN, limits)  # fmt: skip
    beside = _others(_PROVINCE_SERVICE, _VOTES, limits.quorum_voters)
    mostly = f"{most} and on ({_VOTES}) {known} and {few} >= {limits.quorum_voters}"
    everywhere = f"sum by ({_OPERATOR_SERVICE}) ({OPERATOR_FAILING})"
    voters = f"sum by ({_OPERATOR_SERVICE}) ({OPERATOR_VOTERS})"
    return (
        Recording(OPERATOR_RATIO, f"{OPERATOR_FAILING} / {few}"),
        Recording(
            PROVINCE_OPERATOR_BROKEN,
            f"{mostly} and on ({_VOTES}) {beside} <= {limits.area_ratio}"
            f" or {mostly} and on ({_PROVINCE_SERVICE}) ({_sound(mostly, limits)})",
        ),
        Recording(OPERATOR_SERVICE_RATIO, f"{everywhere} / {voters}"),
        Recording(OPERATOR_SERVICE_BROKEN, _at_large(everywhere, limits)),
        Recording(
            OPERATOR_SERVICE_EXPLAINED,
            f"group by ({_VOTES}) ({PROVINCE_OPERATOR_BROKEN}) or group by ({_VOTES})"
            f" ({known} > {limits.quorum_ratio} and on ({_OPERATOR_SERVICE}) {OPERATOR_SERVICE_BROKEN})",
        ),
    )


def _sound(mostly: str, limits: Thresholds) -> str:
    """Provinces in which it works over the lines of all other operators, and theirs are no small part of the voters."""
    each = f"sum by ({_PROVINCE_SERVICE})"
    failing, rest = (f"{each} ({one} unless on ({_VOTES}) ({mostly}))" for one in (OPERATOR_FAILING, OPERATOR_VOTERS))
    enough = f"({rest} >= {limits.quorum_voters}) >= {limits.area_ratio} * {each} ({OPERATOR_VOTERS})"
    return f"{enough} unless {failing} > {limits.area_ratio} * {rest}"


def _at_large(everywhere: str, limits: Thresholds) -> str:
    """Several provinces of one operator are one matter; so are many customers, few in each province."""
    least = limits.operator_provinces
    regions = f"count by ({_OPERATOR_SERVICE}) ({PROVINCE_OPERATOR_BROKEN}) >= {least}"
    mostly = f'count by ({_OPERATOR_SERVICE}) ({OPERATOR_RATIO}{{{OPERATOR}!=""}} > {limits.quorum_ratio}) >= {least}'
    many = held(OPERATOR_SERVICE_RATIO, limits.quorum_ratio, everywhere, limits.national_voters,
                OPERATOR_SERVICE_BROKEN, limits)  # fmt: skip
    beside = _others(SERVICE, _OPERATOR_SERVICE, limits.national_voters)
    on = f"and on ({_OPERATOR_SERVICE})"
    return f"{OPERATOR_SERVICE_RATIO} {on} ({regions}) or ({many} {on} {mostly} {on} {beside} <= {limits.area_ratio})"


def _others(within: str, each: str, least: int) -> str:
    """The share of the other operators' voters for which it fails, where these are enough. Of those that fail, too."""
    failing, voters = (f"sum by ({each}) ({one})" for one in (OPERATOR_FAILING, OPERATOR_VOTERS))
    all_failing, all_voters = (f"sum by ({within}) ({one})" for one in (OPERATOR_FAILING, OPERATOR_VOTERS))
    return (
        f"((0 - {failing} + on ({within}) group_left () {all_failing})"
        f" / ((0 - {voters} + on ({within}) group_left () {all_voters}) >= {least}))"
    )


def verdict(limits: Thresholds) -> Recording:
    """Exactly one for each service that a province asks; the widest scope that holds."""
    known = (
        f"group by ({_PROVINCE_SERVICE})"
        f" ({PROVINCE_SERVICE_INTERVAL} or {PROVINCE_SERVICE_VOTERS} or {OPERATOR_SERVICE_EXPLAINED})"
    )
    enough = f"{PROVINCE_SERVICE_VOTERS} >= {limits.quorum_voters}"
    found = (
        (f"{known} and on ({_PROVINCE_SERVICE}) {PROVINCE_SERVICE_PLANNED}", NOWHERE, PLANNED),
        (f"{known} and on ({SERVICE}) {SERVICE_FAILING}", NATIONAL, BROKEN),
        (f"group by ({_PROVINCE_SERVICE}) ({PROVINCE_SERVICE_FAILING})", PROVINCES, BROKEN),
        (f"group by ({_PROVINCE_SERVICE}) ({OPERATOR_SERVICE_EXPLAINED})", OPERATORS, BROKEN),
        (f"{known} unless on ({_PROVINCE_SERVICE}) {enough}", NOWHERE, FEW),
        (f"group by ({_PROVINCE_SERVICE}) ({OFFICE_SERVICE_FAILING})", OFFICE, BROKEN),
        (known, NOWHERE, OK),
    )
    return Recording(
        SERVICE_VERDICT,
        f" or on ({_PROVINCE_SERVICE}) ".join(
            f'label_replace(label_replace({expr}, "scope", "{scope}", "", ""), "verdict", "{word}", "", "")'
            for expr, scope, word in found
        ),
    )


def alerts(pace: Pace, windows: Windows) -> tuple[Alert, ...]:
    """Not what fails for the whole province or country; all services that an operator misses are one incident."""
    no_country = f"unless on ({SERVICE}) {SERVICE_FAILING}"
    no_province = f"unless on ({_PROVINCE_SERVICE}) {PROVINCE_SERVICE_FAILING}"
    no_large = f"unless on ({_OPERATOR_SERVICE}) {OPERATOR_SERVICE_BROKEN}"
    large = f"{OPERATOR_SERVICE_BROKEN} {paced_at_large(pace)} {no_country} unless on ({OPERATOR}) {OPERATOR_DOWN}"
    region = f"{PROVINCE_OPERATOR_BROKEN} {paced(pace)} {no_country} {no_province} {no_large} {NO_OUTAGE}"
    hold, keep = pace.factor * windows.province_service_hold_seconds, pace.factor * windows.keep_seconds
    return (
        Alert(
            "NationalOperatorServiceBroken", named_service(large), Severity.CRITICAL, Cause.LINK, Scope.COUNTRY,
            (OPERATOR,), hold=hold, keep=keep,
        ),
        Alert(
            "OperatorServiceBroken", named_service(named_province(region)), Severity.CRITICAL, Cause.LINK,
            Scope.OPERATOR, (PROVINCE, OPERATOR), hold=hold, keep=keep,
        ),
    )  # fmt: skip


def paced(pace: Pace) -> str:
    """What a province asks at this pace; what the register does not know, at the quickest."""
    return _paced(pace, _PROVINCE_SERVICE, PROVINCE_SERVICE_INTERVAL)


def paced_at_large(pace: Pace) -> str:
    """The same of the country."""
    return _paced(pace, SERVICE, SERVICE_INTERVAL)


def _paced(pace: Pace, key: str, interval: Recorded) -> str:
    quicker = f"unless on ({key}) {interval} > {pace.most:g}" if pace.most < math.inf else ""
    slower = f"and on ({key}) {interval} > {pace.over:g}" if pace.over else ""
    return " ".join(filter(None, (slower, quicker)))
