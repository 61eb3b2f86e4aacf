"""The kinds tcp, tls, dns and icmp."""

from collections.abc import Iterator
from statistics import median

from collectors.core import Ports, ProbeError, Reading, Reason, Sample
from collectors.core.ports import Connection, DnsAnswer, Ping
from collectors.service import metrics
from collectors.service.evidence import of_tls
from collectors.service.target import Target
from collectors.service.verdict import Verdict, judge_time

_TLS_PORT = 443
_INTERVAL = 0.2  # seconds between echoes


async def probe_tcp(target: Target, ports: Ports, timeout: float) -> Reading:
    """Whether a TCP connection stands."""
    connection = await ports.net.connect(target.host, target.port or 0, timeout, family=target.family)
    return _of_connection(target, connection)


async def probe_tls(target: Target, ports: Ports, timeout: float) -> Reading:
    """Whether a TLS handshake succeeds with a certificate that holds, and until when."""
    connection = await ports.net.connect(
        target.host,
        target.port or _TLS_PORT,
        timeout,
        family=target.family,
        tls=True,
        server_name=target.server_name,
        ca_file=target.ca_file,
    )
    return _of_connection(target, connection)


def _of_connection(target: Target, connection: Connection) -> Reading:
    phases = connection.phases
    if connection.failure:
        why = f"{connection.failure.message} (phase {connection.failure.phase})"
        verdict = Verdict(connection.failure.reason, why)
    else:
        verdict = judge_time(Verdict(Reason.OK, f"connected to {connection.address}"), target, sum(phases.values()))
    samples = (*metrics.of_address(connection.address, phases.get("resolve")), *metrics.of_tls(connection.tls))
    return Reading(
        verdict.reason, samples, phases, (*of_tls(connection.tls, failed=connection.failure is not None), verdict.why)
    )


async def probe_icmp(target: Target, ports: Ports, timeout: float) -> Reading:
    """Whether a host answers echoes, and how fast."""
    interval = min(_INTERVAL, timeout / (2 * target.count))
    ping = await ports.net.ping(target.host, timeout, count=target.count, interval=interval, family=target.family)
    back = [seconds for seconds in ping.times if seconds is not None]
    lost = len(ping.times) - len(back)
    if not back:
        verdict = Verdict(Reason.NO_ANSWER, f"none of {len(ping.times)} echoes came back")
    else:
        why = f"{len(back)} of {len(ping.times)} echoes came back" if lost else ""
        verdict = judge_time(Verdict(Reason.OK, why), target, median(back))
    phases = {"resolve": ping.resolve_seconds, "setup": ping.setup_seconds, **({"rtt": median(back)} if back else {})}
    evidence = (f"{ping.address}, {len(ping.times)} echoes on a {ping.method} socket", verdict.why)
    samples = (*metrics.of_address(ping.address, ping.resolve_seconds), *_of_ping(ping, phases))
    return Reading(verdict.reason, samples, phases, tuple(filter(None, evidence)))


def _of_ping(ping: Ping, phases: dict[str, float]) -> Iterator[Sample]:
    yield from (metrics.ICMP_PHASE(seconds, phase=phase) for phase, seconds in phases.items())
    if ping.hop_limit is not None:
        yield metrics.ICMP_HOP_LIMIT(ping.hop_limit)


async def probe_dns(target: Target, ports: Ports, timeout: float) -> Reading:
    """Whether a name server answers, and what was expected."""
    try:
        answer = await ports.net.query(str(target.server or ""), target.name, target.record, timeout)
    except ProbeError as error:
        return Reading(error.reason, (metrics.DNS_ANSWERED(0),), evidence=(error.message,))
    verdict = judge_time(judge_dns(target, answer), target, answer.seconds)
    samples = (
        metrics.DNS_ANSWERED(1),
        metrics.DNS_PHASE(answer.seconds, phase="request"),
        metrics.DNS_ANSWERS(len(answer.answers)),
        metrics.DNS_AUTHORITY(answer.authority),
        metrics.DNS_ADDITIONAL(answer.additional),
    )
    records = ", ".join(answer.answers[:5]) or "no records"
    evidence = (f"{target.name} {target.record} at {answer.server}: {answer.rcode}, {records}", verdict.why)
    return Reading(verdict.reason, samples, {"request": answer.seconds}, tuple(filter(None, evidence)))


def judge_dns(target: Target, answer: DnsAnswer) -> Verdict:
    """What an answer means (RFC 1035, section 4.1.1). Names are compared without case and final dot."""
    if answer.rcode == "NXDOMAIN":
        return Verdict(Reason.DNS, "the name does not exist")
    if answer.rcode != "NOERROR":
        return Verdict(Reason.ERROR, f"the name server answers {answer.rcode}")
    if not answer.answers:
        return Verdict(Reason.CONTENT, f"the name has no {target.record} record")
    given = {_canonical(record) for record in answer.answers}
    if missing := [wanted for wanted in target.answers if _canonical(wanted) not in given]:
        return Verdict(Reason.CONTENT, f"not among the answers: {', '.join(missing)}")
    return Verdict(Reason.OK)


def _canonical(record: str) -> str:
    return record.lower().rstrip(".")
