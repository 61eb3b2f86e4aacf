"""The kinds tcp, tls, dns and icmp of the service collector over a fake port, in virtual time."""

from typing import Any

import pytest

from collectors.core import ProbeError, Reading, Reason
from collectors.core.ports import Connection, DnsAnswer, Failure
from collectors.core.values import Duration, HostPort
from collectors.service import COLLECTOR
from collectors.service.target import Kind, Target
from tests.fakes import time
from tests.fakes.http import EXPIRED_CERTIFICATE, GOOD_CERTIFICATE
from tests.fakes.net import FakeNet
from tests.fakes.ports import FakePorts

HOST = "mail.example"
OPEN = Connection({"resolve": 0.25, "connect": 0.5}, "2001:db8::1")


def probe(net: FakeNet, timeout: float = 10.0, **fields: Any) -> Reading:
    async def run() -> Reading:
        return await COLLECTOR.collect(Target(**fields), FakePorts(net=net), timeout)

    return time.run(run())


def values(reading: Reading) -> dict[str, float]:
    return {
        "/".join((sample.metric.name, *(value for _, value in sample.labels))): sample.value
        for sample in reading.samples
        if not sample.metric.name.startswith(("probe_attempts", "probe_first_result"))
    }


def test_an_open_port_is_fine() -> None:
    reading = probe(FakeNet({(HOST, 25): OPEN}), kind=Kind.TCP, host=HOST, port=25)
    assert (reading.result, dict(reading.phases)) == (Reason.OK, {"resolve": 0.25, "connect": 0.5})
    assert values(reading) == {"probe_dns_lookup_time_seconds": 0.25, "probe_ip_protocol": 6}


def test_a_closed_port_says_why() -> None:
    reading = probe(FakeNet(), kind=Kind.TCP, host=HOST, port=25)
    assert reading.result is Reason.REFUSED
    assert "refused" in reading.evidence[-1]


def test_a_connection_over_the_budget_is_slow() -> None:
    net = FakeNet({(HOST, 25): OPEN})
    assert probe(net, kind=Kind.TCP, host=HOST, port=25, budget=Duration(0.7)).result is Reason.SLOW


def test_tls_asks_for_the_right_name_and_port() -> None:
    net = FakeNet()
    probe(net, kind=Kind.TLS, host=HOST, server_name="portal.example", ca_file="/lab.pem")
    assert set(net.asked) == {("connect", (HOST, 443, True, "portal.example", "/lab.pem"))}


def test_tls_shows_when_the_certificate_expires() -> None:
    secure = Connection({"tls": 0.1}, "10.0.0.1", GOOD_CERTIFICATE)
    found = values(probe(FakeNet({(HOST, 443): secure}), kind=Kind.TLS, host=HOST))
    assert found["probe_ssl_earliest_cert_expiry"] == GOOD_CERTIFICATE.earliest_expiry
    assert found["probe_tls_version_info/TLS 1.3"] == 1


def test_tls_shows_an_expired_certificate_and_fails() -> None:
    failure = Failure(Reason.TLS, "tls", EXPIRED_CERTIFICATE.problem)
    expired = Connection({"tls": 0.1}, "10.0.0.1", EXPIRED_CERTIFICATE, failure)
    reading = probe(FakeNet({(HOST, 443): expired}), kind=Kind.TLS, host=HOST)
    assert reading.result is Reason.TLS
    assert values(reading)["probe_ssl_earliest_cert_expiry"] == EXPIRED_CERTIFICATE.earliest_expiry


def test_the_time_of_a_burst_of_echoes_is_its_median() -> None:
    reading = probe(FakeNet(pings={HOST: (0.010, 0.500, 0.020)}), kind=Kind.ICMP, host=HOST)
    assert reading.result is Reason.OK
    assert values(reading) == {
        "probe_dns_lookup_time_seconds": 0,
        "probe_ip_protocol": 4,
        "probe_icmp_duration_seconds/resolve": 0,
        "probe_icmp_duration_seconds/setup": 0,
        "probe_icmp_duration_seconds/rtt": 0.020,
        "probe_icmp_reply_hop_limit": 64,
        "probe_icmp_loss_ratio": 0,
        "probe_icmp_rtt_seconds/min": 0.010,
        "probe_icmp_rtt_seconds/median": 0.020,
        "probe_icmp_rtt_seconds/max": 0.500,
        "probe_icmp_jitter_seconds": pytest.approx(0.485),
    }


def test_one_reply_is_enough_and_the_loss_is_told() -> None:
    reading = probe(FakeNet(pings={HOST: (None, 0.020, None)}), kind=Kind.ICMP, host=HOST)
    assert reading.result is Reason.OK
    assert "1 of 3 echoes came back" in reading.evidence


def test_no_reply_is_no_answer_and_has_no_round_trip_time() -> None:
    reading = probe(FakeNet(), kind=Kind.ICMP, host=HOST, count=2)
    assert reading.result is Reason.NO_ANSWER
    assert "probe_icmp_duration_seconds/rtt" not in values(reading)


@pytest.mark.parametrize("count", [1, 20])
def test_the_echoes_fit_into_the_timeout(count: int) -> None:
    net = FakeNet(pings={HOST: (0.01,) * 20})
    started = 1000.0

    async def run() -> float:
        ports = FakePorts(net=net)
        await COLLECTOR.collect(Target(kind=Kind.ICMP, host=HOST, count=count), ports, 2.0)
        return ports.clock.monotonic() - started

    assert time.run(run()) < 2.0


def test_a_missing_right_is_told() -> None:
    net = FakeNet(pings={HOST: ProbeError(Reason.PERMISSION, "may not")})
    reading = probe(net, kind=Kind.ICMP, host=HOST)
    assert (reading.result, reading.evidence) == (Reason.PERMISSION, ("may not",))


def test_a_name_servers_answer_is_counted() -> None:
    answer = DnsAnswer("10.0.0.53:53", 0.03, "NOERROR", ("10.0.0.1", "10.0.0.2"), 1, 2)
    net = FakeNet(answers={("10.0.0.53", HOST, "A"): answer})
    reading = probe(net, kind=Kind.DNS, name=HOST, server=HostPort("10.0.0.53"))
    assert reading.result is Reason.OK
    assert values(reading) == {
        "probe_dns_query_succeeded": 1,
        "probe_dns_duration_seconds/request": 0.03,
        "probe_dns_answer_rrs": 2,
        "probe_dns_authority_rrs": 1,
        "probe_dns_additional_rrs": 2,
    }


def test_a_silent_name_server_did_not_answer() -> None:
    reading = probe(FakeNet(), kind=Kind.DNS, name=HOST)
    assert (reading.result, values(reading)) == (Reason.NO_ANSWER, {"probe_dns_query_succeeded": 0})
