"""A message about an area names offices: how many, and the first of them."""

import subprocess
from pathlib import Path

import yaml

from alerts.affected import AFFECTED
from alerts.render import rule_contents, to_yaml
from alerts.rules import groups
from alerts.settings import PRODUCTION
from tests.rules.every_case import CASES
from tests.rules.scene import NAMES
from tests.tools import tool

GROUPS = ("register.yml", "live.yml")


def test_offices_are_counted_and_named(tmp_path: Path) -> None:
    """All of one name: Prometheus tells them in no fixed order."""
    case = CASES["ProvincialServiceDown"]
    contents = {name: rule_contents(PRODUCTION)[name] for name in GROUPS}
    for name, content in contents.items():
        for rule in content["groups"][0]["rules"]:
            if "annotations" in rule:
                rule["annotations"] = {each: rule["annotations"].get(each, "") for each in ("offices", NAMES)}
        (tmp_path / name).write_text(to_yaml(content), encoding="utf-8")
    same = {name.replace("Trung tâm xã 2", "Trung tâm xã 1"): text for name, text in case.series.items()}
    series = {name.replace("Trung tâm xã 3", "Trung tâm xã 1"): text for name, text in same.items()}
    told = {"offices": "3", NAMES: "Trung tâm xã 1; " * 3}
    expected = {
        "eval_time": f"{case.fires:g}s",
        "alertname": case.firing.alert,
        "exp_alerts": [{"exp_labels": dict(case.firing.labels), "exp_annotations": told}],
    }
    inputs = [{"series": name, "values": text} for name, text in series.items()]
    played = {"interval": "15s", "input_series": inputs, "alert_rule_test": [expected]}
    path = tmp_path / "test.yml"
    path.write_text(
        yaml.safe_dump({"rule_files": [*GROUPS], "evaluation_interval": "15s", "tests": [played]}), encoding="utf-8"
    )
    answer = subprocess.run([tool("promtool"), "test", "rules", path], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_alerts_that_say_whom_they_hit_exist_and_have_the_labels_that_they_ask_by() -> None:
    alerts = {alert.name: alert for group in groups(PRODUCTION) for alert in group.alerts}
    for name, known in AFFECTED.items():
        assert {*known.shared} <= {*alerts[name].incident}, name
        assert {*known.shared} <= {*(known.services or known.state).labels}, name
