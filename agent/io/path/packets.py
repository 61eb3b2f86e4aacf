"""Packets as bytes, and bytes as answers: the one file that knows scapy.

Every packet carries its number. The fields by which routers that share load choose a line (addresses, protocol, ports,
the first four bytes of an ICMP message) are the same in all packets of a method.
"""

import logging
import os
import struct
from dataclasses import dataclass

from collectors.core.ports import Method, Word

os.environ.update(XDG_CONFIG_HOME="/dev/null/none", XDG_CACHE_HOME="/dev/null/none")  # it would read and write there
logging.getLogger("scapy").setLevel(logging.CRITICAL)

from scapy.config import conf  # noqa: E402 - only now is it quiet

conf.route_autoload = conf.route6_autoload = False

from scapy.layers.inet import ICMP, IP, TCP, UDP  # noqa: E402
from scapy.packet import Packet as Layer  # noqa: E402

SMALL = 60  # bytes of a packet that is not to test a size
_UDP_PORT = 33_434  # where nobody listens, as traceroute has it
_HEADERS = {Method.ICMP: 28, Method.UDP: 28}
_ECHO_REPLY, _UNREACHABLE, _EXPIRED = 0, 3, 11
_TOO_BIG = 4
# Codes of "destination unreachable": RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1.
_CODES = {0: Word.NO_NETWORK, 6: Word.NO_NETWORK, 11: Word.NO_NETWORK, 2: Word.PORT, 3: Word.PORT, 4: Word.TOO_BIG}
_CODES |= dict.fromkeys((9, 10, 13, 14, 15), Word.REFUSED)
_SYN_ACK, _RESET = 0x12, 0x04


@dataclass(frozen=True, slots=True)
class Flow:
    """The fields that stay the same. tcp, udp: source ports; ident: of the echoes; base: first TCP sequence number."""

    source: str
    target: str
    port: int
    tcp: int
    udp: int
    ident: int
    base: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody's word on the packet of this number."""

    number: int
    address: str
    word: Word
    mtu: int = 0


def build(flow: Flow, method: Method, number: int, distance: int, size: int = SMALL) -> bytes:
    """The packet. One of another size than the small ones may not be cut into pieces."""
    head = IP(src=flow.source, dst=flow.target, id=number, ttl=distance, flags=0 if size == SMALL else "DF")
    return bytes(head / _inner(flow, method, number, size))


def _inner(flow: Flow, method: Method, number: int, size: int) -> Layer:
    if method is Method.TCP:
        options = [("MSS", 1460), ("SAckOK", b""), ("NOP", None), ("NOP", None)]
        return TCP(sport=flow.tcp, dport=flow.port, seq=_sequence(flow, number), flags="S", options=options)
    room = size - _HEADERS[method]
    if method is Method.UDP:
        return UDP(sport=flow.udp, dport=_UDP_PORT) / (b"communewatch" + bytes(room - 12))
    # The number and its complement add up to the same: so does the checksum.
    balance = struct.pack("!H", 0xFFFF - number)
    return ICMP(type=8, id=flow.ident, seq=number) / (balance + bytes(room - len(balance)))


def _sequence(flow: Flow, number: int) -> int:
    return (flow.base + number) % 2**32


def read(flow: Flow, data: bytes) -> Answer | None:
    """Whether these bytes, from whomever, answer one of our packets. Never raises."""
    try:
        packet = IP(data)
        if ICMP in packet:
            return _of_icmp(flow, packet, packet[ICMP])
        return _of_tcp(flow, packet, packet[TCP]) if TCP in packet else None
    except Exception:  # noqa: BLE001 - the bytes are a stranger's, the parser is another's: what it cannot read is none
        return None


def _of_icmp(flow: Flow, packet: Layer, icmp: Layer) -> Answer | None:
    if icmp.type == _ECHO_REPLY:
        ours = icmp.id == flow.ident and packet.src == flow.target
        return Answer(icmp.seq, packet.src, Word.ECHO) if ours else None
    if packet.src == flow.source != flow.target:  # this machine's own kernel has found no neighbour
        return None
    number = _quoted(flow, icmp.payload) if icmp.type in (_UNREACHABLE, _EXPIRED) else None
    if number is None:
        return None
    if icmp.type == _EXPIRED:
        return Answer(number, packet.src, Word.EXPIRED) if icmp.code == 0 else None
    mtu = icmp.nexthopmtu if icmp.code == _TOO_BIG else 0
    return Answer(number, packet.src, _CODES.get(icmp.code, Word.NO_HOST), int(mtu or 0))


def _quoted(flow: Flow, quote: Layer) -> int | None:
    """The number of the packet whose beginning an error quotes: its IP header and 8 bytes at least."""
    if quote.dst != flow.target:
        return None
    first, second, third = struct.unpack_from("!HHI", quote.payload.original)
    if quote.proto == 1 and third >> 16 == flow.ident:  # type, code and checksum stand before it
        return int(third & 0xFFFF)
    if quote.proto == 6 and (first, second) == (flow.tcp, flow.port):
        return int((third - flow.base) % 2**32)
    if quote.proto == 17 and (first, second) == (flow.udp, _UDP_PORT):
        return int(quote.id)
    return None


def _of_tcp(flow: Flow, packet: Layer, tcp: Layer) -> Answer | None:
    if packet.src != flow.target or (tcp.sport, tcp.dport) != (flow.port, flow.tcp):
        return None
    number = (tcp.ack - 1 - flow.base) % 2**32
    if int(tcp.flags) & _SYN_ACK == _SYN_ACK:
        return Answer(number, packet.src, Word.SYN_ACK)
    return Answer(number, packet.src, Word.RESET) if int(tcp.flags) & _RESET else None
