"""The kinds tcp and tls: whether a connection stands, and what its certificate says."""

from dataclasses import replace

from collectors.core import Ports, Reading, Reason
from collectors.core.ports import Connection
from collectors.service import metrics
from collectors.service.evidence import of_tls
from collectors.service.secure import judge_tls
from collectors.service.staple import with_staple
from collectors.service.target import Target
from collectors.service.verdict import Verdict, judge_time

_TLS_PORT = 443


async def probe_tcp(target: Target, ports: Ports, timeout: float) -> Reading:
    """Whether a TCP connection stands."""
    connection = await ports.net.connect(target.host, target.port or 0, timeout, family=target.one_family)
    return _reading(target, connection, ports.clock.now())


async def probe_tls(target: Target, ports: Ports, timeout: float) -> Reading:
    """Whether a TLS handshake succeeds with a certificate that holds, and until when."""
    connection = await ports.net.connect(
        target.host,
        target.port or _TLS_PORT,
        timeout,
        family=target.one_family,
        tls=True,
        server_name=target.server_name,
        ca_file=target.ca_file,
    )
    reading = _reading(target, connection, ports.clock.now())
    left = timeout - sum(connection.phases.values())
    verdict, samples = await with_staple(Verdict(reading.result), target, ports, left)
    if verdict.why:
        return replace(
            reading,
            result=verdict.reason,
            samples=(*reading.samples, *samples),
            evidence=(*reading.evidence, verdict.why),
        )
    return replace(reading, samples=(*reading.samples, *samples))


def _reading(target: Target, connection: Connection, now: float) -> Reading:
    phases, failure = connection.phases, connection.failure
    if failure:
        verdict = Verdict(failure.reason, f"{failure.message} (phase {failure.phase})")
    else:
        verdict = judge_time(Verdict(Reason.OK, f"connected to {connection.address}"), target, sum(phases.values()))
        verdict = judge_tls(verdict, target, connection.tls, now)
    samples = (
        *metrics.of_address(connection.address, phases.get("resolve")),
        *metrics.of_tls(connection.tls),
        *metrics.of_failure(failure),
    )
    evidence = (*of_tls(connection.tls, failed=failure is not None), verdict.why)
    return Reading(verdict.reason, samples, phases, evidence)
