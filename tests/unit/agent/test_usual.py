"""The runner hands each probe's past to a collector that judges by it, and to no other."""

import asyncio
from collections.abc import Iterable

from agent.config import Probe
from agent.outcome import Outcome
from agent.runner import Runner
from collectors.core import Ports, Reading, Reason
from tests.fakes.ports import FakePorts
from tests.fakes.time import FakeClock, run
from tests.unit.agent.conftest import Toy, probe

Past = tuple[float, ...]


class Repeating(Toy):
    """Finds everything slow that comes for the third time."""

    def past(self) -> Past:
        return ()

    def compare(self, reading: Reading, past: Past, now: float) -> tuple[Reading, Past]:
        return (reading if len(past) < 2 else Reading(Reason.SLOW)), (*past, now)


def repeating(key: str, every: float = 10) -> Probe:
    plain = probe(key, every=every)
    return Probe(key, Repeating(), plain.target, plain.labels, plain.name, plain.schedule, plain.offset)


def results(*configurations: Iterable[Probe]) -> list[tuple[str, Reason]]:
    """What is published in 25 s of each configuration in turn."""
    seen: list[Outcome] = []

    async def go() -> None:
        runner = Runner(FakePorts(clock=FakeClock(wall=0)), seen.append, 8)
        for probes in configurations:
            runner.update(probes)
            await asyncio.sleep(25)
        await runner.stop()

    run(go())
    return [(outcome.probe.key, outcome.reading.result) for outcome in seen]


def test_each_probe_has_a_past_of_its_own() -> None:
    found = results([repeating("toy/a"), repeating("toy/b"), probe("toy/c")])
    assert [reason for key, reason in found if key == "toy/a"] == [Reason.OK, Reason.OK, Reason.SLOW]
    assert [reason for key, reason in found if key == "toy/b"] == [Reason.OK, Reason.OK, Reason.SLOW]
    assert {reason for key, reason in found if key == "toy/c"} == {Reason.OK}


def test_a_probe_that_asks_for_something_else_starts_anew() -> None:
    found = results([repeating("toy/a")], [repeating("toy/a", every=11)])
    assert [reason for _, reason in found][:4] == [Reason.OK, Reason.OK, Reason.SLOW, Reason.OK]


class Stumbling(Repeating):
    """Has a defect in its comparison."""

    def compare(self, reading: Reading, past: Past, now: float) -> tuple[Reading, Past]:
        raise ZeroDivisionError


def test_what_was_measured_is_told_even_if_the_comparison_has_a_defect() -> None:
    plain = probe("toy/a")
    stumbling = Probe("toy/a", Stumbling(), plain.target, plain.labels, plain.name, plain.schedule, plain.offset)
    assert results([stumbling]) == [("toy/a", Reason.OK)] * 3


def test_the_service_collector_is_one_that_compares() -> None:
    from agent.usual import Comparing
    from collectors.service import COLLECTOR

    async def unused(_: Ports) -> Reading:
        return Reading(Reason.OK)

    assert isinstance(COLLECTOR, Comparing)
    assert not isinstance(Toy(unused), Comparing)
