"""What offices on the same line of the power company say: of one that fell silent without a word, and of the line."""

from alerts.promql import OFFICE_KEY, duration, named_province
from alerts.recorded import OFFICE_ON_MAINS, OFFICE_POWER_LOST, OFFICE_SILENT
from alerts.regions import OFFICE_FRESH
from alerts.rule import Alert, Cause, Recording, Scope, Severity
from alerts.rules.areas import no_cut_of_province, no_other_silence, no_power_cut
from alerts.rules.planned import NO_CUT
from alerts.settings import Settings, Thresholds, Windows
from alerts.views import (
    FEEDER_POWER_LOST,
    FEEDER_POWER_LOST_RATIO,
    OFFICE_FEEDER,
    OFFICE_FEEDER_CUT,
    OFFICE_FEEDER_LOST,
)
from inventory.expected import OFFICE_FEEDER as FACT
from inventory.labels import FEEDER, PROVINCE

_LINE = f"{PROVINCE}, {FEEDER}"
_DARK = f"{OFFICE_FEEDER} and on ({OFFICE_KEY})"  # to be followed by a state of offices


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Needs silence and power of the same moment. First which lines it is about: nearly always none, or a few.

    Who sends once a minute is not missed for longer than others: meanwhile only his newer word says that he has mains.
    """
    windows, limits = settings.windows, settings.thresholds
    fed = f"last_over_time({FACT.name}[{duration(windows.facts_memory_seconds)}])"
    somewhere = f"{fed} and on ({_LINE}) ({fed} and on ({OFFICE_KEY}) {OFFICE_POWER_LOST})"
    lost = f"{_DARK} {OFFICE_POWER_LOST}"
    fresh = f"unless on ({OFFICE_KEY}) {OFFICE_SILENT} and on ({OFFICE_KEY}) {OFFICE_FRESH}"
    knowing = f"{lost} or {_DARK} {OFFICE_ON_MAINS} {fresh}"
    dark = f"({OFFICE_POWER_LOST} or on ({OFFICE_KEY}) {OFFICE_FEEDER_LOST})"
    return (
        # topk: two pages that name a line differently must not break every rule that joins on it.
        Recording(OFFICE_FEEDER, f"topk by ({OFFICE_KEY}) (1, group by ({OFFICE_KEY}, {FEEDER}) ({somewhere}))"),
        Recording(FEEDER_POWER_LOST_RATIO, f"{_of_line(lost)} / on ({_LINE}) {_of_line(knowing)}"),
        Recording(OFFICE_FEEDER_LOST, _without_a_word(windows, limits)),
        Recording(FEEDER_POWER_LOST, _cut(_of_line(f"{_DARK} {dark} {NO_CUT}"), limits)),
        Recording(OFFICE_FEEDER_CUT, f"{_DARK} {dark} and on ({_LINE}) {FEEDER_POWER_LOST}"),
    )


def _of_line(offices: str) -> str:
    return f"count by ({_LINE}) ({offices})"


def _without_a_word(windows: Windows, limits: Thresholds) -> str:
    """Who has no UPS, or whose router is not known to hang on it. A cut long after the silence began explains nothing.

    Nothing but the return ends it: there is no other word. Who is silent again soon after has not been back (as in
    outages.py). `office:silent:since` is that of a moment ago: none where the silence has just begun.
    """
    mute = f"{OFFICE_SILENT} unless on ({OFFICE_KEY}) {OFFICE_POWER_LOST} {no_other_silence(windows)}"
    most = f"{OFFICE_FEEDER} and on ({_LINE}) {FEEDER_POWER_LOST_RATIO} > {limits.quorum_ratio}"
    past = f"last_over_time({OFFICE_FEEDER_LOST}[{duration(windows.keep_seconds)}])"
    return f"({mute} and on ({OFFICE_KEY}) ({most})) or ({past} and on ({OFFICE_KEY}) {OFFICE_SILENT})"


def _cut(dark: str, limits: Thresholds) -> str:
    """Most of those that know; then for as long as several have no power, however many are mended before them."""
    most = f"{FEEDER_POWER_LOST_RATIO} > {limits.quorum_ratio} or {FEEDER_POWER_LOST}"
    return f"{dark} >= {limits.quorum_offices} and on ({_LINE}) ({most})"


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """One notification for all offices of a line. It has the hold of a single office, so that no dip is told sooner."""
    windows = settings.windows
    dark = f"{OFFICE_FEEDER_CUT} {NO_CUT} {no_cut_of_province(windows)}"
    offices = f"{_of_line(dark)} {no_power_cut(windows)}"
    return (
        Alert(
            "FeederPowerLost", named_province(offices), Severity.CRITICAL, Cause.POWER, Scope.FEEDER,
            (PROVINCE, FEEDER), hold=windows.power_hold_seconds, keep=windows.keep_seconds,
        ),
    )  # fmt: skip
