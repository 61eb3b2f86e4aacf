"""systemd takes the units, finds them well shut, and they start commands that exist."""

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import tool
from tests.tools.debian import CHECKOUT

UNITS = sorted((CHECKOUT / "deploy").rglob("*.service"))
EXPOSURE = "25"  # of 100; an unsandboxed service has 96


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_well_shut(unit: Path) -> None:
    command: list[str | Path] = [
        tool("systemd-analyze"),
        "security",
        "--offline=true",
        f"--threshold={EXPOSURE}",
        "--no-pager",
        unit,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_understands_every_line_of_a_unit(unit: Path) -> None:
    done = subprocess.run([tool("systemd-analyze"), "verify", unit], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if line.startswith(f"{unit}:")] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_starts_a_command_that_exists(unit: Path) -> None:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # systemd's keys are case sensitive
    parser.read(unit)
    program, verb, *words = parser["Service"]["ExecStart"].split()
    assert Path(program).name == "communewatch"
    usage = subprocess.run(
        [sys.executable, "-m", "communewatch", verb, words[0], "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert [word for word in words if word.startswith("--") and word not in usage] == []
