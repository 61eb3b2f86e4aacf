"""What the centre sees of its offices' routers (inventory/centre.py), and what that says of a silent office."""

from alerts.promql import OFFICE_KEY, duration, latched, named_province
from alerts.recorded import CENTRE_DEAF, OFFICE_SILENT, OFFICE_SILENT_CAUSE
from alerts.rule import ALERT_NAME, Alert, Cause, Recording, Scope, Severity
from alerts.rules.areas import whole_province
from alerts.settings import Settings
from alerts.stories import Silence
from alerts.views import (
    OFFICE_ROUTER_ALIVE,
    OFFICE_ROUTER_ANSWERS,
    OFFICE_ROUTER_LOST,
    PROVINCE_AGENTS_SILENT,
    PROVINCE_AGENTS_SILENT_RATIO,
    PROVINCE_VIEW_MISSING,
)
from collectors.core import Metric
from collectors.router import ANSWERS
from inventory.expected import OFFICE_ROUTER
from inventory.labels import COMMUNE, OFFICE, PROVINCE, ROUTER

BEHIND_ROUTER = f'{OFFICE_SILENT_CAUSE}{{evidence="{Silence.ROUTER_ANSWERS}"}}'


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Needs office:silent at the same moment.

    Both verdicts outlast short contradictions: after a cut the router answers well before the office is heard.
    """
    windows = settings.windows
    memory, steady, lost = (
        duration(each) for each in (windows.memory_seconds, windows.router_steady_seconds, windows.router_lost_seconds)
    )
    seen = str(OFFICE_ROUTER_ANSWERS)
    always = f"min_over_time({seen}[{steady}]) == 1 and on ({OFFICE_KEY}) {seen} == 1"
    never = f"max_over_time({seen}[{lost}]) == 0 and on ({OFFICE_KEY}) {seen} == 0"
    before = f"max_over_time({seen}[{memory}]) == 1"
    silent = f"and on ({OFFICE_KEY}) {OFFICE_SILENT}"
    gone = f"1 + 0 * ({never} and on ({OFFICE_KEY}) {before} {silent})"
    return (
        Recording(OFFICE_ROUTER_ANSWERS, _answers()),
        Recording(OFFICE_ROUTER_ALIVE, latched(OFFICE_ROUTER_ALIVE, f"{always} {silent}", never, memory)),
        Recording(OFFICE_ROUTER_LOST, latched(OFFICE_ROUTER_LOST, gone, always, memory)),
        Recording(
            PROVINCE_VIEW_MISSING,
            f"count by ({PROVINCE}) ({OFFICE_ROUTER.name}) unless on ({PROVINCE}) {ANSWERS.name}",
        ),
    )


def reach(settings: Settings) -> tuple[Recording, ...]:
    """How many agents of a province are silent while the routers beside them answer. Needs the causes of silence."""
    return whole_province(BEHIND_ROUTER, PROVINCE_AGENTS_SILENT_RATIO, PROVINCE_AGENTS_SILENT, settings.thresholds)


def in_many(window: str) -> str:
    """The offices of which that is told for the whole province, or was within the window."""
    province = f"last_over_time({PROVINCE_AGENTS_SILENT}[{window}])"
    return f"last_over_time({BEHIND_ROUTER}[{window}]) and on ({PROVINCE}) {province}"


def _answers() -> str:
    """Where no router of a province answers, the centre's own line is as likely as all of theirs."""
    somebody = f"max by ({PROVINCE}) ({ANSWERS.name}) == 1"
    return f"max by ({OFFICE_KEY}) ({of_offices(ANSWERS)}) and on ({PROVINCE}) ({somebody})"


def of_offices(metric: Metric) -> str:
    """What the centre's agent says of routers, as series of the offices that they are in, within its own province."""
    own = f"max by ({PROVINCE}, {ROUTER}) ({metric.name})"
    office = f'label_replace({own}, "{OFFICE}", "$1", "{ROUTER}", "(.+)")'
    return f'label_replace({office}, "{COMMUNE}", "$1", "{ROUTER}", "([0-9]+)-.*")'


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """Without the view nothing is told wrongly, only less exactly. Many agents at once: a release, or a firewall."""
    windows = settings.windows
    agents = named_province(f"{PROVINCE_AGENTS_SILENT} unless on () {CENTRE_DEAF}")
    return (
        Alert(
            "ProvincialAgentsSilent", agents, Severity.CRITICAL, Cause.AGENT, Scope.PROVINCE, (PROVINCE,),
            hold=windows.area_hold_seconds, keep=windows.keep_seconds,
        ),
        Alert(
            "CentreViewMissing", named_province(str(PROVINCE_VIEW_MISSING)), Severity.INFO, Cause.AGENT,
            Scope.PROVINCE, (ALERT_NAME, PROVINCE), hold=windows.agent_hold_seconds,
        ),
    )  # fmt: skip
