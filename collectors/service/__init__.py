"""Services that officers depend on: HTTP(S), TCP, TLS, DNS and ICMP, in blackbox_exporter's names and meanings.

Beyond up and down the result says which: slow, frozen, blocked, under maintenance, wrong content (see Reason).
Manners: nothing is cached or stored of an answer, nobody logs in, no form is sent, a body is read up to a bound.
"""

from collections.abc import Awaitable, Callable, Mapping

from collectors.core import Ports, ProbeError, Reading, Schedule
from collectors.service import metrics, second
from collectors.service.baseline import Baseline, compare
from collectors.service.others import probe_dns, probe_icmp, probe_tcp, probe_tls
from collectors.service.target import Kind, Target, argument
from collectors.service.web import probe_http

_PROBES: Mapping[Kind, Callable[[Target, Ports, float], Awaitable[Reading]]] = {
    Kind.HTTP: probe_http,
    Kind.TCP: probe_tcp,
    Kind.TLS: probe_tls,
    Kind.DNS: probe_dns,
    Kind.ICMP: probe_icmp,
}


class Service:
    """The collector `service`."""

    name = "service"
    target = Target
    metrics = metrics.ALL
    schedule = Schedule(every=60.0, timeout=10.0)
    needs = frozenset({"http", "net"})
    argument = staticmethod(argument)
    past = Baseline  # what `compare` begins with
    compare = staticmethod(compare)

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """One run of the target's kind of probe, and another before a bad verdict."""
        deadline = ports.clock.monotonic() + timeout
        first = await _attempt(target, ports, timeout)
        left = deadline - ports.clock.monotonic()
        if not (target.second_opinion and second.is_wanted(first.result, left, timeout)):
            return second.alone(first)
        return second.together(first, await _attempt(target, ports, left))


async def _attempt(target: Target, ports: Ports, timeout: float) -> Reading:
    try:
        return await _PROBES[target.kind](target, ports, timeout)
    except ProbeError as error:
        return Reading(error.reason, evidence=(error.message,))


COLLECTOR = Service()
