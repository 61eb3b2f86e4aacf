"""The programs that Debian's packages were unpacked for: each answers, and nothing is fetched twice."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.tools import debian, tool
from tests.tools.catalogue import GROUPS, LAB, Program, group_of

PROGRAMS = [program for group in GROUPS for program in group.programs]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_every_program_starts_and_names_itself(program: Program) -> None:
    done = subprocess.run(
        [tool(program.name), *program.version], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    said = (done.stdout + done.stderr).lower()
    assert "error while loading shared libraries" not in said
    assert re.search(r"\d+\.\d+|usage", said), f"status {done.returncode}: {said}"


def test_a_wrapper_becomes_the_program_so_that_signals_reach_it() -> None:
    hello = b"\0\0\0\5" + b"\1" + b"\0\0\0\3"  # SFTP version 3 asks for the server's version
    with subprocess.Popen([tool("sftp-server")], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(hello)
        process.stdin.flush()
        assert process.stdout.read(5)[4] == 2, "the server answers with its version"
        command = Path(f"/proc/{process.pid}/cmdline").read_text().split("\0")
        assert Path(command[0]).name == "sftp-server", "not the shell of a wrapper"
        process.terminate()


def test_a_group_that_is_ready_is_not_fetched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tool("promtool")
    monkeypatch.setenv("PATH", "/nonexistent")
    debian.fetch(LAB)


def test_an_unknown_program_names_the_known_ones() -> None:
    with pytest.raises(KeyError, match="promtool"):
        group_of("promtol")
