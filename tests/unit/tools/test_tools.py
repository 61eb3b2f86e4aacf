"""How Debian's programs are found, wrapped, missed."""

import subprocess
from pathlib import Path

import pytest

from tests import tools
from tests.tools import debian, wrappers
from tests.tools.catalogue import Group, Program

GROUP = Group("own", ("package",), (Program("greet", "usr/bin/greet"), Program("absent", "usr/bin/absent")))
GREET = '#!/bin/sh\necho "$$ $LD_LIBRARY_PATH $1"\n'


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """A group's folder with one program and one library, at a path with a space."""
    folder = tmp_path / "a cache" / "own"
    (folder / "root/usr/bin").mkdir(parents=True)
    (folder / "root/usr/lib/x86_64-linux-gnu").mkdir(parents=True)
    (folder / "root/usr/lib/x86_64-linux-gnu/libown-1.so").touch()
    greet = folder / "root/usr/bin/greet"
    greet.write_text(GREET)
    greet.chmod(0o755)
    wrappers.write(GROUP, folder, folder)
    return folder


def test_a_wrapper_adds_the_libraries_and_keeps_arguments_and_process(unpacked: Path) -> None:
    command: list[str | Path] = [unpacked / "bin/greet", "two words"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={}) as process:
        said, _ = process.communicate()
    assert said == f"{process.pid} {unpacked}/root/usr/lib/x86_64-linux-gnu two words\n"


def test_only_what_was_unpacked_gets_a_wrapper(unpacked: Path) -> None:
    assert [path.name for path in (unpacked / "bin").iterdir()] == ["greet"]


def test_a_program_of_the_machine_serves_where_the_cache_is_empty(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(debian, "CACHE", tmp_path)
    (tmp_path / "curl").write_text("")
    (tmp_path / "curl").chmod(0o755)
    monkeypatch.setattr(debian, "SYSTEM_PATH", str(tmp_path))
    assert debian.program("curl") == tmp_path / "curl"
    with pytest.raises(debian.MissingProgramError, match="fetch --group lab"):
        debian.program("promtool")


def test_what_apt_plans_is_read_with_epochs_and_upgrades() -> None:
    plan = (
        "Inst openssh-client [1:9.2p1-2+deb12u6] (1:9.2p1-2+deb12u10 Debian:12.15/oldstable [amd64])\n"
        "Inst iperf3 (3.12-1+deb12u2 Debian:12.15/oldstable [amd64])\n"
        "Conf iperf3 (3.12-1+deb12u2 Debian:12.15/oldstable [amd64])\n"
    )
    found = {match["name"]: match["version"] for match in debian.PLANNED.finditer(plan)}
    assert found == {"openssh-client": "1:9.2p1-2+deb12u10", "iperf3": "3.12-1+deb12u2"}


@pytest.mark.parametrize(
    ("environment", "expected"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)], ids=["CI", "laptop"]
)
def test_a_missing_thing_fails_in_ci_and_skips_elsewhere(
    monkeypatch: pytest.MonkeyPatch, environment: str, expected: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", environment)
    with pytest.raises(expected, match="no such thing"):
        tools.skip_or_fail("no such thing")


def test_a_test_that_reads_the_shared_folder_skips_without_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(debian, "CHECKOUT", tmp_path / "checkout")
    with pytest.raises(pytest.skip.Exception):
        tools.shared("ups")
    (tmp_path / "shared").mkdir()
    assert tools.shared("ups", "a") == tmp_path / "shared/ups/a"
