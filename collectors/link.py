"""The office's way to the outside: its interface, its gateway, and the operator's first router behind that.

A ping burst to each tells a dead cable from a dead line. Where pings are not answered the hop says nothing: many
routers ignore them, and silence of one hop is no outage while the next one answers.
"""

import asyncio
from collections.abc import Iterable, Iterator
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
    "1 when anything behind the gateway answers, or, where nothing there ever does, the gateway.",
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
    def answers(self) -> bool:
        """At least one echo came back."""
        return self.ping is not None and any(time is not None for time in self.ping.times)


class Link:
    """See the module."""

    name = "link"
    target = Target
    metrics = (HOP_RTT, HOP_LOSS, HOP_INFO, UP, INTERFACE_UP, SPEED, *TRAFFIC.values())
    schedule = Schedule(every=30, timeout=10)
    needs = frozenset(("host", "net"))

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """The hops are asked at the same time; what the machine itself knows comes with every result."""
        gateway = await ports.host.gateway()
        name = target.interface or (gateway.interface if gateway else "")
        interface = next((found for found in await ports.host.interfaces() if found.name == name), None)
        hops = await _hops(target, gateway, ports, timeout)
        return _reading(interface, gateway, hops, name)


async def _hops(target: Target, gateway: Gateway | None, ports: Ports, timeout: float) -> tuple[Hop, ...]:
    """Gateway, first hop behind it, reference: those that can be named."""
    asked: list[tuple[str, str]] = []
    if gateway and gateway.address:
        asked.append((GATEWAY, gateway.address))
    if target.reference:
        # Half of the time for finding the first hop, half for asking all of them.
        found = await _first_hop(target.reference, gateway, ports, timeout / 2)
        asked += [(FIRST_HOP, found)] if found else []
        asked.append((REFERENCE, target.reference))
    left = timeout / 2
    return tuple(await asyncio.gather(*(_ask(name, address, target.count, ports, left) for name, address in asked)))


async def _first_hop(reference: str, gateway: Gateway | None, ports: Ports, timeout: float) -> str | None:
    """The first router that is not the gateway: the second hop behind a router, the first on a point-to-point link."""
    distance = 2 if gateway and gateway.address else 1
    try:
        return await ports.net.hop(reference, distance, timeout)
    except ProbeError:
        return None


async def _ask(name: str, address: str, count: int, ports: Ports, timeout: float) -> Hop:
    interval = min(0.2, timeout / (2 * count))
    try:
        return Hop(name, address, await ports.net.ping(address, timeout, count=count, interval=interval))
    except ProbeError as error:
        if error.reason is Reason.PERMISSION:
            raise
        return Hop(name, address, None, error.message)


def _reading(interface: Interface | None, gateway: Gateway | None, hops: tuple[Hop, ...], name: str) -> Reading:
    result, why = judge(interface, gateway, hops, name)
    samples = (*_interface(interface), *(sample for hop in hops for sample in _hop(hop)), UP(result is Reason.OK))
    phases = {hop.name: _times(hop)[0] for hop in hops if hop.answers}
    return Reading(result, samples, phases, (why, *(_describe(hop) for hop in hops)))


def judge(interface: Interface | None, gateway: Gateway | None, hops: tuple[Hop, ...], name: str) -> tuple[Reason, str]:
    """Whether the link carries, and the sentence that says so. What is outside counts before the gateway."""
    if interface is None or not interface.up:
        what = f"the interface {name} is {'not there' if interface is None else 'down'}" if name else "there is no link"
        return Reason.UNREACHABLE, what
    if gateway is None and not hops:
        return Reason.UNREACHABLE, "there is no default route"
    outside = [hop for hop in hops if hop.name != GATEWAY]
    answering = [hop.name for hop in outside or hops if hop.answers]
    if answering:
        return Reason.OK, f"the link carries: {' and '.join(answering)} answered"
    if any(hop.answers for hop in hops):
        return Reason.UNREACHABLE, "the gateway answers, nothing behind it does: the line beyond the router is down"
    return Reason.UNREACHABLE, "the gateway does not answer: router or local cable" if hops else "nobody to ask"


def _times(hop: Hop) -> list[float]:
    times = sorted(time for time in (hop.ping.times if hop.ping else ()) if time is not None)
    return [times[0], median(times), times[-1]] if times else []


def _hop(hop: Hop) -> Iterator[Sample]:
    yield HOP_INFO(1, hop=hop.name, address=hop.ping.address if hop.ping else hop.address)
    for stat, value in zip(("min", "median", "max"), _times(hop), strict=False):
        yield HOP_RTT(value, hop=hop.name, stat=stat)
    lost = sum(1 for time in hop.ping.times if time is None) / len(hop.ping.times) if hop.ping else 1.0
    yield HOP_LOSS(lost, hop=hop.name)


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
    sent, times = len(hop.ping.times), _times(hop)
    back = sum(1 for time in hop.ping.times if time is not None)
    spread = f", {times[0] * 1000:.1f}/{times[1] * 1000:.1f}/{times[2] * 1000:.1f} ms min/median/max" if times else ""
    return f"{hop.name} {hop.ping.address}: {back} of {sent} pings answered{spread}"


COLLECTOR = Link()
