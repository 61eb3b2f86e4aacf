"""Prometheus has been away: who has sent his figures nowhere meanwhile is not silent when it is back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from alerts.render import rule_contents
from alerts.settings import Settings
from tests.rules import scene
from tests.rules.case import ONE, office_labels, silent
from tests.rules.scene import STEP, Firing, Office, Scene, offices, province, values
from tests.rules.test_incidents import during

END = 1500.0
AWAY, BACK = 600.0, 750.0  # when it ran last, and again
SETTLED = BACK + 300


@pytest.fixture(autouse=True)
def _pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """promtool never pauses: the rule that says when it ran is replaced by a series."""
    monkeypatch.setattr(scene, "rule_contents", _without_runs)


def _without_runs(settings: Settings) -> Mapping[str, Any]:
    found = rule_contents(settings)
    for content in found.values():
        for group in content["groups"]:
            group["rules"] = [rule for rule in group["rules"] if rule.get("record") != "centre:runs"]
    return found


def away(until: float = BACK) -> dict[str, str]:
    """Its first evaluation finds no trace of itself."""
    return {"centre:runs": values((1, AWAY + STEP), ("gone", until - AWAY), (1, END - until))}


def sending(office: Office) -> dict[str, str]:
    """Turned away from 585 s on; its next try is one minute after Prometheus is back."""
    before, pause = int(AWAY / STEP) - 1, int((BACK + 60 - AWAY) / STEP)
    names = {"agent_start_time_seconds": "1700000000", "agent_push_scrape_interval_seconds": "15"}
    return {office.series(name): f"{value}x{before} _x{pause} {value}x60" for name, value in names.items()}


def told_of(office: Office) -> Firing:
    return Firing("OfficeSilent", office_labels(office, "warning", "unknown", f"office/unknown/{office.id}"))


def world() -> dict[str, str]:
    found = province(12, END)
    for office in offices(6, first=7):
        found |= sending(office)
    return found


def test_who_sends_is_not_silent_before_he_has_tried_again(tmp_path: Path) -> None:
    silences: dict[tuple[float, str], Mapping[str, float]] = {
        (moment, "office:silent"): {} for moment in (750.0, 765.0, 795.0, 900.0)
    }
    Scene(world() | away(), during(BACK, END), silences).judge(tmp_path)


def test_who_was_silent_before_stays_so(tmp_path: Path) -> None:
    Scene(world() | away() | silent(ONE, 300, END), during(390, END, told_of(ONE))).judge(tmp_path)


def test_who_falls_silent_meanwhile_is_missed_a_little_later(tmp_path: Path) -> None:
    moments = during(BACK, SETTLED - 60) | during(SETTLED + 30, END, told_of(ONE))
    Scene(world() | away() | silent(ONE, 660, END), moments).judge(tmp_path)


def test_a_restart_within_a_minute_changes_nothing(tmp_path: Path) -> None:
    series = province(12, END) | away(AWAY + 60) | silent(ONE, 660, END)
    Scene(series, during(660, 750) | during(750, END, told_of(ONE))).judge(tmp_path)


def test_one_that_leaves_out_half_of_its_evaluations_was_not_away(tmp_path: Path) -> None:
    slow = {"centre:runs": "1 _ " * int(END / STEP / 2)}
    Scene(province(12, END) | slow | silent(ONE, 660, END), during(660, 750) | during(750, END, told_of(ONE))).judge(
        tmp_path
    )
