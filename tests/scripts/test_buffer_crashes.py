"""The buffer of a process that is killed, and of a disk that loses its power: again and again, at any moment."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import PIPE
from tempfile import TemporaryDirectory

import pytest

from tests.lab.process import CHECKOUT
from tests.servers.buffer_writer import NUMBER, TAKEN_EVERY, opened, stamp, values
from tests.tools.ext4 import ext4

KILLS, CUTS = 200, 60
OF_ONE = 20  # crashes of one buffer; then a new one, which is looked through more quickly


class Nursery:
    """Writers, one after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def until(self, folder: Path, number: int, many: int, end: Callable[[int], None]) -> dict[int, int]:
        """What a new writer acknowledged that is ended once it has acknowledged so many."""
        assert self._process.stdin
        self._process.stdin.write(f"{folder} {number}\n")
        self._process.stdin.flush()
        pid, acknowledged = int(self._line().removeprefix("pid ")), {}
        while (line := self._line()) != "end":
            sequence, number = map(int, line.split())
            acknowledged[sequence] = number
            if len(acknowledged) == many:
                end(pid)
        return acknowledged

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    command = [sys.executable, "-m", "tests.servers.buffer_writer"]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True, cwd=CHECKOUT) as process:
        yield Nursery(process)
        assert process.stdin
        process.stdin.close()


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """In memory where there is such a place: what a kill does, it does on every disk."""
    if not os.access("/dev/shm", os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir="/dev/shm", prefix="communewatch-") as name:
        yield Path(name)


class Audit:
    """What must be in the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.acknowledged: dict[int, int] = {}
        self.newest = self.number = 0

    def look(self, acknowledged: dict[int, int]) -> None:
        """After a crash: all that was acknowledged is there as it was put in, and at most the one in hand beside it."""
        receipts = opened(self._folder)
        found = receipts.log.read(self.newest, 1_000_000)
        assert [scrape.sequence for scrape in found][: len(acknowledged)] == list(acknowledged)
        assert len(found) <= len(acknowledged) + 1
        for scrape in found:
            self.number = int(scrape.values[NUMBER])
            self.newest = scrape.sequence
            assert scrape.values == values(self.number)
            assert scrape.stamp == stamp(self.number)
            assert acknowledged.get(scrape.sequence, self.number) == self.number
            self.acknowledged[scrape.sequence] = self.number
        taken = receipts.cursors.of("centre")
        assert all(number % TAKEN_EVERY == 0 for one, number in self.acknowledged.items() if one in taken)

    def close(self) -> None:
        """Of all runs nothing is missing, and nothing has another value now."""
        found = opened(self._folder).log.read(0, 1_000_000)
        assert {one.sequence: int(one.values[NUMBER]) for one in found} == self.acknowledged
        assert all(one.values == values(int(one.values[NUMBER])) for one in found)


@pytest.mark.timeout(300)
def test_no_acknowledged_scrape_is_lost_to_a_kill(nursery: Nursery, quick_folder: Path) -> None:
    chance = random.Random(6)
    for round_ in range(KILLS // OF_ONE):
        folder = quick_folder / str(round_)
        folder.mkdir()
        audit = Audit(folder)
        for _ in range(OF_ONE):
            many = chance.randrange(1, 60)
            audit.look(nursery.until(folder, audit.number + 1, many, lambda pid: os.kill(pid, signal.SIGKILL)))
        audit.close()
        assert len(audit.acknowledged) > 15 * OF_ONE


@pytest.mark.timeout(300)
def test_no_acknowledged_scrape_is_lost_to_a_power_cut(nursery: Nursery, tmp_path: Path) -> None:
    chance = random.Random(7)
    with ext4(tmp_path) as disk:
        for round_ in range(CUTS // OF_ONE):
            folder = disk.place / str(round_)
            folder.mkdir()
            os.sync()
            audit = Audit(folder)
            for _ in range(OF_ONE):
                acknowledged = nursery.until(folder, audit.number + 1, chance.randrange(1, 60), lambda _: disk.cut())
                disk.power_up()
                audit.look(acknowledged)
            audit.close()
            assert len(audit.acknowledged) > 15 * OF_ONE
