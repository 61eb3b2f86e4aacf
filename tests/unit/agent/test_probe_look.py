"""`communewatch probe`: a second look where the first one leaves a doubt."""

from dataclasses import dataclass, replace

import pytest

from agent.outcome import Outcome
from agent.probe_cli import look
from collectors.core import Ports, Reading, Reason
from collectors.ups import COLLECTOR, Target
from tests.fakes.ports import FakePorts
from tests.fakes.snmp import FakeSnmp
from tests.fakes.time import FakeClock, run
from tests.unit.agent.conftest import Toy, fine, probe
from tests.unit.collectors.ups.cards import HOST, derived


@dataclass(frozen=True)
class Runs:
    """How often a probe ran."""

    number: int = 0

    def plain(self) -> object:
        return self.number


class Doubting(Toy):
    """Wants another run after the first one, so many seconds later."""

    def __init__(self, again: float | None) -> None:
        super().__init__(fine)
        self.again = again
        self.times: list[float] = []

    async def collect(self, target: object, ports: Ports, timeout: float) -> Reading:
        self.times.append(ports.clock.monotonic())
        return Reading(Reason.OK)

    def past(self) -> Runs:
        return Runs()

    def read_past(self, kept: object) -> Runs:
        raise ValueError

    def compare(self, reading: Reading, past: Runs, now: float) -> tuple[Reading, Runs]:
        return replace(reading, again=self.again), Runs(past.number + 1)


@pytest.mark.parametrize(("again", "gaps"), [(None, []), (5.0, [5.0]), (600.0, [])])
def test_a_probe_that_wants_another_run_soon_gets_one(again: float | None, gaps: list[float]) -> None:
    toy = Doubting(again)
    run(look(replace(probe(), collector=toy), FakePorts(clock=FakeClock())))
    assert [later - earlier for earlier, later in zip(toy.times, toy.times[1:], strict=False)] == gaps


def seen(card: str) -> Outcome:
    ups = replace(probe("ups/ups1"), collector=COLLECTOR, target=Target(HOST))
    return run(look(ups, FakePorts(snmp=FakeSnmp({HOST: derived(card)}))))


def test_a_ups_that_does_not_measure_its_input_well_is_looked_at_twice() -> None:
    _, english, *_ = seen("rfc1628-brownout").reading.evidence
    assert english == "outage: two looks 5 s apart say battery (input 170 V)"


def test_a_ups_on_mains_has_its_verdict_at_the_first_look() -> None:
    vietnamese, english, *_ = seen("powernet-online").reading.evidence
    assert vietnamese == "Có điện lưới: UPS đang cấp điện từ lưới"
    assert english == "mains: the UPS feeds the load from mains"
