"""The product before a card: the whole collector as the agent runs it, time in the test's hands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from collectors.core import ProbeError, Reading
from collectors.core.ports import Oid, SnmpPort, SnmpValue
from collectors.ups import COLLECTOR, Target
from collectors.ups.canonical import Observation
from collectors.ups.watch import Look
from tests.fakes.ports import FakePorts
from tests.fakes.snmp import FakeSnmp

Answers = Mapping[Oid, SnmpValue]

CARD = Target("10.0.0.5")
TIMEOUT = 20.0  # seconds


@dataclass(slots=True)
class HandClock:
    """Stands still until it is moved."""

    at: float = 1000.0

    def monotonic(self) -> float:
        return self.at

    def now(self) -> float:
        return 1.8e9 + self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds


class Watched:
    """A card and what the agent remembers of it."""

    def __init__(self, snmp: SnmpPort, card: Target = CARD) -> None:
        self._clock = HandClock()
        self._ports = FakePorts(snmp=snmp, clock=self._clock)
        self._card = card
        self._past = COLLECTOR.past()

    async def look(self) -> Reading:
        """What the agent publishes next; then it is as late as that asked for, or as its turn is."""
        polled = await _look(self._ports, self._card)
        reading, self._past = COLLECTOR.compare(polled, self._past, self._clock.now())
        self._clock.at += COLLECTOR.schedule.every if reading.again is None else reading.again
        return reading


async def looks(snmp: SnmpPort, card: Target, times: int) -> Sequence[Reading]:
    """What the agent publishes from look to look."""
    watched = Watched(snmp, card)
    return [await watched.look() for _ in range(times)]


async def looks_at(answers: Answers, times: int = 1) -> Sequence[Reading]:
    """The same without sockets: a card that always gives these answers."""
    return await looks(FakeSnmp({CARD.host: answers}), CARD, times)


async def play(scenes: Iterable[tuple[Answers | ProbeError, int]]) -> Sequence[Reading]:
    """The same of a card that changes from scene to scene: what it answers, or that it does not, and how often."""
    snmp = FakeSnmp({})
    watched, readings = Watched(snmp), list[Reading]()
    for answers, times in scenes:
        snmp.hosts[CARD.host] = answers
        readings += [await watched.look() for _ in range(times)]
    return readings


async def collected(answers: Answers) -> Reading:
    """What one poll of such a card gives, before it is compared with the past."""
    return await _look(FakePorts(snmp=FakeSnmp({CARD.host: answers}), clock=HandClock()), CARD)


def repeated(reading: Reading, times: int) -> Sequence[Reading]:
    """What the agent publishes where every poll gives what this one gave."""
    past, at = COLLECTOR.past(), 1000.0
    published: list[Reading] = []
    for _ in range(times):
        seen = replace(reading.seen, at=at) if isinstance(reading.seen, Look) else None
        judged, past = COLLECTOR.compare(replace(reading, seen=seen), past, 1.8e9 + at)
        published.append(judged)
        at += COLLECTOR.schedule.every if judged.again is None else judged.again
    return published


async def _look(ports: FakePorts, card: Target) -> Reading:
    """A probe that fails is a reading too, as the runner makes it."""
    try:
        return await COLLECTOR.collect(card, ports, TIMEOUT)
    except ProbeError as error:
        return Reading(error.reason, evidence=(error.message,))


def observation(reading: Reading) -> Observation:
    """What was seen; nothing where the card was not read."""
    return reading.seen.seen if isinstance(reading.seen, Look) else Observation()


def verdict(reading: Reading) -> str:
    """The one verdict that /metrics shows."""
    shown = [sample for sample in reading.samples if sample.metric.name == "ups_power_verdict" and sample.value]
    (one,) = shown
    return one.label("verdict")


def value(reading: Reading, metric: str) -> float | None:
    """Of a series without labels, None where it is not shown."""
    return next((sample.value for sample in reading.samples if sample.metric.name == metric), None)
