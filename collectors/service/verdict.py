"""From what happened to one reason of the closed list. Pure: an exchange and a target in, a verdict out."""

from dataclasses import dataclass

from collectors.core import Reason
from collectors.core.ports import HttpExchange
from collectors.service.pages import challenge, maintenance, text_of
from collectors.service.redirects import header
from collectors.service.target import Target

_BLOCKED = (403, 429)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A reason, in words for a person why, and whether a pattern of the target's was what failed."""

    reason: Reason
    why: str = ""
    pattern_failed: bool = False


def judge_page(target: Target, exchange: HttpExchange) -> Verdict:
    """What the last exchange of a chain means, time aside."""
    if exchange.failure:
        return Verdict(exchange.failure.reason, f"{exchange.failure.message} (phase {exchange.failure.phase})")
    status = exchange.status or 0
    expected = any(status in wanted for wanted in target.status) if target.status else 200 <= status <= 299
    return _judge_content(target, exchange) if expected else _judge_status(exchange, status)


def judge_time(verdict: Verdict, target: Target, seconds: float) -> Verdict:
    """A right answer that took longer than the target's budget is slow."""
    if verdict.reason is Reason.OK and target.budget is not None and seconds > target.budget:
        return Verdict(Reason.SLOW, f"took {seconds:.2f} s, the budget is {target.budget:g} s")
    return verdict


def _judge_status(exchange: HttpExchange, status: int) -> Verdict:
    if words := challenge(exchange):
        return Verdict(Reason.BLOCKED, f"status {status} with a firewall's page: {words!r}")
    if status in _BLOCKED:
        return Verdict(Reason.BLOCKED, f"status {status}")
    if words := maintenance(exchange):
        return Verdict(Reason.MAINTENANCE, f"status {status} with a page that says {words!r}")
    if 300 <= status <= 399:
        return Verdict(Reason.REDIRECT, f"status {status}, which is not followed")
    return Verdict(Reason.ERROR, f"status {status}")


def _judge_content(target: Target, exchange: HttpExchange) -> Verdict:
    problem = _pattern_problem(target, exchange)
    if target.body_matches and not problem:
        return Verdict(Reason.OK)  # what was asked for is there: no need to guess from the page's words
    if words := challenge(exchange):
        return Verdict(Reason.BLOCKED, f"a firewall's page instead of the content: {words!r}", bool(problem))
    if words := maintenance(exchange):
        return Verdict(Reason.MAINTENANCE, f"the page says {words!r}", bool(problem))
    return Verdict(Reason.CONTENT, problem, pattern_failed=True) if problem else Verdict(Reason.OK)


def _pattern_problem(target: Target, exchange: HttpExchange) -> str:
    """Why the body is not what the target's patterns ask for, "" when it is."""
    if not target.body_matches and not target.body_must_not_match:
        return ""
    coding = header(exchange, "content-encoding").lower()
    if coding not in ("", "identity"):
        return f"the body is compressed ({coding[:20]}) although that was not asked for, so no pattern can be checked"
    body = text_of(exchange)
    cut = "" if exchange.complete else f" in the first {len(exchange.body)} bytes"
    for wanted in target.body_matches:
        if not wanted.pattern.search(body):
            return f"the body does not match {str(wanted)!r}{cut}"
    for unwanted in target.body_must_not_match:
        if unwanted.pattern.search(body):
            return f"the body matches {str(unwanted)!r}"
    return ""
