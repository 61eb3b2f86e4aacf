"""What an answer should be beside its status: headers, JSON, size, final host, TLS; each at its border."""

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core import Reason
from collectors.core.ports import HttpExchange
from collectors.core.values import Url
from collectors.service.checks import wrong_body, wrong_head, wrong_size
from collectors.service.json_places import find
from collectors.service.secure import judge_tls, weakness
from collectors.service.target import Regexp, Target
from collectors.service.verdict import Verdict, judge_host, judge_page
from collectors.service.words import JsonPath
from tests.fakes.http import GOOD_CERTIFICATE

DAY = 86_400.0
HEALTH = {"status": "UP", "parts": [{"name": "db", "ok": True}, {"name": "cache", "ok": False}], "a b": 1.5, "n": None}


def answer(body: str = "", **more: Any) -> HttpExchange:
    return HttpExchange(**{"phases": {}, "status": 200, "body": body.encode(), "body_size": len(body.encode()),
                           "complete": True, **more})  # fmt: skip


def target(**fields: Any) -> Target:
    return Target(url=Url("https://portal.example/"), **fields)


def wishes(**patterns: str) -> dict[str, Regexp]:
    return {name.replace("_", "-"): Regexp.parse(pattern) for name, pattern in patterns.items()}


@pytest.mark.parametrize(
    ("pattern", "words"),
    [("max-age=\\d+", ""), (".", ""), ("preload", "does not match 'preload'")],
)
def test_a_header_should_be_there_and_match(pattern: str, words: str) -> None:
    given_headers = (("strict-transport-security", "max-age=31536000"),)
    problem = wrong_head(
        target(header_matches=wishes(Strict_Transport_Security=pattern)), answer(headers=given_headers)
    )
    assert words in problem
    assert bool(problem) == bool(words)


def test_a_missing_header_is_named_and_no_value_is_shown() -> None:
    checked = target(header_matches=wishes(X_State="up"))
    assert wrong_head(checked, answer()) == "the answer has no header X-State"
    assert "secret" not in wrong_head(checked, answer(headers=(("X-State", "secret"),)))


@pytest.mark.parametrize(
    ("path", "pattern", "words"),
    [
        ("$.status", "^UP$", ""),
        ("$.status", "^DOWN$", "does not match"),
        ("$.parts[0].name", "db", ""),
        ("$.parts[1].ok", "^true$", "does not match"),
        ("$.parts[0].ok", "^true$", ""),
        ("$['a b']", "^1.5$", ""),
        ("$.n", "^null$", ""),
        ("$", '"UP"', ""),
        ("$.parts[2]", ".", "nothing at $.parts[2]"),
        ("$.status.deeper", ".", "nothing at"),
        ("$.parts.name", ".", "nothing at"),
        ("$[0]", ".", "nothing at $[0]"),
    ],
)
def test_a_place_in_a_json_body_should_match(path: str, pattern: str, words: str) -> None:
    problem = wrong_body(target(json_matches={path: Regexp.parse(pattern)}), answer(json.dumps(HEALTH)))
    assert words in problem
    assert bool(problem) == bool(words)


@pytest.mark.parametrize("body", ["", "<html>", "{", "[" * 100_000, "9" * 10_000])
def test_what_is_not_json_is_wrong_content_and_crashes_nothing(body: str) -> None:
    assert judge_page(target(json_matches={"$.a": Regexp.parse(".")}), answer(body)).reason is Reason.CONTENT


def test_json_that_was_cut_is_not_guessed_at() -> None:
    assert "cut after" in wrong_body(target(json_matches={"$": Regexp.parse(".")}), answer("1", complete=False))


@pytest.mark.parametrize("text", ["status", "$.", "$..a", "$[*]", "$.a[?(@.b)]", "$.a b", "$['a'"])
def test_what_is_beyond_the_subset_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a JSON path"):
        JsonPath.parse(text)


@given(st.text(alphabet="ab.[]'0123 "))
def test_no_path_crashes(text: str) -> None:
    with suppress(ValueError):
        find(json.dumps(HEALTH), {JsonPath.parse(f"${text}").steps})


@pytest.mark.parametrize(("size", "reason"), [(99, Reason.CONTENT), (100, Reason.OK)])
def test_too_small_a_body_is_wrong_content(size: int, reason: Reason) -> None:
    assert judge_page(target(min_body=100), answer("x" * size)).reason is reason


def test_head_has_no_size_to_check() -> None:
    assert wrong_size(target(min_body=100, method="HEAD"), answer()) == ""


def test_content_that_matches_does_not_excuse_a_wrong_header() -> None:
    checked = target(body_matches=(Regexp.parse("x"),), header_matches=wishes(X_State="up"))
    verdict = judge_page(checked, answer("x"))
    assert (verdict.reason, verdict.pattern_failed) == (Reason.CONTENT, False)


@pytest.mark.parametrize(
    ("host", "before", "after"),
    [
        ("login.example", Reason.OK, Reason.OK),
        ("other.example", Reason.OK, Reason.REDIRECT),
        ("other.example", Reason.CONTENT, Reason.REDIRECT),
        ("other.example", Reason.ERROR, Reason.REDIRECT),
        ("other.example", Reason.MAINTENANCE, Reason.MAINTENANCE),
        ("other.example", Reason.FROZEN, Reason.FROZEN),
    ],
)
def test_redirects_should_end_where_they_are_expected_to(host: str, before: Reason, after: Reason) -> None:
    assert judge_host(Verdict(before), target(final_host="Login.example"), host).reason is after


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, Reason.OK),
        ({"days_left": 30}, Reason.OK),
        ({"days_left": 31}, Reason.TLS),
        ({"tls_version": "1.2"}, Reason.OK),
        ({"tls_version": "1.3"}, Reason.TLS),
        ({"strong_cipher": True}, Reason.TLS),
    ],
)
def test_tls_should_be_what_was_asked_for(fields: dict[str, Any], reason: Reason) -> None:
    facts = replace(GOOD_CERTIFICATE, version="TLS 1.2", cipher="AES128-SHA")
    now = facts.earliest_expiry - 30 * DAY
    assert judge_tls(Verdict(Reason.OK), target(**fields), facts, now).reason is reason
    assert judge_tls(Verdict(Reason.SLOW), target(**fields), facts, now).reason in (reason, Reason.SLOW)
    assert judge_tls(Verdict(Reason.ERROR), target(**fields), facts, now).reason is Reason.ERROR
    assert judge_tls(Verdict(Reason.OK), target(**fields), None, now).reason is Reason.OK


@pytest.mark.parametrize(
    ("cipher", "words"),
    [
        ("TLS_AES_128_GCM_SHA256", ""),
        ("ECDHE-RSA-AES128-GCM-SHA256", ""),
        ("DHE-RSA-CHACHA20-POLY1305", ""),
        ("ECDHE-RSA-AES128-SHA256", "does not authenticate"),
        ("AES256-GCM-SHA384", "forward secrecy"),
        ("DES-CBC3-SHA", "forward secrecy"),
    ],
)
def test_a_weak_cipher_says_what_it_lacks(cipher: str, words: str) -> None:
    assert words in weakness(cipher)
    assert bool(weakness(cipher)) == bool(words)
