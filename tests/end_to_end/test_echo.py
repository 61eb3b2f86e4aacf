"""Echoes over a line that loses packets, is cut and is mended: office - router - responder."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from agent.io.echo.client import EchoClient
from agent.io.resolver import Resolver
from collectors.core.ports import Echoes, EchoRequest
from collectors.core.values import Secret
from collectors.echo.past import LOST_IN_A_ROW, Past, seen
from collectors.echo.summary import summary
from tests.end_to_end.chain import far_away
from tests.end_to_end.shaped import FAR, KEY, RESPONDER, Line, served, shaped_line
from tests.lab import net
from tests.tools import needs_root

BEGUN = 1_800_000_000.0
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


def test_a_cut_is_one_outage_that_ends_when_the_line_is_mended(line: Line) -> None:
    before = seen(Past(), ask(line), BEGUN)
    assert before.counts.outages == 0

    def cut_for_a_while() -> None:
        net.cut(line.towards_office)
        threading.Timer(2.0, partial(net.mend, line.towards_office)).start()

    threading.Timer(1.0, cut_for_a_while).start()
    found = ask(line, replace(REQUEST, patience=0.3))  # what the kernel kept until the line was mended is lost, too
    past = seen(before, found, BEGUN + 6)
    assert past.counts.outages == 1
    lost = [echo.at for echo in found.echoes if echo.round_trip is None]
    assert len(lost) >= LOST_IN_A_ROW
    assert not past.out
    assert past.counts.outage_seconds == pytest.approx(lost[-1] - lost[0], abs=0.3)
    assert 1 < past.counts.outage_seconds < 4


def test_the_way_there_and_back_is_the_round_trip(tmp_path: Path) -> None:
    needs_root()
    with far_away("echo-d", 0.15) as chain, served(chain, tmp_path) as distant:
        found = summary(ask(distant).echoes)
    assert found.sent - found.lost > found.sent / 2  # the first ones were lost: nobody knew the way yet
    assert 0.28 < found.round_trips[1] < 0.6
