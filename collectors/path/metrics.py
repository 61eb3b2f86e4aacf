"""What one look at a way exports."""

from collections.abc import Iterator

from collectors.core import Kind, Metric, Sample
from collectors.core.ports import Method
from collectors.path.locate import Fault, Finding, Observation
from collectors.path.names import Names

_HOP = ("hop",)
FAULT = Metric(
    "path_fault", Kind.GAUGE, "1 for the part of the way in which the fault is, 0 for each other one.", ("where",)
)
REACHED = Metric("path_reached", Kind.GAUGE, "1 when the host at the end of the way answered.")
METHOD_REACHED = Metric(
    "path_method_reached",
    Kind.GAUGE,
    "1 when it answered this method: ICMP echo, a TCP segment to its port, a UDP datagram.",
    ("method",),
)
HOPS = Metric("path_hops", Kind.GAUGE, "Distance of the last hop that answered.")
RTT = Metric("path_hop_rtt_seconds", Kind.GAUGE, "Round-trip time to a hop.", ("hop", "stat"))
LOSS = Metric(
    "path_hop_loss_ratio",
    Kind.GAUGE,
    "Share of packets lost up to a hop, 0 to 1; a router's thrift with answers is no loss while more come from behind.",
    _HOP,
)
SILENT = Metric("path_silent_hops", Kind.GAUGE, "Hops before the last one that answer nothing.")
INFO = Metric(
    "path_hop_info", Kind.GAUGE, "1; the address of the gateway and of the operator's first router.", ("hop", "address")
)
MTU = Metric("path_mtu_bytes", Kind.GAUGE, "Largest packet that is known to come through whole, with its IP header.")
NAMES = Metric("path_names", Kind.GAUGE, "1 for what the comparison of name servers gave.", ("verdict",))
RESOLVER = Metric(
    "path_resolver_seconds",
    Kind.GAUGE,
    "How long a name server took to answer: own1 is the machine's first, given1 the first to compare with.",
    ("resolver",),
)
REDUCED = Metric("path_reduced", Kind.GAUGE, "1 when there was no look by raw packets: no loss, no MTU, fewer hops.")

METRICS = (FAULT, REACHED, METHOD_REACHED, HOPS, RTT, LOSS, SILENT, INFO, MTU, NAMES, RESOLVER, REDUCED)
GATEWAY, FIRST_ISP = "gateway", "first_isp"


def samples(seen: Observation, finding: Finding) -> Iterator[Sample]:
    """In the order of METRICS."""
    for fault in Fault:
        yield FAULT(fault is finding.fault, where=fault)
    yield REACHED(seen.end is not None)
    yield from _methods(seen)
    yield from _hops(seen)
    yield from _info(seen)
    if seen.width.most:
        yield MTU(seen.width.most)
    if seen.names.verdict is not Names.NOT_ASKED:
        yield from (NAMES(verdict is seen.names.verdict, verdict=verdict) for verdict in Names)
    yield from _resolvers(seen)
    yield REDUCED(bool(seen.reduced))


def _methods(seen: Observation) -> Iterator[Sample]:
    asked = (Method.ICMP, Method.TCP) if seen.reduced else tuple(Method)
    return (METHOD_REACHED(any(method in hop.ends for hop in seen.hops), method=method) for method in asked)


def _hops(seen: Observation) -> Iterator[Sample]:
    answering = [hop for hop in seen.hops if hop.address]
    last = answering[-1].distance if answering else 0
    yield HOPS(last)
    for hop in answering:
        if hop.times:
            yield RTT(hop.times[0], hop=str(hop.distance), stat="min")
            yield RTT(hop.middle, hop=str(hop.distance), stat="median")
    yield from (LOSS(hop.loss, hop=str(hop.distance)) for hop in answering if hop.loss is not None)
    yield SILENT(last - len(answering))


def _resolvers(seen: Observation) -> Iterator[Sample]:
    for word, trusted in (("own", False), ("given", True)):
        group = [said for said in seen.names.answers if said.trusted is trusted]
        for number, said in enumerate(group, 1):
            if said.seconds is not None:
                yield RESOLVER(said.seconds, resolver=f"{word}{number}")


def _info(seen: Observation) -> Iterator[Sample]:
    if seen.lan.gateway:
        yield INFO(1, hop=GATEWAY, address=seen.lan.gateway)
    if first := seen.first_isp:
        yield INFO(1, hop=FIRST_ISP, address=first)
