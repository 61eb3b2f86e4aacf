"""A router as somebody else sees it: the province's centre looks at the routers of its offices, and says who answers.

An office that is silent while its router answers has a link; what is silent there is the machine or its agent. The
router's own uptime (sysUpTime of RFC 3418, from when its management began anew) says later whether it lost power.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from collectors.core import Kind, Metric, Ports, ProbeError, Reading, Reason, Schedule
from collectors.wan.router import Router

ANSWERS = Metric("router_answers", Kind.GAUGE, "1 when the router answered the last look, by echo or by SNMP; else 0.")
RTT = Metric("router_rtt_seconds", Kind.GAUGE, "Shortest round-trip time of the last burst of pings.")
UPTIME = Metric(
    "router_uptime_seconds", Kind.GAUGE,
    "Seconds since the router started, as SNMP has it; begins anew after 497 days, too.",
)  # fmt: skip

_SYS_UPTIME = "1.3.6.1.2.1.1.3.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Router):
    """Which router, and how it is asked.

    snmp   whether SNMP is asked, too: for its uptime, and in case that it answers no pings
    count  pings per look
    """

    snmp: bool = False
    count: int = 3

    def check(self) -> Iterator[tuple[str, str]]:
        """Somebody to ask, gently."""
        yield from Router.check(self)
        if not self.router:
            yield "router", "is missing: which one is asked?"
        if not 1 <= self.count <= 10:
            yield "count", "should be between 1 and 10"

    @property
    def needs(self) -> frozenset[str]:
        """Beside the echoes."""
        return frozenset(("snmp",) if self.snmp else ())


class OfficeRouter:
    """See the module."""

    name = "router"
    target = Target
    metrics = (ANSWERS, RTT, UPTIME)
    schedule = Schedule(every=30, timeout=4)
    needs = frozenset(("net",))

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """Raises ProbeError where this machine may not ping: that says nothing about the router."""
        times = await _echoes(target, ports, timeout / 2)
        uptime = await _uptime(target, ports, timeout / 2) if target.snmp else None
        answers = bool(times) or uptime is not None
        samples = [ANSWERS(answers)]
        samples += [RTT(times[0])] if times else []
        samples += [UPTIME(uptime)] if uptime is not None else []
        return Reading(Reason.OK if answers else Reason.NO_ANSWER, tuple(samples), evidence=(_said(times, uptime),))

    @staticmethod
    def argument(text: str) -> dict[str, str]:
        """What a person writes behind the collector's name."""
        return {"router": text}


async def _echoes(target: Target, ports: Ports, timeout: float) -> list[float]:
    """Round-trip times of the echoes that came back, ascending. Silence is an answer, a missing right is none."""
    interval = min(0.2, timeout / (2 * target.count))
    try:
        ping = await ports.net.ping(target.router, timeout, count=target.count, interval=interval)
    except ProbeError as error:
        if error.reason is Reason.PERMISSION:
            raise
        return []
    return sorted(time for time in ping.times if time is not None)


async def _uptime(target: Target, ports: Ports, timeout: float) -> float | None:
    """None where SNMP says nothing, whatever the reason: the echoes tell enough."""
    try:
        said = await ports.snmp.get(target.agent, (_SYS_UPTIME,), timeout)
    except ProbeError:
        return None
    ticks = said.get(_SYS_UPTIME)
    return ticks / 100 if isinstance(ticks, int) and ticks >= 0 else None


def _said(times: list[float], uptime: float | None) -> str:
    pings = f"answers pings in {times[0] * 1000:.1f} ms" if times else "answers no ping"
    return f"{pings}; up for {uptime:.0f} s" if uptime is not None else pings


COLLECTOR = OfficeRouter()
