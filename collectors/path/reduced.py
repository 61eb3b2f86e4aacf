"""The way as far as it can be seen without raw rights: which router is at which distance, and who answers pings."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from collectors.core import Ports, ProbeError, Reason
from collectors.core.ports import Method, Ping
from collectors.path.networks import Zone, place
from collectors.path.table import Hop
from collectors.path.target import Target

_PINGS = 3
_MOST = 16  # distances: each needs a socket of its own


async def walk(address: str, target: Target, ports: Ports, timeout: float, *, gateway: bool) -> tuple[Hop, ...]:
    """Half of the time finds the routers, half asks them."""
    routers = await asyncio.gather(
        *(_router(address, distance, ports, timeout / 2) for distance in range(1, _MOST + 1))
    )
    last = max((distance for distance, router in enumerate(routers, 1) if router), default=0)
    found = routers[:last]
    pings = asyncio.gather(*(ping(router, ports, timeout / 2) for router in (*found, address)))
    connection = ports.net.connect(address, target.port, timeout / 2)
    (*times, echo), opened = await asyncio.gather(pings, connection)
    zones = place(found, target.networks, gateway=gateway)
    hops = [
        Hop(distance, router, zone, _seconds(answer))
        for distance, (router, zone, answer) in enumerate(zip(found, zones, times, strict=True), 1)
    ]
    ends = {Method.ICMP} if _seconds(echo) else set()
    if opened.failure is None or opened.failure.reason is Reason.REFUSED:
        ends.add(Method.TCP)
    if ends:
        hops.append(replace(Hop(last + 1, address, Zone.TARGET, _seconds(echo)), ends=frozenset(ends)))
    return tuple(hops)


async def _router(address: str, distance: int, ports: Ports, timeout: float) -> str | None:
    try:
        return await ports.net.hop(address, distance, timeout)
    except ProbeError:
        return None


async def ping(address: str | None, ports: Ports, timeout: float) -> Ping | None:
    """A burst to whoever is there; None where it cannot be sent."""
    if not address:
        return None
    try:
        return await ports.net.ping(address, timeout, count=_PINGS)
    except ProbeError:
        return None


def _seconds(answer: Ping | None) -> tuple[float, ...]:
    times: Sequence[float | None] = answer.times if answer else ()
    return tuple(sorted(time for time in times if time is not None))
