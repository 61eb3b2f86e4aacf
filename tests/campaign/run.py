"""One batch of scenarios in a standing country: faults happen, people are told, all is over again."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time

import aiohttp

from alerts.engines import Engine
from alerts.settings import PRODUCTION
from tests.campaign import peer
from tests.campaign.clock import Clock
from tests.campaign.country import Country
from tests.campaign.faults import Kind
from tests.campaign.feeder import Feeder
from tests.campaign.look import LOOK
from tests.campaign.notices import Notice, told
from tests.campaign.score import Score, judge
from tests.campaign.sink import Sink, listening
from tests.campaign.stack import Stack, standing
from tests.campaign.truth import Scenario

_WARM = 90.0  # seconds before the first fault
_CALM = 3600.0  # ... after which what still fires is left alone
_BORNE = 0.02  # of the evaluations of a batch
_GRACE, _MINUTE = 60.0, 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """late: seconds that the feeder was behind; missed: evaluations left out by Prometheus. Of neither much is borne.

    lasted, calm  simulated seconds from the first fault to the last one's end, and from there until nothing fired
    took          real seconds that the slowest evaluation of the rules took that was looked at
    """

    score: Score
    peer: Score
    notices: tuple[Notice, ...]
    late: float
    missed: float
    lasted: float
    calm: float
    took: float

    @property
    def counts(self) -> bool:
        """What is missed makes it no better: states are seen later."""
        evaluations = (self.lasted + self.calm) / PRODUCTION.windows.evaluation_seconds
        return self.missed <= _BORNE * evaluations and self.late < LOOK


@dataclass(slots=True)
class World:
    """A country that is watched."""

    country: Country
    clock: Clock
    sink: Sink
    stack: Stack
    feeder: Feeder

    async def play(self, scenarios: Sequence[Scenario]) -> Outcome:
        """All at once; they must not touch each other's places."""
        missed = await self.stack.missed()
        self.feeder.late = 0.0
        begin = self.clock.now() + LOOK
        shifted = [scenario.later(begin) for scenario in scenarios]
        self.feeder.befall([fault for scenario in shifted for fault in scenario.faults])
        killing = asyncio.create_task(self._kill_store(shifted))
        over = begin + max(scenario.length for scenario in scenarios)
        took = await self._slowest(over)
        await killing
        await self._calm()
        self.feeder.befall(())
        end = self.clock.now()
        notices = tuple(one for one in self._notices() if one.at >= begin)
        truth = [(scenario.kind, incident) for scenario in shifted for incident in scenario.incidents]
        size = len(self.country.sites)
        plain = [notice for notice in map(self._on, peer.told(self.sink.peer)) if notice.at >= begin]
        return Outcome(
            judge(truth, notices, size, end - begin), judge(truth, plain, size, end - begin), notices,
            self.feeder.late, await self.stack.missed() - missed, over - begin, end - over, took,
        )  # fmt: skip

    async def _slowest(self, until: float) -> float:
        """Looks at the rules once a minute until then; a store that is away says nothing."""
        took = 0.0
        while self.clock.now() < until:
            await self.clock.until(min(self.clock.now() + _MINUTE, until))
            with suppress(aiohttp.ClientError):
                took = max(took, *(await self.stack.took()).values())
        return took

    async def _kill_store(self, scenarios: Sequence[Scenario]) -> None:
        for fault in (one for scenario in scenarios for one in scenario.faults if one.kind is Kind.STORE):
            await self.clock.until(fault.start)
            await self.stack.store.kill()
            await self.clock.until(fault.end)
            await self.stack.store.start()
            await self.stack.ready()

    async def _calm(self) -> None:
        """Until nothing fires any more, and that has been told."""
        limit = self.clock.now() + _CALM
        while self.clock.now() < limit and await self.stack.firing():
            await asyncio.sleep(LOOK / self.clock.pace)
        await self.clock.until(self.clock.now() + 2 * _GRACE)

    def _notices(self) -> list[Notice]:
        log = self.stack.relay_log.read_text(encoding="utf-8").splitlines()
        found = told(self.sink.messages, log)
        return [self._on(notice) for notice in found]

    def _on(self, notice: Notice) -> Notice:
        """In simulated time."""
        return replace(notice, at=self.clock.at(notice.at))


@asynccontextmanager
async def watched(
    country: Country, pace: float, *, plain: bool = False, engine: Engine = Engine.PROMETHEUS
) -> AsyncIterator[World]:
    """The country in good health, everybody known, nobody told of anything."""
    with TemporaryDirectory(prefix="communewatch-campaign-") as name:
        async with (
            listening() as sink,
            standing(Path(name), country.inventory, sink, pace, plain=plain, engine=engine) as stack,
        ):
            clock = Clock(time(), pace)
            feeder = Feeder(country, clock, stack.write_url)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(feeder.run())
                try:
                    await clock.until(_WARM)
                    yield World(country, clock, sink, stack, feeder)
                finally:
                    feeder.stop()
