"""The kind http: one request, its redirects, and what came of them."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import urlsplit

from collectors.core import Ports, Reading, Reason, Sample
from collectors.core.credentials import shown
from collectors.core.ports import Failure, HttpExchange, HttpRequest
from collectors.messages.said import Said
from collectors.service import metrics
from collectors.service.evidence import of_tls
from collectors.service.redirects import Cookies, RedirectError, followed, header, keep_cookies, next_request
from collectors.service.secure import judge_hops
from collectors.service.staple import with_staple
from collectors.service.target import Target
from collectors.service.verdict import Verdict, judge_host, judge_page, judge_time

_MOST_REDIRECTS = 10
_TOO_LITTLE = 0.05  # share of the timeout that is too short to blame the next host for not using it well
_SILENCE = 0.25  # share of the timeout without a byte that is a hang (agent/io/attempt.py has it for one exchange)


@dataclass(frozen=True, slots=True)
class Chain:
    """The exchanges of one run in order, each with its request, and why the chain was left early."""

    steps: tuple[tuple[HttpRequest, HttpExchange], ...]
    problem: str = ""

    @property
    def last(self) -> HttpExchange:
        return self.steps[-1][1]

    def phases(self) -> Mapping[str, float]:
        """Seconds per phase, summed over redirects."""
        total: dict[str, float] = {}
        for _, exchange in self.steps:
            for phase, seconds in exchange.phases.items():
                total[phase] = total.get(phase, 0.0) + seconds
        return total


async def probe_http(target: Target, ports: Ports, timeout: float) -> Reading:
    """Ask for the URL, follow where it sends us, judge what came."""
    begun = ports.clock.monotonic()
    chain = await _follow(target, ports, timeout)
    verdict = _judge(target, chain, ports.clock.now())
    if target.conditional and verdict.reason is Reason.OK:
        ports.http.remember(*chain.steps[-1])
    left = begun + timeout - ports.clock.monotonic()
    verdict, samples = await with_staple(verdict, target, ports, left)
    return reading(target, chain, verdict, *samples)


def reading(target: Target, chain: Chain, verdict: Verdict, *more: Sample) -> Reading:
    """The verdict, time considered, with all that the chain shows."""
    phases = chain.phases()
    verdict = judge_time(verdict, target, sum(phases.values()))
    samples = (*_samples(chain, phases, verdict), *more)
    return Reading(verdict.reason, samples, phases, tuple(_evidence(chain, verdict)))


def _judge(target: Target, chain: Chain, now: float) -> Verdict:
    if chain.problem:
        return Verdict(Reason.REDIRECT, chain.problem)
    request, exchange = chain.steps[-1]
    verdict = judge_host(judge_page(target, exchange), target, urlsplit(request.url).hostname or "")
    hops = ((urlsplit(request.url).hostname or "", exchange.tls) for request, exchange in chain.steps)
    return judge_hops(verdict, target, hops, now)


async def _follow(target: Target, ports: Ports, timeout: float) -> Chain:
    deadline = ports.clock.monotonic() + timeout
    request: HttpRequest | None = first_request(target)
    cookies: Cookies = {}
    steps: list[tuple[HttpRequest, HttpExchange]] = []
    seen: set[tuple[str, frozenset[object]]] = set()
    while request:
        left = deadline - ports.clock.monotonic()
        if left < timeout * _TOO_LITTLE:
            return Chain(_out_of_time(steps))
        seen.add((request.url, frozenset(cookies.items())))
        steps = [followed(*step) for step in steps]
        exchange = await ports.http.exchange(request, left)
        steps.append((request, exchange))
        if left < timeout * _SILENCE and _is_silent(exchange) and not (target.stall and target.stall < left):
            return Chain(_out_of_time(steps))
        cookies = keep_cookies(cookies, request, exchange)
        try:
            request = next_request(request, exchange, cookies) if target.follow_redirects else None
        except RedirectError as error:
            return Chain(tuple(steps), error.why)
        if request and (request.url, frozenset(cookies.items())) in seen:
            return Chain(tuple(steps), Said("redirect.loop", url=shown(request.url)))
        if request and len(steps) > _MOST_REDIRECTS:
            return Chain(tuple(steps), Said("redirect.many", most=_MOST_REDIRECTS))
    return Chain(tuple(steps))


def first_request(target: Target) -> HttpRequest:
    """What the target asks for first."""
    return HttpRequest(
        url=target.url or "",
        method=target.method,
        headers=tuple((name, value.reveal()) for name, value in target.headers.items()),
        family=target.one_family,
        connect_to=str(target.connect_to or ""),
        ca_file=target.ca_file,
        verify=target.verify,
        max_body=target.max_body,
        version=target.http,
        stall=target.stall,
        conditional=target.conditional,
    )


def _is_silent(exchange: HttpExchange) -> bool:
    return exchange.failure is not None and exchange.failure.reason is Reason.FROZEN


def _out_of_time(steps: list[tuple[HttpRequest, HttpExchange]]) -> tuple[tuple[HttpRequest, HttpExchange], ...]:
    """The redirects before took all the time: nothing can be said of the host that is next."""
    request, exchange = steps[-1]
    failure = Failure(Reason.TIMEOUT, list(exchange.phases)[-1], Said("time.redirects"))
    return *steps[:-1], (request, replace(exchange, failure=failure))


def _samples(chain: Chain, phases: Mapping[str, float], verdict: Verdict) -> Iterator[Sample]:
    first, last = chain.steps[0][1], chain.last
    yield from metrics.of_address(first.address, first.phases.get("resolve"))
    yield from (metrics.HTTP_PHASE(seconds, phase=phase) for phase, seconds in phases.items())
    yield metrics.HTTP_STATUS(last.status or 0)
    yield metrics.HTTP_SSL(last.tls is not None)
    yield metrics.HTTP_REDIRECTS(len(chain.steps) - 1)
    yield metrics.FAILED_REGEX(verdict.pattern_failed)
    yield from metrics.of_tls(last.tls)
    yield from metrics.of_failure(last.failure)
    if last.status is None:
        return
    if chain.steps[0][0].conditional:
        yield metrics.HTTP_UNCHANGED(last.unchanged)
    yield metrics.HTTP_VERSION(float(last.version))
    yield metrics.HTTP_CONTENT_LENGTH(_content_length(last))
    yield metrics.HTTP_BODY_LENGTH(last.body_size)
    if (modified := http_date(header(last, "last-modified"))) is not None:
        yield metrics.HTTP_LAST_MODIFIED(modified)


def _content_length(exchange: HttpExchange) -> int:
    text = header(exchange, "content-length")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else -1


@lru_cache(maxsize=64)  # a page that did not change has the date of before
def http_date(text: str) -> float | None:
    """An IMF-fixdate (RFC 9110, section 5.6.7) as Unix time; None for anything else."""
    try:
        return datetime.strptime(text, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _evidence(chain: Chain, verdict: Verdict) -> Iterator[str]:
    for request, exchange in chain.steps:
        what = f"status {exchange.status}" if exchange.status else "no answer"
        place = f" from {exchange.address}" if exchange.address else ""
        took = 1000 * sum(exchange.phases.values())
        yield f"{request.method} {shown(request.url)}: {what}{place} after {took:.0f} ms"
    yield from of_tls(chain.last.tls, failed=chain.last.failure is not None)
    if chain.last.status is not None:
        cut = "" if chain.last.complete else ", cut there"
        digest = hashlib.sha256(chain.last.body).hexdigest()[:16]  # to tell one page from another, not to keep it
        yield f"{chain.last.body_size} bytes of body{cut}, SHA-256 {digest}"
    if chain.last.unchanged:
        yield "the page has not changed since it was last right, within the last hour"
    if verdict.why:
        yield verdict.why
