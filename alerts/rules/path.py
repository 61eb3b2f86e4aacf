"""Ways to a service: where they break, and whose matter that is.

An agent looks at the way as soon as a link or a service has failed. A fault that is found before that was told is told
instead of it, under its own cause; one that is found later only adds the place to what has been told already.
"""

from alerts.promql import LINK_KEY, OFFICE_KEY, agreed, duration, named_link, named_office, named_province, one_of
from alerts.recorded import (
    LINK_DOWN,
    LINK_LOSS,
    OFFICE_HEARD,
    OFFICE_POWER_LOST,
    OFFICE_SERVICE_FAILING,
    PROVINCE_SERVICE_FAILING,
    SERVICE_FAILING,
)
from alerts.rule import Alert, Cause, Recording, Scope, Severity
from alerts.rules.planned import NO_WORK_ON_LINK
from alerts.rules.regions import NO_OUTAGE
from alerts.settings import Settings
from alerts.ways import (
    LINK_PATH_CAUSE,
    LINK_PATH_FAULT,
    LINK_PATH_LOOKED,
    OFFICE_PATH_SHARED,
    OFFICE_TROUBLED,
    PATH_WHOLE_ELSEWHERE,
    PROVINCE_OPERATOR_PATH_FAULT,
    PROVINCE_OPERATOR_PATH_RATIO,
)
from collectors.path.locate import Fault
from collectors.path.metrics import FAULT
from collectors.path.metrics import NAMES as NAME_SERVERS
from collectors.path.names import Names
from inventory.labels import OFFICE, OPERATOR, PROVINCE, SERVICE

NEAR = (Fault.OFFICE_LAN, Fault.GATEWAY)
OPERATORS = (Fault.ISP_ACCESS, Fault.ISP_BACKBONE)
_SHARED = (*OPERATORS, Fault.MTU, Fault.DNS)  # what many offices of one operator may have at once
NAMES_WRONG = (Names.LYING, Names.SILENT)
_NOWHERE = (Fault.NONE, Fault.UNKNOWN)
_AREA = f"{PROVINCE}, {OPERATOR}"


def faults(settings: Settings) -> tuple[Recording, ...]:
    """By link, and shared by the offices of one operator. Needs the states of power and links at the same moment."""
    found = f"max by ({LINK_KEY}, where) ({FAULT.name}{{where!~{one_of(_NOWHERE)}}} == 1)"
    heard = f"and on ({OFFICE_KEY}) {OFFICE_HEARD} unless on ({OFFICE_KEY}) {OFFICE_POWER_LOST} {NO_WORK_ON_LINK}"
    looked = f"count by ({_AREA}) ({named_link(str(LINK_PATH_LOOKED))})"
    shared = named_link(f"{LINK_PATH_FAULT}{{where=~{one_of(_SHARED)}}}")
    count = f"count by ({_AREA}, where) ({shared})"
    limits = settings.thresholds
    agree = agreed(PROVINCE_OPERATOR_PATH_RATIO, limits.quorum_ratio, count, limits.region_links)
    same = f"and on ({_AREA}, where) {PROVINCE_OPERATOR_PATH_FAULT}"
    return (
        Recording(LINK_PATH_LOOKED, f"group by ({LINK_KEY}) ({FAULT.name}) {heard}"),
        Recording(LINK_PATH_FAULT, f"{found} {heard}"),
        Recording(PROVINCE_OPERATOR_PATH_RATIO, f"{count} / on ({_AREA}) group_left {looked}"),
        Recording(PATH_WHOLE_ELSEWHERE, _elsewhere(looked)),
        Recording(
            PROVINCE_OPERATOR_PATH_FAULT,
            f"{agree} and on ({_AREA}) {PATH_WHOLE_ELSEWHERE} > {limits.quorum_ratio}",
        ),
        Recording(OFFICE_PATH_SHARED, f"group by ({OFFICE_KEY}) ({shared} {same})"),
    )


def _elsewhere(looked: str) -> str:
    """Where other ways break as well, the fault is not the operator's: nothing is claimed where there is no other."""
    broken = f"count by ({_AREA}) ({named_link(str(LINK_PATH_FAULT))})"
    others = f"(scalar(count({LINK_PATH_LOOKED})) - {looked})"
    return f"1 - (scalar(count({LINK_PATH_FAULT})) - {broken}) / on ({_AREA}) {others}"


def causes(settings: Settings) -> tuple[Recording, ...]:
    """What a fault explains. Needs the verdicts on services at the same moment."""
    lossy = f"{LINK_LOSS} > {settings.thresholds.loss_ratio}"
    own, on = _own(), f"on ({OFFICE_KEY})"
    return (
        Recording(
            OFFICE_TROUBLED,
            " or ".join(f"group by ({OFFICE_KEY}) ({one})" for one in (OFFICE_SERVICE_FAILING, LINK_DOWN, lossy)),
        ),
        Recording(
            LINK_PATH_CAUSE,
            f"(({own}) unless {on} ({_told(settings)}) or ({own}) and {on} {LINK_PATH_CAUSE})"
            f" unless {on} ({_at_large()}) unless {on} {OFFICE_PATH_SHARED}",
        ),
    )


def _own() -> str:
    """Faults that one office can have alone, each with its cause; a name that nobody knows is a matter of its owner."""
    nameless = f'{NAME_SERVERS.name}{{verdict="{Names.UNKNOWN_NAME}"}} == 1'
    names = f'{LINK_PATH_FAULT}{{where="{Fault.DNS}"}} unless on ({LINK_KEY}) ({nameless})'
    by_cause = (
        (f"{LINK_PATH_FAULT}{{where=~{one_of(NEAR)}}}", Cause.OFFICE),
        (f"{LINK_PATH_FAULT}{{where=~{one_of((*OPERATORS, Fault.MTU))}}}", Cause.LINK),
        (names, Cause.NAMES),
    )
    return " or ".join(f'label_replace({expr}, "cause", "{cause}", "", "")' for expr, cause in by_cause)


def _told(settings: Settings) -> str:
    """Offices of whose links or services something has been told by now."""
    windows, limit = settings.windows, settings.thresholds.loss_ratio
    service, link = duration(windows.office_service_hold_seconds), duration(windows.link_hold_seconds)
    lasting = (
        f"{OFFICE_SERVICE_FAILING} offset {service} and {OFFICE_SERVICE_FAILING}",
        f"{LINK_DOWN} offset {link} and {LINK_DOWN}",
        f"{LINK_LOSS} offset {link} > {limit} and {LINK_LOSS} > {limit}",
    )
    return " or ".join(f"group by ({OFFICE_KEY}) ({one})" for one in lasting)


def _at_large() -> str:
    """Offices that suffer from what is told of their whole province or the country."""
    country = f"{OFFICE_SERVICE_FAILING} and on ({SERVICE}) {SERVICE_FAILING}"
    province = f"{OFFICE_SERVICE_FAILING} and on ({PROVINCE}, {SERVICE}) {PROVINCE_SERVICE_FAILING}"
    return f"group by ({OFFICE_KEY}) ({country} or {province})"


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """The operator's region before the office; what a dead or lossy link explains is told of that link."""
    windows = settings.windows
    bad = f" unless on ({LINK_KEY}) {LINK_DOWN} unless on ({LINK_KEY}) {LINK_LOSS} > {settings.thresholds.loss_ratio}"
    return (
        Alert(
            "ProvincialPathBroken", named_province(f"max by ({_AREA}) ({PROVINCE_OPERATOR_PATH_FAULT}) {NO_OUTAGE}"),
            Severity.CRITICAL, Cause.LINK, Scope.OPERATOR, (PROVINCE, OPERATOR),
            hold=windows.link_hold_seconds, keep=windows.keep_seconds,
        ),
        _of_office("OfficeNetworkBroken", _plain(NEAR), Cause.OFFICE, settings),
        _of_office("OperatorPathBroken", f"{named_link(_plain(OPERATORS) + bad)} {NO_OUTAGE}", Cause.LINK, settings),
        _of_office("PathMtuBlackHole", named_link(_plain((Fault.MTU,)) + bad), Cause.LINK, settings),
        _of_office("NameServerFault", named_link(_plain((Fault.DNS,))), Cause.NAMES, settings),
    )  # fmt: skip


def _plain(places: tuple[Fault, ...]) -> str:
    """Without the place as a label: were it to change, the same incident would be told again."""
    return f"max by ({LINK_KEY}) ({LINK_PATH_CAUSE}{{where=~{one_of(places)}}})"


def _of_office(name: str, expr: str, cause: Cause, settings: Settings) -> Alert:
    """Soon, where something fails in the office; where all works, only what a second look has seen too."""
    windows, on = settings.windows, f"on ({OFFICE_KEY})"
    before = duration(windows.path_alone_hold_seconds - windows.link_hold_seconds)
    lasting = f"group by ({OFFICE_KEY}) ({LINK_PATH_CAUSE} offset {before} and {LINK_PATH_CAUSE})"
    return Alert(
        name, named_office(f"({expr}) and {on} ({OFFICE_TROUBLED} or {on} {lasting})"),
        Severity.WARNING, cause, Scope.OFFICE, (OFFICE,),
        hold=windows.link_hold_seconds, keep=windows.keep_seconds,
    )  # fmt: skip
