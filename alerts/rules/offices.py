"""Who should be there and who is not, and why as far as the evidence goes."""

from alerts.planned import OFFICE_PLANNED, OFFICE_ROUTER_ON_UPS
from alerts.promql import OFFICE_KEY, duration, latched, named_office, named_operator
from alerts.recorded import (
    CENTRE_BACK,
    CENTRE_DEAF,
    CENTRE_RUNS,
    CENTRE_SETTLING,
    OFFICE_ENDING,
    OFFICE_EXPECTED,
    OFFICE_HEARD,
    OFFICE_ON_MAINS,
    OFFICE_POWER_LOST,
    OFFICE_REFUSED,
    OFFICE_RETURNED,
    OFFICE_ROUTER_OFF_UPS,
    OFFICE_SILENT,
    OFFICE_SILENT_CAUSE,
    OFFICE_STOPPED,
    PROVINCE_SILENT,
)
from alerts.regions import OFFICE_OPERATOR_EXPLAINED
from alerts.rule import ALERT_NAME, Alert, Cause, Recording, Scope, Severity
from alerts.rules.areas import evaluations, no_cut_of_feeder, no_cut_of_province, no_power_cut, told_lately
from alerts.rules.planned import cut_seen
from alerts.rules.power import words
from alerts.rules.routers import in_many
from alerts.scraped import SCRAPE_DURATION
from alerts.settings import Settings, Windows
from alerts.stories import Silence
from alerts.views import OFFICE_FEEDER_LOST, OFFICE_ROUTER_ALIVE, OFFICE_ROUTER_LOST
from collectors.core.lastword import Word
from collectors.core.observed import ABSENCE_END, ABSENCE_SECONDS, AGENT_START, PUSH_INTERVAL
from inventory.labels import OFFICE, PROVINCE
from inventory.planned.facts import KIND
from inventory.planned.schema import Kind

AWAY = (  # who said goodbye, or has it planned, is missed by nobody
    f'{OFFICE_SILENT_CAUSE}{{cause!~"{Cause.AGENT}|{Cause.POWER}", evidence!="{Silence.PLANNED}"}}'
)
_STOPPED = f'{OFFICE_SILENT_CAUSE}{{evidence="{Silence.STOPPING}"}}'
_MISSED = f'{OFFICE_SILENT_CAUSE}{{evidence!~"{Silence.STOPPING}|{Silence.PLANNED}"}}'
_RETURN = 3  # evaluations for which an office that is back is still spoken of


def presence(settings: Settings) -> tuple[Recording, ...]:
    """Expected, heard, silent. The agent's start time is its heartbeat: it is there whenever the agent is.

    Who sends his figures does so once a minute; a series that only he has says so. Whom the register does not name is
    expected while he is heard, as of up to a minute ago: nobody misses him. While the centre is settling, nobody is
    missed anew.
    """
    windows = settings.windows
    of_office = f'{AGENT_START.name}{{{OFFICE}!=""}}'  # the centre's own agent is of none
    scraped = f"present_over_time({of_office}[{duration(windows.silent_seconds)}])"
    registered = f'{OFFICE_EXPECTED}{{office_name!=""}}'
    mute = f"max by ({OFFICE_KEY}) ({registered}) unless on ({OFFICE_KEY}) {OFFICE_HEARD}"
    before = f"and on ({OFFICE_KEY}) last_over_time({OFFICE_SILENT}[{duration(windows.memory_seconds)}])"
    pushed = f"present_over_time({PUSH_INTERVAL.name}[{duration(windows.pushed_silent_seconds)}])"
    return (
        Recording(OFFICE_HEARD, f"max by ({OFFICE_KEY}) ({scraped}) or max by ({OFFICE_KEY}) ({pushed})"),
        Recording(CENTRE_BACK, _back(windows)),
        Recording(CENTRE_RUNS, "vector(1)"),
        Recording(CENTRE_SETTLING, f"group(time() - {CENTRE_BACK} < {windows.settling_seconds:g})"),
        Recording(OFFICE_SILENT, f"{mute} unless on () {CENTRE_SETTLING} or ({mute} {before})"),
    )


def _back(windows: Windows) -> str:
    """When it ran again after it had been away for longer than an office that sends may be silent beyond others.

    Where there is no before, nothing is held back; nor where it is only slow, and leaves out some evaluations.
    """
    away = duration(windows.pushed_silent_seconds - windows.silent_seconds)
    before = f"present_over_time({CENTRE_RUNS}[{duration(windows.repeat_seconds)}] offset {away})"
    past = f"last_over_time({CENTRE_BACK}[{duration(windows.settling_seconds)}])"
    return f"(vector(time()) and {before} unless last_over_time({CENTRE_RUNS}[{away}])) or {past}"


def silence(settings: Settings) -> tuple[Recording, ...]:
    """What is silent without having lost power. How far that reaches: regions.py."""
    windows, limits = settings.windows, settings.thresholds
    memory = duration(windows.memory_seconds)
    ending = f"last_over_time({OFFICE_ENDING}[{memory}])"
    refused = f"max by ({OFFICE_KEY}) (max_over_time({SCRAPE_DURATION.name}[{memory}])) < {limits.refused_seconds}"
    returned = f"time() - max by ({OFFICE_KEY}) ({ABSENCE_END.name}) < {windows.memory_seconds:g}"
    return (
        Recording(
            OFFICE_ENDING,
            f"group by ({OFFICE_KEY}) ({words(Word.STOPPING)}) or on ({OFFICE_KEY}) 0 * {OFFICE_HEARD}",
        ),
        Recording(OFFICE_STOPPED, latched(OFFICE_STOPPED, f"{ending} == 1", f"{ending} == 0", memory)),
        Recording(OFFICE_REFUSED, f"{refused} and on ({OFFICE_KEY}) {OFFICE_SILENT}"),
        Recording(OFFICE_SILENT_CAUSE, _why()),
        Recording(
            OFFICE_RETURNED,
            f"max by ({OFFICE_KEY}, cause, evidence) ({ABSENCE_SECONDS.name} > {windows.silent_seconds:g})"
            f" and on ({OFFICE_KEY}) {returned}",
        ),
    )


def _why() -> str:
    """The first that holds. A line is blamed where mains was fine and nobody answers; its router may clear it.

    A planned cut explains no silence of an office whose mains was fine, unless its router dies with mains; or may, and
    others in the same cut are without power. A neighbour's cut explains it where the router is not known to live on.
    """
    unexplained = f"{OFFICE_SILENT} unless on ({OFFICE_KEY}) {OFFICE_POWER_LOST}"
    mains = f"{unexplained} and on ({OFFICE_KEY}) {OFFICE_ON_MAINS}"
    told = f"{OFFICE_ON_MAINS} unless on ({OFFICE_KEY}) {OFFICE_ROUTER_OFF_UPS}"
    mute = f"{unexplained} unless on ({OFFICE_KEY}) ({told})"
    untold = f"{mains} unless on ({OFFICE_KEY}) {OFFICE_ROUTER_ON_UPS}"
    lost = f"and on ({OFFICE_KEY}) {OFFICE_ROUTER_LOST}"
    by_feeder = f"{unexplained} and on ({OFFICE_KEY}) {OFFICE_FEEDER_LOST}"
    reasons = (
        (f"{unexplained} and on ({OFFICE_KEY}) {OFFICE_STOPPED}", Cause.AGENT, Silence.STOPPING),
        (f"{mute} and on ({OFFICE_KEY}) {_planned(Kind.POWER)}", Cause.POWER, Silence.PLANNED),
        (f"{by_feeder} and on ({OFFICE_KEY}) {_planned(Kind.POWER)}", Cause.POWER, Silence.PLANNED),
        (by_feeder, Cause.POWER, Silence.NEIGHBOURS_POWER),
        (f"{unexplained} and on ({OFFICE_KEY}) {OFFICE_ROUTER_ALIVE}", Cause.AGENT, Silence.ROUTER_ANSWERS),
        (f"{untold} and on ({OFFICE_KEY}) ({cut_seen()})", Cause.POWER, Silence.PLANNED),
        (f"{unexplained} and on ({OFFICE_KEY}) {_planned(Kind.LINK)}", Cause.LINK, Silence.PLANNED),
        (f"{unexplained} and on ({OFFICE_KEY}) {OFFICE_OPERATOR_EXPLAINED}", Cause.LINK, Silence.NEIGHBOURS_OPERATOR),
        (f"{mains} and on ({OFFICE_KEY}) {OFFICE_ROUTER_OFF_UPS}", Cause.UNKNOWN, Silence.ROUTER),
        (f"{mains} {lost}", Cause.LINK, Silence.ROUTER_LOST),
        (f"{mains} and on ({OFFICE_KEY}) {OFFICE_REFUSED}", Cause.UNKNOWN, Silence.REFUSED),
        (mains, Cause.LINK, Silence.MAINS),
        (f"{unexplained} {lost}", Cause.UNKNOWN, Silence.ROUTER_DARK),
        (unexplained, Cause.UNKNOWN, Silence.NONE),
    )
    return f" or on ({OFFICE_KEY}) ".join(
        f'label_replace(label_replace({expr}, "cause", "{cause}", "", ""), "evidence", "{evidence}", "", "")'
        for expr, cause, evidence in reasons
    )


def _planned(kind: Kind) -> str:
    return f'{OFFICE_PLANNED}{{{KIND}="{kind}"}}'


def _and_just_returned(settings: Settings) -> str:
    """The silent offices, and for three evaluations those that are back: so that the last words can say why.

    Only those that were silent for long enough to be told of; else a short silence would seem to last.
    """
    windows = settings.windows
    window = _window(settings)
    least = evaluations(windows.silent_hold_seconds, windows)
    by = f"{OFFICE_KEY}, cause"  # without the evidence, which may change from one evaluation to the next
    silent = f"sum by ({by}) (count_over_time({_MISSED}[{duration(window)}])) >= {least}"
    return f"max by ({by}) ({_MISSED}) or on ({OFFICE_KEY}) (({silent}) and on ({OFFICE_KEY}) {OFFICE_HEARD})"


def _window(settings: Settings) -> float:
    return settings.windows.silent_hold_seconds + _RETURN * settings.windows.evaluation_seconds


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """What is no matter of the centre, a province or an operator. All that goes home in the evening is one matter."""
    windows = settings.windows
    just = duration(_window(settings))  # what is back may still be spoken of for so long
    office = (
        f"({_and_just_returned(settings)}) {no_power_cut(windows)} {no_cut_of_province(windows)}"
        f" {no_cut_of_feeder(windows)}"
        f" unless on ({OFFICE_KEY}) last_over_time({OFFICE_OPERATOR_EXPLAINED}[{just}])"
        f" unless on ({PROVINCE}) last_over_time({PROVINCE_SILENT}[{just}])"
        f" unless on ({OFFICE_KEY}) ({told_lately(OFFICE_OPERATOR_EXPLAINED, windows.region_hold_seconds, windows)})"
        f" unless on ({PROVINCE}) ({told_lately(PROVINCE_SILENT, windows.area_hold_seconds, windows)})"
        f" unless on () {CENTRE_DEAF}"
        f" unless on ({OFFICE_KEY}) ({in_many(duration(windows.settling_seconds))})"
    )
    return (
        Alert(
            "OfficeSilent", named_operator(named_office(office)), Severity.WARNING, None, Scope.OFFICE, (OFFICE,),
            hold=windows.silent_hold_seconds, keep=windows.line_keep_seconds - _RETURN * windows.evaluation_seconds,
        ),
        Alert(
            "AgentStopped", named_office(f"max by ({OFFICE_KEY}) ({_STOPPED})"),
            Severity.INFO, Cause.AGENT, Scope.OFFICE, (ALERT_NAME, PROVINCE), hold=windows.agent_hold_seconds,
        ),
    )  # fmt: skip
