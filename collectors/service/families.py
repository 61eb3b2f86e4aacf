"""IPv4 and IPv6 apart: the same probe over each at the same time, and both have to work."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from collectors.core import Ports, ProbeError, Reading
from collectors.service import metrics
from collectors.service.evidence import of_error
from collectors.service.target import Target

Probe = Callable[[Target, Ports, float], Awaitable[Reading]]
_NAMES = {"ip4": "IPv4", "ip6": "IPv6"}


async def probe_both(probe: Probe, target: Target, ports: Ports, timeout: float) -> Reading:
    """One reading: that of the version that works less well (IPv4 where they are alike), with the results of both."""
    ip4, ip6 = await asyncio.gather(
        _attempt(probe, replace(target, family="ip4"), ports, timeout),
        _attempt(probe, replace(target, family="ip6"), ports, timeout),
    )
    return together(ip4, ip6)


def together(ip4: Reading, ip6: Reading) -> Reading:
    """The worse one stands; a person reads the evidence of both."""
    both = {"ip4": ip4, "ip6": ip6}
    standing = min(both.values(), key=lambda reading: (reading.success, reading.result.value == "ok"))
    samples = list(standing.samples)
    for family, reading in both.items():
        samples.append(metrics.FAMILY_RESULT(1, family=family, reason=reading.result))
        samples.append(metrics.FAMILY_DURATION(sum(reading.phases.values()), family=family))
    # The one that stands comes last, and so does its reason: a person reads that first.
    told = sorted(both.items(), key=lambda pair: pair[1] is standing)
    evidence = tuple(
        f"{_NAMES[family]}: {line}" for family, reading in told for line in (reading.result, *reading.evidence)
    )
    return Reading(standing.result, tuple(samples), standing.phases, evidence)


async def _attempt(probe: Probe, target: Target, ports: Ports, timeout: float) -> Reading:
    try:
        return await probe(target, ports, timeout)
    except ProbeError as error:
        return of_error(error)
