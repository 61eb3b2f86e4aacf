"""What a silence was, once the office is back: since when, and why, by what is known then."""

from alerts.promql import OFFICE_KEY, duration
from alerts.recorded import OFFICE_SILENT
from alerts.rule import Cause, Recording
from alerts.rules.routers import of_offices
from alerts.settings import Settings
from alerts.stories import Confirmed
from alerts.views import OFFICE_OUTAGE_CAUSE, OFFICE_ROUTER_ALIVE, OFFICE_SILENT_SINCE
from collectors.core.observed import ABSENCE_END, ABSENCE_SECONDS, AGENT_START
from collectors.router import UPTIME


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """An office that is heard for a moment and silent again has been away all the time."""
    windows = settings.windows
    short, memory = duration(windows.keep_seconds), duration(windows.memory_seconds)
    again = f"last_over_time({OFFICE_SILENT_SINCE}[{short}]) and on ({OFFICE_KEY}) {OFFICE_SILENT}"
    first = f"0 * {OFFICE_SILENT} + (time() - {windows.silent_seconds:g})"
    over = f"(last_over_time({OFFICE_SILENT_SINCE}[{memory}]) unless on ({OFFICE_KEY}) {OFFICE_SILENT})"
    return (
        Recording(OFFICE_SILENT_SINCE, f"({again}) or on ({OFFICE_KEY}) ({first})"),
        Recording(OFFICE_OUTAGE_CAUSE, _cause(over, memory, windows.silent_seconds)),
    )


def _cause(over: str, memory: str, slack: float) -> str:
    """The first that holds: the office's journal, a router that began anew meanwhile, an agent that never ended."""
    journal = _journal(over, slack)
    restarted = f"{over} < on ({OFFICE_KEY}) (time() - max by ({OFFICE_KEY}) ({of_offices(UPTIME)}))"
    behind = f"{over} and on ({OFFICE_KEY}) last_over_time({OFFICE_ROUTER_ALIVE}[{memory}])"
    ran = f"> on ({OFFICE_KEY}) max by ({OFFICE_KEY}) ({AGENT_START.name})"
    return f" or on ({OFFICE_KEY}) ".join(
        (
            journal,
            _told(restarted, Cause.POWER, Confirmed.ROUTER_RESTARTED),
            _told(f"({behind}) {ran}", Cause.OFFICE, Confirmed.BEHIND_ROUTER),
            _told(f"{over} {ran}", Cause.LINK, Confirmed.AGENT_RAN),
            _told(over, Cause.UNKNOWN, Confirmed.NONE),
        )
    )


def _journal(over: str, slack: float) -> str:
    """What it knows, where it speaks of this silence. A machine that was shut down in order is the agent's matter."""
    known = f'max by ({OFFICE_KEY}, cause, evidence) ({ABSENCE_SECONDS.name}{{cause!="{Cause.UNKNOWN}"}})'
    of_this = f"max by ({OFFICE_KEY}) ({ABSENCE_END.name}) > on ({OFFICE_KEY}) ({over} - {slack:g})"
    one = f"topk by ({OFFICE_KEY}) (1, {known} and on ({OFFICE_KEY}) ({of_this}))"
    when = f"(0 * {one} + on ({OFFICE_KEY}) group_left () {over})"
    named = f'label_replace({when}, "evidence", "{Confirmed.SHUTDOWN}", "cause", "shutdown")'
    return f'label_replace({named}, "cause", "{Cause.AGENT}", "cause", "shutdown")'


def _told(expr: str, cause: Cause, evidence: Confirmed) -> str:
    return f'label_replace(label_replace({expr}, "cause", "{cause}", "", ""), "evidence", "{evidence}", "", "")'
