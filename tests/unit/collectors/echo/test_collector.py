"""The echo collector: what is asked, what a run says, what its past adds."""

import pytest

from collectors.bandwidth.collector import DEFAULT_PORT
from collectors.core import Lane, Metric, ProbeError, Reading, Reason
from collectors.core.decode import DecodeError, decode_text
from collectors.core.values import HostPort, Secret
from collectors.echo import COLLECTOR, Target
from collectors.echo.metrics import BYTES, JITTER, LOSS, OUT, OUTAGE_SECONDS, ROUND_TRIP, SENT
from tests.fakes.echo import FakeEcho
from tests.fakes.ports import FakePorts
from tests.fakes.time import run

KEY = "sixteen letters!"
TARGET = Target(HostPort("responder.example"), Secret(KEY))


def measure(echo: FakeEcho, *, runs: int = 1, target: Target = TARGET) -> Reading:
    """The last of so many runs, seen beside those before it."""

    async def collect() -> Reading:
        ports, past = FakePorts(net=echo), COLLECTOR.past()
        reading = Reading(Reason.INTERNAL)
        for _ in range(runs):
            reading, past = COLLECTOR.compare(await COLLECTOR.collect(target, ports, 60.0), past, ports.clock.now())
        return reading

    return run(collect())


def values(reading: Reading, metric: Metric) -> list[float]:
    return [sample.value for sample in reading.samples if sample.metric is metric]


def test_one_run_asks_nearly_until_the_next_begins() -> None:
    echo = FakeEcho()
    measure(echo)
    (asked,) = echo.asked
    assert (asked.host, asked.port, asked.interval) == ("responder.example", DEFAULT_PORT, 1.0)
    assert 59 < asked.seconds < 60


def test_a_good_line_has_times_no_loss_and_no_outage() -> None:
    reading = measure(FakeEcho())
    assert reading.result is Reason.OK
    assert values(reading, ROUND_TRIP) == [0.02] * 5
    assert (values(reading, LOSS), values(reading, JITTER), values(reading, OUT)) == ([0], [0], [0])
    assert values(reading, BYTES)[0] == 2 * 64 * values(reading, SENT)[0]


def test_counters_go_on_over_runs() -> None:
    first, third = (values(measure(FakeEcho(), runs=runs), SENT)[0] for runs in (1, 3))
    assert third == 3 * first


def test_a_line_that_was_cut_in_mid_run_tells_its_seconds() -> None:
    reading = measure(FakeEcho(lambda at: None if 20 <= at < 30 else 0.02))
    assert reading.result is Reason.OK
    assert values(reading, OUTAGE_SECONDS) == [10]


def test_silence_from_the_first_day_on_is_a_failure_but_no_outage() -> None:
    reading = measure(FakeEcho(key="another key, also long"))
    assert reading.result is Reason.NO_ANSWER
    assert values(reading, OUTAGE_SECONDS) == []
    assert "key" in reading.evidence[0]


def test_a_closed_port_is_refused() -> None:
    assert measure(FakeEcho(refused=True)).result is Reason.REFUSED


def test_a_run_that_found_no_name_keeps_what_was_counted() -> None:
    past = COLLECTOR.past()
    reading = Reading(Reason.DNS)
    assert COLLECTOR.compare(reading, past, 0.0) == (reading, past)
    with pytest.raises(ProbeError):
        measure(FakeEcho(problem=ProbeError(Reason.DNS, "no such name")))


def test_nothing_shows_the_key() -> None:
    assert KEY not in repr(measure(FakeEcho())) + repr(TARGET)


def test_it_takes_no_place_of_other_probes() -> None:
    assert COLLECTOR.schedule.lane is Lane.BACKGROUND
    assert COLLECTOR.schedule.timeout == COLLECTOR.schedule.every


GOOD = "responder: r:9818\nkey: sixteen letters!\n"
BAD = {
    GOOD.replace("sixteen letters!", "short"): "shorter than 16",
    GOOD + "interval: 100ms\n": "interval",
    GOOD + "patience: 60s\n": "patience",
}


def test_a_target_is_read_from_text() -> None:
    target = decode_text(GOOD + "interval: 5s\n", Target, "agent.yml").value
    assert (target.responder, target.interval) == (HostPort("r", 9818), 5.0)


@pytest.mark.parametrize(("text", "word"), BAD.items(), ids=BAD.values())
def test_a_target_that_cannot_be_is_refused(text: str, word: str) -> None:
    with pytest.raises(DecodeError, match=word):
        decode_text(text, Target, "agent.yml")
