"""An SNMP v1 or v2c agent on a UDP socket whose every answer, right or wrong, a test composes itself."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from pyasn1.codec.ber import decoder, encoder
from pysnmp.proto import api, rfc1902, rfc1905

from collectors.core.ports import Oid, SnmpAgent, SnmpValue
from tests.fakes.snmp import numbers


@dataclass(frozen=True)
class Request:
    """A GET or GETNEXT as it came in."""

    version: int  # as on the wire: 0 = v1, 1 = v2c
    oids: tuple[Oid, ...]
    message: Any
    is_next: bool = False

    def answer(
        self, values: Mapping[Oid, Any], status: int = 0, index: int = 0, identifier: int | None = None
    ) -> bytes:
        """The bytes of a response. A value may be any pysnmp object. What is missing becomes noSuchObject, in v1 an
        error of the whole answer. A GETNEXT gets what follows among the values.
        """
        wire = api.PROTOCOL_MODULES[self.version]
        response = wire.apiMessage.get_response(self.message)
        pdu = wire.apiMessage.get_pdu(response)
        names = [_follower(oid, values) if self.is_next else oid for oid in self.oids]
        if self.version == 0 and not status:
            missing = [number for number, name in enumerate(names, 1) if name not in values]
            status, index = (NO_SUCH_NAME, missing[0]) if missing else (0, 0)
        if self.version == 0 and status:
            wire.apiPDU.set_varbinds(pdu, [(oid, rfc1902.Null("")) for oid in self.oids])
        else:
            wire.apiPDU.set_varbinds(pdu, [(name, _encoded(values.get(name))) for name in names])
        wire.apiPDU.set_error_status(pdu, status)
        wire.apiPDU.set_error_index(pdu, index)
        if identifier is not None:
            wire.apiPDU.set_request_id(pdu, identifier)
        encoded: bytes = encoder.encode(response)
        return encoded

    @property
    def identifier(self) -> int:
        wire = api.PROTOCOL_MODULES[self.version]
        return int(wire.apiPDU.get_request_id(wire.apiMessage.get_pdu(self.message)))


OBJECTS: dict[Oid, SnmpValue] = {f"1.3.6.1.2.1.33.1.2.{number}.0": number for number in range(1, 8)}
WANTED = tuple(OBJECTS)
UP_TIME = {"1.3.6.1.2.1.1.3.0": rfc1902.TimeTicks(4711)}


def well_behaved(request: Request) -> bytes:
    """The answer of an agent that has OBJECTS and knows how long it has been up."""
    return request.answer({**OBJECTS, **UP_TIME})


NO_SUCH_NAME = 2  # RFC 1157, section 4.1.2
Behaviour = Callable[[Request], bytes | Sequence[bytes] | None]


@dataclass
class WireAgent(asyncio.DatagramProtocol):
    """`behave` gives the answer, or the answers, to each request, None = silence; it may be changed at any time."""

    behave: Behaviour
    requests: list[Request] = field(default_factory=list)
    delay: float = 0.0
    transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        version = int(api.decodeMessageVersion(data))
        if version not in api.PROTOCOL_MODULES:
            return  # version 3: an agent that does not speak it says nothing
        wire = api.PROTOCOL_MODULES[version]
        message, _ = decoder.decode(data, asn1Spec=wire.Message())
        pdu = wire.apiMessage.get_pdu(message)
        oids = tuple(str(name) for name, _ in wire.apiPDU.get_varbinds(pdu))
        request = Request(version, oids, message, pdu.isSameTypeWith(wire.GetNextRequestPDU()))
        self.requests.append(request)
        answer = self.behave(request)
        if answer is not None:
            answers = [answer] if isinstance(answer, bytes) else answer
            asyncio.get_running_loop().call_later(self.delay, self._send, answers, addr)

    def _send(self, answers: Sequence[bytes], addr: tuple[str | Any, int]) -> None:
        for answer in answers:
            if not self.transport.is_closing():
                self.transport.sendto(answer, addr)


@asynccontextmanager
async def wire_agent(behave: Behaviour) -> AsyncIterator[tuple[WireAgent, SnmpAgent]]:
    """An agent on loopback, and how to reach it."""
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(lambda: WireAgent(behave), local_addr=("127.0.0.1", 0))
    try:
        yield protocol, SnmpAgent(*transport.get_extra_info("sockname")[:2])
    finally:
        transport.close()


def _follower(oid: Oid, values: Mapping[Oid, Any]) -> Oid:
    after = [name for name in values if numbers(name) > numbers(oid)]
    return min(after, key=numbers, default=oid)


def _encoded(value: SnmpValue | Any) -> Any:
    if value is None:
        return rfc1905.noSuchObject
    if isinstance(value, bool) or not isinstance(value, int | bytes | str):
        return value
    if isinstance(value, int):
        return rfc1902.Integer32(value)
    return rfc1902.OctetString(value) if isinstance(value, bytes) else rfc1902.ObjectIdentifier(value)
