"""Cases of error budgets that burn too fast. See case.py."""

from collections.abc import Mapping
from dataclasses import replace

from alerts.settings import PRODUCTION
from inventory.values import Day
from tests.rules.case import ONE, PORTAL, Case, of_all, office_labels, service, wide_labels
from tests.rules.scene import STEP, Firing, Office, offices, province, values

# An hour in 225 s, a day in an hour and a half. promtool's clock begins on a Thursday, which is a holiday here.
_SHORTER = replace(PRODUCTION.objectives.scaled(16), evaluation_seconds=STEP, holidays=(Day(1970, 1, 1),))
QUICK = replace(PRODUCTION, objectives=_SHORTER)
_NAMED = {"service": "portal", "service_name": "Cổng Dịch vụ công"}


# Groups are evaluated in any order, so that budgets may see the votes of a step before: no moment here is exact.
def failing(few: int, since: float, until: float, of: int) -> dict[str, str]:
    """The portal, which fails for some offices of a province that are too few for a verdict."""
    bad = of_all([service(office, (1, since), (0, until - since)) for office in offices(few)])
    good = of_all([service(office, (1, until)) for office in offices(of - few, first=few + 1)])
    return province(of, until) | {PORTAL: values((1, until))} | bad | good


def down(office: Office) -> Firing:
    labels = office_labels(office, "warning", "service", f"office/service/{office.id}", **_NAMED)
    return Firing("ServiceDown", labels)


def burning(name: str, severity: str, objective: str, vi: str, en: str) -> Firing:
    incident = f"country/service/{name}/portal"
    return Firing(name, wide_labels(severity, "country", "service", incident, **_NAMED, objective=objective), vi, en)


CASES: Mapping[str, Case] = {
    "ErrorBudgetBurning": Case(
        failing(1, 3300, 3600, of=5),
        quiet=3435,
        fires=3570,
        firing=burning(
            "ErrorBudgetBurning", "critical", "always",
            "Cổng Dịch vụ công: lỗi rải rác nhanh gấp 20 lần mức cho phép (mục tiêu 24/7)",
            "Cổng Dịch vụ công: scattered errors, 20 times as fast as allowed (objective round the clock)",
        ),
        beside=(down(ONE),),
        settings=QUICK,
    ),
    "ErrorBudgetBurningSlowly": Case(
        failing(1, 300, 900, of=20),
        quiet=690,
        fires=780,
        firing=burning(
            "ErrorBudgetBurningSlowly", "warning", "always",
            "Cổng Dịch vụ công: lỗi rải rác dai dẳng, nhiều hơn mức cho phép (mục tiêu 24/7)",
            "Cổng Dịch vụ công: scattered errors for long, more than allowed (objective round the clock)",
        ),
        beside=(down(ONE),),
        settings=QUICK,
    ),
}  # fmt: skip
