"""What real stores hold after an outage: every sample, its value and its time, whatever happened on the way."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.rules.servers import until
from tests.servers.backlog import Backlog
from tests.servers.stores import Store, prometheus, store, victoria_metrics

SERIES, SCRAPES = 20, 480  # two hours; `make soak-uplink` has 72


@pytest.fixture(params=[prometheus, victoria_metrics])
async def receiver(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    async with store(request.param, tmp_path) as found:
        yield found


async def has_taken(backlog: Backlog, scrapes: int) -> bool:
    return backlog.taken() >= scrapes


async def holds(receiver: Store, backlog: Backlog) -> bool:
    found = await receiver.values('{__name__=~"metric_.*"}', round(15 * backlog.scrapes) + 60, time.time())
    return found == backlog.expected()


async def test_after_an_outage_a_store_has_everything_exactly_also_when_it_comes_twice(receiver: Store) -> None:
    backlog = Backlog("01273-1", SERIES, SCRAPES)
    await backlog.fill()
    await backlog.send(receiver.url)
    assert backlog.sent == SERIES * SCRAPES
    await backlog.buffer.take_back("store", 1, SCRAPES)
    await backlog.send(receiver.url)
    assert backlog.sent == 2 * SERIES * SCRAPES
    await until(lambda: holds(receiver, backlog))  # a store may show what it has a moment later
    assert backlog.buffer.refused == []


async def test_a_store_that_is_killed_in_the_middle_has_everything_in_the_end(receiver: Store) -> None:
    backlog = Backlog("01273-1", SERIES, SCRAPES)
    await backlog.fill()
    sending = asyncio.create_task(backlog.send(receiver.url))
    await until(lambda: has_taken(backlog, SCRAPES // 4))
    await receiver.kill()
    await receiver.start()
    await sending
    if receiver.arguments is victoria_metrics:  # it says "taken" some seconds before it is on its disk
        await backlog.buffer.take_back("store", 1, SCRAPES)
        await backlog.send(receiver.url)
    await until(lambda: holds(receiver, backlog))  # a store may show what it has a moment later


async def test_a_scrape_that_is_too_old_for_prometheus_is_put_aside_and_all_else_arrives(tmp_path: Path) -> None:
    """This Prometheus says 500 to it, as to trouble of its own."""
    async with store(prometheus, tmp_path) as receiver:
        backlog = Backlog("01273-1", 2, SCRAPES)
        await backlog.fill(ancient=30)
        measuring = asyncio.create_task(backlog.go_on())
        await backlog.send(receiver.url)
        measuring.cancel()
        found = await receiver.values('{__name__=~"metric_.*"}', 15 * SCRAPES + 60, time.time())
    refused = {(one.first, one.last, one.labels) for one in backlog.buffer.refused}
    assert refused == {(31, 31, labels) for labels in backlog.labels}
    for key, values in backlog.expected().items():
        ancient, *others = sorted(values.items())[:SCRAPES]
        assert dict(others).items() <= found[key].items()
        assert ancient[0] not in found[key]
