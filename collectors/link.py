"""The office's way to the outside: its interface, its gateway, and the operator's first router behind that.

A ping burst to each tells a dead cable from a dead line. Many routers ignore pings: a hop's silence is no loss while
something behind it answers. A link beside the default route is asked through its reference, which is routed over it.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from collectors.core import Kind, Metric, Ports, ProbeError, Reading, Reason, Sample, Schedule
from collectors.core.ports import Gateway, Interface, Ping

_HOP = ("hop",)
HOP_RTT = Metric(
    "link_hop_rtt_seconds", Kind.GAUGE, "Round-trip time to a hop in the last burst of pings.", ("hop", "stat")
)
HOP_LOSS = Metric("link_hop_loss_ratio", Kind.GAUGE, "Share of lost pings to a hop in the last burst, 0 to 1.", _HOP)
HOP_INFO = Metric("link_hop_info", Kind.GAUGE, "1; the address of a hop.", ("hop", "address"))
UP = Metric(
    "link_up",
    Kind.GAUGE,
    "1 when something behind the gateway answers; where nobody there is asked, the gateway or else the interface.",
)
INTERFACE_UP = Metric("link_interface_up", Kind.GAUGE, "1 when the interface is up.", ("device",))
SPEED = Metric(
    "link_medium_speed_bytes_per_second", Kind.GAUGE, "Speed of the interface's medium, where known.", ("device",)
)
TRAFFIC = {
    f"{direction}_{what}": Metric(
        f"link_{direction}_{what}_total", Kind.COUNTER, f"Interface counter: {what} {direction}.", ("device",)
    )
    for direction in ("receive", "transmit")
    for what in ("bytes", "packets", "errors", "drops")
}

GATEWAY, FIRST_HOP, REFERENCE = "gateway", "first_hop", "reference"


@dataclass(frozen=True, slots=True)
class Target:
    """Which link, and how it is looked at."""

    reference: str = ""
    """A host or address outside, whose way leads over this link; "" = only the gateway is asked."""
    interface: str = ""
    """The link's interface; "" = that of the default route."""
    count: int = 5
    """Pings per burst and hop."""

    def check(self) -> Iterable[tuple[str, str]]:
        """A burst is small: it is no load test."""
        if not 1 <= self.count <= 50:
            yield "count", "should be between 1 and 50"


@dataclass(frozen=True, slots=True)
class Hop:
    """A hop and its burst; `ping` is None when it could not be asked, `problem` then says why."""

    name: str
    address: str
    ping: Ping | None
    problem: str = ""

    @property
    def times(self) -> list[float]:
        """Of the echoes that came back, ascending."""
        return sorted(time for time in (self.ping.times if self.ping else ()) if time is not None)

    @property
    def answers(self) -> bool:
        """The first hop did when it named itself; any other when an echo came back."""
        return self.name == FIRST_HOP or bool(self.times)

    @property
    def loss(self) -> float:
        """Share of the echoes that did not come back."""
        return 1 - len(self.times) / len(self.ping.times) if self.ping and self.ping.times else 1.0


class Link:
    """See the module."""

    name = "link"
    target = Target
    metrics = (HOP_RTT, HOP_LOSS, HOP_INFO, UP, INTERFACE_UP, SPEED, *TRAFFIC.values())
    schedule = Schedule(every=30, timeout=10)
    needs = frozenset(("host", "net"))

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """The hops are asked at the same time; what the machine itself knows comes with every result."""
        gateway = await ports.host.gateway("ip4") or await ports.host.gateway("ip6")
        name = target.interface or (gateway.interface if gateway else "")
        interface = next((found for found in await ports.host.interfaces() if found.name == name), None)
        if interface is None or not interface.up or not (gateway or target.reference):
            return _reading(_broken(interface, name), interface, ())
        own = gateway if gateway and gateway.interface == name else None
        hops = await _hops(target, own, ports, timeout)
        return _reading(judge(name, hops), interface, hops)


async def _hops(target: Target, gateway: Gateway | None, ports: Ports, timeout: float) -> tuple[Hop, ...]:
    """Gateway, first hop behind it, reference: those that can be named. Half of the time finds them, half asks them."""
    near = await _routers(target.reference, gateway, ports, timeout / 2)
    asked = [(name, address) for name, address in zip((GATEWAY, FIRST_HOP), near, strict=True) if address]
    if target.reference:
        asked.append((REFERENCE, target.reference))
    left = timeout / 2
    return tuple(await asyncio.gather(*(_ask(name, address, target.count, ports, left) for name, address in asked)))


async def _routers(reference: str, gateway: Gateway | None, ports: Ports, timeout: float) -> tuple[str, str]:
    """The gateway and the first router behind it; "" = there is none, or it does not name itself.

    A link beside the default route has no gateway that this machine knows: both are found on the way to the reference.
    """
    if gateway is None:
        near, behind = await asyncio.gather(*(_router(reference, distance, ports, timeout) for distance in (1, 2)))
        return near, behind
    zone = f"%{gateway.interface}" if gateway.address.startswith("fe80:") else ""
    distance = 2 if gateway.address else 1  # a point-to-point link has no gateway of the office's own
    return gateway.address and gateway.address + zone, await _router(reference, distance, ports, timeout)


async def _router(reference: str, distance: int, ports: Ports, timeout: float) -> str:
    if not reference:
        return ""
    try:
        return await ports.net.hop(reference, distance, timeout) or ""
    except ProbeError:
        return ""


async def _ask(name: str, address: str, count: int, ports: Ports, timeout: float) -> Hop:
    interval = min(0.2, timeout / (2 * count))
    try:
        return Hop(name, address, await ports.net.ping(address, timeout, count=count, interval=interval))
    except ProbeError as error:
        if error.reason is Reason.PERMISSION:
            raise
        return Hop(name, address, None, error.message)


def _reading(verdict: tuple[Reason, str], interface: Interface | None, hops: tuple[Hop, ...]) -> Reading:
    result, why = verdict
    return Reading(
        result,
        samples=(*_interface(interface), *_bursts(hops), UP(result is Reason.OK)),
        phases={hop.name: hop.times[0] for hop in hops if hop.times},
        evidence=(why, *(_describe(hop) for hop in hops)),
    )


def _broken(interface: Interface | None, name: str) -> tuple[Reason, str]:
    """The link does not even begin."""
    if name and (interface is None or not interface.up):
        return Reason.UNREACHABLE, f"the interface {name} is {'not there' if interface is None else 'down'}"
    return Reason.UNREACHABLE, "there is no default route"


def judge(name: str, hops: Sequence[Hop]) -> tuple[Reason, str]:
    """Whether the link carries, and the sentence that says so. What is outside counts before the gateway."""
    if not hops:
        return Reason.OK, f"the interface {name} is up; nobody behind it could be asked"
    outside = [hop for hop in hops if hop.name != GATEWAY]
    answering = [hop.name for hop in outside or hops if hop.answers]
    if answering:
        return Reason.OK, f"the link carries: {' and '.join(answering)} answered"
    if any(hop.answers for hop in hops):
        return Reason.UNREACHABLE, "the gateway answers, nothing behind it does: the line beyond the router is down"
    return Reason.UNREACHABLE, "nothing answers: router or local cable"


def _bursts(hops: Sequence[Hop]) -> Iterator[Sample]:
    """A hop that answers no ping while one behind it answers has lost nothing: it ignores them."""
    for place, hop in enumerate(hops):
        yield HOP_INFO(1, hop=hop.name, address=hop.ping.address if hop.ping else hop.address)
        if hop.times:
            for stat, value in (("min", hop.times[0]), ("median", median(hop.times)), ("max", hop.times[-1])):
                yield HOP_RTT(value, hop=hop.name, stat=stat)
        if hop.times or not any(behind.answers for behind in hops[place:]):
            yield HOP_LOSS(hop.loss, hop=hop.name)


def _interface(interface: Interface | None) -> Iterator[Sample]:
    if interface is None:
        return
    yield INTERFACE_UP(interface.up, device=interface.name)
    if interface.speed_bits:
        yield SPEED(interface.speed_bits / 8, device=interface.name)
    for field, metric in TRAFFIC.items():
        yield metric(getattr(interface, field), device=interface.name)


def _describe(hop: Hop) -> str:
    if hop.ping is None:
        return f"{hop.name} {hop.address}: {hop.problem}"
    text = f"{hop.name} {hop.ping.address}: {len(hop.times)} of {len(hop.ping.times)} pings answered"
    if not hop.times:
        return text
    least, middle, most = (time * 1000 for time in (hop.times[0], median(hop.times), hop.times[-1]))
    return f"{text}, {least:.1f}/{middle:.1f}/{most:.1f} ms min/median/max"


COLLECTOR = Link()
