"""What a probe does to the office: how long objects of web pages take that begin while it runs, and beside iperf3."""

import asyncio
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from collectors.core.ports import Direction
from tests.bench.capacity.cells import Cell
from tests.bench.capacity.measure import DIRECTIONS, probe_here
from tests.bench.capacity.stage import WEB, launched, staged
from tests.bench.capacity.traffic import MEAN_OBJECT, transfer
from tests.end_to_end.shaped import FAR, IPERF, Line
from tests.tools import tool

RATES = (20, 50, 100)
_IPERF3_SECONDS = 10
_WITHIN = 0.4  # seconds after the probe has begun does the object begin
_REST = 0.3


@dataclass(frozen=True, slots=True)
class Harm:
    """Median seconds of an object of 200 kB: alone, begun during a probe, begun during iperf3."""

    rate: float
    direction: Direction
    alone: float
    probed: float
    iperf3: float

    @property
    def times(self) -> float:
        return self.probed / self.alone

    @property
    def times_of_iperf3(self) -> float:
        return self.iperf3 / self.alone

    def row(self) -> str:
        """In Markdown."""
        seconds = (self.alone, self.probed, self.iperf3)
        cells = [f"{1000 * each:.0f}" for each in seconds] + [f"{self.times:.1f}", f"{self.times_of_iperf3:.1f}"]
        return f"| {self.rate:g} Mbit/s {self.direction} | {' | '.join(cells)} |"


def harm(objects: int) -> Iterator[Harm]:
    """objects: in each case."""
    for rate in RATES:
        cell = Cell(f"{rate} Mbit/s", rate)
        with tempfile.TemporaryDirectory(prefix="communewatch-harm-") as name, staged(cell, Path(name)) as line:
            server = [sys.executable, "-m", "tests.bench.capacity.traffic", "serve", str(WEB)]
            with launched(server, line.far):
                time.sleep(1)
                for direction in DIRECTIONS:
                    yield _harm(cell, line, direction, objects)


def _harm(cell: Cell, line: Line, direction: Direction, objects: int) -> Harm:
    one = partial(_object, line, direction)
    alone = [_after(_REST, one) for _ in range(objects)]
    probed = [_beside(partial(line.office.call, lambda: probe_here(cell, direction)), one) for _ in range(objects)]
    return Harm(cell.rate, direction, median(alone), median(probed), median(_beside_iperf3(line, direction, one)))


def _object(line: Line, direction: Direction) -> float:
    return line.office.call(lambda: asyncio.run(transfer(FAR, WEB, round(MEAN_OBJECT), up=direction == "up")))


def _after(seconds: float, one: Callable[[], float]) -> float:
    time.sleep(seconds)
    return one()


def _beside(test: Callable[[], object], one: Callable[[], float]) -> float:
    """The object's time; both are over after this."""
    time.sleep(_REST)
    thread = threading.Thread(target=test)
    thread.start()
    try:
        return _after(random.random() * _WITHIN, one)
    finally:
        thread.join()


def _beside_iperf3(line: Line, direction: Direction, one: Callable[[], float]) -> list[float]:
    reverse = ["-R"] if direction == "down" else []
    command = [str(tool("iperf3")), "-c", FAR, "-p", str(IPERF), "-t", str(_IPERF3_SECONDS), *reverse]
    process = line.office.call(partial(subprocess.Popen, command, stdout=subprocess.DEVNULL))
    found, ends = [], time.monotonic() + _IPERF3_SECONDS - 1
    while time.monotonic() < ends:
        found.append(_after(_REST, one))
    process.wait(timeout=60)
    return found
