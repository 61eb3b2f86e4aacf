"""Every alert fires when it should, not before, and says the right words."""

from dataclasses import replace
from pathlib import Path

import pytest

from alerts import rules
from alerts.settings import PRODUCTION
from alerts.texts import annotations
from tests.rules.case import HOUR, ONE
from tests.rules.cases_of_services import CIVIL_STATUS_DATA, STALE
from tests.rules.every_case import CASES
from tests.rules.scene import Scene, province, values

ALERTS = {alert.name: alert for group in rules.groups(PRODUCTION) for alert in group.alerts}
TEXTS = {name: annotations(alert, PRODUCTION) for name, alert in ALERTS.items()}


@pytest.mark.parametrize("name", sorted(CASES))
def test_it_fires_alone_and_not_a_moment_too_soon(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    moments = {case.quiet: case.beside, case.fires: (*case.beside, case.firing)}
    texts = {alert.name: annotations(alert, case.settings) for alert in ALERTS.values()}
    Scene(case.series, moments, settings=case.settings).judge(tmp_path, texts)


def test_reports_that_cannot_be_read_are_stale_in_time_and_a_new_feed_is_given_that_time(tmp_path: Path) -> None:
    def reads(service: str, *parts: tuple[float | str, float]) -> dict[str, str]:
        return {ONE.series("probe_success", collector="freshness", service=service): values(*parts)}

    series = (
        province(3, HOUR)
        | {CIVIL_STATUS_DATA: values((1, HOUR))}
        | reads("civil_status_data", (1, 600), (0, HOUR - 600))  # broke after ten minutes
        | reads("land_data", (1, HOUR - 600), (0, 600))  # broke a moment ago
        | reads("population_data", ("gone", HOUR - 600), (0, 600))  # never worked, and is new
    )
    half_an_hour = replace(PRODUCTION, trends=replace(PRODUCTION.trends, data_stale_seconds=1800))
    moments = {600 + 1800 - 15: (), 600 + 1800 + 300: (STALE,), HOUR - 15: (STALE,)}
    Scene(series, moments, settings=half_an_hour).judge(tmp_path)
