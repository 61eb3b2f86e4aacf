"""Who should be there and who is not: silent offices, provinces, and a centre that hears nobody."""

from alerts.promql import OFFICE_KEY, duration, named_office, named_province
from alerts.recorded import (
    CENTRE_BLIND,
    OFFICE_EXPECTED,
    OFFICE_HEARD,
    OFFICE_ON_MAINS,
    OFFICE_POWER_LOST,
    OFFICE_SILENT,
    OFFICE_SILENT_CAUSE,
    PROVINCE_EXPECTED,
    PROVINCE_OFFICES,
    PROVINCE_POWER_LOST,
    PROVINCE_SILENT,
    PROVINCE_SILENT_RATIO,
)
from alerts.rule import ALERT_NAME, Alert, Cause, Recording, Scope, Severity
from alerts.rules.areas import whole_province
from alerts.settings import Settings
from collectors.core.observed import AGENT_START
from inventory.facts import OFFICE_INFO
from inventory.labels import OFFICE, PROVINCE


def presence(settings: Settings) -> tuple[Recording, ...]:
    """Expected, heard, silent. The agent's start time is its heartbeat: it is there whenever the agent is."""
    windows = settings.windows
    names = ", ".join(OFFICE_EXPECTED.labels)
    # While a province's page of facts is away its last facts hold: nobody is "resolved" by forgetting him.
    facts = (
        f"{OFFICE_INFO.name} or (last_over_time({OFFICE_INFO.name}[{duration(windows.facts_memory_seconds)}])"
        f" unless on ({PROVINCE}) {OFFICE_INFO.name})"
    )
    heartbeat = f"present_over_time({AGENT_START.name}[{duration(windows.silent_seconds)}])"
    return (
        Recording(OFFICE_HEARD, f"max by ({OFFICE_KEY}) ({heartbeat})"),
        # topk: two pages that name an office differently must not break every rule that joins on it.
        Recording(
            OFFICE_EXPECTED,
            f"topk by ({OFFICE_KEY}) (1, max by ({names}) ({facts})) or on ({OFFICE_KEY}) {OFFICE_HEARD}",
        ),
        Recording(PROVINCE_EXPECTED, f"topk by ({PROVINCE}) (1, max by (province, province_name) ({OFFICE_EXPECTED}))"),
        Recording(PROVINCE_OFFICES, f"count by ({PROVINCE}) ({OFFICE_EXPECTED})"),
        Recording(OFFICE_SILENT, f"max by ({OFFICE_KEY}) ({OFFICE_EXPECTED}) unless on ({OFFICE_KEY}) {OFFICE_HEARD}"),
    )


def silence(settings: Settings) -> tuple[Recording, ...]:
    """What is silent without having lost power, and how far it reaches."""
    limits = settings.thresholds
    unexplained = f"{OFFICE_SILENT} unless on ({OFFICE_KEY}) {OFFICE_POWER_LOST}"
    by_last_word = (
        f'label_replace({unexplained} and on ({OFFICE_KEY}) {OFFICE_ON_MAINS}, "cause", "{Cause.LINK}", "", "")'
        f' or on ({OFFICE_KEY}) label_replace({unexplained}, "cause", "{Cause.UNKNOWN}", "", "")'
    )
    total = f"count({OFFICE_SILENT_CAUSE})"
    return (
        Recording(OFFICE_SILENT_CAUSE, by_last_word),
        *whole_province(OFFICE_SILENT_CAUSE, PROVINCE_SILENT_RATIO, PROVINCE_SILENT, limits),
        Recording(
            CENTRE_BLIND,
            f"{total} / count({OFFICE_EXPECTED}) > {limits.blind_ratio} and {total} >= {limits.area_offices}",
        ),
    )


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """Centre before province before office."""
    windows = settings.windows
    blind = f"unless on () {CENTRE_BLIND}"
    province = f"{PROVINCE_SILENT} unless on ({PROVINCE}) {PROVINCE_POWER_LOST} {blind}"
    office = (
        f"{OFFICE_SILENT_CAUSE} unless on ({PROVINCE}) {PROVINCE_POWER_LOST}"
        f" unless on ({PROVINCE}) {PROVINCE_SILENT} {blind}"
    )
    return (
        Alert(
            "CentreBlind", str(CENTRE_BLIND), Severity.CRITICAL, Cause.AGENT, Scope.CENTRE, (ALERT_NAME,),
            hold=windows.area_hold_seconds, keep=windows.keep_seconds,
        ),
        Alert(
            "ProvincialSilent", named_province(province), Severity.CRITICAL, Cause.LINK, Scope.PROVINCE, (PROVINCE,),
            hold=windows.area_hold_seconds, keep=windows.keep_seconds,
        ),
        Alert(
            "OfficeSilent", named_office(office), Severity.WARNING, None, Scope.OFFICE, (OFFICE,),
            hold=windows.silent_hold_seconds, keep=windows.keep_seconds,
        ),
    )  # fmt: skip
