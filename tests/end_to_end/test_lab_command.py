"""`python -m tests.lab` as a person uses it, here on loopback: start, orders from elsewhere, the end, a violent end."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.lab.process import CHECKOUT
from tests.tools import tool

pytestmark = pytest.mark.timeout(240)

COMMAND = (sys.executable, "-m", "tests.lab")
PATIENCE = 120.0


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    """Labs of this test keep their folders in its own, out of sight of others."""
    for name in ("prometheus", "alertmanager", "nginx", "snmpd"):
        tool(name)
    return {**os.environ, "TMPDIR": str(tmp_path)}


class Running:
    """A lab in a process of its own, and what it has printed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout
        self.process = process
        self.output = process.stdout
        self.lines: list[str] = []

    async def says(self, words: str) -> None:
        """Read on until a line holds these words."""
        async with asyncio.timeout(PATIENCE):
            while line := await self.output.readline():
                self.lines.append(line.decode())
                if words in self.lines[-1]:
                    return
        pytest.fail(f"the lab ended without {words!r}: {''.join(self.lines)}")


@asynccontextmanager
async def started(environment: Mapping[str, str], *arguments: str) -> AsyncIterator[Running]:
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "--loopback", *arguments, stdin=PIPE, stdout=PIPE, stderr=STDOUT, cwd=CHECKOUT, env=environment
    )
    try:
        yield Running(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def order(environment: Mapping[str, str], *words: str) -> tuple[int | None, str]:
    """Exit status, and everything printed."""
    process = await asyncio.create_subprocess_exec(*COMMAND, *words, stdout=PIPE, stderr=STDOUT, cwd=CHECKOUT,
                                                   env=environment)  # fmt: skip
    output, _ = await process.communicate()
    return process.returncode, output.decode()


def programs_of(folder: Path) -> list[str]:
    """Command lines of the processes that a lab in this folder has started and that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in line:
            found.append(line)
    return found


def folders_of(folder: Path) -> list[Path]:
    return list(folder.glob("*/*"))


async def test_a_lab_reaches_all_green_ends_by_itself_and_leaves_nothing(
    environment: Mapping[str, str], tmp_path: Path
) -> None:
    async with started(environment, "--until-green", str(PATIENCE)) as lab:
        await lab.says("all green")
        assert await lab.process.wait() == 0
    assert programs_of(tmp_path) == []
    assert folders_of(tmp_path) == []


async def test_orders_from_another_terminal_are_obeyed_or_refused(
    environment: Mapping[str, str], tmp_path: Path
) -> None:
    async with started(environment) as lab:
        await lab.says("all green")
        assert await order(environment, "power", "office1", "cut") == (0, "done: power office1 cut\n")
        await lab.says("office1 power: outage")
        status, picture = await order(environment, "status")
        assert status == 0
        assert "outage" in picture
        assert (await order(environment, "link", "office1", "cut"))[0] == 1  # loopback has no links
        assert (await order(environment, "power", "office9", "cut"))[0] == 2
        lab.process.send_signal(signal.SIGINT)
        assert await lab.process.wait() == 0
    assert programs_of(tmp_path) == []
    assert await order(environment, "status") == (1, "lab: no lab of this user is running; start one with: make run\n")


async def test_a_lab_that_is_killed_takes_all_its_programs_with_it(
    environment: Mapping[str, str], tmp_path: Path
) -> None:
    async with started(environment) as lab:
        await lab.says("open: Prometheus")
        assert len(programs_of(tmp_path)) > 10
        lab.process.kill()
        async with asyncio.timeout(PATIENCE):
            while programs_of(tmp_path):
                await asyncio.sleep(0.05)


async def test_a_lab_that_cannot_become_green_says_what_is_missing(environment: Mapping[str, str]) -> None:
    async with started(environment, "--until-green", "0") as lab:
        await lab.says("not all green after 0 s")
        await lab.says("office4 agent: ?")  # it pushes, and so is heard last
        assert await lab.process.wait() == 1
