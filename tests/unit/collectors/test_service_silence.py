"""Datagrams that nobody answers: the time is that of the phase which waited for them."""

from typing import Any

import pytest

from collectors.core import ProbeError, Reading, Reason
from collectors.core.ports import DnsAnswer
from collectors.core.values import HostPort
from collectors.service import COLLECTOR
from collectors.service.target import Kind, Target
from tests.fakes import time
from tests.fakes.net import FakeNet
from tests.fakes.ports import FakePorts

NAME = "portal.example"
HERE, THERE = HostPort("10.0.0.1"), HostPort("10.0.0.2")
NAMELESS = ProbeError(Reason.DNS, "the name does not exist")


def probe(net: FakeNet, **fields: Any) -> Reading:
    target = Target(second_opinion=False, **fields)
    return time.run(COLLECTOR.collect(target, FakePorts(net=net), 4.0))


@pytest.mark.parametrize(
    ("fields", "phase"),
    [
        ({"kind": Kind.DNS, "name": NAME}, "request"),
        ({"kind": Kind.DNS, "name": NAME, "servers": (HERE, THERE)}, "request"),
        ({"kind": Kind.NTP, "host": NAME}, "request"),
        ({"kind": Kind.ICMP, "host": NAME}, "rtt"),
    ],
)
def test_silence_takes_the_time_of_the_phase_that_waited(fields: dict[str, Any], phase: str) -> None:
    reading = probe(FakeNet(), **fields)
    assert reading.result is Reason.NO_ANSWER
    assert max(reading.phases, key=lambda name: reading.phases[name]) == phase
    assert sum(reading.phases.values()) == pytest.approx(4.0)


def test_one_silent_name_server_beside_a_quick_one_takes_the_time() -> None:
    quick = DnsAnswer("10.0.0.1:53", 0.003, "NOERROR", ("192.0.2.1",), 0, 0)
    net = FakeNet(answers={(str(HERE), NAME, "A"): quick})
    reading = probe(net, kind=Kind.DNS, name=NAME, servers=(HERE, THERE))
    assert reading.result is Reason.NO_ANSWER
    assert reading.phases == {"request": pytest.approx(4.0)}


def test_a_name_that_is_not_found_is_charged_to_its_search() -> None:
    reading = probe(FakeNet(pings={NAME: NAMELESS}), kind=Kind.ICMP, host=NAME)
    assert (reading.result, list(reading.phases)) == (Reason.DNS, ["resolve"])


def test_an_alias_that_leads_to_no_record_is_not_the_record() -> None:
    dangling = DnsAnswer("10.0.0.1:53", 0.003, "NOERROR", ("elsewhere.example.",), 1, 0, aliases=1)
    reading = probe(FakeNet(answers={("", NAME, "A"): dangling}), kind=Kind.DNS, name=NAME)
    assert (reading.result, reading.evidence[-1]) == (
        Reason.CONTENT,
        "the name is an alias (CNAME) of one that has no A record",
    )
