"""The five ports: everything that a collector may know of the world outside.

The real ones live in agent/io; the fakes for tests in tests/fakes. Both pass the suites in tests/ports. Times are in
seconds, sizes in bytes. A port raises ProbeError (never an exception of its library) where it has nothing to return.
"""

from typing import Protocol

from collectors.core.ports.clock import Clock
from collectors.core.ports.connection import Connection, Direction, Failure, Family, TlsFacts
from collectors.core.ports.echo import Echo, Echoes, EchoRequest
from collectors.core.ports.host import Filesystem, Gateway, HostFacts, HostPort, Interface
from collectors.core.ports.http import HttpExchange, HttpPort, HttpRequest, HttpVersion
from collectors.core.ports.iperf3 import Iperf3Report, Iperf3Request
from collectors.core.ports.net import (
    FULL_SEGMENT,
    Arrivals,
    BulkRequest,
    Datagram,
    DnsAnswer,
    NetPort,
    Ping,
    Point,
    Script,
    Segment,
    Staple,
    Talk,
)
from collectors.core.ports.path import Method, Packet, Reply, Trace, TraceRequest, Word
from collectors.core.ports.snmp import Oid, SnmpAgent, SnmpPort, SnmpValue, SnmpVersion
from collectors.core.ports.train import Ending, Heard, Sent, Train, TrainRequest

__all__ = [
    "FULL_SEGMENT",
    "Arrivals",
    "BulkRequest",
    "Clock",
    "Connection",
    "Datagram",
    "Direction",
    "DnsAnswer",
    "Echo",
    "EchoRequest",
    "Echoes",
    "Ending",
    "Failure",
    "Family",
    "Filesystem",
    "Gateway",
    "Heard",
    "HostFacts",
    "HostPort",
    "HttpExchange",
    "HttpPort",
    "HttpRequest",
    "HttpVersion",
    "Interface",
    "Iperf3Report",
    "Iperf3Request",
    "Method",
    "NetPort",
    "Oid",
    "Packet",
    "Ping",
    "Point",
    "Ports",
    "Reply",
    "Script",
    "Segment",
    "Sent",
    "SnmpAgent",
    "SnmpPort",
    "SnmpValue",
    "SnmpVersion",
    "Staple",
    "Talk",
    "TlsFacts",
    "Trace",
    "TraceRequest",
    "Train",
    "TrainRequest",
    "Word",
]


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
