"""The five ports: everything that a collector may know of the world outside.

The real ones live in agent/io; the fakes for tests in tests/fakes. Both pass the suites in tests/ports. Times are in
seconds, sizes in bytes. A port raises ProbeError (never an exception of its library) where it has nothing to return.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from collectors.core.reading import Reason
from collectors.core.values import Secret

Family = Literal["any", "ip4", "ip6"]


class Clock(Protocol):
    """Wall clock for timestamps, monotonic clock for durations."""

    def now(self) -> float:
        """Seconds since 1970 (Unix time); may jump."""
        ...

    def monotonic(self) -> float:
        """Seconds since some point in the past; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None: ...


# --- http -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One HTTP/1.1 exchange on a connection of its own; redirects are the caller's business.

    connect_to replaces name resolution (address or address:port, as `curl --connect-to`); max_body bounds what is kept
    and read; ca_file None = the system's trust store; verify False still reports the certificate.
    """

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    family: Family = "any"
    connect_to: str = ""
    ca_file: str = ""
    verify: bool = True
    max_body: int = 1_048_576


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """What a handshake showed. Times are Unix seconds.

    earliest_expiry        the first notAfter of the certificates that the server sent (leaf first)
    chain_expiry           the notAfter that ends the verified chain first, None when it did not verify
    problem                "" or why the chain or the name was not accepted
    """

    version: str
    cipher: str
    earliest_expiry: float
    chain_expiry: float | None
    subject: str
    issuer: str
    serial: str
    fingerprint_sha256: str
    names: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Where and why an exchange ended early. `phase` is one of the exchange's phases."""

    reason: Reason
    phase: str
    message: str


@dataclass(frozen=True, slots=True)
class HttpExchange:
    """What happened, also when it failed half way.

    phases: resolve, connect, tls (https only), processing (request written to first byte of the answer), transfer
    (first to last byte). A phase that was never reached is absent; the phase that hung holds the time that it hung.
    body_size counts what arrived, body holds at most max_body of it; complete is False when the body was cut.
    """

    phases: Mapping[str, float]
    address: str = ""
    status: int | None = None
    version: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    body_size: int = 0
    complete: bool = False
    tls: TlsFacts | None = None
    failure: Failure | None = None


class HttpPort(Protocol):
    """HTTP over TCP and TLS."""

    async def exchange(self, request: HttpRequest, timeout: float) -> HttpExchange:
        """Never raises for what the network or the server does: failures are part of the exchange."""
        ...


# --- net ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Connection:
    """A TCP (where asked for TLS) connection that was opened and closed again. Phases: resolve, connect, tls."""

    phases: Mapping[str, float]
    address: str = ""
    tls: TlsFacts | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """One answer of one resolver (RFC 1035): rcode as text ("NOERROR", ...), records as zone-file text."""

    server: str
    seconds: float
    rcode: str
    answers: tuple[str, ...]
    authority: int
    additional: int


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


Direction = Literal["down", "up"]  # as the office sees it
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
class Arrivals:
    """What the receiving end of a throughput test saw, also when the test failed half way. Bytes are TCP payload.

    points              (seconds since the first look, bytes that had arrived by then), ascending; gaps are possible
    round_trip_seconds  the smallest one seen before the flow could fill a queue
    used_bytes          put on the link in this direction, as far as this end can know
    total_bytes         used by all tests with this responder in this direction since this port was made: a counter
    held_back           share of the time in which an end of the connection, not the network, set the pace; None: unknown
    congestion          the sender's congestion control ("bbr", "cubic"), "" where unknown
    ended               by `enough`, by a bound, or early by a failure
    phases              resolve, connect, handshake, flow
    """

    points: tuple[Point, ...] = ()
    round_trip_seconds: float = 0.0
    used_bytes: int = 0
    total_bytes: int = 0
    held_back: float | None = None
    congestion: str = ""
    ended: Literal["enough", "bytes", "seconds", "failed"] = "failed"
    phases: Mapping[str, float] = field(default_factory=dict)
    failure: Failure | None = None


class NetPort(Protocol):
    """Everything else on the network: TCP, TLS, DNS, ICMP, the path, throughput."""

    async def connect(self, host: str, port: int, timeout: float, *, family: Family = "any", tls: bool = False,
                      server_name: str = "", ca_file: str = "") -> Connection: ...  # fmt: skip

    async def query(self, server: str, name: str, record: str, timeout: float) -> DnsAnswer:
        """Ask one resolver (address or address:port, "" = the system's first). ProbeError when it gives no answer."""
        ...

    async def ping(self, host: str, timeout: float, *, count: int = 1, interval: float = 0.2,
                   family: Family = "any") -> Ping: ...  # fmt: skip

    async def hop(self, host: str, distance: int, timeout: float) -> str | None:
        """The router that answers at this distance on the way to host (TTL expiry), None when none does."""
        ...

    async def bulk(self, request: BulkRequest, timeout: float) -> Arrivals:
        """One throughput test in one direction. Never raises for what the network or the responder does."""
        ...


# --- snmp -----------------------------------------------------------------------------------------------------------

Oid = str  # dotted numbers without a leading dot: "1.3.6.1.2.1.33.1.2.1.0"
SnmpValue = (
    int | bytes | Oid
)  # INTEGER, Gauge, Counter, TimeTicks -> int; OCTET STRING -> bytes; OBJECT IDENTIFIER -> Oid


@dataclass(frozen=True, slots=True)
class SnmpAgent:
    """Where an SNMP agent listens and how to speak with it: v1 and v2c by community, v3 by user (RFC 3414)."""

    host: str
    port: int = 161
    version: Literal["1", "2c", "3"] = "2c"
    community: Secret = field(default_factory=lambda: Secret("public"))
    user: str = ""
    auth: Literal["none", "md5", "sha", "sha224", "sha256", "sha384", "sha512"] = "none"
    auth_key: Secret = field(default_factory=lambda: Secret(""))
    privacy: Literal["none", "des", "3des", "aes128", "aes192", "aes256", "aes192c", "aes256c"] = "none"
    privacy_key: Secret = field(default_factory=lambda: Secret(""))


class SnmpPort(Protocol):
    """SNMP v1, v2c and v3."""

    async def get(self, agent: SnmpAgent, oids: Sequence[Oid], timeout: float) -> Mapping[Oid, SnmpValue]:
        """Plain GETs. Objects that the agent lacks (noSuchObject, noSuchInstance, NULL, v1 noSuchName) are absent.

        Raises ProbeError: NO_ANSWER (silence, or a wrong community), DENIED (v3 user or key), BAD_ANSWER; the real one
        also REFUSED (port closed), UNREACHABLE, DNS, TIMEOUT (too many agents kept waiting).
        """
        ...

    async def walk(self, agent: SnmpAgent, root: Oid, most: int, timeout: float) -> Mapping[Oid, SnmpValue]:
        """The objects below root in order, at most this many, by GETNEXT. Raises as `get` does."""
        ...


# --- host -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filesystem:
    """One mounted file system; sizes in bytes."""

    device: str
    mountpoint: str
    fstype: str
    size: int
    free: int  # including what is reserved for root
    available: int
    readonly: bool


@dataclass(frozen=True, slots=True)
class Interface:
    """Counters of one network interface since it came up."""

    name: str
    up: bool
    receive_bytes: int
    transmit_bytes: int
    receive_packets: int
    transmit_packets: int
    receive_errors: int
    transmit_errors: int
    receive_drops: int
    transmit_drops: int
    speed_bits: int | None = None  # of the medium, where the driver knows it
    operstate: str = "unknown"  # RFC 2863: up, down, dormant, ...; many drivers of point-to-point links say unknown


@dataclass(frozen=True, slots=True)
class Gateway:
    """The default route: next hop ("" on point-to-point links) and interface."""

    address: str
    interface: str


@dataclass(frozen=True, slots=True)
class HostFacts:
    """One look at this machine. cpu: seconds per (cpu number, mode); memory: node_exporter's meminfo names, bytes."""

    boot_time: float
    load: tuple[float, float, float] | None
    cpu: Mapping[tuple[int, str], float]
    memory: Mapping[str, int]
    filesystems: tuple[Filesystem, ...]
    interfaces: tuple[Interface, ...]
    uname: Mapping[str, str]


class HostPort(Protocol):
    """This machine."""

    async def facts(self) -> HostFacts: ...

    async def interfaces(self) -> tuple[Interface, ...]: ...

    async def gateway(self, family: Literal["ip4", "ip6"] = "ip4") -> Gateway | None: ...


class Ports(Protocol):
    """What a collector is handed. A port that its `needs` does not name may not be touched."""

    @property
    def clock(self) -> Clock: ...
    @property
    def http(self) -> HttpPort: ...
    @property
    def net(self) -> NetPort: ...
    @property
    def snmp(self) -> SnmpPort: ...
    @property
    def host(self) -> HostPort: ...
