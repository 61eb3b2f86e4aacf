"""Every alert fires when it should, not before, and says the right words."""

from pathlib import Path

import pytest

from alerts import rules
from alerts.settings import PRODUCTION
from alerts.texts import annotations
from tests.rules.cases import CASES
from tests.rules.scene import Scene

ALERTS = {alert.name: alert for group in rules.groups(PRODUCTION) for alert in group.alerts}
TEXTS = {name: annotations(alert, PRODUCTION) for name, alert in ALERTS.items()}


@pytest.mark.parametrize("name", sorted(CASES))
def test_it_fires_alone_and_not_a_moment_too_soon(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    moments = {case.quiet: case.beside, case.fires: (*case.beside, case.firing)}
    Scene(case.series, moments).judge(tmp_path, TEXTS)
