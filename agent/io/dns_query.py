"""One question to one name server: UDP, and TCP when the answer does not fit (RFC 1035)."""

import asyncio
import socket
import time
from ipaddress import ip_address

import dns.asyncquery
import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from agent.io.address import IP, family_of, socket_address
from agent.io.connect import explain
from collectors.core import ProbeError, Reason
from collectors.core.ports import DnsAnswer
from collectors.core.values import HostPort
from collectors.messages.said import Said

_PAYLOAD = 1232  # bytes that fit one packet everywhere (DNS flag day 2020)
_MOST = 65_535
_UNREADABLE = (dns.exception.DNSException, EOFError, ValueError)


async def query(server: HostPort, name: str, record: str, timeout: float) -> DnsAnswer:
    """`server` is an address. Raises ProbeError: NO_ANSWER (silence), BAD_ANSWER, REFUSED or UNREACHABLE."""
    question, ip, port = _question(name, record), ip_address(server.host), server.port or 53
    strays: list[str] = []
    started = time.monotonic()
    try:
        async with asyncio.timeout(timeout):
            answer = await _over_udp(question, ip, port, strays)
            answer = answer or await dns.asyncquery.tcp(question, str(ip), None, port)
    except (TimeoutError, dns.exception.Timeout):
        if strays:
            raise ProbeError(Reason.BAD_ANSWER, _garbage(server, strays[-1])) from None
        raise ProbeError(Reason.NO_ANSWER, Said("dns.silent", server=str(server))) from None
    except _UNREADABLE as error:
        raise ProbeError(Reason.BAD_ANSWER, _garbage(server, str(error) or type(error).__name__)) from None
    except OSError as error:
        raise explain(error, f"name server {server}") from None
    return _found(answer, question, server, time.monotonic() - started)


def _garbage(server: HostPort, why: str) -> Said:
    return Said("dns.garbage", server=str(server), why=why)


async def _over_udp(question: dns.message.Message, ip: IP, port: int, strays: list[str]) -> dns.message.Message | None:
    """The answer, None when it is too long. Waits for ever.

    What is no answer to this question is passed over (RFC 5452, section 9.1), for anybody can forge it; `strays` says
    what it was.
    """
    loop = asyncio.get_running_loop()
    with socket.socket(family_of(ip), socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as connection:
        connection.connect(socket_address(ip, port))  # from here on only this far end is heard
        await loop.sock_sendall(connection, question.to_wire())
        while True:
            data = await loop.sock_recv(connection, _MOST)
            try:
                answer = dns.message.from_wire(data, raise_on_truncation=True)
            except dns.message.Truncated as error:
                if question.is_response(error.message()):  # type: ignore[no-untyped-call]
                    return None
                strays[:] = ["a cut answer to another question"]
            except _UNREADABLE as error:
                strays[:] = [str(error) or type(error).__name__]
            else:
                if question.is_response(answer):
                    return answer
                strays[:] = ["an answer to another question"]


def _found(answer: dns.message.Message, question: dns.message.Message, server: HostPort, seconds: float) -> DnsAnswer:
    asked = question.question[0]
    given = _on_the_way(answer, asked.name)
    return DnsAnswer(
        server=str(server),
        seconds=seconds,
        rcode=dns.rcode.to_text(answer.rcode()),
        answers=tuple(found.to_text() for section in given for found in section),
        authority=sum(len(section) for section in answer.authority),
        additional=sum(len(section) for section in answer.additional),
        aliases=sum(len(section) for section in given if section.rdtype != asked.rdtype),
    )


def _on_the_way(answer: dns.message.Message, asked: dns.name.Name) -> list[dns.rrset.RRset]:
    """The records of this name and of those that its aliases lead to: of others nobody asked."""
    aliases = {section.name: section[0].target for section in answer.answer if section.rdtype == dns.rdatatype.CNAME}
    names, name = {asked}, aliases.get(asked)
    while name is not None and name not in names:
        names.add(name)
        name = aliases.get(name)
    return [one for one in answer.answer if one.name in names or one.rdtype == dns.rdatatype.DNAME]


def _question(name: str, record: str) -> dns.message.QueryMessage:
    try:
        return dns.message.make_query(name, record, use_edns=0, payload=_PAYLOAD)
    except (dns.exception.DNSException, UnicodeError):
        raise ProbeError(Reason.DNS, Said("dns.impossible", name=repr(name))) from None
