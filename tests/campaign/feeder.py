"""Sends what all offices report to a store by remote write, at the pace of the simulated time."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import aiohttp

from agent.uplink.snappy import compress
from tests.campaign import centre
from tests.campaign.clock import Clock
from tests.campaign.country import Country, share
from tests.campaign.faults import Fault, Kind
from tests.campaign.life import live
from tests.campaign.look import LOOK
from tests.campaign.reporter import Reporter
from tests.campaign.wire import Values, block, stamped

_GROUPS = 5  # offices look at different seconds; those of one group are sent together
_TICK = LOOK / _GROUPS
_FACTS, _ROUTERS = 60.0, 30.0
_HEADERS = {
    "Content-Encoding": "snappy",
    "Content-Type": "application/x-protobuf",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
}


@dataclass(slots=True)
class Feeder:
    """Until `stop`. `late`: by how many simulated seconds it was behind at the worst, since that was last read."""

    country: Country
    clock: Clock
    url: str
    late: float = 0.0
    refused: int = 0
    _groups: Sequence[Sequence[Reporter]] = ()
    _by_id: Mapping[str, Reporter] = field(default_factory=dict)
    _page: Values = field(default_factory=dict)
    _facts: bytes = b""
    _stopping: bool = False

    def __post_init__(self) -> None:
        self._by_id = {key: Reporter(site, self.clock) for key, site in self.country.sites.items()}
        self._groups = [
            [one for key, one in self._by_id.items() if int(share(key, "look") * _GROUPS) == group]
            for group in range(_GROUPS)
        ]
        self._page = centre.published(self.country.inventory, self.clock.pace)
        self._facts = block(self._page)

    def befall(self, faults: Sequence[Fault]) -> None:
        """From now on these faults, and no others."""
        plans = [fault for fault in faults if fault.kind is Kind.PLAN]
        self._facts = block({**self._page, **centre.announced(self.country, plans, self.clock)})
        touched = {office for fault in faults for office in fault.offices}
        for key, reporter in self._by_id.items():
            if key in touched or reporter.life.faults:
                reporter.life = live(reporter.site, faults if key in touched else ())

    def stop(self) -> None:
        self._stopping = True

    async def run(self) -> None:
        async with aiohttp.ClientSession(headers=_HEADERS) as web:
            await self._greet(web)
            tick = 1
            while not self._stopping:
                await self.clock.until(tick * _TICK)
                self.late = max(self.late, self.clock.now() - tick * _TICK)
                await self._send(web, tick)
                tick += 1

    async def _greet(self, web: aiohttp.ClientSession) -> None:
        """Everybody is heard before it is said who should be."""
        for body in (*(b"".join(one.report(0) for one in group) for group in self._groups), self._stamped_facts(0)):
            await self._taken(web, body)

    def _stamped_facts(self, moment: float) -> bytes:
        return stamped(self._facts, self.clock.milliseconds(moment))

    async def _send(self, web: aiohttp.ClientSession, tick: int) -> None:
        moment = tick * _TICK
        raws = [(reporter, reporter.report(moment)) for reporter in self._groups[tick % _GROUPS]]
        body = b"".join(raw for _, raw in raws)
        if moment % _FACTS == 0:
            body += self._stamped_facts(moment)
        if moment % _ROUTERS == 0:
            body += self._routers(moment)
        if body and not await self._taken(web, body):
            self.refused += 1
            for reporter, raw in raws:
                if raw:
                    reporter.take_back(raw)

    def _routers(self, moment: float) -> bytes:
        """What the centre's agents see of the offices' routers."""
        seen = centre.routers(((one.site, one.life) for one in self._by_id.values()), moment)
        return stamped(block(seen), self.clock.milliseconds(moment))

    async def _taken(self, web: aiohttp.ClientSession, body: bytes) -> bool:
        packed = await asyncio.to_thread(compress, body)
        try:
            async with web.post(self.url, data=packed) as answer:
                return answer.status < 300
        except aiohttp.ClientError:
            return False
