"""Power: on battery, nearly empty, and the memory that keeps "power" the cause when the office then goes dark."""

from alerts.promql import OFFICE_KEY, duration, named_office, named_province
from alerts.recorded import (
    OFFICE_BATTERY,
    OFFICE_BATTERY_LOW,
    OFFICE_ON_BATTERY,
    OFFICE_ON_MAINS,
    OFFICE_POWER_LOST,
    OFFICE_SILENT,
    PROVINCE_POWER_LOST,
    PROVINCE_POWER_LOST_RATIO,
)
from alerts.rule import Alert, Cause, Recorded, Recording, Scope, Severity
from alerts.rules.areas import whole_province
from alerts.settings import Settings, Thresholds
from collectors.ups.metrics import BATTERY_LOW, CHARGE, ON_BATTERY, RUNTIME
from inventory.labels import OFFICE, PROVINCE


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Power per office and province. Needs office:silent at the same moment."""
    memory = duration(settings.windows.memory_seconds)
    last_word = f"last_over_time({OFFICE_BATTERY}[{memory}])"
    battery, mains = str(OFFICE_ON_BATTERY), f"group by ({OFFICE_KEY}) ({last_word} == 0)"
    low = f"group by ({OFFICE_KEY}) ({_low(settings.thresholds)}) and on ({OFFICE_KEY}) {OFFICE_POWER_LOST}"
    return (
        Recording(OFFICE_BATTERY, f"max by ({OFFICE_KEY}) ({ON_BATTERY.name})"),
        Recording(OFFICE_ON_BATTERY, f"{last_word} == 1"),
        Recording(OFFICE_ON_MAINS, _latched(OFFICE_ON_MAINS, mains, battery, memory)),
        Recording(OFFICE_POWER_LOST, _latched(OFFICE_POWER_LOST, battery, mains, memory)),
        Recording(OFFICE_BATTERY_LOW, _latched(OFFICE_BATTERY_LOW, low, mains, memory)),
        *whole_province(OFFICE_POWER_LOST, PROVINCE_POWER_LOST_RATIO, PROVINCE_POWER_LOST, settings.thresholds),
    )


def _low(limits: Thresholds) -> str:
    """The card's own word, or ours: cards differ in when they call a battery low."""
    return (
        f"{BATTERY_LOW.name} == 1"
        f" or {CHARGE.name} < {limits.battery_charge_ratio}"
        f" or {RUNTIME.name} < {limits.battery_runtime_seconds:g}"
    )


def _latched(series: Recorded, holds: str, contrary: str, memory: str) -> str:
    """A state that, once it holds, goes on through the office's silence, until a contrary word is remembered.

    It refers to its own past, so it outlasts every window; the memory only has to bridge the start of the silence.
    """
    past = f"last_over_time({series}[{memory}]) and on ({OFFICE_KEY}) {OFFICE_SILENT}"
    return f"({holds}) or ({past} unless on ({OFFICE_KEY}) ({contrary}))"


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """The province before its offices."""
    windows = settings.windows
    no_area = f"unless on ({PROVINCE}) {PROVINCE_POWER_LOST}"
    return (
        Alert(
            "ProvincialPowerLost", named_province(str(PROVINCE_POWER_LOST)),
            Severity.CRITICAL, Cause.POWER, Scope.PROVINCE, (PROVINCE,),
            hold=windows.area_hold_seconds, keep=windows.keep_seconds,
        ),
        Alert(
            "OnBattery", named_office(f"{OFFICE_POWER_LOST} {no_area}"),
            Severity.WARNING, Cause.POWER, Scope.OFFICE, (OFFICE,),
            hold=windows.power_hold_seconds, keep=windows.keep_seconds,
        ),
        Alert(
            "BatteryLow", named_office(f"{OFFICE_BATTERY_LOW} {no_area}"),
            Severity.CRITICAL, Cause.POWER, Scope.OFFICE, (OFFICE,),
            hold=windows.power_hold_seconds, keep=windows.keep_seconds,
        ),
    )  # fmt: skip
