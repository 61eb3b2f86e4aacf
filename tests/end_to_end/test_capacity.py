"""The capacity probe against a line of known rate, idle and in use: office - router - responder."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent.io.resolver import Resolver
from agent.io.train.client import TrainClient
from collectors.capacity import COLLECTOR, Target
from collectors.capacity.metrics import AT_LEAST, CAPACITY, USED
from collectors.core import Metric, Reading, Reason
from collectors.core.ports import Direction
from collectors.core.values import HostPort, Secret
from tests.end_to_end.chain import far_away
from tests.end_to_end.shaped import FAR, KEY, RESPONDER, Line, served, shaped_line
from tests.fakes.time import FakeClock
from tests.lab import net
from tests.tools import needs_root

FRAME = 1514 / 1500  # what tbf counts of a full packet, over its bytes at the IP layer
DIRECTIONS: tuple[Direction, ...] = ("down", "up")


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with shaped_line(tmp_path_factory.mktemp("responder"), "cap") as found:
        yield found


def measure(line: Line, contract: float) -> Reading:
    """The product's probe, by its collector and the real port, from inside the office. contract: Mbit/s."""
    target = Target(HostPort(FAR, RESPONDER), Secret(KEY), contract, contract)

    async def collect() -> Reading:
        ports: Any = SimpleNamespace(clock=FakeClock(), net=SimpleNamespace(train=TrainClient(Resolver()).run))
        return await COLLECTOR.collect(target, ports, 30)

    return line.office.call(lambda: asyncio.run(collect()))


def values(reading: Reading, metric: Metric) -> list[float]:
    """Of the directions that have one, in the order of DIRECTIONS."""
    found = {one.label("direction"): one.value for one in reading.samples if one.metric is metric}
    return [found[direction] for direction in DIRECTIONS if direction in found]


def value(reading: Reading, metric: Metric, direction: Direction) -> float:
    """The one sample, or why there is none."""
    found = [one.value for one in reading.samples if one.metric is metric and one.label("direction") == direction]
    assert len(found) == 1, reading.evidence
    return found[0]


def shows(line: Line, contract: float, metric: Metric, truth: object) -> Reading:
    """Both directions show it. Two shared cores carry router, both ends and all else: a probe that says that it could
    not tell is asked again, and two figures may be off.
    """
    seen: list[list[float]] = []
    doubts: tuple[str, ...] = ()
    for _ in range(12):
        reading = measure(line, contract)
        doubts = reading.evidence
        found = values(reading, metric)
        if len(found) == len(DIRECTIONS) and all(one == truth for one in found):
            return reading
        seen += [found] if len(found) == len(DIRECTIONS) else []
        assert len(seen) < 3, (seen, truth)
    raise AssertionError(doubts)


def carries(line: Line, megabits: float, contract: float, within: float) -> Reading:
    """Both directions are read right."""
    return shows(line, contract, CAPACITY, pytest.approx(megabits * 1e6 / 8 / FRAME, rel=within))


@pytest.mark.parametrize("megabits", [5, 20, 100])
def test_an_idle_line_is_read_within_a_percent_by_few_bytes(line: Line, megabits: float) -> None:
    line.shape(megabits)
    reading = carries(line, megabits, megabits, 0.01)
    for direction in DIRECTIONS:
        assert value(reading, USED, direction) <= max(300_000, 30_000 * megabits)


@pytest.mark.parametrize(("share", "contract"), [(0.6, 33.3), (1.33, 15.0)])
def test_a_line_that_is_slower_or_faster_than_its_contract_is_read_right(
    line: Line, share: float, contract: float
) -> None:
    line.shape(20)
    carries(line, 20, contract, 0.01)


def test_a_line_that_is_left_with_a_tenth_of_its_contract_is_still_heard_to_its_end(line: Line) -> None:
    """The train fills its queue so that words by TCP are lost, too; they are said again."""
    line.shape(2)
    carries(line, 2, 20, 0.03)


def test_a_line_of_twice_its_contract_is_at_least_so_fast(line: Line) -> None:
    line.shape(40)

    def read(times: int) -> None:
        reading = measure(line, 20)
        try:
            assert reading.result is Reason.OK, reading.evidence
            for direction in DIRECTIONS:
                assert value(reading, AT_LEAST, direction) == pytest.approx(1.5 * 20e6 / 8, rel=0.1)
        except AssertionError:  # as in `carries`
            if times == 1:
                raise
            read(times - 1)

    read(times=3)


@pytest.mark.parametrize("bucket", [64_000, 256_000])
def test_what_a_token_bucket_lets_pass_is_not_the_line(line: Line, bucket: int) -> None:
    for end in (line.towards_office, line.towards_far):
        net.shape(end, 20e6, bucket=bucket)
    carries(line, 20, 20, 0.02)


def test_lost_packets_do_not_lower_the_figure(line: Line) -> None:
    line.shape(20)
    line.lose(0.01)
    try:
        carries(line, 20, 20, 0.01)
    finally:
        line.lose(0)


@pytest.mark.parametrize(
    ("seconds", "batches"),
    [(0.3, ()), (0.01, ("--batch-to-near", "0.01", "--batch-to-far", "0.01"))],
    ids=["a satellite's round trip", "batches of 10 ms"],
)
def test_neither_distance_nor_batches_change_the_figure(
    seconds: float, batches: tuple[str, ...], tmp_path: Path
) -> None:
    needs_root()
    with far_away("cap-d", seconds, *batches) as chain, served(chain, tmp_path) as distant:
        distant.shape(20)
        carries(distant, 20, 20, 0.02)


@contextmanager
def others(line: Line, megabits: float) -> Iterator[None]:
    """A constant stream of UDP packets from the office to the far end."""
    over = threading.Event()

    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stream:
            stream.connect((FAR, 9))
            begun, sent = time.monotonic(), 0
            while not over.is_set():
                while sent * 1514 * 8 < (time.monotonic() - begun) * megabits * 1e6:
                    with suppress(OSError):  # nobody listens there, and says so
                        stream.send(bytes(1472))
                    sent += 1
                time.sleep(0.001)

    thread = threading.Thread(target=partial(line.office.call, send))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_what_the_office_uses_does_not_lower_the_figure(line: Line) -> None:
    line.shape(20)
    with others(line, 6):
        carries(line, 20, 20, 0.02)
