"""Services that officers depend on, in blackbox_exporter's names and meanings where it has them.

Beyond up and down the result says which: slow, frozen, blocked, under maintenance, wrong content (see Reason).
Manners: nothing is cached or stored of an answer, nobody logs in, no form is sent, a body is read up to a bound.
"""

from collections.abc import Mapping

from collectors.core import Ports, ProbeError, Reading, Schedule
from collectors.service import metrics, second
from collectors.service.authority import probe_crl, probe_ocsp, probe_timestamp
from collectors.service.banner import probe_banner
from collectors.service.baseline import Baseline, compare
from collectors.service.connect import probe_tcp, probe_tls
from collectors.service.evidence import of_error
from collectors.service.families import Probe, probe_both
from collectors.service.icmp import probe_icmp
from collectors.service.names import probe_dns
from collectors.service.ntp import probe_ntp
from collectors.service.target import Kind, Target, argument
from collectors.service.web import probe_http

_PROBES: Mapping[Kind, Probe] = {
    Kind.HTTP: probe_http,
    Kind.TCP: probe_tcp,
    Kind.TLS: probe_tls,
    Kind.DNS: probe_dns,
    Kind.ICMP: probe_icmp,
    Kind.NTP: probe_ntp,
    Kind.SMTP: probe_banner,
    Kind.IMAP: probe_banner,
    Kind.SSH: probe_banner,
    Kind.OCSP: probe_ocsp,
    Kind.CRL: probe_crl,
    Kind.TIMESTAMP: probe_timestamp,
}


class Service:
    """The collector `service`."""

    name = "service"
    target = Target
    metrics = metrics.ALL
    schedule = Schedule(every=60.0, timeout=10.0)
    needs = frozenset({"http", "net"})
    argument = staticmethod(argument)
    backs_off = True  # a service that cannot cope is asked less often (agent/backoff.py)
    past = Baseline  # what `compare` begins with
    compare = staticmethod(compare)
    read_past = staticmethod(Baseline.read)

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """One run of the target's kind of probe, and another before a bad verdict."""

        async def ask(seconds: float) -> Reading:
            return await _attempt(target, ports, seconds)

        if not target.second_opinion:
            return second.alone(await ask(timeout))
        return await second.opinion(ask, ports.clock, timeout, target.budget or 0.0)


async def _attempt(target: Target, ports: Ports, timeout: float) -> Reading:
    probe = _PROBES[target.kind]
    try:
        if target.family == "both":
            return await probe_both(probe, target, ports, timeout)
        return await probe(target, ports, timeout)
    except ProbeError as error:
        return of_error(error)


COLLECTOR = Service()
