"""Power: on battery, nearly empty, and the memory that keeps "power" the cause when the office then goes dark."""

from alerts.planned import PROVINCE_OFFICES_UNPLANNED
from alerts.promql import OFFICE_KEY, duration, latched, named_feeder, named_office, named_province, one_of
from alerts.recorded import (
    OFFICE_BATTERY,
    OFFICE_BATTERY_LOW,
    OFFICE_LAST_WORD,
    OFFICE_ON_BATTERY,
    OFFICE_ON_MAINS,
    OFFICE_POWER_LOST,
    OFFICE_PROVINCE_CUT,
    OFFICE_ROUTER_OFF_UPS,
    OFFICE_SILENT,
    PROVINCE_POWER_LOST,
    PROVINCE_POWER_LOST_RATIO,
)
from alerts.regions import OFFICE_OPERATOR_EXPLAINED
from alerts.rule import Alert, Cause, Recording, Scope, Severity
from alerts.rules.areas import no_cut_of_feeder, no_cut_of_province, no_other_silence, no_power_cut, whole_province
from alerts.rules.planned import NO_CUT
from alerts.settings import Settings, Thresholds, Windows
from alerts.views import FEEDER_POWER_LOST, OFFICE_FEEDER, OFFICE_FEEDER_LOST, OFFICE_ROUTER_ALIVE
from collectors.core.lastword import Word
from collectors.core.observed import AGENT_START, LAST_WORD, ROUTER_ON_UPS
from collectors.ups.metrics import BATTERY_LOW, CHARGE, ON_BATTERY, RUNTIME
from inventory.labels import FEEDER, OFFICE, PROVINCE


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Power per office and province. Needs office:silent at the same moment."""
    memory = duration(settings.windows.memory_seconds)
    last_word = f"last_over_time({OFFICE_BATTERY}[{memory}])"
    battery, mains = str(OFFICE_ON_BATTERY), f"group by ({OFFICE_KEY}) ({last_word} == 0)"
    low = f"(group by ({OFFICE_KEY}) ({_low(settings.thresholds)}) or {_told_low(settings.windows)})"
    low += f" and on ({OFFICE_KEY}) {OFFICE_POWER_LOST}"
    router = f"last_over_time({ROUTER_ON_UPS.name}[{memory}])"
    feeders = f"on ({OFFICE_KEY}) {OFFICE_FEEDER_LOST} or on ({OFFICE_KEY}) ({_presumed(settings.windows)})"
    dark = f"({OFFICE_POWER_LOST} or {feeders})"  # the latter as of a moment ago
    off_ups, on_ups = (f"group by ({OFFICE_KEY}) ({router} == {value})" for value in (0, 1))
    return (
        Recording(OFFICE_LAST_WORD, _newest_word()),
        Recording(OFFICE_BATTERY, _battery()),
        Recording(OFFICE_ON_BATTERY, f"{last_word} == 1"),
        Recording(OFFICE_ON_MAINS, latched(OFFICE_ON_MAINS, mains, battery, memory)),
        Recording(OFFICE_POWER_LOST, latched(OFFICE_POWER_LOST, battery, mains, memory)),
        Recording(OFFICE_BATTERY_LOW, latched(OFFICE_BATTERY_LOW, low, mains, memory)),
        Recording(OFFICE_ROUTER_OFF_UPS, latched(OFFICE_ROUTER_OFF_UPS, off_ups, on_ups, memory)),
        *whole_province(dark, PROVINCE_POWER_LOST_RATIO, PROVINCE_POWER_LOST, settings.thresholds),
        Recording(OFFICE_PROVINCE_CUT, _taken(settings)),
    )


def _presumed(windows: Windows) -> str:
    """Offices of a feeder that has just lost power, unless they say otherwise: who has no UPS is silent only later."""
    before = f"{FEEDER_POWER_LOST} offset {duration(windows.pushed_silent_seconds)}"
    return (
        f"{OFFICE_FEEDER} and on ({PROVINCE}, {FEEDER}) ({FEEDER_POWER_LOST} unless {before})"
        f" unless on ({OFFICE_KEY}) {OFFICE_ON_MAINS}"
    )


def _taken(settings: Settings) -> str:
    """Who is without power while most of a province is, or silent and cannot tell; until one alone is not back yet.

    A silence that others explain is theirs, as of a moment ago; one that is older than the cut, nobody's.
    """
    windows = settings.windows
    others = (
        f"{no_other_silence(windows)} unless on ({OFFICE_KEY}) {OFFICE_ROUTER_ALIVE}"
        f" unless on ({OFFICE_KEY}) {OFFICE_OPERATOR_EXPLAINED}"
    )
    out = f"({OFFICE_POWER_LOST} or on ({OFFICE_KEY}) {OFFICE_SILENT})"
    began = f"({OFFICE_POWER_LOST} or {OFFICE_SILENT} {others}) and on ({PROVINCE}) {PROVINCE_POWER_LOST}"
    left = (
        f"last_over_time({OFFICE_PROVINCE_CUT}[{duration(windows.keep_seconds)}]) and on ({OFFICE_KEY}) {out}"
        f" and on ({PROVINCE}) last_over_time({PROVINCE_POWER_LOST}[{duration(windows.power_return_seconds)}])"
        f" unless on ({OFFICE_KEY}) {OFFICE_OPERATOR_EXPLAINED}"
    )
    several = f"count by ({PROVINCE}) ({left}) >= {settings.thresholds.quorum_offices}"
    return f"group by ({OFFICE_KEY}) ({began} or ({left} and on ({PROVINCE}) ({several}))) {NO_CUT}"


def _newest_word() -> str:
    """What was sent counts from the moment it was said until the next scrape, which knows as much and more."""
    said, scraped = (f"max by ({OFFICE_KEY}) (timestamp({one.name}))" for one in (LAST_WORD, AGENT_START))
    word = f"max by ({OFFICE_KEY}, word) ({LAST_WORD.name} == 1)"
    return f"{word} unless on ({OFFICE_KEY}) ({scraped} >= on ({OFFICE_KEY}) {said})"


def _battery() -> str:
    """By the newer of both: what was sent, and what was scraped. A mere suspicion counts if silence follows it."""
    sent = f"group by ({OFFICE_KEY}) ({words(Word.OUTAGE, Word.LOW_BATTERY, Word.DYING)})"
    suspected = f"group by ({OFFICE_KEY}) ({words(Word.SUSPECT)} and on ({OFFICE_KEY}) {OFFICE_SILENT})"
    scraped = f"max by ({OFFICE_KEY}) ({ON_BATTERY.name})"
    mains = f"0 * group by ({OFFICE_KEY}) ({words(Word.MAINS)})"
    return f" or on ({OFFICE_KEY}) ".join((sent, suspected, mains, scraped))


def words(*those: Word) -> str:
    """The offices whose newest word is one of those."""
    return f"{OFFICE_LAST_WORD}{{word=~{one_of(those)}}}"


def _low(limits: Thresholds) -> str:
    """The card's own word, the agent's last one, or ours: cards differ in when they call a battery low."""
    return (
        f"{words(Word.LOW_BATTERY, Word.DYING)} or {BATTERY_LOW.name} == 1"
        f" or {CHARGE.name} < {limits.battery_charge_ratio}"
        f" or {RUNTIME.name} < {limits.battery_runtime_seconds:g}"
    )


def _told_low(windows: Windows) -> str:
    """Batteries that were low for long enough to be told: what is left is reckoned by the load, and wavers with it."""
    before = duration(windows.power_hold_seconds + windows.evaluation_seconds)
    return f"({OFFICE_BATTERY_LOW} and {OFFICE_BATTERY_LOW} offset {before})"


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """The province before its offices, and a feeder (neighbours.py) before its own; a planned cut is none of these.

    While several are known to be left, the province goes on. Who is merely silent does not keep it: that may be a line.
    """
    windows = settings.windows
    no_area = f"{no_power_cut(windows)} {no_cut_of_province(windows)} {no_cut_of_feeder(windows)}"
    known = f"count by ({PROVINCE}) ({OFFICE_PROVINCE_CUT} and on ({OFFICE_KEY}) {OFFICE_POWER_LOST})"
    left = f"({known} >= {settings.thresholds.quorum_offices}) / on ({PROVINCE}) {PROVINCE_OFFICES_UNPLANNED}"
    return (
        Alert(
            "ProvincialPowerLost", named_province(f"{PROVINCE_POWER_LOST} or on ({PROVINCE}) {left}"),
            Severity.CRITICAL, Cause.POWER, Scope.PROVINCE, (PROVINCE,),
            hold=windows.area_hold_seconds, keep=windows.keep_seconds,
        ),
        Alert(
            "OnBattery", named_office(named_feeder(f"{OFFICE_POWER_LOST} {no_area} {NO_CUT}")),
            Severity.WARNING, Cause.POWER, Scope.OFFICE, (OFFICE,),
            hold=windows.power_hold_seconds, keep=windows.keep_seconds,
        ),
        Alert(
            "BatteryLow", named_office(named_feeder(f"{OFFICE_BATTERY_LOW} {no_area} {NO_CUT}")),
            Severity.CRITICAL, Cause.POWER, Scope.OFFICE, (OFFICE,),
            hold=windows.power_hold_seconds, keep=windows.keep_seconds,
        ),
    )  # fmt: skip
