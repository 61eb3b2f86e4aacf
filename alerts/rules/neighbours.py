"""What offices on the same line of the power company say of one that fell silent without a word."""

from alerts.promql import OFFICE_KEY, agreed, duration, latched
from alerts.recorded import OFFICE_HEARD, OFFICE_ON_MAINS, OFFICE_POWER_LOST, OFFICE_ROUTER_OFF_UPS, OFFICE_SILENT
from alerts.rule import Recording
from alerts.settings import Settings
from alerts.views import FEEDER_POWER_LOST_RATIO, OFFICE_FEEDER_LOST
from inventory.expected import OFFICE_FEEDER
from inventory.labels import FEEDER, PROVINCE

_LINE = f"{PROVINCE}, {FEEDER}"


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Needs silence and power of the same moment. A cut long after the office fell silent explains nothing."""
    memory = duration(settings.windows.memory_seconds)
    on_line = f"last_over_time({OFFICE_FEEDER.name}[{duration(settings.windows.facts_memory_seconds)}])"
    fed = f"max by ({OFFICE_KEY}, {FEEDER}) ({on_line})"
    known = f"{OFFICE_POWER_LOST} or on ({OFFICE_KEY}) ({OFFICE_ON_MAINS} and on ({OFFICE_KEY}) {OFFICE_HEARD})"
    lost, knowing = (f"count by ({_LINE}) ({fed} and on ({OFFICE_KEY}) ({who}))" for who in (OFFICE_POWER_LOST, known))
    most = agreed(FEEDER_POWER_LOST_RATIO, settings.thresholds.quorum_ratio, lost, 1)
    told = f"{OFFICE_ON_MAINS} unless on ({OFFICE_KEY}) {OFFICE_ROUTER_OFF_UPS}"
    mute = f"{OFFICE_SILENT} unless on ({OFFICE_KEY}) {OFFICE_POWER_LOST} unless on ({OFFICE_KEY}) ({told})"
    just = f"and on ({OFFICE_KEY}) present_over_time({OFFICE_HEARD}[{memory}])"
    dark = f"group by ({OFFICE_KEY}) ({fed} and on ({_LINE}) ({most}))"
    holds = f"{mute} {just} and on ({OFFICE_KEY}) ({dark})"
    return (
        Recording(FEEDER_POWER_LOST_RATIO, f"{lost} / on ({_LINE}) {knowing}"),
        # Who is silent has no further word, so nothing but the return ends it.
        Recording(OFFICE_FEEDER_LOST, latched(OFFICE_FEEDER_LOST, holds, str(OFFICE_HEARD), memory)),
    )
