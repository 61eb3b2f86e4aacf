"""Name servers compared, IPv4 and IPv6 apart, and the figures of a burst of echoes."""

from typing import Any

import pytest

from collectors.core import ProbeError, Reading, Reason
from collectors.core.ports import Connection, DnsAnswer, Family
from collectors.core.values import HostPort
from collectors.service import COLLECTOR
from collectors.service.families import together
from collectors.service.icmp import jitter
from collectors.service.names import agree
from collectors.service.target import Kind, Target
from tests.fakes import time
from tests.fakes.net import REFUSED, FakeNet
from tests.fakes.ports import FakePorts

NAME = "portal.example"
SERVERS = (HostPort("10.0.0.1"), HostPort("10.0.0.2"))


def answer(*records: str, rcode: str = "NOERROR", seconds: float = 0.01) -> DnsAnswer:
    return DnsAnswer("10.0.0.1:53", seconds, rcode, records, 0, 0)


def values(reading: Reading) -> dict[str, float]:
    return {
        "/".join((sample.metric.name, *(value for _, value in sample.labels))): sample.value
        for sample in reading.samples
    }


def ask(*replies: DnsAnswer | ProbeError) -> Reading:
    answers = {(str(server), NAME, "A"): reply for server, reply in zip(SERVERS, replies, strict=True)}
    target = Target(kind=Kind.DNS, name=NAME, servers=SERVERS, second_opinion=False)
    return time.run(COLLECTOR.collect(target, FakePorts(net=FakeNet(answers=answers)), 5.0))


SILENT = ProbeError(Reason.NO_ANSWER, "silence")


@pytest.mark.parametrize(
    ("replies", "reason", "agreed"),
    [
        ((answer("1.1.1.1", "2.2.2.2"), answer("2.2.2.2", "1.1.1.1")), Reason.OK, 1),
        ((answer("1.1.1.1"), answer("2.2.2.2")), Reason.CONTENT, 0),
        ((answer("1.1.1.1"), answer(rcode="NXDOMAIN")), Reason.DNS, 0),
        ((answer("1.1.1.1"), answer(rcode="SERVFAIL")), Reason.ERROR, 0),
        ((answer("1.1.1.1"), SILENT), Reason.NO_ANSWER, 1),
        ((SILENT, SILENT), Reason.NO_ANSWER, 1),
    ],
)
def test_name_servers_have_to_answer_and_to_agree(
    replies: tuple[DnsAnswer | ProbeError, ...], reason: Reason, agreed: int
) -> None:
    reading = ask(*replies)
    assert (reading.result, values(reading)["probe_dns_servers_agree"]) == (reason, agreed)


def test_each_name_server_has_its_own_result() -> None:
    found = values(ask(answer("1.1.1.1"), answer(rcode="SERVFAIL")))
    assert found["probe_dns_server_result/10.0.0.1/ok"] == 1
    assert found["probe_dns_server_result/10.0.0.2/error"] == 1


def test_the_case_of_a_name_is_no_disagreement() -> None:
    assert agree([answer("Portal.Example."), answer("portal.example")])


class TwoFamilies(FakeNet):
    """Knows a connection per family."""

    def __init__(self, **families: Connection) -> None:
        super().__init__()
        self._families = families

    async def connect(self, host: str, port: int, timeout: float, *, family: Family = "any", **_: Any) -> Connection:
        return self._families[family]


def connect(ip4: Connection, ip6: Connection) -> Reading:
    target = Target(kind=Kind.TCP, host=NAME, port=443, family="both", second_opinion=False)
    return time.run(COLLECTOR.collect(target, FakePorts(net=TwoFamilies(ip4=ip4, ip6=ip6)), 5.0))


OPEN4, OPEN6 = Connection({"connect": 0.1}, "10.0.0.1"), Connection({"connect": 0.2}, "2001:db8::1")
CLOSED4, CLOSED6 = (Connection({"connect": 0.0}, address, failure=REFUSED) for address in ("10.0.0.1", "2001:db8::1"))


def test_both_versions_of_ip_have_to_work_and_each_has_its_result() -> None:
    reading = connect(OPEN4, CLOSED6)
    found = values(reading)
    assert reading.result is Reason.REFUSED
    assert (found["probe_family_result/ip4/ok"], found["probe_family_result/ip6/refused"]) == (1, 1)
    assert found["probe_family_duration_seconds/ip4"] == 0.1
    assert any(line.startswith("IPv4: connected to 10.0.0.1") for line in reading.evidence)
    assert any(line.startswith("IPv6: ") and "refused" in line for line in reading.evidence)


def test_the_worse_version_stands() -> None:
    assert connect(OPEN4, OPEN6).result is Reason.OK
    assert connect(CLOSED4, OPEN6).result is Reason.REFUSED
    ok, slow, error = Reading(Reason.OK), Reading(Reason.SLOW), Reading(Reason.ERROR)
    assert together(ok, slow).result is Reason.SLOW
    assert together(slow, error).result is Reason.ERROR
    assert together(error, ok).result is Reason.ERROR


def test_why_the_worse_version_fails_is_the_last_line() -> None:
    error, ok = Reading(Reason.ERROR, evidence=("status 500",)), Reading(Reason.OK, evidence=("5 bytes",))
    assert together(error, ok).evidence[-1] == "IPv4: status 500"
    assert together(ok, error).evidence[-1] == "IPv6: status 500"


@pytest.mark.parametrize(
    ("times", "uneven"),
    [
        ((), None),
        ((0.01,), None),
        ((0.01, None, 0.02), None),
        ((0.01, 0.01), 0.0),
        ((0.01, 0.03, 0.02), 0.015),
        ((0.01, 0.03, None, 0.5), 0.02),
    ],
)
def test_jitter_is_between_neighbours_that_both_came_back(
    times: tuple[float | None, ...], uneven: float | None
) -> None:
    assert jitter(times) == pytest.approx(uneven)


def test_a_burst_shows_its_loss() -> None:
    net = FakeNet(pings={NAME: (0.01, None, 0.03, None)})
    target = Target(kind=Kind.ICMP, host=NAME, count=4)
    found = values(time.run(COLLECTOR.collect(target, FakePorts(net=net), 2.0)))
    assert found["probe_icmp_loss_ratio"] == 0.5
    assert (found["probe_icmp_rtt_seconds/min"], found["probe_icmp_rtt_seconds/max"]) == (0.01, 0.03)
    assert "probe_icmp_jitter_seconds" not in found
