"""Is there an SNMP agent at all? Tells a wrong community from an empty address, as far as that can be told.

SNMPv3 engine discovery (RFC 3414, section 4) needs no credentials: an agent that speaks v3 answers it whoever asks. A
host without an agent sends ICMP "port unreachable" instead, which only a connected socket gets to see.
"""

import asyncio
import errno
from dataclasses import dataclass
from enum import Enum, auto

from agent.io.snmp.envelope import SEQUENCE, VERSION_3, engine_id
from collectors.core import ProbeError, Reason

INTEGER, OCTETS, GET = 0x02, 0x04, 0xA0
LARGEST_MESSAGE, REPORTABLE, USM = 65507, b"\x04", 3


class Presence(Enum):
    """AGENT: one answered. CLOSED: the host is up, the port is not. SILENT: nothing, or an agent without SNMPv3."""

    AGENT = auto()
    GARBAGE = auto()
    CLOSED = auto()
    NO_ROUTE = auto()
    SILENT = auto()


@dataclass(frozen=True, slots=True)
class Sign:
    """What came back; engine = the SNMPv3 engine ID of the agent that answered, where it said so."""

    presence: Presence
    engine: bytes = b""


def discovery(identifier: int) -> bytes:
    """A reportable SNMPv3 GET without user or engine (RFC 3412, section 6)."""
    nobody = _sequence(_field(OCTETS, b""), _number(0), _number(0), *[_field(OCTETS, b"")] * 3)
    header = _sequence(_number(identifier), _number(LARGEST_MESSAGE), _field(OCTETS, REPORTABLE), _number(USM))
    pdu = _field(GET, _number(identifier) + _number(0) + _number(0) + _sequence())
    scoped = _sequence(_field(OCTETS, b""), _field(OCTETS, b""), pdu)
    return _sequence(VERSION_3, header, _field(OCTETS, nobody), scoped)


async def presence(address: str, port: int, timeout: float) -> Sign:
    """Ask once and wait at most `timeout` seconds."""
    loop = asyncio.get_running_loop()
    try:
        transport, listener = await loop.create_datagram_endpoint(_Listener, remote_addr=(address, port))
    except OSError as error:
        if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EACCES):
            return Sign(Presence.NO_ROUTE)
        raise no_socket(error) from None
    try:
        transport.sendto(discovery(1))
        return await asyncio.wait_for(listener.found, timeout)
    except TimeoutError:
        return Sign(Presence.SILENT)
    finally:
        transport.close()


def no_socket(error: OSError) -> ProbeError:
    """This machine is at fault, not the far end."""
    return ProbeError(Reason.PERMISSION, f"this machine cannot open a UDP socket: {error.strerror or error}")


class _Listener(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.found: asyncio.Future[Sign] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 - asyncio's name
        is_message = data[:1] == bytes((SEQUENCE,)) and VERSION_3 in data[:8]
        self._settle(Sign(Presence.AGENT, engine_id(data)) if is_message else Sign(Presence.GARBAGE))

    def error_received(self, exc: Exception) -> None:
        self._settle(Sign(Presence.CLOSED if isinstance(exc, ConnectionRefusedError) else Presence.NO_ROUTE))

    def _settle(self, sign: Sign) -> None:
        if not self.found.done():
            self.found.set_result(sign)


def _field(tag: int, content: bytes) -> bytes:
    return bytes((tag, len(content))) + content


def _number(value: int) -> bytes:
    return _field(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _sequence(*parts: bytes) -> bytes:
    return _field(SEQUENCE, b"".join(parts))
