"""The collector `wan`: byte counters, the share of the contract that the office uses, moves of the default route."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from collectors.core import Kind, Lane, Metric, Ports, ProbeError, Reading, Reason, Sample, Schedule
from collectors.core.ports import Direction
from collectors.wan.counters import Load, load
from collectors.wan.past import Past, moved, of_router
from collectors.wan.place import Place, Seen, see

_EACH = ("direction",)
BYTES = Metric("link_wan_bytes_total", Kind.COUNTER, "Bytes that the WAN interface has counted.", _EACH)
USED = Metric(
    "link_wan_used_ratio", Kind.GAUGE,
    "Share of the contracted rate that the office used between the last two looks; above 1 = more than contracted.",
    _EACH,
)  # fmt: skip
UP = Metric("link_wan_up", Kind.GAUGE, "1 when the WAN interface is up.")
SPEED = Metric(
    "link_wan_medium_speed_bytes_per_second", Kind.GAUGE, "Speed of the WAN interface's medium, where known."
)
INFO = Metric("link_wan_info", Kind.GAUGE, "1; the WAN interface and what its router calls it.", ("device", "alias"))
FAILOVERS = Metric(
    "link_failovers_total", Kind.COUNTER,
    "Moves of the default route to another interface: the router's where it tells, else this machine's.",
)  # fmt: skip

_MEGABIT = 125_000.0
_UNKNOWN_SPEED = 1.25e9  # bytes per second: 10 Gbit/s
_SLACK = 1.1  # counters and clock of a router are not read at the same moment
_DIRECTIONS: tuple[Direction, ...] = ("down", "up")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Place):
    """Where the counters are, and what the contract promises."""

    down_mbps: float
    up_mbps: float

    def check(self) -> Iterator[tuple[str, str]]:
        yield from Place.check(self)
        for name, value in (("down_mbps", self.down_mbps), ("up_mbps", self.up_mbps)):
            if not 0.1 <= value <= 100_000:
                yield name, "should be between 0.1 and 100000"


@dataclass(frozen=True, slots=True)
class _Found:
    """contract: bytes per second down and up."""

    seen: Seen
    route: str
    contract: Load


class Wan:
    """See the package."""

    name = "wan"
    target = Target
    metrics = (BYTES, USED, UP, SPEED, INFO, FAILOVERS)
    schedule = Schedule(every=30, timeout=10, lane=Lane.NEUTRAL)
    needs = frozenset(("host",))

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """Raises ProbeError: what asking raises."""
        found = await see(target, ports, timeout)
        contract = Load(target.down_mbps * _MEGABIT, target.up_mbps * _MEGABIT)
        result, why = (Reason.OK, "is up") if found.up else (Reason.UNREACHABLE, "is down")
        return Reading(
            result,
            tuple(_samples(found)),
            evidence=(f"the interface {found.name} {why}",),
            seen=_Found(found, of_router(found.route) if found.route else await _route(ports), contract),
        )

    def past(self) -> Past:
        """Of a probe that never ran."""
        return Past()

    def read_past(self, kept: object) -> Past:
        """Raises ValueError."""
        return Past.read(kept)

    def compare(self, reading: Reading, past: Past, _now: float) -> tuple[Reading, Past]:
        """The load since the look before, and a move of the default route."""
        if not isinstance(reading.seen, _Found):
            return reading, past
        found = reading.seen
        past, before = moved(past, found.route), past.look
        fastest = _SLACK * (found.seen.speed or _UNKNOWN_SPEED)
        used = load(before, found.seen.look, fastest) if before else None
        samples = (*reading.samples, FAILOVERS(past.failovers), *_used(used, found.contract))
        return replace(reading, samples=samples), replace(past, look=found.seen.look)


async def _route(ports: Ports) -> str:
    try:
        route = await ports.host.gateway("ip4") or await ports.host.gateway("ip6")
    except ProbeError:
        return ""
    return route.interface if route else ""


def _samples(found: Seen) -> Iterator[Sample]:
    yield UP(found.up)
    yield INFO(1, device=found.name, alias=found.alias)
    if found.speed:
        yield SPEED(found.speed)
    for direction, size in zip(_DIRECTIONS, (found.look.down, found.look.up), strict=True):
        yield BYTES(size, direction=direction)


def _used(used: Load | None, contract: Load) -> Iterator[Sample]:
    if used:
        yield USED(used.down / contract.down, direction="down")
        yield USED(used.up / contract.up, direction="up")
