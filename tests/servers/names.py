"""A name server on loopback that answers as a function says; UDP and TCP on one port."""

import asyncio
from asyncio import DatagramProtocol, DatagramTransport, StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from tests.servers.tcp import Behaviour, listening, silence

Reply = bytes | tuple[bytes, ...] | None  # one packet, several, or silence
Answer = Callable[[dns.message.Message], Reply]  # to the question


class _Server(DatagramProtocol):
    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.transport: DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("DatagramTransport", transport)

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        reply = self._answer(dns.message.from_wire(data)) or ()
        for packet in (reply,) if isinstance(reply, bytes) else reply:
            if self.transport:
                self.transport.sendto(packet, address)


@asynccontextmanager
async def name_server(
    udp: Answer, tcp: Answer | None = None, *, at: tuple[str, int] = ("127.0.0.1", 0)
) -> AsyncIterator[int]:
    """The port. Without `tcp` only UDP is served, and that may be `at` another address and a certain port."""
    async with AsyncExitStack() as servers:
        port = await servers.enter_async_context(listening(_over_tcp(tcp))) if tcp else at[1]
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Server(udp), (at[0], port))
        servers.enter_context(closing(transport))
        yield transport.get_extra_info("sockname")[1]


def _over_tcp(answer: Answer) -> Behaviour:
    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        length = int.from_bytes(await reader.readexactly(2))
        reply = answer(dns.message.from_wire(await reader.readexactly(length)))
        if not isinstance(reply, bytes):
            await silence()
        else:
            writer.write(len(reply).to_bytes(2) + reply)

    return behave


def silent(_: dns.message.Message) -> None:
    """Like a name server behind a firewall that drops."""


def failing(rcode: dns.rcode.Rcode) -> Answer:
    """Answer every question with this code and no record."""

    def answer(question: dns.message.Message) -> bytes:
        reply = dns.message.make_response(question)
        reply.set_rcode(rcode)
        return reply.to_wire()

    return answer


nxdomain = failing(dns.rcode.NXDOMAIN)


def holding(**records: tuple[str, ...]) -> Answer:
    """Answer every name with these records by type: `holding(A=("192.0.2.1",))`."""

    def answer(question: dns.message.Message) -> bytes:
        reply = dns.message.make_response(question)
        asked = question.question[0]
        if texts := records.get(asked.rdtype.name):
            reply.answer.append(dns.rrset.from_text(asked.name, 60, "IN", asked.rdtype, *texts))
        return reply.to_wire(max_size=65535)

    return answer


def truncated(question: dns.message.Message) -> bytes:
    """Too long for UDP: ask again over TCP."""
    reply = dns.message.make_response(question)
    reply.flags |= dns.flags.TC
    return reply.to_wire()
