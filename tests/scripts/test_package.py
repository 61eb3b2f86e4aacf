"""What is packed: the rooms and their data, and nothing else."""

import subprocess
import sys
import zipfile

import pytest

from tests.tools.debian import CHECKOUT

ROOMS = {"agent", "alerts", "collectors", "dashboards", "inventory"}


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, CHECKOUT],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_the_rooms_and_the_command_only(packed: set[str]) -> None:
    tops = {name.split("/")[0] for name in packed if ".dist-info/" not in name}
    assert tops == {*ROOMS, "communewatch.py"}


def test_the_wheel_holds_every_module_and_data_file_of_the_rooms(packed: set[str]) -> None:
    files = (path for room in ROOMS for path in (CHECKOUT / room).rglob("*") if path.is_file())
    assert {str(path.relative_to(CHECKOUT)) for path in files if path.suffix != ".pyc"} <= packed
