"""Runs the cells: the product's probe several times, and ten seconds of iperf3 beside it."""

import asyncio
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from agent.io.resolver import Resolver
from agent.io.train.client import TrainClient
from collectors.capacity import Target
from collectors.capacity.estimate import Estimate, estimate
from collectors.core.ports import Direction, TrainRequest
from collectors.core.values import HostPort, Secret
from tests.bench.capacity.cells import MEGABIT, Cell
from tests.bench.capacity.stage import staged
from tests.end_to_end.shaped import FAR, IPERF, KEY, RESPONDER, Line
from tests.tools import tool

DIRECTIONS: tuple[Direction, ...] = ("down", "up")
_AT_IP = 1500 / 1514  # of what a shaper counts of a full packet
_PAYLOAD = 1448 / 1500
_REST = 0.3  # seconds between two probes, in which a token bucket begins to fill again
_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Run:
    """One probe in one direction.

    error    of the capacity, as a share; None where there is no figure
    seconds  of the test itself, from READY to the last word
    whole    with the set-up: address, connection, handshake, knock
    """

    direction: Direction
    found: Estimate | None
    error: float | None
    size: int
    seconds: float
    whole: float
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Tested:
    """A cell's probes, and iperf3's errors (at the IP layer), bytes and seconds, one each per direction."""

    cell: Cell
    runs: tuple[Run, ...]
    iperf3: tuple[tuple[float, int, float], ...]


def all_cells(times: int, cells: Sequence[Cell], seconds: int) -> Iterator[Tested]:
    """One after the other. seconds: of iperf3; 0 leaves it out."""
    for cell in cells:
        with tempfile.TemporaryDirectory(prefix="communewatch-capacity-") as name, staged(cell, Path(name)) as line:
            runs = tuple(_probe(cell, line, direction) for _ in range(times) for direction in DIRECTIONS)
            beside = tuple(_beside(cell, line, seconds)) if seconds else ()
        yield Tested(cell, runs, beside)


def _probe(cell: Cell, line: Line, direction: Direction) -> Run:
    time.sleep(_REST)
    return line.office.call(lambda: probe_here(cell, direction))


def probe_here(cell: Cell, direction: Direction) -> Run:
    """One probe, from inside the office."""
    return asyncio.run(_train(cell, direction))


async def _train(cell: Cell, direction: Direction) -> Run:
    target = Target(HostPort(FAR, RESPONDER), Secret(KEY), cell.expected("down"), cell.expected("up"))
    # The contract is at the shaper's own layer here, so that a cell's rate is its contract.
    request = TrainRequest(FAR, RESPONDER, target.key, direction, target.expected(direction) * _AT_IP,
                           target.bound(direction))  # fmt: skip
    begun = time.monotonic()
    train = await TrainClient(Resolver()).run(request, _TIMEOUT)
    whole = time.monotonic() - begun
    found = estimate(train.heard, train.sent) if train.heard and train.sent else None
    truth = cell.carried(direction) * MEGABIT / 8 * _AT_IP
    error = found.capacity / truth - 1 if found and found.capacity is not None else None
    seconds, failure = train.phases.get("train", 0.0), train.failure.message if train.failure else ""
    return Run(direction, found, error, train.used_bytes, seconds, whole, failure)


def _beside(cell: Cell, line: Line, seconds: int) -> Iterator[tuple[float, int, float]]:
    """On a full line its own control connection may be lost: then once more, or nothing."""
    for direction in DIRECTIONS:
        if found := _iperf3(cell, line, direction, seconds) or _iperf3(cell, line, direction, seconds):
            yield found


def _iperf3(cell: Cell, line: Line, direction: Direction, seconds: int) -> tuple[float, int, float] | None:
    reverse = ("-R",) if direction == "down" else ()
    command = (str(tool("iperf3")), "-c", FAR, "-p", str(IPERF), "-t", str(seconds), "-J", *reverse)
    begun = time.monotonic()
    done: Any = line.office.call(
        partial(subprocess.run, command, capture_output=True, text=True, timeout=90, check=False)
    )
    took = time.monotonic() - begun
    found = json.loads(done.stdout)["end"] if done.returncode == 0 else {}
    if "sum_received" not in found:
        return None
    end: Any = SimpleNamespace(**found)
    at_ip = end.sum_received["bits_per_second"] / _PAYLOAD
    return at_ip / (cell.carried(direction) * MEGABIT * _AT_IP) - 1, round(end.sum_sent["bytes"] / _PAYLOAD), took
