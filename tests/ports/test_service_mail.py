"""Mail servers and their STARTTLS through the real ports, on loopback."""

import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agent.io.ports import MachinePorts
from collectors.core import Reading, Reason
from collectors.service import COLLECTOR
from collectors.service.target import Kind, Target
from tests.servers.certificates import Certificates
from tests.servers.tcp import Behaviour, listening, silence

PLENTY = 20.0


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path)


@pytest.fixture
async def ports() -> AsyncIterator[MachinePorts]:
    async with MachinePorts("communewatch/test") as ports:
        await ports.prepare(COLLECTOR.needs)
        yield ports


async def probe(ports: MachinePorts, **fields: Any) -> Reading:
    return await COLLECTOR.collect(Target(**fields), ports, PLENTY)


def mail_server(tls: ssl.SSLContext, greeting: bytes, *turns: tuple[bytes, bytes]) -> Behaviour:
    """Greets, expects each word in turn and gives its answer; after the last one TLS begins."""

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(greeting)
        for word, answer in turns:
            assert (await reader.readline()).startswith(word)
            writer.write(answer)
        await writer.start_tls(tls)
        await reader.read()

    return behave


SMTP_TURNS = (b"EHLO", b"250-mail.example\r\n250-SIZE 1000\r\n250 STARTTLS\r\n"), (b"STARTTLS", b"220 go\r\n")
IMAP_TURNS = ((b"t STARTTLS", b"* 1 EXISTS\r\nt OK begin\r\n"),)


@pytest.mark.parametrize(
    ("kind", "greeting", "turns"),
    [(Kind.SMTP, b"220 mail.example ESMTP\r\n", SMTP_TURNS), (Kind.IMAP, b"* OK ready\r\n", IMAP_TURNS)],
)
async def test_a_mail_server_secures_the_connection_when_it_is_asked_to(
    ports: MachinePorts, certificates: Certificates, kind: Kind, greeting: bytes, turns: tuple[tuple[bytes, bytes], ...]
) -> None:
    fields: dict[str, Any] = {"kind": kind, "host": "localhost", "family": "ip4", "starttls": True}
    async with listening(mail_server(certificates.good(), greeting, *turns)) as port:
        reading = await probe(ports, port=port, ca_file=certificates.ca_file, **fields)
        strict = await probe(ports, port=port, ca_file=certificates.ca_file, days_left=36500, **fields)
    assert reading.result is Reason.OK, reading.evidence
    assert [*reading.phases] == ["resolve", "connect", "talk", "tls"]
    assert "probe_ssl_earliest_cert_expiry" in {sample.metric.name for sample in reading.samples}
    assert strict.result is Reason.TLS
    async with listening(mail_server(certificates.expired(), greeting, *turns)) as port:
        reading = await probe(ports, port=port, ca_file=certificates.ca_file, **fields)
    assert (reading.result, reading.evidence[-1]) == (Reason.TLS, "the certificate has expired (phase tls)")


@pytest.mark.parametrize(
    ("kind", "said", "reason"),
    [
        (Kind.SMTP, (b"220 a\r\n", b"250 mail.example\r\n"), Reason.UNSUPPORTED),
        (Kind.SMTP, (b"220 a\r\n", b"250-STARTTLS\r\n250 OK\r\n", b"454 not now\r\n"), Reason.BUSY),
        (Kind.SMTP, (b"220 a\r\n", b"250 STARTTLS\r\n", b"250 what?\r\n"), Reason.ERROR),
        (Kind.SMTP, (b"220 a\r\n", b"250-offer\r\n" * 500), Reason.BAD_ANSWER),
        (Kind.SMTP, (b"554 no\r\n",), Reason.BUSY),
        (Kind.SMTP, (b"hello\r\n",), Reason.BAD_ANSWER),
        (Kind.IMAP, (b"* OK a\r\n", b"t BAD what?\r\n"), Reason.UNSUPPORTED),
        (Kind.IMAP, (b"* BYE a\r\n",), Reason.BUSY),
    ],
)
async def test_a_mail_server_that_does_not_secure_the_connection_is_told_so(
    ports: MachinePorts, kind: Kind, said: tuple[bytes, ...], reason: Reason
) -> None:
    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        for line in said:
            writer.write(line)
            await reader.readline()
        await silence()

    async with listening(behave) as port:
        reading = await probe(ports, kind=kind, host="127.0.0.1", port=port, starttls=True, second_opinion=False)
    assert reading.result is reason, reading.evidence
