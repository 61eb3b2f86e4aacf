"""The service collector declares what it fills, and fills what it declares."""

from collections.abc import Iterator

from collectors.core import Sample
from collectors.core.ports import DnsAnswer
from collectors.core.values import HostPort, Url
from collectors.service import COLLECTOR, metrics
from collectors.service.target import Kind, Target
from tests.fakes import time
from tests.fakes.http import FakeHttp, Page
from tests.fakes.net import FakeNet
from tests.fakes.ports import FakePorts
from tests.servers.ntp import time_server

PAGE = Page(headers=(("Last-Modified", "Tue, 15 Nov 1994 12:45:26 GMT"),))
ANSWER = DnsAnswer("10.0.0.53:53", 0.03, "NOERROR", ("10.0.0.1",), 0, 0)
# Filled by what has tests of its own: the agent's memory, and answers that are signed.
ELSEWHERE = {
    metrics.USUAL,
    metrics.OCSP_STATUS,
    metrics.STAPLED,
    metrics.NEXT_UPDATE,
    metrics.THIS_UPDATE,
    metrics.REVOKED,
    metrics.TIMESTAMP_OFFSET,
}


def samples() -> Iterator[Sample]:
    ports = FakePorts(
        http=FakeHttp({"https://portal.example/": PAGE}),
        net=FakeNet(
            pings={"10.0.0.1": (0.01, 0.02)},
            answers={("", "portal.example", "A"): ANSWER, ("10.0.0.53", "portal.example", "A"): ANSWER},
            datagrams={("10.0.0.1", 123): time_server()},
        ),
    )
    targets = (
        Target(url=Url("https://portal.example/")),
        Target(url=Url("https://portal.example/"), conditional=True),
        Target(url=Url("https://nowhere.example/")),
        Target(kind=Kind.ICMP, host="10.0.0.1"),
        Target(kind=Kind.DNS, name="portal.example"),
        Target(kind=Kind.DNS, name="portal.example", servers=(HostPort("10.0.0.53"),)),
        Target(kind=Kind.NTP, host="10.0.0.1", family="both"),
    )
    for target in targets:
        yield from time.run(COLLECTOR.collect(target, ports, 10.0)).samples


def test_every_declared_metric_is_filled_and_no_other() -> None:
    assert {sample.metric for sample in samples()} == set(COLLECTOR.metrics) - ELSEWHERE


def test_the_names_are_blackbox_exporters_or_follow_them() -> None:
    assert {metric.borrowed for metric in COLLECTOR.metrics} == {"blackbox_exporter", ""}
    assert all(metric.name.startswith("probe_") for metric in COLLECTOR.metrics)
