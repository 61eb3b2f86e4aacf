"""From what happened to one reason of the closed list. Pure: an exchange and a target in, a verdict out."""

from dataclasses import dataclass

from collectors.core import Reason
from collectors.core.ports import HttpExchange
from collectors.messages.said import Said
from collectors.service.checks import wrong_body, wrong_head, wrong_size
from collectors.service.evidence import of_failure
from collectors.service.pages import challenge, fault, maintenance, unread
from collectors.service.target import Target

_LAST_RIGHT = 299  # behind it a status admits an error itself, and was expected all the same
_BLOCKED = (403, 429)  # right only where it is named by itself


@dataclass(frozen=True, slots=True)
class Verdict:
    """A reason, in words for a person why, and whether a pattern of the target's was what failed."""

    reason: Reason
    why: str = ""
    pattern_failed: bool = False


def judge_page(target: Target, exchange: HttpExchange) -> Verdict:
    """What the last exchange of a chain means, time aside."""
    if exchange.failure:
        return Verdict(exchange.failure.reason, of_failure(exchange.failure))
    if exchange.unchanged:
        return Verdict(Reason.OK)
    status = exchange.status or 0
    expected = _is_expected(target, status)
    return _judge_content(target, exchange) if expected else _judge_status(exchange, status)


def _is_expected(target: Target, status: int) -> bool:
    """Whoever expects 4xx does not mean to be turned away: of a class or a range, 403 and 429 are no part."""
    if not target.status:
        return 200 <= status <= 299
    return any(status in wanted and (status not in _BLOCKED or wanted.exact) for wanted in target.status)


def judge_time(verdict: Verdict, target: Target, seconds: float) -> Verdict:
    """A right answer that took longer than the target's budget is slow."""
    if verdict.reason is Reason.OK and target.budget is not None and seconds > target.budget:
        return Verdict(Reason.SLOW, Said("time.budget", seconds=float(seconds), budget=target.budget))
    return verdict


def _judge_status(exchange: HttpExchange, status: int) -> Verdict:
    if name := challenge(exchange):
        return Verdict(Reason.BLOCKED, Said("status.firewall", status=status, pattern=repr(name)))
    if status in _BLOCKED:
        return Verdict(Reason.BLOCKED, Said("status.wrong", status=status))
    if name := maintenance(exchange):
        return Verdict(Reason.MAINTENANCE, Said("status.maintenance", status=status, pattern=repr(name)))
    if 300 <= status <= 399:
        return Verdict(Reason.REDIRECT, Said("status.redirect", status=status))
    return Verdict(Reason.ERROR, Said("status.wrong", status=status))


def _judge_content(target: Target, exchange: HttpExchange) -> Verdict:
    problem = wrong_body(target, exchange)
    other = wrong_head(target, exchange) or wrong_size(target, exchange)
    if (target.body_matches or target.json_matches) and not problem and not other:
        return Verdict(Reason.OK)  # what was asked for is there: no need to guess from the page's words
    if name := challenge(exchange):
        return Verdict(Reason.BLOCKED, Said("page.firewall", pattern=repr(name)), bool(problem))
    if name := maintenance(exchange):
        return Verdict(Reason.MAINTENANCE, Said("page.maintenance", pattern=repr(name)), bool(problem))
    if (exchange.status or 0) <= _LAST_RIGHT and (name := fault(exchange)):
        return Verdict(Reason.ERROR, Said("page.fault", pattern=repr(name)), bool(problem))
    if problem or other:
        return Verdict(Reason.CONTENT, problem or other, bool(problem))
    return Verdict(Reason.OK, unread(exchange))


def judge_host(verdict: Verdict, target: Target, host: str) -> Verdict:
    """A page on a host where it was not expected is not the page, whatever is on it; a notice there still says more."""
    expected = target.final_host.lower()
    if not expected or host == expected or verdict.reason not in (Reason.OK, Reason.CONTENT, Reason.ERROR):
        return verdict
    return Verdict(Reason.REDIRECT, Said("redirect.end", host=host, expected=expected), verdict.pattern_failed)
