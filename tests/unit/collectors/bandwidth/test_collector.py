"""The bandwidth collector: a figure for each direction that was steady, and a reason for each that was not."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from collectors.bandwidth import COLLECTOR
from collectors.bandwidth.metrics import (
    BESIDE_LOAD,
    BYTES,
    DOUBT,
    GOODPUT,
    GOODPUT_IP,
    INFO,
    LOADED,
    OWN_LOAD,
    RETRANSMITTED,
    USED,
    VALID,
)
from collectors.bandwidth.target import DEFAULT_PORT, Target
from collectors.core import Lane, Reading, Reason
from collectors.core.decode import DecodeError, decode_text
from collectors.core.line import LineLook
from collectors.core.ports import Arrivals, BulkRequest, Failure, Interface, Segment
from collectors.core.values import Duration, HostPort, Secret
from collectors.wan.place import Place
from tests.fakes.bulk import FakeBulk, constant
from tests.fakes.host import interface
from tests.fakes.ports import FakePorts
from tests.fakes.time import FakeClock, run

KEY = "sixteen letters!"
TARGET = Target(HostPort("responder.example"), Secret(KEY))


def measure(bulk: FakeBulk, target: Target = TARGET, times: int = 1) -> Reading:
    async def collect() -> Reading:
        for _ in range(times - 1):
            await COLLECTOR.collect(target, FakePorts(net=bulk), 30.0)
        return await COLLECTOR.collect(target, FakePorts(net=bulk), 30.0)

    return run(collect())


def values(reading: Reading) -> dict[tuple[str, str], float]:
    """By metric name and direction."""
    return {(sample.metric.name, sample.label("direction")): sample.value for sample in reading.samples}


def doubts(reading: Reading) -> dict[str, set[str]]:
    """The reasons that hold, by direction; directions without any are left out."""
    held = [sample for sample in reading.samples if sample.metric is DOUBT and sample.value]
    return {one: {each.label("reason") for each in held if each.label("direction") == one}
            for one in {each.label("direction") for each in held}}  # fmt: skip


def test_a_steady_link_gives_goodput_in_bytes_per_second_both_ways() -> None:
    reading = measure(FakeBulk(constant(20)))
    found = values(reading)
    assert reading.result is Reason.OK
    for direction in ("down", "up"):
        assert found[GOODPUT.name, direction] == pytest.approx(2_500_000, rel=0.001)
        assert found[VALID.name, direction] == 1
        assert found["link_test_duration_seconds", direction] == pytest.approx(0.9, abs=0.03)
    assert found["link_test_round_trip_seconds", ""] == 0.02
    assert reading.phases["up flow"] == found["link_test_duration_seconds", "up"]


def test_a_figure_says_how_it_was_made() -> None:
    (info, *_) = [sample for sample in measure(FakeBulk()).samples if sample.metric is INFO]
    assert info.label("method")
    assert info.label("congestion") == "bbr"


def wavering(seconds: float) -> float:
    return 2_500_000 * seconds + (600_000 if seconds % 0.5 > 0.25 else 0)


UNSTEADY: dict[str, tuple[Callable[[float], float], Target, str]] = {
    "a rate that wavers": (wavering, TARGET, "time limit"),
    "nothing that arrives": (constant(0), TARGET, "nothing arrived"),
    "too few bytes allowed": (constant(100), Target(HostPort("r"), Secret(KEY), max_bytes=1_000_000), "byte limit"),
    "too little time": (constant(0.2), Target(HostPort("r"), Secret(KEY), max_duration=Duration(1)), "time limit"),
}


@pytest.mark.parametrize(("link", "target", "words"), UNSTEADY.values(), ids=UNSTEADY.keys())
def test_what_was_not_steady_is_invalid_with_a_text_and_without_a_number(
    link: Callable[[float], float], target: Target, words: str
) -> None:
    reading = measure(FakeBulk(link), target)
    found = values(reading)
    assert reading.result is Reason.INVALID
    assert words in reading.evidence[0]
    assert (GOODPUT.name, "down") not in found
    assert (GOODPUT_IP.name, "down") not in found
    assert found[VALID.name, "down"] == 0
    assert (USED.name, "down") in found
    assert doubts(reading)["down"] == {words.replace(" ", "_") if "limit" in words else "time_limit"}


def test_a_pace_that_a_computer_set_is_no_figure_of_the_link() -> None:
    assert measure(FakeBulk(held_back=0.05)).result is Reason.OK
    assert measure(FakeBulk(held_back=None)).result is Reason.OK
    reading = measure(FakeBulk(held_back=0.3))
    assert reading.result is Reason.INVALID
    assert "30%" in reading.evidence[0]
    assert (GOODPUT.name, "down") not in values(reading)


@pytest.mark.parametrize("reason", [Reason.BUSY, Reason.DENIED, Reason.REFUSED, Reason.FROZEN, Reason.UNSUPPORTED])
def test_a_failed_test_keeps_its_reason_and_counts_its_bytes(reason: Reason) -> None:
    reading = measure(FakeBulk(failure=Failure(reason, "handshake", "as told")))
    assert reading.result is reason
    assert reading.evidence == ("down: as told", "up: as told")
    assert values(reading)[VALID.name, "up"] == 0
    assert values(reading)[BYTES.name, "up"] == 0


def test_a_busy_responder_says_when_to_come_again() -> None:
    assert measure(FakeBulk(failure=Failure(Reason.BUSY, "handshake", "busy", again=12.0))).again == 12.0
    assert measure(FakeBulk()).again is None


def test_what_a_test_has_used_of_the_link_is_told_for_its_budget() -> None:
    reading = measure(FakeBulk())
    payload = sum(values(reading)[USED.name, direction] for direction in ("down", "up"))
    assert reading.used_bytes is not None
    assert 1.03 * payload < reading.used_bytes <= 1.1 * payload  # headers of IP and TCP


def test_the_bytes_used_add_up_over_tests() -> None:
    once, twice = values(measure(FakeBulk())), values(measure(FakeBulk(), times=2))
    assert twice[BYTES.name, "down"] == 2 * once[BYTES.name, "down"] > 0
    assert twice[USED.name, "down"] == once[USED.name, "down"]


def test_the_directions_are_tested_in_turn_with_the_bounds_of_the_target() -> None:
    bulk = FakeBulk()
    target = Target(HostPort("r"), Secret(KEY), ("up",), max_bytes=10_000_000, max_duration=Duration(3))
    assert measure(bulk, target).result is Reason.OK
    (request,) = bulk.asked
    assert (request.direction, request.max_bytes, request.max_seconds) == ("up", 10_000_000, 3.0)
    assert request.port == DEFAULT_PORT


def policed(seconds: float) -> float:
    """40 Mbit/s until a policer's bucket is empty after 1.5 s, then 20."""
    return 125_000 * (40 * min(seconds, 1.5) + 20 * max(0.0, seconds - 1.5))


def test_a_rate_far_above_the_contract_is_looked_at_until_a_policer_s_bucket_is_empty() -> None:
    assert values(measure(FakeBulk(policed)))[GOODPUT.name, "down"] == pytest.approx(5_000_000, rel=0.01)
    known = replace(TARGET, down_mbps=20, up_mbps=20)
    assert values(measure(FakeBulk(policed), known))[GOODPUT.name, "down"] == pytest.approx(2_500_000, rel=0.01)


def test_a_line_that_stays_above_its_contract_is_as_fast_as_it_is() -> None:
    generous = replace(TARGET, down_mbps=20, up_mbps=20, max_bytes=5_000_000)
    reading = measure(FakeBulk(constant(30)), generous)
    assert reading.result is Reason.OK
    assert values(reading)[GOODPUT.name, "down"] == pytest.approx(3_750_000, rel=0.001)
    assert values(reading)["link_test_duration_seconds", "down"] > 1.3


def test_a_line_a_little_above_its_contract_takes_no_longer() -> None:
    known = replace(TARGET, down_mbps=20, up_mbps=20)
    assert values(measure(FakeBulk(constant(21)), known))["link_test_duration_seconds", "down"] < 1


def test_the_figure_of_the_ip_layer_is_one_of_its_own() -> None:
    found = values(measure(FakeBulk(constant(20))))
    assert found[GOODPUT_IP.name, "down"] == pytest.approx(2_500_000 * 1500 / 1448, rel=0.001)
    found = values(measure(FakeBulk(constant(20), segment=Segment(1420, 72))))  # PPPoE, IPv6
    assert found[GOODPUT_IP.name, "down"] == pytest.approx(2_500_000 * 1492 / 1420, rel=0.001)


def test_what_was_sent_again_and_the_round_trip_under_load_are_told() -> None:
    reading = measure(FakeBulk(repeated=0.013))
    found = values(reading)
    assert (found[RETRANSMITTED.name, "up"], found[LOADED.name, "up"]) == (0.013, 0.04)
    assert "1.3% sent again" in reading.evidence[0]
    assert (RETRANSMITTED.name, "up") not in values(measure(FakeBulk(repeated=None)))


class Office:
    """A machine whose WAN interface counts what a test moves, and of the office's own so many bytes each second."""

    def __init__(self, others: float) -> None:
        self._others, self._bulk, self._moved = others, FakeBulk(), 0.0

    async def interfaces(self) -> tuple[Interface, ...]:
        moved = round(self._others * FakeClock().monotonic() + self._moved)
        return (interface("wan0", receive_bytes=moved, transmit_bytes=moved),)

    async def bulk(self, request: BulkRequest, timeout: float) -> Arrivals:
        arrivals = await self._bulk.bulk(request, timeout)
        await asyncio.sleep(arrivals.phases["flow"])
        self._moved += arrivals.used_bytes * 1514 / 1448  # the interface's driver counts Ethernet frames
        return arrivals


def measure_beside(others: float, target: Target = TARGET) -> Reading:
    """The office moves so many bytes each second both ways, and its counters are known."""

    async def collect() -> Reading:
        office = Office(others)
        ports = FakePorts(net=office, host=office)
        return await COLLECTOR.collect(replace(target, counters=Place("wan0")), ports, 30.0)

    return run(collect())


def test_a_figure_beside_the_office_s_own_traffic_is_none_of_the_line() -> None:
    reading = measure_beside(500_000.0)
    found = values(reading)
    assert reading.result is Reason.OK, "it was measured, and nothing is wrong"
    assert (GOODPUT.name, "down") not in found
    assert (GOODPUT_IP.name, "down") not in found
    assert found[BESIDE_LOAD.name, "down"] == pytest.approx(2_500_000, rel=0.001)
    assert found[OWN_LOAD.name, "down"] == pytest.approx(500_000, rel=0.05)
    assert found[VALID.name, "down"] == 0
    assert doubts(reading) == {"down": {"contended"}, "up": {"contended"}}
    assert reading.seen == LineLook(contended=True)


def test_a_test_s_own_bytes_are_no_load_of_the_office() -> None:
    reading = measure_beside(0.0)
    found = values(reading)
    assert found[OWN_LOAD.name, "down"] < 50_000
    assert found[GOODPUT.name, "down"] == pytest.approx(2_500_000, rel=0.001)
    assert doubts(reading) == {}
    assert reading.seen == LineLook(contended=False)


def test_without_counters_nobody_knows_and_a_failed_test_says_nothing() -> None:
    assert measure(FakeBulk()).seen == LineLook(contended=None)
    assert measure(FakeBulk(failure=Failure(Reason.BUSY, "handshake", "busy"))).seen is None
    assert measure(FakeBulk(wavering)).seen is None


@pytest.mark.parametrize(("rates", "seconds"), [((20.0, 20.0), 100.0), ((0.0, 0.0), 0.0)], ids=["contract", "without"])
def test_a_test_waits_for_a_quiet_moment_where_it_knows_what_quiet_is(
    rates: tuple[float, float], seconds: float
) -> None:
    async def wait() -> float:
        office = Office(500_000.0)
        ports = FakePorts(net=office, host=office)
        begun = ports.clock.monotonic()
        target = replace(TARGET, counters=Place("wan0"), down_mbps=rates[0], up_mbps=rates[1])
        with suppress(TimeoutError):
            async with asyncio.timeout(100):
                await COLLECTOR.until_quiet(target, ports)
        return ports.clock.monotonic() - begun

    assert run(wait()) == seconds


def test_nothing_shows_the_key() -> None:
    reading = measure(FakeBulk(key="another key, also long"))
    assert reading.result is Reason.DENIED
    assert KEY not in repr(reading)
    assert KEY not in repr(TARGET)


def test_it_has_the_link_to_itself() -> None:
    assert COLLECTOR.schedule.lane is Lane.BULK


GOOD = "responder: r:9818\nkey: sixteen letters!\n"


def test_a_target_is_read_from_text() -> None:
    target = decode_text(GOOD + "directions: [down]\nmax_duration: 15s\n", Target, "agent.yml").value
    assert target == Target(HostPort("r", 9818), Secret(KEY), ("down",), max_duration=Duration(15))


BAD = {
    "key: short\nresponder: r\n": "shorter than 16",
    GOOD + "directions: [down, down]\n": "each once",
    GOOD + "directions: []\n": "each once",
    GOOD + "directions: [sideways]\n": "sideways",
    GOOD + "max_bytes: 5\n": "max_bytes",
    GOOD + "max_duration: 10m\n": "max_duration",
    GOOD + "down_mbps: -1\n": "down_mbps",
    GOOD + "counters: {}\n": "interface",
}


@pytest.mark.parametrize(("text", "words"), BAD.items())
def test_a_wrong_target_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decode_text(text, Target, "agent.yml")
    assert words in str(caught.value)
    assert "agent.yml:" in str(caught.value)
