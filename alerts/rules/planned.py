"""Planned work: what runs now, whom it concerns, and what it explains.

It explains an outage that begins while it runs, a margin around it included. What failed before is an incident already
told, and stays one; what still fails afterwards becomes one, and says that it began by plan.
"""

from dataclasses import dataclass

from alerts.planned import (
    LINK_PLANNED,
    OFFICE_OVERRAN,
    OFFICE_PLANNED,
    OFFICE_PLANNED_OUTAGE,
    OFFICE_ROUTER_ON_UPS,
    PROVINCE_KNOWN,
    PROVINCE_OFFICES_UNPLANNED,
    PROVINCE_OUT,
    PROVINCE_SERVICE_OVERRAN,
    PROVINCE_SERVICE_PLANNED,
    WORK_RUNNING,
)
from alerts.promql import (
    LINK_KEY,
    OFFICE_KEY,
    duration,
    latched,
    named_link,
    named_office,
    named_province,
    named_service,
    one_of,
    remembered,
)
from alerts.recorded import (
    LINK_DOWN,
    LINK_LOSS,
    OFFICE_POWER_LOST,
    OFFICE_SILENT,
    OFFICE_SILENT_CAUSE,
    PROVINCE_OFFICES,
    PROVINCE_SERVICE_FAILING,
)
from alerts.rule import ALERT_NAME, Alert, Cause, Recorded, Recording, Scope, Severity
from alerts.settings import Settings
from alerts.stories import Silence
from collectors.core import Metric
from collectors.core.observed import ROUTER_ON_UPS
from inventory.facts import OFFICE_INFO
from inventory.labels import PROVINCE, SERVICE
from inventory.planned.facts import (
    KIND,
    PERIOD,
    PLANNED_END,
    PLANNED_LINK,
    PLANNED_OFFICE,
    PLANNED_SERVICE,
    PLANNED_START,
    WORK,
)
from inventory.planned.schema import Kind

_WORK = f"{PROVINCE}, {WORK}"
_OFFICE_KIND = f"{OFFICE_KEY}, {KIND}"
_PROVINCE_SERVICE = f"{PROVINCE}, {SERVICE}"
_JUST = 3  # evaluations for which what has ended is "just now"

# To be appended to what planned work explains.
NO_CUT = f'unless on ({OFFICE_KEY}) {OFFICE_PLANNED}{{{KIND}="{Kind.POWER}"}}'
NO_WORK = f"unless on ({OFFICE_KEY}) {OFFICE_PLANNED}"
NO_WORK_ON_LINK = f"unless on ({LINK_KEY}) {LINK_PLANNED}"
NO_MAINTENANCE = f"unless on ({_PROVINCE_SERVICE}) {PROVINCE_SERVICE_PLANNED}"


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """What runs now. Before all states but silence: what the others were a moment ago is what they were before."""
    office = f"unless on ({OFFICE_KEY}) {OFFICE_SILENT} unless on ({OFFICE_KEY}) {OFFICE_POWER_LOST}"
    lossy = f"{LINK_LOSS} > {settings.thresholds.loss_ratio}"
    link = f"unless on ({OFFICE_KEY}) {OFFICE_SILENT} unless on ({LINK_KEY}) ({LINK_DOWN} or {lossy})"
    service = f"unless on ({_PROVINCE_SERVICE}) {PROVINCE_SERVICE_FAILING}"
    return (
        Recording(PROVINCE_KNOWN, f"group by ({PROVINCE}) ({OFFICE_INFO.name})"),
        Recording(WORK_RUNNING, _running(settings)),
        _planned(_Concern(OFFICE_PLANNED, PLANNED_OFFICE, _OFFICE_KIND, office, OFFICE_OVERRAN), settings),
        _planned(_Concern(LINK_PLANNED, PLANNED_LINK, LINK_KEY, link, None), settings),
        _planned(
            _Concern(PROVINCE_SERVICE_PLANNED, PLANNED_SERVICE, _PROVINCE_SERVICE, service, PROVINCE_SERVICE_OVERRAN),
            settings,
        ),
        _router(settings),
        Recording(PROVINCE_OFFICES_UNPLANNED, _unplanned()),
    )


def _unplanned() -> str:
    concerned = f"count by ({PROVINCE}) (group by ({OFFICE_KEY}) ({OFFICE_PLANNED}))"
    return f"{PROVINCE_OFFICES} - on ({PROVINCE}) ({concerned} or 0 * {PROVINCE_OFFICES}) > 0"


def cut_seen() -> str:
    """Offices in a planned cut of power that has come: others that it concerns are without power."""
    here = f'{OFFICE_PLANNED}{{{KIND}="{Kind.POWER}"}}'
    return f"{here} and on ({_WORK}) ({here} and on ({OFFICE_KEY}) {OFFICE_POWER_LOST})"


def _router(settings: Settings) -> Recording:
    memory = duration(settings.windows.memory_seconds)
    known = f"last_over_time({ROUTER_ON_UPS.name}[{memory}])"
    on_ups, off_ups = (f"group by ({OFFICE_KEY}) ({known} == {value})" for value in (1, 0))
    return Recording(OFFICE_ROUTER_ON_UPS, latched(OFFICE_ROUTER_ON_UPS, on_ups, off_ups, memory))


@dataclass(frozen=True, slots=True)
class _Concern:
    """`series` says what running work concerns. well: of what was well before; overran: what it explains no longer."""

    series: Recorded
    facts: Metric
    key: str
    well: str
    overran: Recorded | None


def _running(settings: Settings) -> str:
    """Of two windows of one piece of work that touch each other one is enough, and joins need a single one: topk."""
    windows, timed = settings.windows, ", ".join(WORK_RUNNING.labels)
    begun = f"{_facts(PLANNED_START, settings)} <= time() + {windows.planned_before_seconds:g}"
    going = f"{_facts(PLANNED_END, settings)} > time() - {windows.planned_after_seconds:g}"
    return f"topk by ({_WORK}) (1, max by ({timed}) ({going}) and on ({timed}) ({begun}))"


def _facts(metric: Metric, settings: Settings) -> str:
    return remembered(metric.name, str(PROVINCE_KNOWN), settings.windows.facts_memory_seconds)


def _planned(one: _Concern, settings: Settings) -> Recording:
    """What was well before, and what has been explained already. What has overrun is none of the next work's."""
    labels = one.series.labels
    of_work = ", ".join(label for label in (KIND, PERIOD) if label in labels and label not in one.facts.labels)
    joined = f"0 * {_facts(one.facts, settings)} + on ({_WORK}) group_left ({of_work}) {WORK_RUNNING}"
    due = f"group by ({', '.join(labels)}) ({joined})"
    before = f"and on ({one.key}) last_over_time({one.series}[{duration(settings.windows.memory_seconds)}])"
    not_late = f" unless on ({one.key}) {one.overran}" if one.overran else ""
    return Recording(one.series, f"({due} {one.well}) or ({due} {before}{not_late})")


def outages(settings: Settings) -> tuple[Recording, ...]:
    """What is explained now, and what is no longer. Needs all other states of the same moment."""
    just = duration(_JUST * settings.windows.evaluation_seconds)
    dark, mute = (
        f'{OFFICE_SILENT_CAUSE}{{cause="{cause}", evidence="{Silence.PLANNED}"}}' for cause in (Cause.POWER, Cause.LINK)
    )
    lost = f"{_of_kind(Kind.POWER, f'{OFFICE_POWER_LOST} or {dark}')} or {_of_kind(Kind.LINK, mute)}"
    line = _with_kind(f"{LINK_PLANNED} and on ({LINK_KEY}) {LINK_DOWN}", Kind.LINK)
    explained = f"group by ({', '.join(OFFICE_PLANNED_OUTAGE.labels)})"
    running = f"unless on ({_OFFICE_KIND}) {OFFICE_PLANNED} unless on ({_OFFICE_KIND}) {OFFICE_PLANNED_OUTAGE}"
    ended = f"last_over_time({PROVINCE_SERVICE_PLANNED}[{just}]) {NO_MAINTENANCE}"
    by_service = ", ".join(PROVINCE_SERVICE_OVERRAN.labels)
    return (
        Recording(OFFICE_PLANNED_OUTAGE, f"{explained} ({OFFICE_PLANNED} and on ({_OFFICE_KIND}) ({lost}) or {line})"),
        Recording(
            OFFICE_OVERRAN,
            f"(last_over_time({OFFICE_PLANNED_OUTAGE}[{just}]) {running} or {OFFICE_OVERRAN})"
            f" and on ({_OFFICE_KIND}) ({_unexplained()})",
        ),
        Recording(
            PROVINCE_SERVICE_OVERRAN,
            f"(group by ({by_service}) ({ended}) or {PROVINCE_SERVICE_OVERRAN})"
            f" and on ({_PROVINCE_SERVICE}) {PROVINCE_SERVICE_FAILING}",
        ),
        Recording(PROVINCE_OUT, _out()),
    )


def _out() -> str:
    """By plan and not, apart: what a province can ask of its power company is one, what it has to bear the other."""
    planned = f"group by ({OFFICE_KEY}) ({OFFICE_PLANNED_OUTAGE})"
    silent = f'{OFFICE_SILENT_CAUSE}{{cause!="{Cause.AGENT}"}}'
    other = (
        f"group by ({OFFICE_KEY}) ({OFFICE_POWER_LOST} or {silent}) unless on ({OFFICE_KEY}) {OFFICE_PLANNED_OUTAGE}"
    )
    return " or ".join(
        f"label_replace((count by ({PROVINCE}) ({offices}) or 0 * {PROVINCE_OFFICES})"
        f' / on ({PROVINCE}) {PROVINCE_OFFICES}, "planned", "{word}", "", "")'
        for word, offices in (("yes", planned), ("no", other))
    )


def _unexplained() -> str:
    """What fails now in the way in which work of each kind lets it fail."""
    silent = {
        kind: f'{OFFICE_SILENT_CAUSE}{{cause=~{one_of((cause, Cause.UNKNOWN))}, evidence!="{Silence.PLANNED}"}}'
        for kind, cause in ((Kind.POWER, Cause.POWER), (Kind.LINK, Cause.LINK))
    }
    power = _of_kind(Kind.POWER, f"{OFFICE_POWER_LOST} or {silent[Kind.POWER]}")
    return f"{power} or {_of_kind(Kind.LINK, f'{silent[Kind.LINK]} or {LINK_DOWN}')}"


def _of_kind(kind: Kind, offices: str) -> str:
    return _with_kind(f"group by ({OFFICE_KEY}) ({offices})", kind)


def alerts(_: Settings) -> tuple[Alert, ...]:
    """One notification for each piece of work and province: so that nobody has to ask. It silences what it explains.

    No hold, no keep: it is there before what it explains, and gone a minute after that becomes an incident.
    """
    office = f'max by ({_labels(OFFICE_PLANNED)}) ({OFFICE_PLANNED}{{{KIND}="{Kind.POWER}"}})'
    link = f"max by ({_labels(LINK_PLANNED)}) ({LINK_PLANNED})"
    service = f"max by ({_labels(PROVINCE_SERVICE_PLANNED)}) ({PROVINCE_SERVICE_PLANNED})"
    works = (
        named_office(office),
        named_link(named_office(_with_kind(link, Kind.LINK))),
        named_service(named_province(_with_kind(service, Kind.SERVICE))),
    )
    cause = f'label_replace({" or ".join(works)}, "cause", "$1", "{KIND}", "(.*)")'
    return (Alert("PlannedWork", cause, Severity.INFO, None, Scope.PROVINCE, (ALERT_NAME, PROVINCE, WORK)),)


def _labels(series: Recorded) -> str:
    return ", ".join(series.labels)


def _with_kind(expr: str, kind: Kind) -> str:
    return f'label_replace({expr}, "{KIND}", "{kind}", "", "")'
