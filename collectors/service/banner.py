"""The kinds smtp, imap and ssh: who answers says so by itself, and goes by its protocol's rules."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from collectors.core import Ports, ProbeError, Reading, Reason
from collectors.core.ports import Script
from collectors.messages.said import Said
from collectors.service import metrics
from collectors.service.evidence import of_failure, of_tls
from collectors.service.secure import judge_tls
from collectors.service.starttls import CONVERSATIONS, Reply
from collectors.service.target import Kind, Target
from collectors.service.verdict import Verdict, judge_time

_SHOWN = 60
_MOST = 4_096  # bytes of a conversation


@dataclass(frozen=True, slots=True)
class _Protocol:
    """The last line of a greeting that is complete, those that are right and those that say no, and how one leaves."""

    port: int
    last: re.Pattern[bytes]
    right: re.Pattern[bytes]
    refusal: re.Pattern[bytes]
    goodbye: bytes


def _lines(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.MULTILINE)


_PROTOCOLS: Mapping[Kind, _Protocol] = {
    # RFC 5321, section 4.2: a line of a longer answer has "-" behind its code; another kind of line ends the waiting
    Kind.SMTP: _Protocol(
        25, _lines(rb"^(\d{3} |(?!\d{3}-)).*\n"), _lines(rb"^220"), _lines(rb"^[45]\d\d"), b"QUIT\r\n"
    ),
    # RFC 9051, section 7.1
    Kind.IMAP: _Protocol(
        143, _lines(rb"\A.*\n"), re.compile(rb"(?i)\* (OK|PREAUTH)\b"), re.compile(rb"(?i)\* BYE\b"), b"a LOGOUT\r\n"
    ),
    # RFC 4253, section 4.2: other lines may come before; closing is all the goodbye there is
    Kind.SSH: _Protocol(
        22,
        _lines(rb"^SSH-.*\n"),
        _lines(rb"^SSH-(2\.0|1\.99)-"),
        _lines(rb"^(Exceeded MaxStartups|Not allowed at this time)"),
        b"",
    ),
}


async def probe_banner(target: Target, ports: Ports, timeout: float) -> Reading:
    """Whether a server introduces itself as it should."""
    protocol = _PROTOCOLS[target.kind]
    script = Script(_reply(target, protocol), protocol.goodbye, _MOST, secure=target.starttls)
    found = await ports.net.talk(
        target.host,
        target.port or protocol.port,
        timeout,
        script,
        family=target.one_family,
        server_name=target.server_name,
        ca_file=target.ca_file,
    )
    connection = found.connection
    verdict = judge_banner(target, found.data)
    if connection.failure and verdict.reason is not Reason.BUSY:
        verdict = Verdict(connection.failure.reason, of_failure(connection.failure))
    verdict = judge_time(verdict, target, sum(connection.phases.values()))
    verdict = judge_tls(verdict, target, connection.tls, ports.clock.now())
    samples = (
        *metrics.of_address(connection.address, connection.phases.get("resolve")),
        *metrics.of_tls(connection.tls),
        *metrics.of_failure(connection.failure),
    )
    heard = f"{len(found.data)} bytes of greeting from {connection.address or target.host}"
    evidence = (heard, *of_tls(connection.tls, failed=connection.failure is not None), verdict.why)
    return Reading(verdict.reason, samples, connection.phases, tuple(filter(None, evidence)))


def _reply(target: Target, protocol: _Protocol) -> Reply:
    """Listen to the greeting; where that is right and TLS is wanted, go on until it begins."""
    onward = CONVERSATIONS[target.kind]() if target.starttls else None

    def answer(heard: bytes) -> bytes | None:
        if not protocol.last.search(heard):
            return b""
        if onward is None:
            return None
        verdict = judge_banner(target, heard)
        if not verdict.reason.success:
            raise ProbeError(verdict.reason, verdict.why)
        return onward(heard)

    def reply(heard: bytes) -> bytes | None:
        words = answer(heard)
        if words is not None and len(heard) >= _MOST:
            raise ProbeError(Reason.BAD_ANSWER, Said("banner.endless", most=_MOST))
        return words

    return reply


def judge_banner(target: Target, data: bytes) -> Verdict:
    """What a greeting means. Of it only what is not this protocol at all is shown."""
    protocol = _PROTOCOLS[target.kind]
    if protocol.refusal.search(data):
        return Verdict(Reason.BUSY, Said("banner.busy", kind=target.kind))
    if not protocol.right.search(data):
        begin = data[:_SHOWN].decode("ascii", "backslashreplace").partition("\r")[0]
        return Verdict(Reason.BAD_ANSWER, Said("banner.other", kind=target.kind, begin=repr(begin)))
    if target.banner_matches and not target.banner_matches.matches(data.decode("utf-8", "replace")):
        return Verdict(Reason.CONTENT, Said("banner.unmatched", pattern=repr(str(target.banner_matches))), True)
    return Verdict(Reason.OK)
