"""A host name that fails to resolve is told in the same way by every kind of the service collector that has one."""

import dns.rcode
import pytest

from agent.io.clock import MachineClock
from agent.io.dial import Dialer
from agent.io.http import HttpAdapter
from agent.io.net import NetAdapter
from agent.io.resolver import Resolver
from collectors.core import Reading, Reason
from collectors.core.values import HostPort, Url
from collectors.service import COLLECTOR
from collectors.service.target import Kind, Target
from tests.fakes.ports import FakePorts
from tests.servers.names import Answer, failing, holding, name_server, nxdomain, silent

HOST = "portal.example"
TARGETS = {
    Kind.HTTP: Target(url=Url(f"http://{HOST}/")),
    Kind.TCP: Target(kind=Kind.TCP, host=HOST, port=80),
    Kind.CRL: Target(kind=Kind.CRL, url=Url(f"http://{HOST}/list.crl")),
    **{
        kind: Target(kind=kind, host=HOST)
        for kind in (Kind.TLS, Kind.ICMP, Kind.NTP, Kind.SMTP, Kind.IMAP, Kind.SSH)
    },
}  # fmt: skip
FAILURES = {
    "nxdomain": nxdomain,
    "servfail": failing(dns.rcode.SERVFAIL),
    "timeout": silent,
    "no_address": holding(),
}


async def probe(target: Target, answer: Answer) -> Reading:
    async with name_server(answer) as port:
        dialer = Dialer(Resolver([HostPort("127.0.0.1", port)]))
        ports = FakePorts(clock=MachineClock(), http=HttpAdapter("test", dialer), net=NetAdapter(dialer))
        return await COLLECTOR.collect(target, ports, 0.4)


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("kind", TARGETS)
async def test_how_a_name_failed_is_told_apart(kind: Kind, failure: str) -> None:
    reading = await probe(TARGETS[kind], FAILURES[failure])
    assert reading.result is Reason.DNS, reading.evidence
    told = [dict(sample.labels) for sample in reading.samples if sample.metric.name == "probe_name_failure"]
    assert told == [{"failure": failure}]
