"""Packets that are to die on the way to a host: how far each one came, and who said so."""

from dataclasses import dataclass
from enum import StrEnum

SIZES = (1500, 1492, 1480, 1400, 1280)  # bytes with the IP header: Ethernet, PPPoE, tunnels, and what IPv6 may rely on


class Method(StrEnum):
    """What the packets are. Routers that share load among lines keep all packets of one method on one of them."""

    ICMP = "icmp"  # echo requests
    TCP = "tcp"  # opening segments to a port
    UDP = "udp"  # datagrams to a port where nobody listens


class Word(StrEnum):
    """What an answer says (RFC 792, RFC 1812 section 5.2.7, RFC 9293)."""

    EXPIRED = "expired"  # a router whose turn it was to drop the packet
    ECHO = "echo"
    SYN_ACK = "syn_ack"
    RESET = "reset"
    PORT = "port"  # nobody listens there
    NO_NETWORK = "no_network"  # a router knows no way on
    NO_HOST = "no_host"  # a router cannot reach its next neighbour
    REFUSED = "refused"  # a router will not let it through
    TOO_BIG = "too_big"

    @property
    def is_end(self) -> bool:
        """The host itself speaks."""
        return self in (Word.ECHO, Word.SYN_ACK, Word.RESET, Word.PORT)

    @property
    def is_refusal(self) -> bool:
        """A router has given up on the packet."""
        return self in (Word.NO_NETWORK, Word.NO_HOST, Word.REFUSED)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to one packet, `seconds` after it was sent. mtu: what a TOO_BIG names, 0 = nothing."""

    address: str
    word: Word
    seconds: float
    mtu: int = 0


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet that could live `distance` hops; size in bytes with the IP header; None = silence."""

    method: Method
    distance: int
    size: int
    reply: Reply | None


@dataclass(frozen=True, slots=True)
class TraceRequest:
    """Where to, and how thoroughly: in each round one packet per method and distance.

    port   for TCP
    sizes  of further packets that no router may cut into pieces (DF), one of each per round
    apart  seconds between the starts of two rounds, less where there is no time: many routers answer a few packets at
           once and then one a second
    """

    host: str
    port: int = 443
    methods: tuple[Method, ...] = tuple(Method)
    most_hops: int = 30
    rounds: int = 3
    sizes: tuple[int, ...] = SIZES
    apart: float = 1.5


@dataclass(frozen=True, slots=True)
class Trace:
    """What came back. packets: the small ones, by distance; sized: those that may not be cut."""

    address: str
    packets: tuple[Packet, ...]
    sized: tuple[Packet, ...]
