"""vmalert reads our rules too: those of Debian's victoria-metrics, which lack `keep_firing_for`."""

import subprocess
from pathlib import Path

import pytest

from alerts import rules
from alerts.engines import Engine, suited
from alerts.render import rule_files
from alerts.settings import LAB, PRODUCTION, Settings
from tests.tools import tool


@pytest.mark.parametrize("settings", [PRODUCTION, LAB], ids=["production", "lab"])
def test_vmalert_loads_every_rule(settings: Settings, tmp_path: Path) -> None:
    for name, text in rule_files(settings, engine=Engine.VMALERT).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = [str(tool("vmalert")), "-dryRun", f"-rule={tmp_path}/*.yml"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr


def test_vmalert_refuses_the_rules_of_prometheus(tmp_path: Path) -> None:
    (tmp_path / "live.yml").write_text(rule_files(PRODUCTION)["live.yml"], encoding="utf-8")
    command = [str(tool("vmalert")), "-dryRun", f"-rule={tmp_path}/live.yml"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "keep_firing_for" in answer.stderr


def test_for_prometheus_nothing_changes() -> None:
    groups = rules.groups(PRODUCTION)
    assert [suited(group, Engine.PROMETHEUS) for group in groups] == [*groups]


def test_every_alert_that_is_kept_remembers_its_own_condition() -> None:
    (moment,) = (group for group in rules.groups(PRODUCTION) if group.name == "live")
    live = suited(moment, Engine.VMALERT)
    names = [recording.series.name for recording in live.recordings]
    assert len(names) == len(set(names))
    assert not any(alert.keep for alert in live.alerts)
    (silent,) = (alert for alert in live.alerts if alert.name == "OnBattery")
    assert "alert:on_battery:condition" in silent.expr
