"""Links: down, losing packets, and whether an office's view of a service is worth anything.

A control target is what tells a dead line from a dead service: the reference of a link, a host that the province names,
and any service that is asked once a minute. A link whose reference is lost while none of them answers is down, whatever
the operator's first router says. Where no reference is named, something behind the gateway must do.
"""

from alerts.promql import LINK_KEY, OFFICE_KEY, duration, named_link, named_office
from alerts.recorded import (
    LINK_DOWN,
    LINK_LOSS,
    OFFICE_HEARD,
    OFFICE_LINK_BAD,
    OFFICE_POWER_LOST,
    OFFICE_SILENT,
    PROVINCE_SERVICE_INTERVAL,
)
from alerts.regions import (
    LINK_CUT_OFF,
    LINK_DOWN_TOLD,
    LINK_RANKED,
    OFFICE_FIRST_WAY,
    OFFICE_OPERATOR_EXPLAINED,
    OFFICE_WAY,
)
from alerts.rule import Alert, Cause, Recording, Scope, Severity
from alerts.rules.planned import NO_WORK_ON_LINK
from alerts.rules.regions import NO_OUTAGE
from alerts.settings import Settings, Windows
from alerts.votes import OFFICE_SERVICE_FAILS, PROVINCE_SERVICES
from alerts.ways import LINK_PATH_CAUSE
from collectors.link import GATEWAY, HOP_LOSS, REFERENCE, UP
from inventory.labels import OFFICE, OPERATOR, PROVINCE, SERVICE


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Per link, then per office. Needs office:heard, and which services answer, at the same moment."""
    window = duration(settings.windows.loss_seconds)
    outside, gateway = (f'{HOP_LOSS.name}{{hop{sign}"{GATEWAY}"}}[{window}]' for sign in ("!=", "="))
    down = f"max by ({LINK_KEY}) ({UP.name}) == 0 or 0 * {LINK_CUT_OFF}"
    fit = f"max by ({LINK_KEY}) ({UP.name}) == 1 unless on ({LINK_KEY}) {LINK_LOSS} > {_loss(settings)}"
    return (
        Recording(LINK_CUT_OFF, _cut_off(settings)),
        Recording(LINK_DOWN, f"({down}) and on ({OFFICE_KEY}) {OFFICE_HEARD}"),
        Recording(LINK_DOWN_TOLD, _told(settings.windows)),
        Recording(LINK_LOSS, _least(outside) + " or " + _least(gateway)),
        Recording(OFFICE_LINK_BAD, f"group by ({OFFICE_KEY}) ({UP.name}) unless on ({OFFICE_KEY}) ({fit})"),
        Recording(OFFICE_WAY, _way()),
    )


def _cut_off(settings: Settings) -> str:
    """By the last burst of pings to the reference, and the last answers of all services that are asked quickly."""
    lost = f'group by ({LINK_KEY}) ({HOP_LOSS.name}{{hop="{REFERENCE}"}} == 1) and on ({OFFICE_KEY}) {OFFICE_HEARD}'
    quick = f"{PROVINCE_SERVICE_INTERVAL} <= {settings.windows.probe_seconds:g}"
    failing = f"count by ({OFFICE_KEY}) ({OFFICE_SERVICE_FAILS} and on ({PROVINCE}, {SERVICE}) {quick})"
    return f"{lost} and on ({OFFICE_KEY}) ({failing} >= on ({PROVINCE}) group_left () {PROVINCE_SERVICES})"


def _told(windows: Windows) -> str:
    """A power cut changes nothing of a line that was told before it: it is over once the line is."""
    lasting = f"{LINK_DOWN} offset {duration(windows.link_hold_seconds)} {_no_power(windows)}"
    return f"{LINK_DOWN} and ({lasting} or {LINK_DOWN_TOLD})"


def _no_power(windows: Windows) -> str:
    """To be appended to links: a router that starts once mains is back has no line yet."""
    return f"unless on ({OFFICE_KEY}) last_over_time({OFFICE_POWER_LOST}[{duration(windows.keep_seconds)}])"


def _way() -> str:
    """The first link in the register's order that works; the first of all where none does; else the office alone."""
    best = f"({OFFICE_FIRST_WAY} unless on ({LINK_KEY}) {LINK_DOWN})"
    works = f"{LINK_RANKED} and on ({OFFICE_KEY}) {LINK_DOWN} unless on ({LINK_KEY}) {LINK_DOWN}"
    next_best = f"group by ({', '.join(OFFICE_WAY.labels)}) (bottomk by ({OFFICE_KEY}) (1, {works}))"
    return f"{best} or on ({OFFICE_KEY}) {next_best} or on ({OFFICE_KEY}) {OFFICE_FIRST_WAY}"


def _least(losses: str) -> str:
    """The hop that answers best tells most of the link: routers drop pings that they have no time for."""
    return f"min by ({LINK_KEY}) (avg_over_time({losses}))"


def _loss(settings: Settings) -> float:
    return settings.thresholds.loss_ratio


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """Of offices that are heard; a cut of the only link is OfficeSilent, and a fault inside the office its own.

    Losses must go on for longer than their window remembers one burst, a cut or a silence.
    """
    windows, on = settings.windows, f"on ({OFFICE_KEY}, {OPERATOR})"
    no_operator = f"unless {on} {OFFICE_OPERATOR_EXPLAINED}"
    no_power = _no_power(windows)
    not_inside = f'unless on ({LINK_KEY}) {LINK_PATH_CAUSE}{{cause="{Cause.OFFICE}"}}'
    lossy = (
        f"{LINK_LOSS} > {_loss(settings)} and on ({OFFICE_KEY}) {OFFICE_HEARD}"
        f" unless on ({LINK_KEY}) {LINK_DOWN} {no_power} {not_inside} {NO_WORK_ON_LINK}"
    )
    # Who sends once a minute, and was told as silent, shows for a minute after the return how the line was before it.
    no_return = f"unless on ({OFFICE_KEY}) last_over_time({OFFICE_SILENT}[{duration(windows.keep_seconds)}])"
    lines = f"({LINK_DOWN} {no_power} or {LINK_DOWN_TOLD})"
    down = named_link(named_office(f"{lines} {no_return} {not_inside} {NO_WORK_ON_LINK}"))
    return (
        Alert(
            "LinkDown", f"{down} {no_operator}",
            Severity.WARNING, Cause.LINK, Scope.OFFICE, (OFFICE,),
            hold=windows.link_hold_seconds, keep=windows.line_keep_seconds,
        ),
        Alert(
            "LinkLossy", f"{named_link(named_office(lossy))} {NO_OUTAGE}",
            Severity.WARNING, Cause.LINK, Scope.OFFICE, (OFFICE,),
            hold=windows.loss_seconds + windows.link_hold_seconds, keep=windows.line_keep_seconds,
        ),
    )  # fmt: skip
