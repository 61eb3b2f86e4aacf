"""The arrows between the rooms hold, and the checker would notice if one did not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.debian import CHECKOUT

ROOMS = ("agent", "alerts", "collectors", "dashboards", "inventory")
# A collector waits; it opens nothing. import-linter sees modules only, so these names are looked for here.
OPENERS = ("open_connection", "start_server", "create_subprocess", "create_datagram_endpoint", "run_in_executor")


def lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    for room in ROOMS:
        shutil.copytree(CHECKOUT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "pyproject.toml", folder)
    return folder


def test_every_arrow_points_the_right_way(copy: Path) -> None:
    checked = lint(copy)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("collectors/wrong.py", "socket"),
        ("collectors/wrong.py", "agent.board"),
        ("inventory/wrong.py", "alerts"),
        ("alerts/wrong.py", "dashboards"),
        ("alerts/wrong.py", "agent"),
        ("agent/wrong.py", "inventory"),
        ("agent/wrong.py", "pysnmp"),
        ("agent/io/path/wrong.py", "scapy"),
        ("agent/wrong.py", "prometheus_client"),
        ("alerts/wrong.py", "asyncssh"),
        ("dashboards/wrong.py", "grafana_client"),
    ],
)
def test_a_wrong_import_is_noticed(copy: Path, module: str, imported: str) -> None:
    wrong = copy / module
    wrong.write_text(f"import {imported}\n")
    try:
        checked = lint(copy)
    finally:
        wrong.unlink()
    assert checked.returncode == 1
    assert f"{module.removesuffix('.py').replace('/', '.')} -> {imported}" in checked.stdout


@pytest.mark.parametrize("module", sorted((CHECKOUT / "collectors").rglob("*.py")), ids=lambda path: path.stem)
def test_a_collector_opens_nothing_itself(module: Path) -> None:
    text = module.read_text()
    assert [name for name in OPENERS if name in text] == []
