"""`communewatch alerts build|check` as an engineer uses it."""

from pathlib import Path

import pytest
import yaml

from alerts.cli import main
from inventory.load import EXAMPLE


def read(path: Path) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def test_build_writes_rules_and_routes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--out", str(tmp_path), "--relay", "http://relay:1/"]) == 0
    assert sorted(path.name for path in (tmp_path / "rules").iterdir()) == [
        "contracts.yml",
        "live.yml",
        "objectives.yml",
        "register.yml",
        "shares.yml",
        "trends.yml",
        "upkeep.yml",
    ]
    assert "province-04:" in (tmp_path / "receivers.yml").read_text(encoding="utf-8")
    assert "http://relay:1/alertmanager?channel=" in (tmp_path / "alertmanager.yml").read_text(encoding="utf-8")
    assert "files written" in capsys.readouterr().out


def test_pace_and_settings_reach_the_rules(tmp_path: Path) -> None:
    settings = tmp_path / "settings.yml"
    settings.write_text("thresholds: {loss_ratio: 0.375}\n", encoding="utf-8")
    assert main(["build", "--out", str(tmp_path), "--settings", str(settings), "--pace", "5"]) == 0
    text = (tmp_path / "rules" / "live.yml").read_text(encoding="utf-8")
    assert "interval: 3s" in text
    assert "0.375" in text


def test_runbooks_are_linked_where_people_can_open_them(tmp_path: Path) -> None:
    assert main(["build", "--out", str(tmp_path), "--runbooks", "https://intranet/runbooks/"]) == 0
    assert "https://intranet/runbooks/on_battery.md" in (tmp_path / "rules" / "live.yml").read_text(encoding="utf-8")


def test_the_secret_address_of_the_dead_mans_switch_is_read_from_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "address").write_text("https://outside.example/ping/5f0c\n", encoding="utf-8")
    assert main(["build", "--out", str(tmp_path), "--watchdog", f"@{tmp_path / 'address'}"]) == 0
    assert "url: https://outside.example/ping/5f0c\n" in (tmp_path / "alertmanager.yml").read_text(encoding="utf-8")
    assert capsys.readouterr().err == f"{EXAMPLE}\n"


def test_a_centre_without_a_dead_mans_switch_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--out", str(tmp_path)]) == 0
    assert "nobody outside will notice" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--settings", "missing.yml"], "missing.yml: No such file"),
        (["--inventory", "missing"], "missing"),
    ],
)
def test_a_wrong_file_is_said_and_nothing_is_written(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "--out", str(tmp_path / "out"), *arguments]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", [["--pace", "0"], ["--pace", "fast"], ["--unknown"], ["--watchdog", "@missing"]])
def test_a_wrong_use_is_status_2(arguments: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["build", "--out", str(tmp_path), *arguments])
    assert ended.value.code == 2


def test_a_folder_that_cannot_be_written_is_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["build", "--out", str(tmp_path / "file")]) == 1
    assert "cannot write" in capsys.readouterr().err


def test_check_without_the_programs_calls_nothing_fine(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert main(["check"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "promtool is not on this machine" in said.err


def test_check_fails_when_a_program_objects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "promtool"
    program.write_text("#!/bin/sh\necho 'live.yml: odd rule'\nexit 3\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["check"]) == 1
    assert "promtool: live.yml: odd rule" in capsys.readouterr().err
