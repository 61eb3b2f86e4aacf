"""What servers say first: right, refusing, another protocol."""

import pytest

from collectors.core import Reading, Reason
from collectors.service import COLLECTOR
from collectors.service.banner import judge_banner
from collectors.service.target import Kind, Regexp, Target
from tests.fakes import time
from tests.fakes.net import FakeNet, once
from tests.fakes.ports import FakePorts

HOST = "mail.example"
PORTS = {Kind.SMTP: 25, Kind.IMAP: 143, Kind.SSH: 22}


def probe(kind: Kind, said: bytes | None, pattern: str | None = None) -> tuple[Reading, FakeNet]:
    net = FakeNet(talks={} if said is None else {(HOST, PORTS[kind]): once(said)})
    wanted = Regexp.parse(pattern) if pattern else None
    target = Target(kind=kind, host=HOST, banner_matches=wanted, second_opinion=False)
    return time.run(COLLECTOR.collect(target, FakePorts(net=net), 10.0)), net


@pytest.mark.parametrize(
    ("kind", "said", "reason"),
    [
        (Kind.SMTP, b"220 mail.example ESMTP\r\n", Reason.OK),
        (Kind.SMTP, b"220-mail.example\r\n220 ready\r\n", Reason.OK),
        (Kind.SMTP, b"220-mail.example\r\n", Reason.FROZEN),
        (Kind.SMTP, b"220-mail.example\r\n" * 1000, Reason.BAD_ANSWER),
        (Kind.SMTP, b"421 too many connections\r\n", Reason.BUSY),
        (Kind.SMTP, b"554 no\r\n", Reason.BUSY),
        (Kind.SMTP, b"SSH-2.0-x\r\n", Reason.BAD_ANSWER),
        (Kind.SMTP, b"22", Reason.FROZEN),
        (Kind.IMAP, b"* OK [CAPABILITY IMAP4rev1] ready\r\n", Reason.OK),
        (Kind.IMAP, b"* PREAUTH ready\r\n", Reason.OK),
        (Kind.IMAP, b"* ok ready\r\n", Reason.OK),
        (Kind.IMAP, b"* BYE overloaded\r\n", Reason.BUSY),
        (Kind.IMAP, b"220 mail\r\n", Reason.BAD_ANSWER),
        (Kind.SSH, b"SSH-2.0-OpenSSH_9.2\r\n", Reason.OK),
        (Kind.SSH, b"welcome\r\nSSH-1.99-x\r\n", Reason.OK),
        (Kind.SSH, b"Exceeded MaxStartups\r\n", Reason.BUSY),
        (Kind.SSH, b"Not allowed at this time\r\n", Reason.BUSY),
        (Kind.SSH, b"SSH-1.5-old\r\n", Reason.BAD_ANSWER),
        (Kind.SSH, b"welcome\r\n", Reason.FROZEN),
        (Kind.SSH, b"welcome\r\n" * 1000, Reason.BAD_ANSWER),
        (Kind.SSH, b"", Reason.FROZEN),
        (Kind.SSH, None, Reason.REFUSED),
    ],
)
def test_a_greeting_has_its_reason(kind: Kind, said: bytes | None, reason: Reason) -> None:
    assert probe(kind, said)[0].result is reason


def test_a_greeting_can_be_held_against_a_pattern_and_is_not_shown() -> None:
    assert probe(Kind.SSH, b"SSH-2.0-OpenSSH_9.2\r\n", "OpenSSH")[0].result is Reason.OK
    reading, _ = probe(Kind.SSH, b"SSH-2.0-secret\r\n", "OpenSSH")
    assert reading.result is Reason.CONTENT
    assert not any("secret" in line for line in reading.evidence)


def test_one_leaves_a_mail_server_politely() -> None:
    assert probe(Kind.SMTP, b"220 mail\r\n")[1].asked == [("talk", (HOST, 25, b"QUIT\r\n"))]


def test_any_bytes_get_a_verdict() -> None:
    for said in (b"\x00\xff" * 100, b"\n" * 1000, "Xin chào\r\n".encode()):
        for kind in PORTS:
            assert judge_banner(Target(kind=kind, host=HOST), said).reason is Reason.BAD_ANSWER
