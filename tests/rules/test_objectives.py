"""Error budgets: in office hours only while offices are open, and not on top of what is told already."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from alerts.objectives import Objectives
from alerts.rules.objectives import offices_open
from alerts.settings import PRODUCTION
from inventory.values import Day
from tests.rules.case import HOUR, MINUTE, PORTAL, of_all, service
from tests.rules.cases_of_objectives import QUICK, failing
from tests.rules.scene import Scene, offices, province, values

# promtool's clock begins on Thursday, 1970-01-01, 07:00 in Vietnam.
MORNING, NOON = 0.5 * HOUR, 4.5 * HOUR
AFTERNOON, EVENING = 6 * HOUR, 10 * HOUR
NEXT_MORNING, SATURDAY = 24 * HOUR + MORNING, 48 * HOUR + MORNING


def judge_hours(folder: Path, goals: Objectives, opening: Sequence[float], closing: Sequence[float]) -> None:
    """Offices open, or close, at each of these moments, and not a minute before."""
    after = {**dict.fromkeys(opening, True), **dict.fromkeys(closing, False)}
    states = {**after, **{moment - MINUTE: not state for moment, state in after.items()}}
    found = {(at, offices_open(goals)): {"{}": 1.0} if state else {} for at, state in states.items()}
    Scene({}, values=found, every=HOUR).judge(folder)


def test_offices_are_open_in_office_hours_of_working_days(tmp_path: Path) -> None:
    judge_hours(tmp_path, PRODUCTION.objectives, (MORNING, AFTERNOON, NEXT_MORNING), (NOON, EVENING))
    Scene({}, values={(SATURDAY + MINUTE, offices_open(PRODUCTION.objectives)): {}}, every=HOUR).judge(tmp_path)


def test_on_a_holiday_offices_are_closed(tmp_path: Path) -> None:
    goals = replace(PRODUCTION.objectives, holidays=(Day(1970, 1, 1),))
    Scene({}, values={(AFTERNOON, offices_open(goals)): {}}, every=HOUR).judge(tmp_path)
    judge_hours(tmp_path, goals, (NEXT_MORNING,), ())


def test_the_night_is_no_matter_of_office_hours(tmp_path: Path) -> None:
    """A tenth fails all the time; before seven thirty that counts for one objective, after it for both."""
    goals = replace(QUICK.objectives, holidays=())
    errors = 'max by (objective) (service:errors:ratio{service="portal"})'
    alone = {'{objective="always"}': 0.1}
    both = {'{objective="always"}': 0.1, '{objective="office_hours"}': 0.1}
    moments = {(MORNING - 15, errors): alone, (MORNING + 15, errors): both}
    Scene(failing(1, 15, 1830, of=10), values=moments, settings=replace(QUICK, objectives=goals)).judge(tmp_path)


@pytest.mark.parametrize("provinces", [("04",), ("04", "08", "11")])
def test_an_outage_that_is_told_burns_no_budget_a_second_time(tmp_path: Path, provinces: tuple[str, ...]) -> None:
    """It counts for what is left of the budget, which boards show; the two alerts are about what nobody tells."""
    series = {PORTAL: values((1, 900))} | of_all([province(6, 900, code) for code in provinces])
    series |= province(6, 900, "96") | of_all([service(office, (1, 900)) for office in offices(6, "96")])
    for code in provinces:
        series |= of_all([service(office, (1, 300), (0, 300), (1, 300)) for office in offices(6, code)])
    share = len(provinces) / (len(provinces) + 1)
    burning = 'ALERTS{alertname=~"ErrorBudget.*"}'
    worst = 'max by (service) (service:burn:rate{objective="always"}) > 0'
    found: dict[tuple[float, str], dict[str, float]] = {
        (at, query): {} for at in (330, 600, 780) for query in (burning, worst)
    }
    found[500, 'max by (service) (service:errors:ratio{objective="always"})'] = {'{service="portal"}': share}
    Scene(series, values=found, settings=QUICK).judge(tmp_path)
