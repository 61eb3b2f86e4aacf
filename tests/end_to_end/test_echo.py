"""Echoes over a line that loses packets, is cut and is mended: office - router - responder."""

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest

from agent.io.echo.client import EchoClient
from agent.io.resolver import Resolver
from collectors.core.ports import Echoes, EchoRequest
from collectors.core.values import Secret
from collectors.echo.past import Past, seen
from collectors.echo.summary import summary
from tests.end_to_end.chain import far_away
from tests.end_to_end.shaped import FAR, KEY, RESPONDER, Line, served, shaped_line
from tests.lab import net
from tests.tools import needs_root

REQUEST = EchoRequest(FAR, RESPONDER, Secret(KEY), interval=0.05, seconds=6, patience=1.0)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with shaped_line(tmp_path_factory.mktemp("responder"), "echo") as found:
        found.shape(20)
        yield found


def ask(line: Line, request: EchoRequest = REQUEST) -> Echoes:
    return line.office.call(lambda: asyncio.run(EchoClient(Resolver()).run(request)))


def test_a_line_that_loses_nothing_answers_every_echo(line: Line) -> None:
    found = summary(ask(line).echoes)
    assert found.sent > 50
    assert found.lost == 0
    assert found.round_trips[1] < 0.05


def test_the_share_of_lost_packets_is_seen(line: Line) -> None:
    """A tenth is lost each way: nineteen of a hundred echoes."""
    line.lose(0.1)
    try:
        found = summary(ask(line).echoes)
    finally:
        line.lose(0)
    assert 0.05 < found.loss < 0.4


@dataclass(slots=True)
class Cut:
    """A cut of the line for two seconds, and when the line was surely dead, and perhaps dead (Unix time)."""

    line: Line
    surely: float = 0.0
    perhaps: float = 0.0

    def make(self) -> None:
        begun = time.time()
        net.cut(self.line.towards_office)
        dead = time.time()
        time.sleep(2.0)  # the cut itself
        mending = time.time()
        net.mend(self.line.towards_office)
        self.surely, self.perhaps = mending - dead, time.time() - begun


def test_a_cut_is_one_outage_that_ends_when_the_line_is_mended(line: Line) -> None:
    request = replace(REQUEST, patience=0.3)  # what the kernel kept until the line was mended is lost, too
    past = seen(Past(), ask(line), time.time() - REQUEST.seconds)
    assert past.counts.outages == 0
    cut = Cut(line)
    cutting = threading.Timer(1.0, cut.make)
    cutting.start()
    begun = time.time()
    during = ask(line, request)
    past = seen(past, during, begun)
    cutting.join()
    begun = time.time()
    past = seen(past, ask(line, replace(request, seconds=2)), begun)  # a busy machine mends late
    assert past.counts.outages == 1
    assert not past.out
    unseen = 0.3 + max(later.at - earlier.at for earlier, later in pairwise(during.echoes))
    found = past.counts.outage_seconds
    assert cut.surely - unseen < found < cut.perhaps + unseen + 1  # neighbours find each other within a second


def test_the_way_there_and_back_is_the_round_trip(tmp_path: Path) -> None:
    needs_root()
    with far_away("echo-d", 0.15) as chain, served(chain, tmp_path) as distant:
        found = summary(ask(distant).echoes)
    assert found.sent - found.lost > found.sent / 2  # the first ones were lost: nobody knew the way yet
    assert 0.28 < found.round_trips[1] < 0.6
