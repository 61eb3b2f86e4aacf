"""The command when nobody reads what it says, as in `communewatch ... | head`."""

import os
import subprocess
import sys

import pytest

from tests.tools.debian import CHECKOUT

VERBS = (
    "--help",
    "--version",
    "inventory check inventory --services",
    "inventory show 04",
    "inventory --help",
    "probe host --json",
    "alerts --help",
)


def unread(arguments: str, unbuffered: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "communewatch", *arguments.split()]
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return subprocess.run(
            command, cwd=CHECKOUT, env=environment, stdout=writer, stderr=subprocess.PIPE, text=True, check=False
        )
    finally:
        os.close(writer)


@pytest.mark.parametrize("arguments", VERBS)
def test_a_verb_that_nobody_reads_ends_quietly_and_says_so_by_its_status(arguments: str) -> None:
    ended = unread(arguments, unbuffered="")
    assert (ended.returncode, ended.stderr) == (141, "")


def test_the_same_holds_where_every_line_is_written_at_once() -> None:
    ended = unread("inventory check inventory --services", unbuffered="1")
    assert (ended.returncode, ended.stderr) == (141, "")


@pytest.mark.parametrize("arguments", ["--version", "inventory show 04"])
def test_a_verb_whose_output_was_closed_before_does_its_work(arguments: str) -> None:
    program = f"import os, runpy, sys; os.close(1); sys.stdout = None; sys.argv[1:] = {arguments.split()!r}; "
    program += "runpy.run_module('communewatch', run_name='__main__')"
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, stderr=subprocess.PIPE, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
