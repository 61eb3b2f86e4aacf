"""The capacity collector: figures both ways, reasons where there is none, a second look at a low one."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from collectors.bandwidth.collector import DEFAULT_PORT
from collectors.capacity import COLLECTOR, Target
from collectors.capacity.collector import DIP_EVERY, DIP_PROBES
from collectors.capacity.metrics import AT_LEAST, AVAILABLE, CAPACITY, CONTENDED, DOUBT, OWN_LOAD, USED, VALID
from collectors.core import Lane, Reading, Reason
from collectors.core.decode import DecodeError, decode_text
from collectors.core.line import LineLook
from collectors.core.ports import Ending, Failure, Heard, Interface, Train, TrainRequest
from collectors.core.values import HostPort, Secret
from collectors.wan.place import Place
from tests.fakes.host import FakeHost, interface, machine
from tests.fakes.ports import FakePorts
from tests.fakes.time import FakeClock, run
from tests.fakes.train import FakeTrain

KEY = "sixteen letters!"
TARGET = Target(HostPort("responder.example"), Secret(KEY), 20, 20)


def measure(train: FakeTrain, target: Target = TARGET) -> Reading:
    async def collect() -> Reading:
        return await COLLECTOR.collect(target, FakePorts(net=train), 30.0)

    return run(collect())


def values(reading: Reading) -> dict[tuple[str, str], float]:
    """By metric name and direction; of the doubts those that hold."""
    return {
        (sample.metric.name, sample.label("direction")): sample.value
        for sample in reading.samples
        if sample.metric is not DOUBT or sample.value
    }


def doubts(reading: Reading) -> set[tuple[str, str]]:
    held = (sample for sample in reading.samples if sample.metric is DOUBT and sample.value)
    return {(sample.label("direction"), sample.label("reason")) for sample in held}


def test_a_link_gives_its_capacity_both_ways_and_what_was_free() -> None:
    reading = measure(FakeTrain(others=750_000.0))
    found = values(reading)
    assert reading.result is Reason.OK
    for direction in ("down", "up"):
        assert found[CAPACITY.name, direction] == 2_500_000
        assert found[AVAILABLE.name, direction] == pytest.approx(1_750_000)
        assert found[VALID.name, direction] == 1
    assert doubts(reading) == set()
    assert "20.00 Mbit/s at the IP layer, 14.0 of them free" in reading.evidence[0]


def test_a_link_faster_than_the_train_is_at_least_so_fast_and_has_no_capacity() -> None:
    reading = measure(FakeTrain(rates=[10_000_000.0]))
    found = values(reading)
    assert reading.result is Reason.OK  # the contract is met, and more
    assert found[AT_LEAST.name, "down"] == 3_750_000
    assert (CAPACITY.name, "down") not in found
    assert found[VALID.name, "down"] == 0
    assert ("down", "unsaturated") in doubts(reading)


def test_a_low_figure_is_asked_for_again_and_the_second_one_counts() -> None:
    train = FakeTrain(rates=[1_000_000.0, 2_500_000.0])
    found = values(measure(train))
    assert paces(train) == [("down", 3_750_000), ("down", 2_000_000), ("down", 3_750_000), ("up", 3_750_000)]
    assert found[CAPACITY.name, "down"] == 2_500_000


def test_a_link_that_stays_low_is_low() -> None:
    train = FakeTrain(rates=[1_000_000.0])
    assert values(measure(train))[CAPACITY.name, "up"] == 1_000_000
    assert len(train.asked) == 4


def test_the_bytes_of_a_repetition_count_too() -> None:
    once, twice = FakeTrain(), FakeTrain(rates=[1_000_000.0, 2_500_000.0])
    usual, reading = measure(once), measure(twice)
    assert usual.used_bytes == sum(values(usual)[USED.name, direction] for direction in ("down", "up"))
    assert values(reading)[USED.name, "down"] > values(usual)[USED.name, "down"]
    assert reading.used_bytes == sum(values(reading)[USED.name, direction] for direction in ("down", "up"))
    assert reading.used_bytes < TARGET.most_bytes


def follow(rates: list[float]) -> list[float | None]:
    """When each of so many probes wants the next one."""
    found, past = [], COLLECTOR.past()
    for rate in rates:
        reading, past = COLLECTOR.compare(measure(FakeTrain(rates=[rate])), past, 0.0)
        found.append(reading.again)
    return found


def test_while_a_dip_is_suspected_the_next_probes_come_soon_but_not_for_ever() -> None:
    assert follow([1e6] * 6) == [DIP_EVERY] * DIP_PROBES + [None] * (6 - DIP_PROBES)


def test_a_link_that_has_recovered_may_dip_again() -> None:
    assert follow([1e6, 2.5e6, 1e6]) == [DIP_EVERY, None, DIP_EVERY]


def test_a_probe_without_a_figure_neither_begins_nor_ends_a_dip() -> None:
    failed = measure(FakeTrain(failure=Failure(Reason.FROZEN, "knock", "silence")))
    dip = COLLECTOR.compare(measure(FakeTrain(rates=[1e6])), COLLECTOR.past(), 0.0)[1]
    assert COLLECTOR.compare(failed, dip, 0.0) == (failed, dip)


def test_a_dip_outlives_the_agent() -> None:
    dip = COLLECTOR.compare(measure(FakeTrain(rates=[1e6])), COLLECTOR.past(), 0.0)[1]
    assert COLLECTOR.read_past(dip.plain()) == dip
    touched: list[object] = [None, 1, {"probes": -1, "lows": {}}, {"probes": 1, "lows": {"sideways": [1, 0]}}]
    for kept in (*touched, {"probes": 1, "lows": {"up": [0, 0]}}, {"probes": 1, "lows": {"up": "1"}}):
        with pytest.raises(ValueError, match="kept of a dip"):
            COLLECTOR.read_past(kept)


def test_a_low_line_is_looked_at_again_at_twice_its_rate_and_not_at_the_contract_s() -> None:
    train = FakeTrain(rates=[500_000.0])
    assert values(measure(train))[CAPACITY.name, "up"] == 500_000
    assert paces(train) == [("down", 3_750_000), ("down", 1_000_000), ("up", 3_750_000), ("up", 1_000_000)]


def paces(train: FakeTrain) -> list[tuple[str, float]]:
    """Direction and rate of each train, bytes per second."""
    return [(request.direction, request.expected * request.factor) for request in train.asked]


def after_a_dip(train: FakeTrain, down: float, up: float = 2.5e6) -> Reading:
    """The probe after one that gave these figures."""
    both = FakeTrain(rates=[down, down, up, up] if down < 2e6 else [down, up, up])
    past = COLLECTOR.compare(measure(both), COLLECTOR.past(), 0.0)[1]
    return measure(train, COLLECTOR.recall(TARGET, past))


def test_after_a_dip_the_next_probe_starts_at_twice_the_last_capacity() -> None:
    train = FakeTrain(rates=[500_000.0])
    reading = after_a_dip(train, 500_000.0)
    assert paces(train)[:3] == [("down", 1_000_000), ("down", 1_000_000), ("up", 3_750_000)]
    assert values(reading)[CAPACITY.name, "down"] == 500_000


def test_a_line_that_has_recovered_is_asked_once_more_at_the_usual_pace() -> None:
    train = FakeTrain()
    reading = after_a_dip(train, 500_000.0)
    assert paces(train) == [("down", 1_000_000), ("down", 3_750_000), ("up", 3_750_000)]
    assert values(reading)[CAPACITY.name, "down"] == 2_500_000
    assert reading.used_bytes is not None
    assert reading.used_bytes < 2 * (measure(FakeTrain()).used_bytes or 0)


def test_that_a_line_carries_twice_a_low_figure_is_not_taken_for_its_contract() -> None:
    class Broken(FakeTrain):
        async def train(self, request: TrainRequest, timeout: float) -> Train:
            if len(self.asked) == 1:
                self.failure = Failure(Reason.FROZEN, "knock", "silence")
            return await FakeTrain.train(self, request, timeout)

    reading = after_a_dip(Broken(), 500_000.0)
    assert reading.result is Reason.FROZEN
    assert (AT_LEAST.name, "down") not in values(reading)


def test_a_line_that_is_only_a_little_low_is_asked_at_the_usual_pace() -> None:
    train = FakeTrain(rates=[1_950_000.0])
    after_a_dip(train, 1_950_000.0)
    assert {rate for _, rate in paces(train)} == {3_750_000}


def test_a_probe_after_a_dip_keeps_to_the_most_that_its_budget_knows() -> None:
    train = FakeTrain(bucket=1e6, rates=[500_000.0, 500_000.0, 500_000.0, 500_000.0])
    first = measure(train)
    past = COLLECTOR.compare(first, COLLECTOR.past(), 0.0)[1]
    second = measure(train, COLLECTOR.recall(TARGET, past))
    assert max(first.used_bytes or 0, second.used_bytes or 0) <= TARGET.most_bytes


def looked(train: FakeTrain) -> LineLook:
    seen = measure(train).seen
    assert isinstance(seen, LineLook)
    return seen


class Policed(FakeTrain):
    """A line that drops what is beyond a rate at once: bursts pass as they come."""

    async def train(self, request: TrainRequest, timeout: float) -> Train:
        found = await FakeTrain.train(self, request, timeout)
        heard = Heard(Ending.KNEE, 2_500_000.0, 0.0, (5e7,) * 5, policed=True, received=200, lost=90)
        return replace(found, heard=heard)


def test_a_train_that_met_no_limit_or_a_policer_leaves_a_question_for_a_flow() -> None:
    assert not looked(FakeTrain()).unsaturated
    assert looked(FakeTrain(rates=[10_000_000.0])).unsaturated
    policed = looked(Policed())
    assert (policed.unsaturated, policed.low) == (True, None)


def test_without_a_dip_nothing_is_recalled() -> None:
    past = COLLECTOR.compare(measure(FakeTrain()), COLLECTOR.past(), 0.0)[1]
    assert COLLECTOR.recall(TARGET, past) == TARGET


def test_a_busy_responder_says_when_to_come_again() -> None:
    reading = measure(FakeTrain(failure=Failure(Reason.BUSY, "handshake", "busy", again=12.0)))
    assert COLLECTOR.compare(reading, COLLECTOR.past(), 0.0)[0].again == 12.0


@pytest.mark.parametrize("reason", [Reason.BUSY, Reason.DENIED, Reason.FROZEN, Reason.UNSUPPORTED])
def test_a_failed_probe_keeps_its_reason_and_gives_no_figure(reason: Reason) -> None:
    reading = measure(FakeTrain(failure=Failure(reason, "handshake", "as told")))
    assert reading.result is reason
    assert reading.evidence == ("down: as told", "up: as told")
    assert (CAPACITY.name, "down") not in values(reading)


def test_each_direction_is_asked_for_what_it_should_carry_within_its_bound() -> None:
    train = FakeTrain()
    measure(train, Target(HostPort("r"), Secret(KEY), 40, 8, max_bytes=2_000_000))
    down, up = train.asked[0], train.asked[-1]
    assert (down.direction, down.expected, down.max_bytes, down.port) == ("down", 5_000_000, 2_000_000, DEFAULT_PORT)
    assert (up.direction, up.expected) == ("up", 1_000_000)
    assert TARGET.bound("down") > 3 * 1_000_000


def test_the_bytes_of_a_usual_probe_are_few() -> None:
    assert values(measure(FakeTrain()))[USED.name, "down"] < 600_000


def test_nothing_shows_the_key() -> None:
    reading = measure(FakeTrain(key="another key, also long"))
    assert reading.result is Reason.DENIED
    assert KEY not in repr(reading) + repr(TARGET)


def test_it_has_the_link_to_itself() -> None:
    assert COLLECTOR.schedule.lane is Lane.BULK


GOOD = "responder: r:9818\nkey: sixteen letters!\ndown_mbps: 100\nup_mbps: 20\n"
BAD = {
    GOOD.replace("sixteen letters!", "short"): "shorter than 16",
    GOOD.replace("100", "0"): "down_mbps",
    GOOD.replace("20", "9999"): "up_mbps",
    GOOD + "max_bytes: 5\n": "max_bytes",
    GOOD + "monthly_bytes: 5000000\n": "monthly_bytes is less|monthly_bytes: is less",
}


def test_a_target_is_read_from_text() -> None:
    target = decode_text(GOOD, Target, "agent.yml").value
    assert target == Target(HostPort("r", 9818), Secret(KEY), 100, 20)


@pytest.mark.parametrize(("text", "word"), BAD.items(), ids=BAD.values())
def test_a_target_that_cannot_be_is_refused(text: str, word: str) -> None:
    with pytest.raises(DecodeError, match=word):
        decode_text(text, Target, "agent.yml")


class Counting(FakeHost):
    """A machine whose WAN interface moves so many bytes each second."""

    rate = 0.0

    async def interfaces(self) -> tuple[Interface, ...]:
        at = FakeClock().monotonic()
        return (interface("wan0", receive_bytes=round(self.rate * at), transmit_bytes=0),)


def measure_beside(rate: float) -> Reading:
    """The office receives at this rate, bytes per second, and its counters are known."""

    async def collect() -> Reading:
        host = Counting(machine())
        host.rate = rate
        target = replace(TARGET, counters=Place("wan0"))
        return await COLLECTOR.collect(target, FakePorts(net=FakeTrain(), host=host), 30.0)

    return run(collect())


def test_a_busy_office_makes_a_contended_probe_whose_capacity_holds() -> None:
    found = values(measure_beside(500_000.0))
    assert found[CAPACITY.name, "down"] == 2_500_000
    assert found[OWN_LOAD.name, "down"] == pytest.approx(500_000)
    assert (found[CONTENDED.name, "down"], found[CONTENDED.name, "up"]) == (1, 0)


def test_a_quiet_office_and_one_without_counters_do_not_contend() -> None:
    assert values(measure_beside(100_000.0))[CONTENDED.name, "down"] == 0
    assert (CONTENDED.name, "down") not in values(measure(FakeTrain()))


def test_a_probe_waits_until_the_office_is_quiet() -> None:
    async def wait(rate: float) -> float:
        host = Counting(machine())
        host.rate = rate
        ports = FakePorts(net=FakeTrain(), host=host)
        begun = ports.clock.monotonic()
        with suppress(TimeoutError):
            async with asyncio.timeout(100):
                await COLLECTOR.until_quiet(replace(TARGET, counters=Place("wan0")), ports)
        return ports.clock.monotonic() - begun

    assert run(wait(100_000.0)) == 5
    assert run(wait(500_000.0)) == 100
