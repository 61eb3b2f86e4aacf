"""The kinds ocsp, crl and timestamp: one HTTP request each, and an answer that is checked to its signature."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from collectors.core import Ports, Reading, Reason, Sample
from collectors.core.ports import HttpExchange
from collectors.messages.said import Said
from collectors.service import crl, ocsp, timestamp
from collectors.service.signatures import load
from collectors.service.target import Target
from collectors.service.verdict import Verdict, judge_page
from collectors.service.web import Chain, first_request, reading

Judge = Callable[[bytes, datetime], tuple[Verdict, tuple[Sample, ...]]]


async def probe_ocsp(target: Target, ports: Ports, timeout: float) -> Reading:
    """Whether a responder says in time, and so that it can be believed, that a certificate is good."""
    await load()
    question = ocsp.Question.about(target)
    return await _ask(target, ports, timeout, question.judge, question.body, "application/ocsp-request")


async def probe_crl(target: Target, ports: Ports, timeout: float) -> Reading:
    """Whether a revocation list can be fetched and still holds."""
    await load()
    return await _ask(target, ports, timeout, lambda body, now: crl.judge(target, body, now))


async def probe_timestamp(target: Target, ports: Ports, timeout: float) -> Reading:
    """Whether an authority stamps a fresh digest."""
    await load()
    question = timestamp.Question.fresh(target)
    return await _ask(target, ports, timeout, question.judge, question.body, "application/timestamp-query")


async def _ask(
    target: Target, ports: Ports, timeout: float, judge: Judge, body: bytes = b"", content_type: str = ""
) -> Reading:
    request = first_request(target)
    if body:
        headers = (*request.headers, ("Content-Type", content_type))
        request = replace(request, method="POST", body=body, headers=headers)
    exchange = await ports.http.exchange(request, timeout)
    verdict, samples = _judge(target, exchange, judge, datetime.fromtimestamp(ports.clock.now(), UTC))
    return reading(target, Chain(((request, exchange),)), verdict, *samples)


def _judge(target: Target, exchange: HttpExchange, judge: Judge, now: datetime) -> tuple[Verdict, tuple[Sample, ...]]:
    verdict = judge_page(target, exchange)
    if not verdict.reason.success:
        return verdict, ()
    if not exchange.complete:
        return Verdict(Reason.INVALID, Said("authority.long", most=target.max_body)), ()
    return judge(exchange.body, now)
