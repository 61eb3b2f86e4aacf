"""TCP, TLS, DNS, ICMP, the path, throughput."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from collectors.core.ports.connection import Connection, Direction, Failure, Family
from collectors.core.ports.echo import Echoes, EchoRequest
from collectors.core.ports.iperf3 import Iperf3Report, Iperf3Request
from collectors.core.ports.path import Trace, TraceRequest
from collectors.core.ports.train import Train, TrainRequest
from collectors.core.values import Secret


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """One answer of one resolver (RFC 1035): rcode as text ("NOERROR", ...), records as zone-file text.

    aliases: how many of the answers are on the way to the record that was asked for (CNAME, DNAME), or sign it.
    """

    server: str
    seconds: float
    rcode: str
    answers: tuple[str, ...]
    authority: int
    additional: int
    aliases: int = 0


@dataclass(frozen=True, slots=True)
class Ping:
    """A burst of ICMP echoes (RFC 792, RFC 4443): one round-trip time each, None = no reply in time.

    method: "dgram" (unprivileged ICMP socket) or "raw"; hop_limit is the TTL of the last reply, None where unknown;
    setup_seconds is the time that opening the socket took.
    """

    address: str
    times: tuple[float | None, ...]
    resolve_seconds: float
    method: str
    hop_limit: int | None = None
    setup_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Script:
    """How to hold a conversation.

    reply    from all that has come so far (at first nothing) to what is said next: b"" = listen on, None = that is all.
             A ProbeError that it raises ends the conversation as a failure.
    goodbye  said at the end, whether or not anybody listens
    most     bytes that are listened to at all; then the conversation ends
    secure   TLS begins where the conversation ends (STARTTLS); the goodbye is said in it
    """

    reply: Callable[[bytes], bytes | None]
    goodbye: bytes = b""
    most: int = 4096
    secure: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """What a server said. Phases of the connection: resolve, connect, talk, and tls where that was asked for."""

    connection: Connection
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Staple:
    """What a TLS server sends: its certificates (DER, leaf first), and an OCSP answer, None without one."""

    certificates: tuple[bytes, ...]
    answer: bytes | None


@dataclass(frozen=True, slots=True)
class Datagram:
    """The answer to one UDP datagram. seconds: from sending to receiving; received: when that was, Unix time."""

    address: str
    data: bytes
    resolve_seconds: float
    seconds: float
    received: float


Point = tuple[float, int]  # (seconds, bytes so far)


@dataclass(frozen=True, slots=True)
class BulkRequest:
    """A throughput test in one direction against a responder. max_bytes and max_seconds bound it.

    `enough(points, round_trip_seconds)` is asked about 50 times a second; the test ends as soon as it says yes.
    """

    host: str
    port: int
    key: Secret
    direction: Direction
    max_bytes: int
    max_seconds: float
    enough: Callable[[Sequence[Point], float], bool]


@dataclass(frozen=True, slots=True)
class Segment:
    """Of a flow's full packet: bytes of payload, and of the headers of IP and TCP around it."""

    payload: int
    headers: int

    @property
    def at_ip_layer(self) -> float:
        """Bytes at the IP layer for each byte of payload."""
        return 1 + self.headers / self.payload


FULL_SEGMENT = Segment(1448, 52)  # at an MTU of 1500, IPv4, with timestamps


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What the receiving end of a throughput test saw, also when the test failed half way. Bytes are TCP payload.

    points              (seconds since the first look, bytes that had arrived by then), ascending; gaps are possible
    round_trip_seconds  the smallest one seen before the flow could fill a queue
    used_bytes          put on the link in this direction, as far as this end can know
    total_bytes         used by all tests with this responder in this direction since this port was made: a counter
    held_back           share of the time in which an end of the connection, not the network, set the pace, if known
    repeated            share of the payload sent that was sent again, if known
    loaded_round_trip_seconds  of the sender, smoothed, while the flow filled the queue, if known
    segment             the flow's full packet
    congestion          the sender's congestion control ("bbr", "cubic"), "" where unknown
    ended               by `enough`, by a bound, or early by a failure
    phases              resolve, connect, handshake, flow
    """

    points: tuple[Point, ...] = ()
    round_trip_seconds: float = 0.0
    used_bytes: int = 0
    total_bytes: int = 0
    held_back: float | None = None
    repeated: float | None = None
    loaded_round_trip_seconds: float | None = None
    segment: Segment = FULL_SEGMENT
    congestion: str = ""
    ended: Literal["enough", "bytes", "seconds", "failed"] = "failed"
    phases: Mapping[str, float] = field(default_factory=dict)
    failure: Failure | None = None


class NetPort(Protocol):
    """Everything else on the network: TCP, TLS, DNS, ICMP, the path, throughput."""

    async def connect(self, host: str, port: int, timeout: float, *, family: Family = "any", tls: bool = False,
                      server_name: str = "", ca_file: str = "") -> Connection: ...  # fmt: skip

    async def talk(
        self,
        host: str,
        port: int,
        timeout: float,
        script: Script,
        *,
        family: Family = "any",
        server_name: str = "",
        ca_file: str = "",
    ) -> Talk:
        """Connect and hold a conversation. Never raises for what the network or the far end does."""
        ...  # fmt: skip

    async def staple(self, host: str, port: int, server_name: str, timeout: float, *, family: Family = "any") -> Staple:
        """The OCSP answer that a TLS server sends along. Raises ProbeError; UNSUPPORTED where it cannot be seen."""
        ...

    async def datagram(
        self, host: str, port: int, payload: bytes, timeout: float, *, family: Family = "any"
    ) -> Datagram:
        """Raises ProbeError: DNS, NO_ANSWER (silence), REFUSED (port closed), UNREACHABLE."""
        ...  # fmt: skip

    async def query(self, server: str, name: str, record: str, timeout: float) -> DnsAnswer:
        """Ask one resolver (address or address:port, "" = the system's first). ProbeError when it gives no answer."""
        ...

    async def ping(self, host: str, timeout: float, *, count: int = 1, interval: float = 0.2,
                   family: Family = "any") -> Ping: ...  # fmt: skip

    async def hop(self, host: str, distance: int, timeout: float) -> str | None:
        """The router that answers at this distance on the way to host (TTL expiry), None when none does."""
        ...

    async def trace(self, request: TraceRequest, timeout: float) -> Trace:
        """Packets that die on the way, with raw rights. Raises ProbeError: PERMISSION (without them), DNS, UNREACHABLE
        (no route from here), UNSUPPORTED (IPv6), TIMEOUT; silence is part of the result.
        """
        ...

    async def train(self, request: TrainRequest, timeout: float) -> Train:
        """One train of UDP packets in one direction. Never raises for what the network or the responder does."""
        ...

    async def echo(self, request: EchoRequest) -> Echoes:
        """Ends when the request's seconds are over. ProbeError with Reason.DNS where the name never resolved."""
        ...

    async def iperf3(self, request: Iperf3Request, timeout: float) -> Iperf3Report:
        """One transfer by the program iperf3. Raises ProbeError: PERMISSION (not installed), DNS, BUSY, REFUSED,
        UNREACHABLE, DENIED, ERROR, BAD_ANSWER, TIMEOUT.
        """
        ...

    async def bulk(self, request: BulkRequest, timeout: float) -> Arrivals:
        """One throughput test in one direction. Never raises for what the network or the responder does."""
        ...
