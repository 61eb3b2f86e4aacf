"""A collector that does what a test tells it to, and probes made of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from agent.config import Name, Probe
from agent.outcome import Outcome
from collectors.core import Kind, Lane, Metric, Ports, Reading, Reason, Sample, Schedule

ANSWER = Metric("toy_answer", Kind.GAUGE, "What the toy said.", ("part",))
Behaviour = Callable[[Ports], Awaitable[Reading]]


@dataclass(frozen=True, slots=True)
class Target:
    host: str = "toy"


async def fine(_: Ports) -> Reading:
    return Reading(Reason.OK, (ANSWER(42, part="all"),))


class Toy:
    """A collector for tests."""

    name = "toy"
    target = Target
    metrics = (ANSWER,)
    schedule = Schedule(10, 2)
    needs: frozenset[str] = frozenset()

    def __init__(self, behaviour: Behaviour = fine) -> None:
        self._behaviour = behaviour

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        return await self._behaviour(ports)


def probe(
    key: str = "toy/a", behaviour: Behaviour = fine, *, every: float = 10, lane: Lane = Lane.LATENCY, offset: float = 0
) -> Probe:
    labels = {"toy": key.rpartition("/")[2]}
    return Probe(key, Toy(behaviour), Target(), labels, Name("Đồ chơi", "Toy"), Schedule(every, 2, lane), offset)


def outcome(of: Probe | None = None, result: Reason = Reason.OK, *samples: Sample, started: float = 1e9) -> Outcome:
    return Outcome(of or probe(), Reading(result, samples, {"resolve": 0.25}, ("a line",)), started, 0.5)
