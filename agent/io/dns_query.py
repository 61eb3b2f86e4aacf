"""One question to one name server: UDP, and TCP when the answer does not fit (RFC 1035)."""

import time
from ipaddress import ip_address

import dns.asyncquery
import dns.exception
import dns.message
import dns.rcode

from agent.io.connect import explain
from collectors.core import ProbeError, Reason
from collectors.core.ports import DnsAnswer
from collectors.core.values import HostPort

_PAYLOAD = 1232  # bytes that fit one packet everywhere (DNS flag day 2020)


async def query(server: HostPort, name: str, record: str, timeout: float) -> DnsAnswer:
    """`server` is an address. Raises ProbeError: NO_ANSWER (silence), BAD_ANSWER, REFUSED or UNREACHABLE."""
    question = _question(name, record)
    where, port = str(ip_address(server.host)), server.port or 53
    started = time.monotonic()
    try:
        answer, _ = await dns.asyncquery.udp_with_fallback(question, where, timeout, port, ignore_unexpected=True)
    except dns.exception.Timeout:
        raise ProbeError(Reason.NO_ANSWER, f"the name server {server} does not answer") from None
    except (dns.exception.DNSException, EOFError, ValueError) as error:
        message = f"the name server {server} answers with garbage: {str(error) or type(error).__name__}"
        raise ProbeError(Reason.BAD_ANSWER, message) from None
    except OSError as error:
        raise explain(error, f"name server {server}") from None
    return DnsAnswer(
        server=str(server),
        seconds=time.monotonic() - started,
        rcode=dns.rcode.to_text(answer.rcode()),
        answers=tuple(found.to_text() for section in answer.answer for found in section),
        authority=sum(len(section) for section in answer.authority),
        additional=sum(len(section) for section in answer.additional),
    )


def _question(name: str, record: str) -> dns.message.QueryMessage:
    try:
        return dns.message.make_query(name, record, use_edns=0, payload=_PAYLOAD)
    except (dns.exception.DNSException, UnicodeError) as error:
        raise ProbeError(Reason.DNS, f"{name!r} {record} cannot be asked for: {error}") from None
