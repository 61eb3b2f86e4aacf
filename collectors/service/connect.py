"""The kinds tcp and tls: whether a connection stands, and what its certificate says."""

from collectors.core import Ports, Reading, Reason, Sample
from collectors.core.ports import Connection
from collectors.service import metrics
from collectors.service.evidence import of_failure, of_tls
from collectors.service.secure import judge_tls
from collectors.service.staple import with_staple
from collectors.service.target import Target
from collectors.service.verdict import Verdict, judge_time

_TLS_PORT = 443


async def probe_tcp(target: Target, ports: Ports, timeout: float) -> Reading:
    """Whether a TCP connection stands."""
    connection = await ports.net.connect(target.host, target.port or 0, timeout, family=target.one_family)
    return _reading(connection, _judge(target, connection, ports.clock.now()))


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
    left = timeout - sum(connection.phases.values())
    verdict, samples = await with_staple(_judge(target, connection, ports.clock.now()), target, ports, left)
    return _reading(connection, verdict, *samples)


def _judge(target: Target, connection: Connection, now: float) -> Verdict:
    if failure := connection.failure:
        return Verdict(failure.reason, of_failure(failure))
    right = Verdict(Reason.OK, f"connected to {connection.address}")
    return judge_tls(judge_time(right, target, sum(connection.phases.values())), target, connection.tls, now)


def _reading(connection: Connection, verdict: Verdict, *more: Sample) -> Reading:
    samples = (
        *metrics.of_address(connection.address, connection.phases.get("resolve")),
        *metrics.of_tls(connection.tls),
        *metrics.of_failure(connection.failure),
        *more,
    )
    evidence = (*of_tls(connection.tls, failed=connection.failure is not None), verdict.why)
    return Reading(verdict.reason, samples, connection.phases, evidence)
