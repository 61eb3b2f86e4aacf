"""The kind icmp: a burst of echoes, how many came back, how fast and how evenly."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import fmean, median

from collectors.core import Ports, ProbeError, Reading, Reason, Sample
from collectors.core.ports import Ping
from collectors.messages.said import Said
from collectors.service import metrics
from collectors.service.evidence import of_error, waiting
from collectors.service.target import Target
from collectors.service.verdict import Verdict, judge_time

_INTERVAL = 0.2  # seconds between echoes


async def probe_icmp(target: Target, ports: Ports, timeout: float) -> Reading:
    """Whether a host answers echoes, and how fast."""
    interval = min(_INTERVAL, timeout / (2 * target.count))
    begun = ports.clock.monotonic()
    try:
        ping = await ports.net.ping(
            target.host, timeout, count=target.count, interval=interval, family=target.one_family
        )
    except ProbeError as error:
        return of_error(error, waiting(error, ports.clock.monotonic() - begun, "setup"))
    back = [seconds for seconds in ping.times if seconds is not None]
    if not back:
        verdict = Verdict(Reason.NO_ANSWER, Said("echo.none", count=len(ping.times)))
    else:
        why = f"{len(back)} of {len(ping.times)} echoes came back" if None in ping.times else ""
        verdict = judge_time(Verdict(Reason.OK, why), target, median(back))
    opened = {"resolve": ping.resolve_seconds, "setup": ping.setup_seconds}
    in_vain = max(0.0, ports.clock.monotonic() - begun - sum(opened.values()))
    phases = {**opened, "rtt": median(back) if back else in_vain}
    evidence = (f"{ping.address}, {len(ping.times)} echoes on a {ping.method} socket", verdict.why)
    samples = (
        *metrics.of_address(ping.address, ping.resolve_seconds),
        *_of_ping(ping, phases if back else opened, back),
    )
    return Reading(verdict.reason, samples, phases, tuple(filter(None, evidence)))


def _of_ping(ping: Ping, phases: Mapping[str, float], back: Sequence[float]) -> Iterator[Sample]:
    yield from (metrics.ICMP_PHASE(seconds, phase=phase) for phase, seconds in phases.items())
    if ping.hop_limit is not None:
        yield metrics.ICMP_HOP_LIMIT(ping.hop_limit)
    if ping.times:
        yield metrics.ICMP_LOSS(1 - len(back) / len(ping.times))
    if back:
        for stat, of in (("min", min), ("median", median), ("max", max)):
            yield metrics.ICMP_RTT(of(back), stat=stat)
    if (uneven := jitter(ping.times)) is not None:
        yield metrics.ICMP_JITTER(uneven)


def jitter(times: Sequence[float | None]) -> float | None:
    """Mean of |difference| between neighbours that both came back (RFC 5481, section 4.1); None without a pair."""
    steps = [abs(later - earlier) for earlier, later in pairwise(times) if earlier is not None and later is not None]
    return fmean(steps) if steps else None
