"""The router of an office, seen from the centre: who answers counts, and what it says of its uptime."""

import pytest

from collectors.core import ProbeError, Reading, Reason
from collectors.core.decode import DecodeError, decode_text
from collectors.router import ANSWERS, COLLECTOR, RTT, UPTIME, Target
from tests.fakes.net import FakeNet
from tests.fakes.ports import FakePorts
from tests.fakes.snmp import FakeSnmp
from tests.fakes.time import run

HOST = "192.0.2.1"
UP = {"1.3.6.1.2.1.1.3.0": 123_400}  # hundredths of seconds


def look(pings: object, snmp: object = None, target: Target | None = None) -> Reading:
    ports = FakePorts(net=FakeNet(pings={} if pings is None else {HOST: pings}))  # type: ignore[dict-item]
    ports.snmp = FakeSnmp({} if snmp is None else {HOST: snmp})  # type: ignore[dict-item]
    return run(COLLECTOR.collect(target or Target(router=HOST, snmp=True), ports, 4.0))


def values(reading: Reading) -> dict[str, float]:
    return {sample.metric.name: sample.value for sample in reading.samples}


def test_one_echo_is_enough() -> None:
    reading = look((None, 0.012, None))
    assert reading.result is Reason.OK
    assert values(reading) == {ANSWERS.name: 1, RTT.name: 0.012}


def test_silence_is_a_zero_and_no_missing_figure() -> None:
    reading = look((None, None, None))
    assert reading.result is Reason.NO_ANSWER
    assert values(reading) == {ANSWERS.name: 0}


def test_who_answers_snmp_is_there_though_no_ping_is_answered() -> None:
    reading = look(None, UP)
    assert reading.result is Reason.OK
    assert values(reading) == {ANSWERS.name: 1, UPTIME.name: 1234}


@pytest.mark.parametrize("snmp", [ProbeError(Reason.DENIED, "wrong key"), {}, {"1.3.6.1.2.1.1.3.0": b"soon"}])
def test_a_router_that_says_nothing_of_its_uptime_is_there_all_the_same(snmp: object) -> None:
    assert values(look((0.01,), snmp)) == {ANSWERS.name: 1, RTT.name: 0.01}


def test_snmp_is_asked_only_where_the_target_says_so() -> None:
    ports = FakePorts(net=FakeNet(pings={HOST: (0.01,)}))
    ports.snmp = snmp = FakeSnmp({HOST: UP})
    target = Target(router=HOST)
    run(COLLECTOR.collect(target, ports, 4.0))
    assert not snmp.asked
    assert target.needs == frozenset()


def test_a_machine_that_may_not_ping_claims_nothing_about_the_router() -> None:
    with pytest.raises(ProbeError, match="may not"):
        look(ProbeError(Reason.PERMISSION, "this machine may not ping"), UP)


@pytest.mark.parametrize(
    ("written", "where"),
    [("count: 3", "router"), ("{router: r, count: 0}", "count"), ("{router: r, version: '3'}", "user")],
)
def test_a_target_that_cannot_be_asked_is_refused(written: str, where: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decode_text(written, Target, "agent.yml")
    assert where in str(caught.value)
