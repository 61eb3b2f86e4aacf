"""The bandwidth collector: a figure for each direction that was steady, and a reason for each that was not."""

from collections.abc import Callable

import pytest

from collectors.bandwidth import COLLECTOR
from collectors.bandwidth.collector import BYTES, DEFAULT_PORT, GOODPUT, INFO, USED, VALID, Target
from collectors.core import Lane, Reading, Reason
from collectors.core.decode import DecodeError, decode_text
from collectors.core.ports import Failure
from collectors.core.values import Duration, HostPort, Secret
from tests.fakes.bulk import FakeBulk, constant
from tests.fakes.ports import FakePorts
from tests.fakes.time import run

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
    assert found[VALID.name, "down"] == 0
    assert (USED.name, "down") in found


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
}


@pytest.mark.parametrize(("text", "words"), BAD.items())
def test_a_wrong_target_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decode_text(text, Target, "agent.yml")
    assert words in str(caught.value)
    assert "agent.yml:" in str(caught.value)
