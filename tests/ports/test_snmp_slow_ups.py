"""The whole way from a card that takes its time to a reading, at the default schedule of a UPS."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest

from agent.io.snmp import SnmpAdapter
from collectors.core import ProbeError, Reading
from collectors.core.ports import Oid, SnmpAgent, SnmpValue
from collectors.ups import COLLECTOR, Target
from tests.fakes.hurry import skipping
from tests.fakes.ports import FakePorts
from tests.fakes.snmp_wire import UP_TIME, Request, wire_agent
from tests.fakes.time import FakeClock
from tests.unit.collectors.ups.cards import derived

SCHEDULE = COLLECTOR.schedule


class LoopClock(FakeClock):
    """The loop's time, which may jump."""

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


@dataclass
class Card:
    """What a scripted card holds, how wide a request it takes, and how often it was asked."""

    objects: Mapping[Oid, SnmpValue]
    widest: int = 20

    def __call__(self, request: Request) -> bytes | None:
        return request.answer({**self.objects, **UP_TIME}) if len(request.oids) <= self.widest else None


async def polls(card: Card, delay: float, count: int, version: str) -> list[Reading | str]:
    """So many polls at the collector's own schedule: readings, and why there was none."""
    adapter, found = SnmpAdapter(), list[Reading | str]()
    ports = FakePorts(snmp=adapter, clock=LoopClock())
    async with wire_agent(card) as (wire, agent):
        wire.delay = delay
        target = _target(agent, version)
        for _ in range(count):
            begun = ports.clock.monotonic()
            try:
                found.append(await COLLECTOR.collect(target, ports, SCHEDULE.timeout))
            except ProbeError as error:
                found.append(error.message)
            await asyncio.sleep(max(0.0, begun + SCHEDULE.every - ports.clock.monotonic()))
        await adapter.close()
    return found


def _target(agent: SnmpAgent, version: str) -> Target:
    return replace(Target(agent.host, agent.port), version=version)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("names", "delay", "widest", "version", "unread"),
    [
        (("rfc1628-onbattery",), 4.0, 20, "2c", 1),
        (("powernet-onbattery",), 4.0, 20, "2c", 1),
        (("powernet-onbattery", "rfc1628-onbattery"), 4.0, 20, "2c", 1),
        (("rfc1628-onbattery",), 2.0, 20, "1", 2),
        (("powernet-onbattery", "rfc1628-onbattery"), 0.02, 1, "2c", 1),
    ],
)
def test_a_slow_or_narrow_card_has_a_reading_soon_and_then_at_each_poll(
    names: tuple[str, ...], delay: float, widest: int, version: str, unread: int
) -> None:
    objects = {oid: value for name in names for oid, value in derived(name).items()}
    found = skipping(polls(Card(objects, widest), delay, unread + 3, version))
    assert all(isinstance(one, Reading) for one in found[unread:]), found
