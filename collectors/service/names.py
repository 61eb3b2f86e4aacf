"""The kind dns: one question to one name server, or to several whose answers have to agree."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from collectors.core import Ports, ProbeError, Reading, Reason, Sample
from collectors.core.ports import DnsAnswer
from collectors.messages.said import Said
from collectors.service import metrics
from collectors.service.evidence import waiting
from collectors.service.target import Target
from collectors.service.verdict import Verdict, judge_time

_Reply = DnsAnswer | ProbeError


async def probe_dns(target: Target, ports: Ports, timeout: float) -> Reading:
    """Whether name servers answer, and what was expected."""
    if target.servers:
        return await _compare(target, ports, timeout)
    begun = ports.clock.monotonic()
    reply = await _ask(target, str(target.server or ""), ports, timeout)
    verdict, samples = _judge(target, reply), tuple(_samples(reply))
    phases = _phases(reply, ports.clock.monotonic() - begun)
    return Reading(verdict.reason, samples, phases, tuple(filter(None, (_shown(target, reply), verdict.why))))


async def _ask(target: Target, server: str, ports: Ports, timeout: float) -> _Reply:
    try:
        return await ports.net.query(server, target.name, target.record, timeout)
    except ProbeError as error:
        return error


async def _compare(target: Target, ports: Ports, timeout: float) -> Reading:
    """All at once. The samples of the slowest answer stand for all: a resolver on a machine may ask any of them."""
    begun = ports.clock.monotonic()
    servers = [str(server) for server in target.servers]
    replies = await asyncio.gather(*(_ask(target, server, ports, timeout) for server in servers))
    waited = ports.clock.monotonic() - begun
    answers = [reply for reply in replies if isinstance(reply, DnsAnswer)]
    verdicts = [_judge(target, reply) for reply in replies]
    verdict = judge_agreement(verdicts, answers)
    slowest = max(answers, key=lambda answer: answer.seconds, default=replies[0])
    samples = [*_samples(slowest), metrics.DNS_AGREE(agree(answers))]
    for server, one in zip(servers, verdicts, strict=True):
        samples.append(metrics.DNS_SERVER(1, server=server, reason=one.reason))
    silent = next((reply for reply in replies if isinstance(reply, ProbeError)), slowest)
    lines = [_of_server(server, _shown(target, reply)) for server, reply in zip(servers, replies, strict=True)]
    evidence = tuple(filter(None, (*lines, verdict.why)))
    return Reading(verdict.reason, tuple(samples), _phases(silent, waited), evidence)


def _of_server(server: str, line: str) -> str:
    """Most lines name it themselves."""
    return line if server in line else Said("at_host", host=server, what=line)


def _phases(reply: _Reply, waited: float) -> Mapping[str, float]:
    """One that gave no answer has had all the time; so has the search for its own name, where that hung."""
    return waiting(reply, waited) if isinstance(reply, ProbeError) else {"request": reply.seconds}


def judge_agreement(verdicts: Sequence[Verdict], answers: Sequence[DnsAnswer]) -> Verdict:
    """The first name server that is not right decides; right ones that disagree are wrong content."""
    for verdict in verdicts:
        if not verdict.reason.success:
            return verdict
    if not agree(answers):
        return Verdict(Reason.CONTENT, Said("dns.disagree"))
    return next((verdict for verdict in verdicts if verdict.reason is Reason.SLOW), verdicts[0])


def agree(answers: Sequence[DnsAnswer]) -> bool:
    """Whether all that answered gave the same code and records, in whatever order."""
    return len({(answer.rcode, frozenset(map(_canonical, answer.answers))) for answer in answers}) <= 1


def _judge(target: Target, reply: _Reply) -> Verdict:
    if isinstance(reply, ProbeError):
        return Verdict(reply.reason)
    return judge_time(judge_dns(target, reply), target, reply.seconds)


def judge_dns(target: Target, answer: DnsAnswer) -> Verdict:
    """What an answer means (RFC 1035, section 4.1.1). Names are compared without case and final dot."""
    if answer.rcode == "NXDOMAIN":
        return Verdict(Reason.DNS, Said("dns.missing"))
    if answer.rcode != "NOERROR":
        return Verdict(Reason.ERROR, Said("dns.code", code=answer.rcode))
    if answer.answers and len(answer.answers) <= answer.aliases:
        return Verdict(Reason.CONTENT, Said("dns.alias", record=target.record))
    if not answer.answers:
        return Verdict(Reason.CONTENT, Said("dns.no_record", record=target.record))
    given = {_canonical(record) for record in answer.answers}
    if missing := [wanted for wanted in target.answers if _canonical(wanted) not in given]:
        return Verdict(Reason.CONTENT, Said("dns.other", missing=", ".join(missing)))
    return Verdict(Reason.OK)


def _samples(reply: _Reply) -> Iterator[Sample]:
    yield metrics.DNS_ANSWERED(isinstance(reply, DnsAnswer))
    if isinstance(reply, DnsAnswer):
        yield metrics.DNS_PHASE(reply.seconds, phase="request")
        yield metrics.DNS_ANSWERS(len(reply.answers))
        yield metrics.DNS_AUTHORITY(reply.authority)
        yield metrics.DNS_ADDITIONAL(reply.additional)


def _shown(target: Target, reply: _Reply) -> str:
    if isinstance(reply, ProbeError):
        return reply.message
    records = ", ".join(reply.answers[:5]) or "no records"
    return f"{target.name} {target.record} at {reply.server}: {reply.rcode}, {records}"


def _canonical(record: str) -> str:
    return record.lower().rstrip(".")
