"""Windows shrink together, thresholds do not, and relations between windows are kept."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from alerts.promql import duration
from alerts.settings import LAB, PRODUCTION, Settings, Windows
from collectors.core.decode import DecodeError, decode_text


@pytest.mark.parametrize("settings", [PRODUCTION, LAB, PRODUCTION.scaled(60), PRODUCTION.scaled(0.5)])
def test_windows_at_every_pace_stand_in_the_right_relation(settings: Settings) -> None:
    assert list(settings.windows.check()) == []


def test_scaling_shortens_every_window_and_no_threshold() -> None:
    scaled = PRODUCTION.scaled(5)
    for each in fields(Windows):
        assert getattr(scaled.windows, each.name) == pytest.approx(getattr(PRODUCTION.windows, each.name) / 5)
    assert scaled.thresholds == PRODUCTION.thresholds
    assert scaled.trends.bandwidth_seconds == PRODUCTION.trends.bandwidth_seconds / 5


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("silent_seconds", 45),
        ("office_service_hold_seconds", 90),
        ("province_service_hold_seconds", 15),
        ("backed_off_seconds", 181),
        ("memory_seconds", 120),
        ("keep_seconds", 100),
        ("facts_memory_seconds", 200),
        ("power_hold_seconds", 0),
    ],
)
def test_a_window_that_would_tell_one_incident_twice_is_refused(field: str, value: float) -> None:
    windows = replace(PRODUCTION.windows, **{field: value})
    assert [name for name, _ in windows.check()] == [field]


def test_a_file_changes_what_it_names_and_nothing_else() -> None:
    text = "windows: {power_hold_seconds: 45}\nthresholds: {loss_ratio: 0.3}\n"
    settings = decode_text(text, Settings, "settings.yml").value
    assert settings.windows == replace(PRODUCTION.windows, power_hold_seconds=45)
    assert settings.thresholds == replace(PRODUCTION.thresholds, loss_ratio=0.3)


def test_a_wrong_relation_in_a_file_is_reported_with_its_line() -> None:
    with pytest.raises(DecodeError, match=r"settings.yml:2 windows.silent_seconds: should cover at least four scrapes"):
        decode_text("windows:\n  silent_seconds: 20\n", Settings, "settings.yml")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (15, "15s"),
        (90, "1m30s"),
        (86400, "1d"),
        (7.5, "7s500ms"),
        (0.0125, "12ms"),
        (90061.001, "1d1h1m1s1ms"),
    ],
)
def test_durations_are_written_as_prometheus_reads_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_no_rule_file_is_left_behind_from_an_older_version(tmp_path: Path) -> None:
    from alerts.build import write

    write(tmp_path, {"rules/old.yml": "x", "rules/live.yml": "x", "alertmanager.yml": "x"})
    write(tmp_path, {"rules/live.yml": "y", "alertmanager.yml": "y"})
    found = {str(path.relative_to(tmp_path)): path.read_text() for path in tmp_path.rglob("*.yml")}
    assert found == {"rules/live.yml": "y", "alertmanager.yml": "y"}
