"""What a stapled OCSP answer is worth, and that it spoils no verdict but its own."""

from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import ocsp

from collectors.core import ProbeError, Reading, Reason
from collectors.core.ports import Connection, Staple
from collectors.core.values import Url
from collectors.service import COLLECTOR
from collectors.service.target import Kind, Target
from tests.fakes import time
from tests.fakes.http import FakeHttp, Page
from tests.fakes.net import FakeNet
from tests.fakes.ports import FakePorts
from tests.fakes.time import FakeClock
from tests.servers.authorities import DAY, NOW, Holder, House

HOST = "portal.example"
URL = f"https://{HOST}/"


@cache
def house() -> House:
    return House.build()


def der(holder: Holder) -> bytes:
    return holder.certificate.public_bytes(serialization.Encoding.DER)


def sent(answer: bytes | None, *, chain: bool = True) -> Staple:
    certificates = (der(house().leaf), der(house().authority))
    return Staple(certificates if chain else certificates[:1], answer)


def probe(staple: Staple | ProbeError, kind: Kind = Kind.HTTP, page: Page | None = None) -> tuple[Reading, FakeNet]:
    connection = Connection({"resolve": 0.0, "connect": 0.0, "tls": 0.0}, "192.0.2.1")
    net = FakeNet(staples={(HOST, 443): staple}, connections={(HOST, 443): connection})
    ports = FakePorts(http=FakeHttp({URL: page or Page()}), net=net)
    place: dict[str, Any] = {"url": Url(URL)} if kind is Kind.HTTP else {"host": HOST}
    target = Target(kind=kind, staple=True, second_opinion=False, **place)

    async def run() -> Reading:
        ports.clock = FakeClock(NOW.timestamp() - FakeClock().monotonic())
        return await COLLECTOR.collect(target, ports, 10.0)

    return time.run(run()), net


def values(reading: Reading) -> dict[str, float]:
    return {sample.metric.name: sample.value for sample in reading.samples}


@pytest.mark.parametrize("kind", [Kind.HTTP, Kind.TLS])
def test_a_good_stapled_answer_is_right(kind: Kind) -> None:
    reading, net = probe(sent(house().says()), kind)
    assert reading.result is Reason.OK, reading.evidence
    assert (values(reading)["probe_tls_stapled"], values(reading)["probe_ocsp_certificate_status"]) == (1, 1)
    assert ("staple", (HOST, 443, HOST)) in net.asked


@pytest.mark.parametrize("kind", [Kind.HTTP, Kind.TLS])
@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda: sent(None), "staples no OCSP answer"),
        (lambda: sent(house().says(status=ocsp.OCSPCertStatus.REVOKED)), "stapled: the responder says"),
        (lambda: sent(house().says(until=NOW - DAY / 2)), "stapled: the answer ended at"),
        (lambda: sent(house().says(signer=house().leaf)), "stapled: the answer is signed by somebody"),
        (lambda: sent(house().says(about=house().stamper)), "stapled: the answer is about another certificate"),
        (lambda: sent(b"nonsense"), "stapled: the answer is not an OCSP answer"),
        (lambda: sent(house().says(), chain=False), "does not send the issuer"),
    ],
)
def test_what_is_wrong_with_a_stapled_answer_is_a_matter_of_tls(kind: Kind, answer: Any, why: str) -> None:
    reading, _ = probe(answer(), kind)
    assert reading.result is Reason.TLS
    assert why in reading.evidence[-1]


def test_where_it_cannot_be_seen_that_is_said() -> None:
    reading, _ = probe(ProbeError(Reason.UNSUPPORTED, "TLS 1.3 only"))
    assert (reading.result, reading.evidence[-1]) == (Reason.UNSUPPORTED, "stapled answer: TLS 1.3 only")
    assert "probe_tls_stapled" not in values(reading)


def test_a_service_that_does_not_work_is_not_asked_for_it() -> None:
    reading, net = probe(sent(None), page=Page(500))
    assert (reading.result, net.asked) == (Reason.ERROR, [])
