"""Walking a journey: one step after the other with what was taken on the way, then the clean-up."""

import hashlib
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from collectors.core import Ports, ProbeError, Reason
from collectors.core.ports import HttpExchange, HttpRequest
from collectors.core.values import Url
from collectors.journey import cookies
from collectors.journey.cookies import Jar
from collectors.journey.take import take
from collectors.journey.target import Step, Target
from collectors.journey.template import Taken, fill_form, fill_header
from collectors.messages.said import Said
from collectors.service.redirects import RedirectError, followed, next_request
from collectors.service.target import Target as Page
from collectors.service.verdict import Verdict, judge_page

_MOST_REDIRECTS = 10
_TOO_LITTLE = 0.05  # share of a step's time that is too short to blame the next host for not using it well
_LONGEST_HOST = 253

_Visits = list[tuple[HttpRequest, HttpExchange]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person may know of a step's last answer: its size and a hash, no content."""

    status: int | None
    redirects: int
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Stop:
    """One finished step; `answer` is None when nothing was sent."""

    name: str
    verdict: Verdict
    seconds: float
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Trip:
    """The steps that were reached, and the clean-up steps that had something to clean up."""

    stops: tuple[Stop, ...]
    clean_up: tuple[Stop, ...]


async def travel(target: Target, ports: Ports, timeout: float) -> Trip:
    """Walk until a step fails or the time is up, then clean up; all within `timeout` seconds."""
    end = ports.clock.monotonic() + timeout
    reserve = min(target.reserve, timeout / 2) if target.clean_up else 0.0
    traveller = _Traveller(target, ports)
    stops: list[Stop] = []
    for name, step in target.steps.items():
        stops.append(await traveller.walk(name, step, end - reserve - ports.clock.monotonic()))
        if not stops[-1].verdict.reason.success:
            break
    return Trip(tuple(stops), await _clean_up(target, ports, traveller, end))


async def _clean_up(target: Target, ports: Ports, traveller: "_Traveller", end: float) -> tuple[Stop, ...]:
    """Each step has its share of what is left, so that one that hangs leaves time for the others."""
    stops = []
    for index, (name, step) in enumerate(target.clean_up.items()):
        if step.uses <= traveller.taken.keys():  # else the journey never came so far: there is nothing to undo
            share = (end - ports.clock.monotonic()) / (len(target.clean_up) - index)
            stops.append(await traveller.walk(name, step, share))
    return tuple(stops)


class _Traveller:
    """One run: the cookies and values that it carries, and how it takes a step."""

    def __init__(self, target: Target, ports: Ports) -> None:
        self.taken: dict[str, Taken] = {}
        self._target = target
        self._hosts = target.known_hosts
        self._ports = ports
        self._jar: Jar = ()

    async def walk(self, name: str, step: Step, left: float) -> Stop:
        """One step within its own timeout and what is `left` of the journey's time. Never raises ProbeError."""
        if left <= 0:
            return Stop(name, Verdict(Reason.TIMEOUT, Said("journey.over")), 0.0)
        clock, visits = self._ports.clock, _Visits()
        started = clock.monotonic()
        try:
            verdict = await self._visit(step, min(step.timeout, left), visits)
        except ProbeError as error:
            verdict = Verdict(error.reason, error.message)
        seconds = clock.monotonic() - started
        if not verdict.reason.success and seconds >= left * (1 - _TOO_LITTLE):
            verdict = Verdict(Reason.TIMEOUT, Said("journey.over_at", what=verdict.why))
        return Stop(name, verdict, seconds, _answer(visits))

    async def _visit(self, step: Step, timeout: float, visits: _Visits) -> Verdict:
        deadline = self._ports.clock.monotonic() + timeout
        onward: HttpRequest | None = self._first(step)
        while onward:
            left = deadline - self._ports.clock.monotonic()
            if left < timeout * _TOO_LITTLE:
                raise ProbeError(Reason.TIMEOUT, Said("time.redirects"))
            if len(visits) > _MOST_REDIRECTS:
                raise ProbeError(Reason.REDIRECT, Said("redirect.many", most=_MOST_REDIRECTS))
            request = self._permitted(onward)
            visits[:] = [followed(*visit) for visit in visits]
            exchange = await self._ports.http.exchange(request, left)
            visits.append((request, exchange))
            self._jar = cookies.keep(self._jar, request.url, exchange.headers, self._ports.clock.now())
            onward = _redirected(request, exchange) if step.follow_redirects else None
        request, exchange = visits[-1]
        verdict = judge_page(_page(step, request.url), exchange)
        if verdict.reason.success:
            self.taken |= self._take(step, request.url, exchange)
        return verdict

    def _first(self, step: Step) -> HttpRequest:
        headers = [(name, fill_header(name, text, self.taken)) for name, text in step.headers.items()]
        body = b""
        if step.form is not None:
            body = fill_form(step.form, self.taken)
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        elif step.json is not None:
            body = step.json.fill(self.taken)
            headers.append(("Content-Type", "application/json"))
        return HttpRequest(
            url=step.url.fill(self.taken),
            method=step.method,
            headers=tuple(headers),
            body=body,
            family=self._target.family,
            ca_file=self._target.ca_file,
            max_body=step.max_body,
        )

    def _permitted(self, request: HttpRequest) -> HttpRequest:
        """The request with its cookies, if it stays among the journey's hosts: others learn nothing from us."""
        host = urlsplit(request.url).hostname or ""
        if host not in self._hosts:
            raise ProbeError(Reason.REDIRECT, Said("journey.elsewhere", host=host[:_LONGEST_HOST]))
        carried = cookies.sent(self._jar, request.url, self._ports.clock.now())
        return replace(request, headers=(*request.headers, ("Cookie", carried))) if carried else request

    def _take(self, step: Step, url: str, exchange: HttpExchange) -> dict[str, Taken]:
        now = self._ports.clock.now()
        return {name: Taken(take(wanted, exchange, self._jar, url, now), url) for name, wanted in step.take.items()}


def _redirected(request: HttpRequest, exchange: HttpExchange) -> HttpRequest | None:
    """Where the answer sends us. What was posted is not posted again, but where 307 and 308 ask for it."""
    try:
        onward = next_request(request, exchange, {})
    except RedirectError as error:
        raise ProbeError(Reason.REDIRECT, error.why) from None
    if onward is None or request.method in ("GET", "HEAD") or exchange.status in (307, 308):
        return onward
    headers = tuple((name, value) for name, value in onward.headers if name.lower() != "content-type")
    return replace(onward, method="GET", body=b"", headers=headers)


def _page(step: Step, url: str) -> Page:
    """The step as the service collector judges a page."""
    return Page(
        url=Url(url),
        status=step.status,
        body_matches=step.body_matches,
        body_must_not_match=step.body_must_not_match,
    )


def _answer(visits: _Visits) -> Answer | None:
    if not visits:
        return None
    last = visits[-1][1]
    digest = hashlib.sha256(last.body).hexdigest()[:16]
    return Answer(last.status, len(visits) - 1, last.body_size, digest)
