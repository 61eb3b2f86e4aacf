"""The kind ntp: how far a time server and this machine's clock are apart (RFC 5905, as a client)."""

import secrets
import struct
from dataclasses import dataclass

from collectors.core import Ports, ProbeError, Reading, Reason
from collectors.core.ports import Datagram
from collectors.messages.said import Said
from collectors.service import metrics
from collectors.service.evidence import of_error, waiting
from collectors.service.target import Target
from collectors.service.verdict import Verdict, judge_time

_PORT = 123
_PACKET = struct.Struct("!BBbbII4sQQQQ")  # figure 8: ... reference id, reference, origin, receive, transmit
_CLIENT = 0x23  # no warning, version 4, mode 3
_SERVER_MODE = 4
_UNSYNCHRONISED = 3
_FURTHEST = 15
_UNIX = 2_208_988_800  # seconds from 1900 to 1970
_ERA = 2**32


@dataclass(frozen=True, slots=True)
class Comparison:
    """offset: seconds that the server is ahead of this machine; delay: of the way there and back."""

    offset: float
    delay: float
    stratum: int


async def probe_ntp(target: Target, ports: Ports, timeout: float) -> Reading:
    """Whether a time server answers with a time that can be trusted, and how far this clock is from it."""
    cookie = secrets.randbits(64)  # instead of our time, which is nobody's business: whoever answers has seen it
    request = _PACKET.pack(_CLIENT, 0, 0, 0, 0, 0, b"", 0, 0, 0, cookie)
    port = target.port or _PORT
    begun = ports.clock.monotonic()
    try:
        answer = await ports.net.datagram(target.host, port, request, timeout, family=target.one_family)
        found = read(answer, cookie)
    except ProbeError as error:
        return of_error(error, waiting(error, ports.clock.monotonic() - begun))
    verdict = judge_time(judge_offset(target, found), target, answer.seconds)
    samples = (
        *metrics.of_address(answer.address, answer.resolve_seconds),
        metrics.NTP_OFFSET(found.offset),
        metrics.NTP_DELAY(found.delay),
        metrics.NTP_STRATUM(found.stratum),
    )
    evidence = (f"{answer.address}: {found.offset:+.4f} s, stratum {found.stratum}", verdict.why)
    phases = {"resolve": answer.resolve_seconds, "request": answer.seconds}
    return Reading(verdict.reason, samples, phases, tuple(filter(None, evidence)))


def judge_offset(target: Target, found: Comparison) -> Verdict:
    """Too far apart is wrong content: one of the two clocks is not right."""
    if target.max_offset is not None and abs(found.offset) > target.max_offset:
        return Verdict(Reason.CONTENT, Said("clock.apart", seconds=abs(found.offset), most=target.max_offset))
    return Verdict(Reason.OK)


def read(answer: Datagram, cookie: int) -> Comparison:
    """Raises ProbeError: BAD_ANSWER, ERROR (the server knows no time), BLOCKED (it asks us to stay away)."""
    if len(answer.data) < _PACKET.size:
        raise ProbeError(Reason.BAD_ANSWER, Said("clock.short", size=len(answer.data)))
    head, stratum, _, _, _, _, code, _, origin, receive, transmit = _PACKET.unpack_from(answer.data)
    if head & 7 != _SERVER_MODE or origin != cookie:
        raise ProbeError(Reason.BAD_ANSWER, Said("clock.other"))
    if stratum == 0:
        word = code.decode("ascii", "backslashreplace").rstrip("\0")
        reason = Reason.BLOCKED if word in ("DENY", "RSTR", "RATE") else Reason.ERROR
        raise ProbeError(reason, Said("clock.refused", word=word))  # section 7.4
    if head >> 6 == _UNSYNCHRONISED or stratum > _FURTHEST or not transmit:
        raise ProbeError(Reason.ERROR, Said("clock.none"))
    sent = answer.received - answer.seconds
    came, left = unix(receive, answer.received), unix(transmit, answer.received)
    offset = ((came - sent) + (left - answer.received)) / 2
    return Comparison(offset, max(0.0, answer.seconds - (left - came)), stratum)


def unix(timestamp: int, near: float) -> float:
    """An NTP timestamp (32.32 bits) as Unix time, in the era that is nearest to `near`: the first ends in 2036."""
    seconds = timestamp / _ERA - _UNIX
    return seconds + round((near - seconds) / _ERA) * _ERA
