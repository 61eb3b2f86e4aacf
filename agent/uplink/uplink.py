"""The uplink for as long as it is configured: one who measures into the buffer, and one who sends per receiver."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from agent.buffer.port import Buffer
from agent.buffer.quota import Policy
from agent.tasks import started
from agent.uplink.courier import Courier, Habits
from agent.uplink.dispatch import Dispatch
from agent.uplink.line import Line
from agent.uplink.packing import Packing
from agent.uplink.recorder import Page, Recorder
from agent.uplink.resend import Resender
from agent.uplink.watch import Watch
from collectors.core import Sample
from collectors.core.collector import stable_offset
from collectors.core.logline import logline
from collectors.core.observed import PUSH_INTERVAL, PUSH_SKEW
from collectors.core.push import Destination, Order, Push

_log = logging.getLogger(__name__)
_REQUEST, _LIVE = 1200.0, 120.0  # seconds of scrapes in a request of the backlog, and at most in a live one beside it
_LITTLE = 600.0  # seconds that are no backlog: gateways let those through whom they make wait with older ones
_AGAIN = 60.0  # seconds after a defect


class Storage(Buffer, Protocol):
    """The buffer, as whoever owns it sees it."""

    async def settle(self, policy: Policy, destinations: tuple[str, ...], now: float) -> None:
        """Keep to this from now on; `now` is Unix time."""
        ...


class Uplink:
    """`page`: everything that is measured now. `line_to`: opens the line to a receiver.

    folder  where a person leaves a request to send again (agent/uplink/resend.py)
    """

    def __init__(
        self,
        storage: Storage,
        watch: Watch,
        page: Page,
        line_to: Callable[[Destination], Line],
        folder: Path | None = None,
    ) -> None:
        self._storage, self._watch, self._page, self._line_to = storage, watch, page, line_to
        self._folder = folder
        self._to: tuple[Push, Mapping[str, str]] | None = None
        self._dispatches: tuple[Dispatch, ...] = ()
        self._recorder: Recorder | None = None
        self._task: asyncio.Task[None] | None = None
        self._opened = self._line_works = False

    def update(self, push: Push | None, identity: Mapping[str, str]) -> None:
        """Measure and send so from now on."""
        wanted = (push, identity) if push else None
        if wanted == self._to:
            return
        self._to, before = wanted, self._task
        if before:
            before.cancel()
        self._dispatches = ()
        if push:
            self._task = started(self._run(push, identity, before), "uplink")

    async def close(self) -> None:
        """What is in the buffer stays there."""
        if self._task:
            self._task.cancel()
            await asyncio.wait({self._task})
        if self._opened:
            await self._storage.close()

    def link(self, works: bool) -> None:
        """The office's line was looked at: if it is back, nothing waits any longer."""
        if works and not self._line_works:
            for dispatch in self._dispatches:
                dispatch.hurry()
        self._line_works = works

    def samples(self) -> Iterator[Sample]:
        """What /metrics shows."""
        if not self._to:
            return
        yield PUSH_INTERVAL(self._to[0].scrape_interval)
        if (skew := self._watch.skew()) is not None:
            yield PUSH_SKEW(skew)
        yield from self._storage.samples()
        if self._recorder:
            yield from self._recorder.samples()
        for dispatch in self._dispatches:
            yield from dispatch.samples()

    async def _run(self, push: Push, identity: Mapping[str, str], before: asyncio.Task[None] | None) -> None:
        if before:
            await asyncio.wait({before})
        await self._open()
        policy = Policy(push.quota_bytes, push.keep)
        await self._storage.settle(policy, tuple(push.receivers), self._watch.stamp().wall)
        self._recorder = Recorder(self._page, identity, push.scrape_interval, self._storage, self._watch)
        self._dispatches = tuple(
            self._dispatch(rank, name, push, identity["office"]) for rank, name in enumerate(push.receivers)
        )
        resender = Resender(self._folder, self._storage, self._watch.time, push.receivers)
        works = [self._recorder.run, resender.run, *(dispatch.run for dispatch in self._dispatches)]
        async with asyncio.TaskGroup() as tasks:
            for work in works:
                tasks.create_task(_again_and_again(work))

    async def _open(self) -> None:
        if self._opened:
            return
        await self._storage.open()
        self._opened = True
        newest = await self._storage.newest()
        scrapes = await self._storage.read(newest - 1, 1) if newest else ()
        await self._watch.begin(scrapes[0].stamp if scrapes else None)

    def _dispatch(self, rank: int, name: str, push: Push, office: str) -> Dispatch:
        to = push.receivers[name]
        courier = Courier(habits(to, push, f"{office}/{name}"), random.random, self._watch.uptime())
        return Dispatch(name, rank, self._line_to(to), Packing(to), courier, self._storage, self._watch)


def habits(to: Destination, push: Push, whose: str) -> Habits:
    """How often and how much. `whose`: spreads the offices over the minute."""
    interval = push.scrape_interval
    return Habits(
        every=push.send_interval,
        offset=stable_offset(whose, push.send_interval),
        full=max(1, round(_REQUEST / interval)),
        live=max(1, round(_LIVE / interval)),
        little=max(1, round(_LITTLE / interval)),
        share=to.share,
        fifo=to.order is Order.FIFO,
    )


async def _again_and_again(work: Callable[[], Awaitable[None]]) -> None:
    """A defect is said, and ends nothing for good: what waits in the buffer is not given up for it."""
    while True:
        try:
            await work()
        except Exception:  # noqa: BLE001 - the one place where a defect of the uplink is caught
            _log.exception(logline("uplink_defect"))
            await asyncio.sleep(_AGAIN)
