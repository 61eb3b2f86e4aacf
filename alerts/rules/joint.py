"""Services that are needed together: the verdicts that the offices give themselves, counted over those able to judge.

A verdict says nothing new while one service fails for most: that service has its own alert. It says what no other alert
can when different offices miss different services, each for itself too few, and the errand fails for most.
"""

from alerts.planned import PROVINCE_SERVICE_PLANNED
from alerts.promql import OFFICE_KEY, agreed, named_joint, still_known
from alerts.recorded import (
    JOINT_EXPECTED,
    JOINT_FAILING,
    JOINT_ONE_DOWN_RATIO,
    JOINT_RATIO,
    JOINT_UNEXPLAINED,
    JOINT_VOTERS,
    OFFICE_JOINT_FAILING,
    OFFICE_JOINT_ONE_DOWN,
    OFFICE_JUDGE,
    PROVINCE_SERVICE_FAILING,
    SERVICE_FAILING,
)
from alerts.rule import Alert, Cause, Recording, Scope, Severity
from alerts.settings import Settings
from collectors.core.observed import JOINT_FAILING as FAILING_SERVICES
from collectors.core.observed import JOINT_SUCCESS
from inventory.facts import JOINT_INFO
from inventory.labels import JOINT, PROVINCE, SERVICE

_KEY = f"{OFFICE_KEY}, {JOINT}"


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Verdicts, shares, and what no single service explains. Needs the services' states at the same moment."""
    limits = settings.thresholds
    judge = f"and on ({OFFICE_KEY}) {OFFICE_JUDGE}"
    facts = still_known(JOINT_INFO.name, f"{JOINT}, {SERVICE}", settings.windows.facts_memory_seconds)
    info = f"topk by ({JOINT}) (1, max by ({JOINT}, name) ({facts}))"
    named = f'label_replace({info}, "joint_name", "$1", "name", "(.*)")'
    provinces = f"count by ({JOINT}) (group by ({PROVINCE}, {JOINT}) ({OFFICE_JOINT_FAILING}))"
    known = (SERVICE_FAILING, PROVINCE_SERVICE_FAILING, PROVINCE_SERVICE_PLANNED)
    told = " or ".join(f"group by ({SERVICE}) ({one})" for one in known)
    explained = f"group by ({JOINT}) ({facts} and on ({SERVICE}) ({told}))"
    return (
        Recording(OFFICE_JOINT_FAILING, f"group by ({_KEY}) ({JOINT_SUCCESS.name} == 0 {judge})"),
        Recording(OFFICE_JOINT_ONE_DOWN, f"group by ({_KEY}) ({FAILING_SERVICES.name} == 1 {judge})"),
        Recording(JOINT_VOTERS, f"count by ({JOINT}) ({JOINT_SUCCESS.name} {judge})"),
        Recording(
            JOINT_EXPECTED,
            f"max by ({JOINT}, joint_name) ({named}) or on ({JOINT}) group by ({JOINT}) ({JOINT_VOTERS})",
        ),
        Recording(JOINT_RATIO, _share(str(OFFICE_JOINT_FAILING))),
        Recording(JOINT_ONE_DOWN_RATIO, _share(str(OFFICE_JOINT_ONE_DOWN))),
        Recording(JOINT_FAILING, agreed(JOINT_RATIO, limits.quorum_ratio, provinces, limits.quorum_provinces)),
        Recording(JOINT_UNEXPLAINED, f"{JOINT_FAILING} unless on ({JOINT}) {explained}"),
    )


def _share(of: str) -> str:
    """Share of the voters, 0 for none."""
    return f"(count by ({JOINT}) ({of}) or 0 * {JOINT_VOTERS}) / on ({JOINT}) {JOINT_VOTERS}"


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """One, for the whole country: what a single service explains has been told already."""
    windows = settings.windows
    return (
        Alert(
            "JointServiceDegraded", named_joint(str(JOINT_UNEXPLAINED)),
            Severity.WARNING, Cause.SERVICE, Scope.COUNTRY, (JOINT,),
            hold=windows.province_service_hold_seconds, keep=windows.keep_seconds,
        ),
    )  # fmt: skip
