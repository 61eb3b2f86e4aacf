"""One exchange, one reason: the borders between the reasons of the closed list."""

import gzip
from typing import Any

import pytest

from collectors.core import Reason
from collectors.core.ports import DnsAnswer, Failure, HttpExchange
from collectors.core.values import Duration, Url
from collectors.service.names import judge_dns
from collectors.service.target import Kind, Regexp, Statuses, Target
from collectors.service.verdict import Verdict, judge_page, judge_time

PORTAL = "<title>Cổng Dịch vụ công quốc gia</title>"
MAINTENANCE = "Hệ thống đang bảo trì. Vui lòng thử lại sau"


def exchange(status: int | None = 200, body: str = PORTAL, **more: Any) -> HttpExchange:
    return HttpExchange({}, status=status, body=body.encode(), complete=True, **more)


def target(**fields: Any) -> Target:
    return Target(url=Url("https://portal.example/"), **fields)


def judge(given: HttpExchange, **fields: Any) -> Reason:
    return judge_page(target(**fields), given).reason


def patterns(*texts: str) -> tuple[Regexp, ...]:
    return tuple(map(Regexp.parse, texts))


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (199, Reason.ERROR),
        (200, Reason.OK),
        (299, Reason.OK),
        (302, Reason.REDIRECT),
        (400, Reason.ERROR),
        (401, Reason.ERROR),
        (403, Reason.BLOCKED),
        (404, Reason.ERROR),
        (429, Reason.BLOCKED),
        (500, Reason.ERROR),
        (503, Reason.ERROR),
    ],
)
def test_a_status_has_its_reason(status: int, reason: Reason) -> None:
    assert judge(exchange(status)) is reason


def test_an_expected_status_is_right_whatever_it_is() -> None:
    assert judge(exchange(401), status=(Statuses.parse("2xx"), Statuses.parse("401"))) is Reason.OK
    assert judge(exchange(403), status=(Statuses.parse("403"),)) is Reason.OK
    assert judge(exchange(200), status=(Statuses.parse("403"),)) is Reason.ERROR


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize("wanted", ["4xx", "400-450", "403-429"])
def test_neither_a_class_nor_a_range_makes_a_refusal_right(status: int, wanted: str) -> None:
    expected = (Statuses.parse("2xx"), Statuses.parse(wanted))
    assert judge(exchange(status), status=expected) is Reason.BLOCKED
    assert judge(exchange(status), status=(*expected, Statuses.parse(str(status)))) is Reason.OK


@pytest.mark.parametrize("status", [200, 404, 500, 503])
def test_a_page_that_says_maintenance_is_maintenance_with_any_status(status: int) -> None:
    assert judge(exchange(status, MAINTENANCE)) is Reason.MAINTENANCE


def test_a_page_that_admits_an_error_is_one_whatever_its_status_claims() -> None:
    overloaded = "Hệ thống đang quá tải, vui lòng thử lại sau"
    assert judge(exchange(200, overloaded)) is Reason.ERROR
    assert judge(exchange(200, overloaded), body_matches=patterns("Cổng Dịch vụ công")) is Reason.ERROR
    assert judge(exchange(200, f"{PORTAL} {overloaded}"), body_matches=patterns("Cổng Dịch vụ công")) is Reason.OK
    assert judge(exchange(400, overloaded), status=(Statuses.parse("4xx"),)) is Reason.OK


def test_a_firewalls_page_is_blocked_even_when_it_claims_to_be_fine() -> None:
    assert judge(exchange(200, "The requested URL was rejected. Your support ID is: 1")) is Reason.BLOCKED
    assert judge(exchange(503, "Checking your browser before accessing")) is Reason.BLOCKED


def test_the_content_that_was_asked_for_outweighs_words_that_look_like_a_notice() -> None:
    body = f"{PORTAL} {MAINTENANCE}"
    assert judge(exchange(200, body)) is Reason.MAINTENANCE
    assert judge(exchange(200, body), body_matches=patterns("Dịch vụ công")) is Reason.OK


def test_a_missing_pattern_is_wrong_content() -> None:
    verdict = judge_page(target(body_matches=patterns("Dịch vụ", "đăng nhập")), exchange())
    assert (verdict.reason, verdict.pattern_failed) == (Reason.CONTENT, True)
    assert "'đăng nhập'" in verdict.why


def test_an_unwanted_pattern_is_wrong_content() -> None:
    verdict = judge_page(target(body_must_not_match=patterns("(?i)cổng")), exchange())
    assert (verdict.reason, verdict.pattern_failed) == (Reason.CONTENT, True)


def test_maintenance_says_more_than_a_missing_pattern() -> None:
    verdict = judge_page(target(body_matches=patterns("đăng nhập")), exchange(200, MAINTENANCE))
    assert (verdict.reason, verdict.pattern_failed) == (Reason.MAINTENANCE, True)


def test_a_compressed_body_cannot_be_checked_and_says_so() -> None:
    answer = exchange(200, "packed", headers=(("Content-Encoding", "br"),))
    verdict = judge_page(target(body_matches=patterns("a")), answer)
    assert verdict.reason is Reason.CONTENT
    assert "compressed (br)" in verdict.why


def test_a_compressed_body_that_can_be_unpacked_is_judged_as_any_other() -> None:
    def packed(text: str) -> HttpExchange:
        body, headers = gzip.compress(text.encode()), (("Content-Encoding", "gzip"),)
        return HttpExchange({}, status=200, headers=headers, body=body, complete=True)

    assert judge(packed(MAINTENANCE)) is Reason.MAINTENANCE
    assert judge(packed(PORTAL), body_matches=patterns("Dịch vụ")) is Reason.OK
    assert judge(packed(PORTAL), body_matches=patterns("đăng nhập")) is Reason.CONTENT


def test_a_page_that_could_not_be_read_is_judged_by_its_status_and_the_evidence_says_so() -> None:
    verdict = judge_page(target(), exchange(200, "?", headers=(("Content-Encoding", "br"),)))
    assert (verdict.reason, "compressed (br)" in verdict.why) == (Reason.OK, True)


def test_a_pattern_that_is_missing_in_a_body_that_was_cut_says_how_much_was_read() -> None:
    answer = HttpExchange({}, status=200, body=b"x" * 10)
    assert "first 10 bytes" in judge_page(target(body_matches=patterns("a")), answer).why


def test_a_failure_outweighs_the_status_before_it() -> None:
    failure = Failure(Reason.FROZEN, "transfer", "silence")
    assert judge(exchange(503, failure=failure)) is Reason.FROZEN


@pytest.mark.parametrize(("seconds", "reason"), [(1.99, Reason.OK), (2.0, Reason.OK), (2.01, Reason.SLOW)])
def test_slow_begins_above_the_budget(seconds: float, reason: Reason) -> None:
    assert judge_time(Verdict(Reason.OK), target(budget=Duration(2)), seconds).reason is reason


def test_a_wrong_answer_is_not_slow_and_without_a_budget_nothing_is() -> None:
    assert judge_time(Verdict(Reason.ERROR), target(budget=Duration(2)), 9).reason is Reason.ERROR
    assert judge_time(Verdict(Reason.OK), target(), 9).reason is Reason.OK


@pytest.mark.parametrize(
    ("rcode", "answers", "wanted", "reason"),
    [
        ("NOERROR", ("10.0.0.1",), (), Reason.OK),
        ("NOERROR", ("10.0.0.1", "10.0.0.2"), ("10.0.0.2",), Reason.OK),
        ("NOERROR", ("Portal.Example.",), ("portal.example",), Reason.OK),
        ("NOERROR", ("10.0.0.1",), ("10.0.0.2",), Reason.CONTENT),
        ("NOERROR", (), (), Reason.CONTENT),
        ("NXDOMAIN", (), (), Reason.DNS),
        ("SERVFAIL", (), (), Reason.ERROR),
        ("REFUSED", (), (), Reason.ERROR),
    ],
)
def test_a_name_servers_answer_has_its_reason(
    rcode: str, answers: tuple[str, ...], wanted: tuple[str, ...], reason: Reason
) -> None:
    asked = Target(kind=Kind.DNS, name="portal.example", answers=wanted)
    assert judge_dns(asked, DnsAnswer("10.0.0.53", 0.01, rcode, answers, 0, 0)).reason is reason
